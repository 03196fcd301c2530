"""What every screen shows: the truth about cover, what waits, and what was refused."""

from mobile.core import words
from mobile.core.cover import Cover
from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.state import Problem, Strip
from mobile.core.statements import SOS
from shared.states import AlarmKind

ALARM_WORDS = {
    AlarmKind.OVERDUE: "overdue",
    AlarmKind.SOS: "SOS",
    AlarmKind.DURESS: "duress",
    AlarmKind.NOT_STARTED: "not started",
}


def strip(facts: Facts, cover: Cover) -> Strip:
    """The strip that goes with this cover."""
    notice = facts.me.value.notice if facts.me else None
    broken = words.WAS_BROKEN if facts.was_broken else ""
    stranded = words.stranded(facts.stranded)
    silent = "" if facts.reminds else words.NO_REMINDERS
    waiting = [e for e in facts.waiting if e.kind != "position"]
    return Strip(
        cover=cover,
        notice=words.join([notice or "", broken, stranded, silent]),
        waiting=words.queued(len(waiting), signed_out=facts.signed_out_at is not None),
        signed_out=words.SIGNED_OUT if facts.signed_out_at is not None else "",
        problems=problems(facts),
        sos_open=sos_open(facts),
        alarm=somebody_elses(facts),
    )


def somebody_elses(facts: Facts) -> str:
    """The newest alarm of somebody else's that nobody has taken charge of."""
    alarms = [s.value for s in facts.alarms] + [a for w in facts.watching for a in w.alarms]
    free = [a for a in alarms if a.is_open and not a.owner and a.worker.id != facts.person]
    newest = max(free, key=lambda alarm: alarm.raised_at, default=None)
    if newest is None or facts.pending(newest.id, "own"):
        return ""
    kind = ALARM_WORDS.get(newest.kind, newest.kind.value)
    return words.somebody_elses(kind, newest.worker.name, facts.says(newest.raised_at))


def problems(facts: Facts) -> tuple[Problem, ...]:
    """Everything refused that she has not dismissed: nothing is dropped in silence."""
    return tuple(
        Problem(e.act.key, words.refused(e.kind, _place(facts, e), e.detail or ""))
        for e in facts.refused
    )


def _place(facts: Facts, entry: Entry) -> str:
    seen = facts.visit(entry.act.stream)
    return seen.value.place if seen else str(entry.act.body.get("place", ""))


def sos_open(facts: Facts) -> bool:
    """Whether a call for help of hers is open or on its way."""
    if any(entry.kind == SOS for entry in facts.waiting):
        return True
    return any(
        seen.value.kind is AlarmKind.SOS
        and seen.value.is_open
        and seen.value.worker.id == facts.person
        for seen in facts.alarms
    )
