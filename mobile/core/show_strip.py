"""What every screen shows: the truth about cover, what waits, and what was refused."""

from datetime import datetime

from mobile.core import sos_words, words
from mobile.core.cover import Cover
from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.show_help import show_sos
from mobile.core.state import Problem, Strip
from mobile.core.statements import SOS
from mobile.core.things import Alarm, Watched
from mobile.core.waits import delay_of, queued
from shared.states import AlarmKind, AskBuddy, VisitStatus

ALARM_WORDS = {
    AlarmKind.OVERDUE: "overdue",
    AlarmKind.SOS: "SOS",
    AlarmKind.DURESS: "duress",
    AlarmKind.NOT_STARTED: "not started",
}

OUT = {
    "office": sos_words.OUT,
    "acting": sos_words.OUT,
    "untold": sos_words.UNTOLD,
    "unheard": sos_words.UNHEARD,
}
"""What every screen says while a call for help is out."""


def strip(facts: Facts, cover: Cover) -> Strip:
    """The strip that goes with this cover."""
    notice = facts.me.value.notice if facts.me else None
    broken = words.WAS_BROKEN if facts.was_broken else ""
    stranded = words.stranded(facts.stranded)
    silent = "" if facts.reminds else words.NO_REMINDERS
    waiting = [e for e in facts.waiting if e.kind != "position"]
    free = _newest_free(facts)
    return Strip(
        cover=cover,
        notice=words.join([notice or "", broken, stranded, silent]),
        waiting=queued(len(waiting), delay_of(facts)),
        signed_out=words.SIGNED_OUT if facts.signed_out_at is not None else "",
        problems=problems(facts),
        sos=(out := how_far(facts)),
        sos_waits=out not in ("", sos_words.OUT),
        alarm=somebody_elses(facts),
        alarm_id=free.id if free else "",
        asked=asked_to_watch(facts),
        over=_over(facts),
    )


def asked_to_watch(facts: Facts) -> str:
    """That somebody's visit waits for her to say whether she watches over it; the one due first."""
    if not facts.me or facts.me.value.policy.get("ask_buddy") != AskBuddy.APP.value:
        return ""
    asking = [
        (each.visit.due_at, each.worker.name, each.visit)
        for each in facts.watching
        if each.part == "buddy" and each.answer is None and each.visit is not None
        and may_answer(facts, each) and not facts.pending(each.visit.id, "accept", "decline")
    ]  # fmt: skip
    if not asking:
        return ""
    _, name, visit = min(asking, key=lambda one: one[:2])
    return words.asks_to_watch(name, facts.says(visit.ends_at))


def may_answer(facts: Facts, each: Watched) -> bool:
    """Whether it is of use to say that she watches, or cannot: not once the time is up or an alarm
    is out, which asks for more than that."""
    alarmed = any(a.is_open and a.worker.id == each.worker.id for a in facts.every_alarm)
    return each.visit is not None and facts.now < each.visit.due_at and not alarmed


def _free(facts: Facts) -> list[Alarm]:
    """Alarms of others that nobody has taken charge of, as far as is known, she neither."""
    known = facts.every_alarm
    free = [a for a in known if a.is_open and not a.owner and a.worker.id != facts.person]
    return [alarm for alarm in free if not facts.pending(alarm.id, "own")]


def _newest_free(facts: Facts) -> Alarm | None:
    """The one of them that comes first."""
    return max(_free(facts), key=urgency, default=None)


def urgency(alarm: Alarm) -> tuple[bool, datetime]:
    """What comes first is greatest: a duress, which says what must not be done; then the newest."""
    return alarm.kind is AlarmKind.DURESS, alarm.raised_at


def hands_off(facts: Facts, worker: str) -> bool:
    """Whether ringing this colleague could bring harm: an alarm under threat is open, whichever of
    the colleague's alarms is looked at."""
    return any(
        alarm.kind is AlarmKind.DURESS and alarm.is_open and alarm.worker.id == worker
        for alarm in facts.every_alarm
    )


def somebody_elses(facts: Facts) -> str:
    """That alarm in a sentence; '' for none."""
    newest = _newest_free(facts)
    if newest is None:
        return ""
    kind = ALARM_WORDS.get(newest.kind, newest.kind.value)
    silent = hands_off(facts, newest.worker.id)
    since = facts.says(newest.raised_at)
    said = words.somebody_elses(kind, newest.worker.name, since, silent=silent)
    others = sorted({a.worker.name for a in _free(facts)} - {newest.worker.name})
    return f"{said} {words.others_too(others)}".rstrip()


def _over(facts: Facts) -> str:
    """That the newest of them to end has just ended; nothing of a colleague who has another alarm
    open: that would read as an all-clear."""
    still = {alarm.worker.id for alarm in facts.every_alarm if alarm.is_open}
    ended = [
        seen.value
        for seen in facts.alarms
        if seen.value.resolved_at is not None
        and seen.value.worker.id not in {facts.person, *still}
        and facts.is_news(seen.at)
    ]
    newest = max(ended, key=lambda alarm: alarm.resolved_at or alarm.raised_at, default=None)
    if newest is None or newest.resolved_at is None:
        return ""
    return words.alarm_over(newest.worker.name, facts.says(newest.resolved_at))


def problems(facts: Facts) -> tuple[Problem, ...]:
    """Everything refused that she has not dismissed, once for each thing that she may have tried
    again and again: nothing is dropped in silence."""
    newest = {(e.act.stream, e.kind, e.verdict): e for e in facts.refused}
    return tuple(Problem(e.act.key, _refused(facts, e), e.kind == "start") for e in newest.values())


def _refused(facts: Facts, entry: Entry) -> str:
    if entry.kind == SOS:
        return sos_words.not_taken()
    return words.refused(entry.kind, _place(facts, entry), entry.detail or "")


def _place(facts: Facts, entry: Entry) -> str:
    seen = facts.visit(entry.act.stream)
    if seen is None:
        return str(entry.act.body.get("place", ""))
    # On a new visit at the same place it would read as if it were of that one.
    is_over = seen.value.status in (VisitStatus.CLOSED, VisitStatus.CANCELLED)
    return f"Earlier at {seen.value.place}" if is_over else seen.value.place


def is_out(facts: Facts) -> bool:
    """Whether a call for help of hers is open, as last heard."""
    return show_sos(facts).phase in OUT


def how_far(facts: Facts) -> str:
    """How far her call for help has got, in words that tell a bystander nothing; '' for none."""
    if any(entry.kind == SOS for entry in facts.waiting):
        return sos_words.NOT_SENT
    return OUT.get(show_sos(facts).phase, "")
