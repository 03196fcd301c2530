"""Why what she did has not reached the server yet, and how that is said: with signal it is not
'waiting for signal', and after silence it is not 'sending'."""

from enum import StrEnum

from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.verdict import NOT_YET
from mobile.core.words import done_to
from shared.spans import minutes_words


class Delay(StrEnum):
    """What stands between it and the server."""

    SENDING = "sending"
    NO_ANSWER = "no answer, trying again"
    NO_SIGNAL = "waiting for signal"
    SIGNED_OUT = "this phone is signed out"


def delay_of(facts: Facts) -> Delay:
    """Why what waits on this phone waits."""
    return Delay.SIGNED_OUT if facts.signed_out_at is not None else delay_of_sos(facts)


def delay_of_sos(facts: Facts) -> Delay:
    """The same of a call for help, which a phone that is signed out tries to send too."""
    if not facts.has_data:
        return Delay.NO_SIGNAL
    silent = any(entry.verdict in NOT_YET for entry in facts.waiting)
    return Delay.NO_ANSWER if silent else Delay.SENDING


def not_yet(facts: Facts, entry: Entry, alarm_at: str = "", minutes: int = 0) -> str:
    """Of an act of hers: 'Not closed yet: waiting for signal. The alarm goes at 14:40'. `minutes`:
    of more time, where it is more than this act's."""
    minutes = minutes or minutes_of(entry)
    what = f"{done_to(entry.kind)} by {minutes_words(minutes)}" if minutes else done_to(entry.kind)
    return not_yet_done(what, delay_of(facts), alarm_at)


def minutes_of(entry: Entry) -> int:
    """How much more time an act asks for; 0 where it is about something else."""
    return int(entry.act.body.get("minutes", 15)) if entry.kind == "extend" else 0


def minutes_waiting(facts: Facts, visit: str) -> int:
    """All the minutes that wait for a visit, for she means all of them."""
    return sum(minutes_of(entry) for entry in facts.waiting if entry.act.stream == visit)


def not_yet_done(what: str, delay: Delay, alarm_at: str = "") -> str:
    """The same of what is not an act: 'Not watched yet: sending'."""
    alarm = f". The alarm goes at {alarm_at}" if alarm_at else ""
    return f"Not {what} yet: {delay.value}{alarm}"


_WAITS = {
    Delay.SENDING: ("is being sent", "are being sent"),
    Delay.NO_ANSWER: ("waits: no answer yet", "wait: no answer yet"),
    Delay.NO_SIGNAL: ("waits for signal", "wait for signal"),
    Delay.SIGNED_OUT: (
        "waits until this phone is signed in",
        "wait until this phone is signed in",
    ),
}


def queued(count: int, delay: Delay) -> str:
    """What waits on this phone, and for what."""
    one, many = _WAITS[delay]
    if count == 0:
        return ""
    return f"1 thing {one}" if count == 1 else f"{count} things {many}"
