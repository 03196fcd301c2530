"""What the board says; times are already wall-clock words."""

from datetime import datetime, timedelta

from server.acts.monitoring import Monitoring
from server.pages.phones.sentences import few
from shared.ladder import Step
from shared.spans import minutes_words
from shared.states import AlarmKind, WayOut

MINUTE = timedelta(minutes=1)

TITLES = {
    AlarmKind.OVERDUE: "{worker} is overdue",
    AlarmKind.SOS: "SOS from {worker}",
    AlarmKind.DURESS: "{worker} may be under threat",
    AlarmKind.NOT_STARTED: "{worker} has not begun a visit",
}
ENDED_TITLES = {
    AlarmKind.OVERDUE: "Ended: {worker} was overdue",
    AlarmKind.SOS: "Ended: SOS from {worker}",
    AlarmKind.DURESS: "Ended: {worker} may have been under threat",
    AlarmKind.NOT_STARTED: "Ended: {worker} had not begun a visit",
}
NOT_RUNNING = (
    "The watch is not running. Nobody would be told of an alarm now. Keep in touch by phone, and"
    " ring whoever looks after Wayhome."
)
NO_WAY_OUT = (
    "No text or call can leave now. Nobody but you, who see this page, would be told of an alarm."
)
DEGRADED = "One of the ways out is failing. Messages go by the others, or are tried again."
REHEARSAL = "REHEARSAL: nobody will be told."
ASKED = "asked for a sign"


def title(kind: AlarmKind, worker: str, *, is_open: bool = True) -> str:
    """The alarm in a few words."""
    return (TITLES if is_open else ENDED_TITLES)[kind].format(worker=worker)


def title_of(kind: str, worker: str) -> str:
    """The same for a kind as it is stored."""
    return title(AlarmKind(kind), worker)


def minute_of(instant: datetime) -> datetime:
    """The minute a clock shows at that instant."""
    return instant.replace(second=0, microsecond=0)


def minutes_between(earlier: datetime, later: datetime) -> int:
    """How many minutes a clock moves on between the two; nought or more."""
    return max(0, (minute_of(later) - minute_of(earlier)) // MINUTE)


def since(instant: datetime, now: datetime) -> str:
    """'7 min', as clocks count; 'just now' within the same minute."""
    minutes = minutes_between(instant, now)
    return minutes_words(minutes) if minutes else "just now"


def due(due_at: datetime, now: datetime) -> str:
    """'in 12 min', 'now', '3 min ago'."""
    minutes = (minute_of(due_at) - minute_of(now)) // MINUTE
    if minutes > 0:
        return f"in {minutes_words(minutes)}"
    return f"{minutes_words(-minutes)} ago" if minutes else "now"


def step(one: Step) -> str:
    """One step of a plan without its time: 'Ben Hughes by text: buddy; number proven 4 Nov'."""
    if not one.by:
        return one.why[:1].upper() + one.why[1:]
    said = f"{few(one.who.split(', '))} by {one.by}"
    return f"{said}: {one.why}" if one.why else said


def told(one: Step, at: str) -> str:
    """The same in a sentence: 'Ben Hughes by text at 14:40'."""
    by = f" by {one.by}" if one.by else ""
    return f"{few(one.who.split(', '))}{by} at {at}"


def following(one: Step, at: str) -> str:
    """What comes next, if nothing is heard."""
    if one.why == ASKED:
        return f"Next: {one.who} is asked at {at} whether it is still in hand."
    if not one.by:
        return f"Next at {at}: {one.why}."
    return f"Next: {told(one, at)}."


def health(found: Monitoring, *, rehearsal: bool = False) -> str | None:
    """What is wrong with the watch itself; None where all is well."""
    if not found.alive:
        return NOT_RUNNING
    if rehearsal:
        return REHEARSAL
    return {WayOut.NONE: NO_WAY_OUT, WayOut.DEGRADED: DEGRADED}.get(found.way_out)


def counted(out: int, late: int, alarms: int) -> str:
    """'12 out, 2 past due, 1 alarm': the board in one line."""
    parts = [f"{out} out"]
    parts += [f"{late} past due"] if late else []
    parts += [f"{alarms} alarm{'s' if alarms > 1 else ''}"] if alarms else []
    return ", ".join(parts)
