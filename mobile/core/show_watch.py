"""Whom she looks after, what is over, and herself."""

from datetime import datetime
from typing import Any

from mobile.core import alarm_words, kinds, words
from mobile.core.facts import Facts, Seen
from mobile.core.outbox import Entry
from mobile.core.show_alarms import hands_off, kind_words, may_answer, open_alarms, stale
from mobile.core.show_day import away_words, cover_here
from mobile.core.show_strip import strip
from mobile.core.show_visit import all_here, undo_s
from mobile.core.state import (
    Check,
    HistoryState,
    LeavingState,
    Line,
    MeState,
    PastVisit,
)
from mobile.core.things import Alarm, Unreadable, Visit, Watched, read_visit
from mobile.core.waits import not_yet
from mobile.core.watch_state import AlarmItem, WatchingState, WatchItem
from shared.states import AlarmKind, Risk

LONGEST_ALARM_NOTE = 2000
"""As the server takes it (`shared.wire.bodies`)."""
ON_ALARMS = ("own", "release", "note", "resolve")
HOW = {
    "worker": "closed by you",
    "on_behalf": "closed for you",
    "moved_on": "closed when you moved on",
    "alarm_resolved": "closed when the alarm ended",
}


def show_watching(facts: Facts, since: datetime | None = None) -> WatchingState:
    """Alarms first, a duress before all others and the newest before the rest; then visits, the
    one due first."""
    pairs = [(w, w.visit) for w in facts.watching if w.visit is not None]
    pairs.sort(key=lambda pair: pair[1].due_at)
    return WatchingState(
        strip=strip(facts, cover_here(facts)),
        alarms=tuple(_alarm_item(facts, seen) for seen in open_alarms(facts)),
        visits=tuple(_watch_item(facts, watched, visit) for watched, visit in pairs),
        since=f"Known since {facts.says(since)}" if since else "",
    )


def _pending(facts: Facts, entry: Entry | None) -> str:
    return not_yet(facts, entry) if entry else ""


def _alarm_item(facts: Facts, seen: Seen[Alarm]) -> AlarmItem:
    alarm = seen.value
    visits = (w.visit for w in facts.watching if w.visit and w.visit.id == alarm.visit)
    visit = next(visits, None)
    step, silent = alarm.next_step, hands_off(facts, alarm.worker.id)
    return AlarmItem(
        alarm=alarm.id,
        kind=(kind := kind_words(alarm))[:1].upper() + kind[1:],
        name=alarm.worker.name,
        place=kinds.title(visit.kind, visit.place) if visit else (alarm.place or ""),
        since=f"Since {facts.says(alarm.raised_at)}",
        owner=words.acting(alarm.owner.name) if alarm.owner else "Nobody is acting yet",
        mine=alarm.owner is not None and alarm.owner.id == facts.person,
        then=words.chain_line(facts.says(step.at), step.who, step.by) if step else "",
        pending=_pending(facts, facts.pending(alarm.id, *ON_ALARMS)),
        written=_written(facts, alarm),
        taken=alarm.owner is not None,
        silent=silent,
        watched=alarm.kind is AlarmKind.OVERDUE and alarm.visit is not None,
        ring="" if silent else (alarm.ring or ""),
        heard=_heard(facts, alarm, visit),
        said=alarm.said,
        stale=stale(facts, seen),
        kept=_kept(facts, alarm),
    )


def _kept(facts: Facts, alarm: Alarm) -> str:
    mine = alarm.owner is not None and alarm.owner.id == facts.person
    at = alarm.owner_until
    return alarm_words.kept_until(facts.says(at)) if mine and at is not None else ""


def _heard(facts: Facts, alarm: Alarm, visit: Visit | None) -> str:
    due = alarm_words.was_due(facts.says(alarm.due_at)) if alarm.due_at else ""
    heard = alarm_words.last_heard(facts.says(alarm.heard_at)) if alarm.heard_at else ""
    risk = alarm_words.HIGH_RISK if visit is not None and visit.risk is Risk.HIGH else ""
    return words.join([risk, due, heard])


def _written(facts: Facts, alarm: Alarm) -> str:
    """That her newest note on it has been taken."""
    note = facts.last("note")
    if note is None or note.state != "sent" or note.act.stream != alarm.id:
        return ""
    return alarm_words.written(facts.says(facts.time_of(note)), str(note.act.body.get("text", "")))


def _watch_item(facts: Facts, watched: Watched, visit: Visit) -> WatchItem:
    pending = facts.pending(visit.id, "accept", "decline")
    return WatchItem(
        visit=visit.id,
        name=watched.worker.name,
        place=kinds.title(visit.kind, visit.place),
        until=words.until(facts.says(visit.ends_at)),
        part=watched.part,
        answer=watched.answer or "",
        pending=_pending(facts, pending),
        undo_s=undo_s(facts, pending) if pending and pending.kind == "decline" else 0,
        asks=may_answer(facts, watched),
    )


def show_history(
    facts: Facts, items: list[Any] | None, *, busy: bool, message: str = ""
) -> HistoryState:
    """What is over; from the server if it was asked, else what this phone remembers."""
    if items is None:
        found = [seen.value for seen in facts.visits]
    else:
        found = [visit for visit in map(_readable, items) if visit is not None]
    over = [visit for visit in found if visit.status.value in ("closed", "cancelled")]
    over.sort(key=lambda visit: visit.starts_at, reverse=True)
    return HistoryState(tuple(_past(facts, visit) for visit in over), busy, message)


def _readable(value: Any) -> Visit | None:
    try:
        return read_visit(value)
    except Unreadable:
        return None


def _past(facts: Facts, visit: Visit) -> PastVisit:
    ended = f" to {facts.says(visit.closed_at)}" if visit.closed_at else ""
    how = HOW.get(visit.closed_how or "", visit.status.value)
    title = kinds.title(visit.kind, visit.place)
    return PastVisit(visit.id, title, f"{facts.says(visit.starts_at)}{ended}", how)


def show_leaving(facts: Facts) -> LeavingState:
    """What signing this phone out would leave behind."""
    waiting = [entry for entry in facts.waiting if entry.kind != "position"]
    return LeavingState(
        open=tuple(
            words.still_watched(kinds.title(found.visit.kind, found.visit.place))
            for found in all_here(facts)
        ),
        waiting=words.stays_here(len(waiting)),
    )


def show_me(facts: Facts, checks: tuple[Check, ...], message: str = "") -> MeState:
    """Herself and her phone; `checks`: what this phone can do."""
    me = facts.me.value if facts.me else None
    return MeState(
        name=facts.name,
        mobile=(me.mobile or "") if me else "",
        team=(me.team or "") if me else "",
        has_pins=bool(me and me.has_pins),
        away=away_words(facts),
        strip=strip(facts, cover_here(facts)),
        checks=checks,
        text_scale=float(facts.preferences.get("text_scale", 1.0)),
        theme=str(facts.preferences.get("theme", "system")),
        loud=bool(facts.preferences.get("loud", False)),
        waiting=tuple(_waiting_line(facts, entry) for entry in facts.waiting),
        message=message,
    )


def _waiting_line(facts: Facts, entry: Entry) -> Line:
    return Line(f"{facts.says(facts.time_of(entry))} {not_yet(facts, entry)}")
