"""The screen of a visit: what is confirmed, what she did that is not yet, and what to press."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from mobile.core import kinds, words
from mobile.core.acts import UNDO_S
from mobile.core.cover import Cover, can_tell, cover_of, cover_unconfirmed
from mobile.core.draft import START_KINDS, draft
from mobile.core.facts import Facts, Seen
from mobile.core.learning import UNMOVED
from mobile.core.outbox import Entry
from mobile.core.show_chain import chain_lines
from mobile.core.show_strip import strip
from mobile.core.state import Pick, TextOffer, VisitState
from mobile.core.text_offer import text_for
from mobile.core.things import Alarm, Visit
from mobile.core.waits import minutes_waiting, not_yet
from shared.states import (
    AlarmKind,
    AlarmStatus,
    CloseOutcome,
    PinRule,
    VisitKind,
    VisitStatus,
)

CHANGES = ("close", "extend", "check_in", "cancel", *START_KINDS)


@dataclass(frozen=True)
class Here:
    """The visit she is on; `seen` None: only this phone knows of it."""

    visit: Visit
    seen: Seen[Visit] | None


def all_here(facts: Facts) -> tuple[Here, ...]:
    """Every visit she is on: the newest start that waits first, then what is due first. A start
    ends nothing before the server has heard of it."""
    waiting = [entry for entry in reversed(facts.waiting) if entry.kind in START_KINDS]
    drafts = {entry.act.stream: Here(draft(facts, entry), None) for entry in waiting}
    others = [seen for seen in facts.open_visits if seen.value.id not in drafts]
    return (*drafts.values(), *(Here(seen.value, seen) for seen in others))


def here(facts: Facts, name: str | None = None) -> Here | None:
    """The visit of that name while she is on it; else the first of those she is on."""
    found = all_here(facts)
    return next((each for each in found if each.visit.id == name), found[0] if found else None)


def show_visit(facts: Facts, name: str | None = None) -> VisitState | None:
    """The visit as she should see it, by `here`; None where there is none."""
    found = here(facts, name)
    return None if found is None else show_one(facts, found)


def show_one(facts: Facts, found: Here) -> VisitState:
    """This visit as she should see it."""
    visit = found.visit
    alarm = _alarm(visit)
    pending = _pending(facts, visit)
    due_at = _due_at(visit)
    left_s = int((due_at - facts.now).total_seconds())
    # Of a visit that only this phone knows, nobody is told and nobody watches.
    tells = found.seen is not None and can_tell(facts)
    runs, known = _clock_runs(facts, found), found.seen.at if found.seen else None
    return VisitState(
        strip=strip(facts, _cover(facts, found), _said_here(facts, visit)),
        visit=visit.id,
        phase=_phase(visit, alarm, pending, late=_is_late_close(facts, visit, pending)),
        place=kinds.title(visit.kind, visit.place),
        safe=kinds.KINDS[visit.kind].safe,
        who=words.watched_by(visit.buddy.name if visit.buddy else None) if tells else "",
        countdown=words.countdown(left_s) if runs else "",
        left=_left(facts, visit, left_s) if runs else words.CLOCK_WRONG,
        until=words.until(facts.says(visit.ends_at)),
        cover=_cover(facts, found),
        check_in=_check_in(facts, visit),
        check_in_owed=visit.due_at < visit.ends_at and facts.now >= visit.due_at,
        pending=". ".join(
            filter(None, (_pending_words(facts, visit, pending), _opened(facts, visit)))
        ),
        message=_message(facts, visit, alarm, pending),
        asks_pin=_asks_pin(facts, visit, alarm),
        undo_s=_undo_s(facts, pending),
        may_take_back=_may_take_back(facts, pending),
        outcomes=_outcomes(facts, visit, pending),
        chain=chain_lines(facts, visit.chain, known) if tells else (),
        alarm=alarm.id if alarm else None,
        text=_text(facts, visit, pending),
    )


def _clock_runs(facts: Facts, found: Here) -> bool:
    """Whether the time may be counted down: not by a clock that is behind what is known."""
    known = found.seen.at if found.seen else found.visit.starts_at
    return facts.sure or facts.now >= known


def _due_at(visit: Visit) -> datetime:
    """What she has to watch the clock for: her next check-in, else the end."""
    return min(visit.due_at, visit.ends_at)


def _left(facts: Facts, visit: Visit, left_s: int) -> str:
    doubt = "" if facts.sure else words.IF_CLOCK_RIGHT
    if visit.due_at < visit.ends_at:
        return words.minutes_to_check_in(left_s // 60) + doubt
    return words.minutes_left(left_s) + doubt


def _check_in(facts: Facts, visit: Visit) -> str:
    """That a sign of life is owed before the end; '' where none is."""
    if visit.due_at >= visit.ends_at:
        return ""
    due = facts.says(visit.due_at)
    return words.check_in_due(due) if facts.now >= visit.due_at else words.check_in_by(due)


def _cover(facts: Facts, found: Here) -> Cover:
    if found.seen:
        return cover_of(facts, found.seen)
    return cover_unconfirmed(facts, found.visit.starts_at)


def _alarm(visit: Visit) -> Alarm | None:
    return visit.open_alarm(AlarmKind.OVERDUE) or visit.open_alarm(AlarmKind.SOS)


def _pending(facts: Facts, visit: Visit) -> Entry | None:
    """What she did last that has not reached the server; a close before all else."""
    return facts.pending(visit.id, "close") or facts.pending(visit.id, *CHANGES)


def _phase(visit: Visit, alarm: Alarm | None, pending: Entry | None, *, late: bool) -> str:
    if visit.status is not VisitStatus.OPEN:
        return visit.status.value
    if pending and pending.kind == "close" and not late:
        return "closing"
    return "alarm" if _is_overdue(alarm) else "open"


def _is_overdue(alarm: Alarm | None) -> bool:
    """A call for help is not shown here: somebody may be looking over her shoulder."""
    return alarm is not None and alarm.kind is AlarmKind.OVERDUE


def _pending_words(facts: Facts, visit: Visit, pending: Entry | None) -> str:
    if pending is None:
        return ""
    # While its start waits too, nobody knows of the visit, and no alarm can go.
    ahead = visit.raise_at if facts.pending(visit.id, *START_KINDS) is None else None
    still = ahead is not None and not _is_overdue(_alarm(visit))
    alarm_at = facts.says(ahead) if ahead and still and facts.now < ahead else ""
    minutes = minutes_waiting(facts, visit.id) if pending.kind == "extend" else 0
    return not_yet(facts, pending, alarm_at, minutes)


def undo_s(facts: Facts, pending: Entry) -> int:
    """Whole seconds in which what is held back may still be taken back."""
    return 0 if pending.was_tried else ceil(min(facts.held_back_s(pending), UNDO_S))


def _undo_s(facts: Facts, pending: Entry | None) -> int:
    """The same of a close."""
    return undo_s(facts, pending) if pending is not None and pending.kind == "close" else 0


def _may_take_back(facts: Facts, pending: Entry | None) -> bool:
    """Whether a close that waits is on this phone alone, neither sent nor put into a text: then
    a slip of the thumb in its PIN can be mended, and more time asked for."""
    if pending is None or pending.kind != "close" or pending.act.key in facts.opened:
        return False
    return pending.only_here


def _outcomes(facts: Facts, visit: Visit, pending: Entry | None) -> tuple[Pick, ...]:
    """How it was: asked of a stay with a client, while the close can still carry it."""
    if pending is None or visit.kind is not VisitKind.VISIT or not _undo_s(facts, pending):
        return ()
    said = pending.act.body.get("outcome")
    return tuple(
        Pick(each.value, words.OUTCOMES[each], each.value == said) for each in CloseOutcome
    )


def _is_late_close(facts: Facts, visit: Visit, pending: Entry | None) -> bool:
    """Whether her close waits without a PIN while the alarm's time has come: alone it would stop
    nothing, so her keys stay, and another with her PIN goes after it."""
    if pending is None or pending.kind != "close" or _undo_s(facts, pending):
        return False
    return _asks_pin(facts, visit, _alarm(visit)) and not any(
        entry.has_pin for entry in facts.waiting if entry.act.stream == visit.id
    )


def _opened(facts: Facts, visit: Visit) -> str:
    """That she has opened a text for what waits; '' where she has not."""
    at = max((facts.opened[e.act.key] for e in _waiting(facts, visit)), default=None)
    return "" if at is None else words.opened_text(facts.says(at))


def _waiting(facts: Facts, visit: Visit) -> list[Entry]:
    """What waits for this visit and has been put into a text."""
    return [e for e in facts.waiting if e.act.stream == visit.id and e.act.key in facts.opened]


def _message(facts: Facts, visit: Visit, alarm: Alarm | None, pending: Entry | None) -> str:
    if visit.status is not VisitStatus.OPEN:
        closed = facts.says(visit.closed_at) if visit.closed_at else ""
        return f"Closed {closed}".strip() if visit.status is VisitStatus.CLOSED else "Cancelled"
    refused = _pin_refused(facts, visit)
    if refused is not None:
        return words.pin_refused(refused.kind, refused.verdict or "")
    if _is_late_close(facts, visit, pending) and pending is not None:
        return words.close_needs_pin(facts.says(facts.time_of(pending)))
    if alarm is None or facts.pending(visit.id, "close"):
        return ""
    if not _has_pins(facts):
        return words.no_pin(facts.buddy) if _is_overdue(alarm) else ""
    if _is_overdue(alarm):
        return words.pin_now(alarm.owner.name if alarm.owner else "")
    if _is_closed_in_vain(facts, visit):
        return words.STILL_OPEN
    return words.NO_TIME_ADDED if _is_extended_in_vain(facts, visit) else ""


def _pin_refused(facts: Facts, visit: Visit) -> Entry | None:
    """What of hers was refused last for want of the right PIN, unless she tries again already."""
    if visit.status is not VisitStatus.OPEN or facts.pending(visit.id, "close", "extend"):
        return None
    found = facts.refusal(visit.id, "close", "extend")
    return found if found and words.pin_refused(found.kind, found.verdict or "") else None


def _said_here(facts: Facts, visit: Visit) -> str:
    """The key of the refusal that the visit's own card says: it is not said twice."""
    found = _pin_refused(facts, visit)
    return found.act.key if found is not None else ""


def _is_closed_in_vain(facts: Facts, visit: Visit) -> bool:
    """Whether her close has reached the server and the visit is open all the same: it arrived
    without a PIN, after a call for help that had been made later."""
    close = facts.last("close")
    return close is not None and close.act.stream == visit.id and close.state == "sent"


def _is_extended_in_vain(facts: Facts, visit: Visit) -> bool:
    """Whether the last time she asked for more the server added none, for want of a PIN."""
    more = facts.last("extend")
    return more is not None and more.act.stream == visit.id and more.detail == UNMOVED


def leaving(facts: Facts, kind: VisitKind) -> tuple[str, bool]:
    """The title of what a start of this kind ends ('' for nothing), and whether the server will
    ask for her PIN to end it. A way home neither ends anything nor is ended."""
    if kind is VisitKind.HOME:
        return "", False
    found = next((each for each in all_here(facts) if each.visit.kind is not VisitKind.HOME), None)
    if found is None:
        return "", False
    visit = found.visit
    asks = _asks_pin(facts, visit, _alarm(visit)) and not facts.pending(visit.id, "close")
    return kinds.title(visit.kind, visit.place), asks


def _has_pins(facts: Facts) -> bool:
    return facts.me is None or facts.me.value.has_pins


def _asks_pin(facts: Facts, visit: Visit, alarm: Alarm | None) -> bool:
    """Whether closing or extending asks for it: always after a raise, or when one may have been."""
    if not _has_pins(facts) or visit.status is not VisitStatus.OPEN:
        return False
    rule = facts.me.value.policy.get("pin") if facts.me else None
    refusal = facts.refusal(visit.id, "close", "extend")
    refused = refusal is not None and words.pin_refused(refusal.kind, refusal.verdict or "") != ""
    raised = alarm is not None and alarm.status is not AlarmStatus.RESOLVED
    may_be = visit.raise_at is not None and facts.now >= visit.raise_at
    return rule == PinRule.ALWAYS.value or refused or raised or may_be


def _text(facts: Facts, visit: Visit, pending: Entry | None) -> TextOffer | None:
    if _undo_s(facts, pending):
        return None
    return text_for(facts, visit, pending, asks_pin=_asks_pin(facts, visit, _alarm(visit)))
