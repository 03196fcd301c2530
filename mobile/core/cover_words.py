"""How far she is covered, in words; times come in as they are read."""

from shared.holes import ADVICE as ADVICE
from shared.holes import NO_ENGINE as NO_ENGINE
from shared.holes import NO_WAY_OUT as NO_WAY_OUT

COVERED = "Covered"
READY = "Ready"
TIME_UP = "Time is up"
CHECK_IN_NOW = "Your check-in is due"
SAY_ALL_RIGHT = "Press 'I am all right'."
LAST_KNOWN = "Last known"
NOT_COVERED = "Not covered"
SENDING = "Sending"
SIGNED_OUT_HERE = "This phone is signed out"
NOBODY_TO_TELL = "Nobody but you can be told"
NOT_HEARD = "Wayhome has not been heard yet"


def covered(since: str, alarm_at: str) -> str:
    """Confirmed, and everything behind it works."""
    return f"Confirmed {since}. The alarm goes at {alarm_at} unless you close"


def alarm_at(at: str) -> str:
    """When it goes, in few words."""
    return f"Alarm at {at}"


def say_safe(key: str) -> str:
    """What to press once the time is up."""
    return f"Press '{key}', or '+15 min'."


def time_up(since: str, alarm_at: str) -> str:
    """A sign of life is due, and the alarm is near."""
    return f"You are covered (confirmed {since}). The alarm goes at {alarm_at} unless you answer"


def lost(*, has_data: bool, signed_out: bool = False) -> str:
    """Why nothing is heard."""
    if signed_out:
        return "Signed out"
    return "No answer" if has_data else "No signal"


def last_known(lost: str, since: str, alarm_at: str) -> str:
    """Confirmed once, and not heard since."""
    return f"{lost} since {since}. Confirmed then: the alarm goes at {alarm_at} unless you close"


def last_known_past(lost: str, since: str, alarm_at: str) -> str:
    """Not heard since, and the alarm's time has passed."""
    return f"{lost} since {since}. The alarm was to go at {alarm_at}: people may be told now"


def last_known_ready(lost: str, since: str) -> str:
    """No visit; not heard since."""
    return f"{lost} since {since}. A visit started then was watched"


def ready(since: str) -> str:
    """No visit; a visit started now would be watched."""
    return f"A visit started now is watched. Checked {since}"


def not_covered(why: str, since: str) -> str:
    """Why, and since when that is known."""
    return f"{bare(why)} (known {since})"


def being_told(since: str) -> str:
    """An alarm is out."""
    return f"The alarm went at {since}"


def told_when_last_heard(lost: str, since: str, went_at: str) -> str:
    """An alarm is out, and nothing has been heard since."""
    return f"{lost} since {since}. The alarm went at {went_at}: people were being told then"


def bare(why: str) -> str:
    """A hole as a part of a sentence."""
    why = why.removeprefix("NOT covered: ").rstrip(".")
    return f"{why[:1].upper()}{why[1:]}"
