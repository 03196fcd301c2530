"""What the phone says: British, plain, short, kind and exact. Times come in as they are read."""

from collections.abc import Sequence

from shared.states import CloseOutcome

COVERED = "Covered"
READY = "Ready"
ALARM_OUT = "People are being told"
LAST_KNOWN = "Last known"
NOT_COVERED = "Not covered"

ADVICE = "Tell somebody where you are and when you will be out. In danger ring 999."
NOT_YET = "Not watched yet: waiting for signal"
SIGNED_OUT = "This phone is signed out. Ask your manager for a new code. Nothing is lost."
NO_ENGINE = "Wayhome is not watching just now"
NO_WAY_OUT = "Wayhome can send no messages just now"
NOBODY_TO_TELL = "Nobody but you can be told"
NOT_HEARD = "Wayhome has not been heard yet"
PIN_WRONG = "That PIN is not right. The visit is still open."
PIN_REQUIRED = "Please type your PIN."
PIN_NOW = "People are being told. Type your PIN to end it."
ENROL = "Type the code from your manager, or scan it."
SCAN = "Hold the phone over the code"
ENROL_FAILED = "That code does not work. Ask your manager for a new one."
NO_ANSWER = "No answer from Wayhome. Check your signal and try again."
NOT_KEPT = "This phone could not store it. Free some space, or ring the office."
WAS_BROKEN = (
    "This phone's store was damaged. Look at your visits and tell the office if one is missing."
)
NO_REMINDERS = "This phone cannot remind you: its notifications are off. Texts still come."
TWO_PINS = "The two PINs have to differ in at least two places."
PIN_SHAPE = "A PIN has 4 to 6 digits."
UNKNOWN_PLACE = "Where are you going?"
NO_TIME = "Type a time, for example 18:00."


def covered(alarm_at: str) -> str:
    """Confirmed, and everything behind it works."""
    return f"Confirmed. The alarm goes at {alarm_at} unless you close"


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
    return f"{lost} since {since}. All was well then"


def ready(since: str) -> str:
    """No visit; a visit started now would be watched."""
    return f"A visit started now is watched. Checked {since}"


def not_covered(why: str, since: str) -> str:
    """Why, and since when that is known."""
    why = why.removeprefix("NOT covered: ").rstrip(".")
    return f"{why[:1].upper()}{why[1:]} (known {since})"


def waiting_to(what: str, alarm_at: str | None, *, sending: bool, signed_out: bool = False) -> str:
    """Something she did that has not reached the server: 'Not closed yet: waiting for signal'."""
    now = "sending" if sending else "waiting for signal"
    now = "this phone is signed out" if signed_out else now
    alarm = f". The alarm goes at {alarm_at}" if alarm_at else ""
    return f"Not {what} yet: {now}{alarm}"


def being_told(since: str) -> str:
    """An alarm is out."""
    return f"The alarm went at {since}"


def acting(name: str) -> str:
    """Somebody has taken charge."""
    return f"{name} is acting"


def minutes_left(minutes: int) -> str:
    """Until the end of the visit; below nought it is over."""
    if minutes == 1:
        return "1 minute left"
    if minutes > 0:
        return f"{minutes} minutes left"
    if minutes == 0:
        return "Less than a minute left"
    over = -minutes
    return "1 minute over" if over == 1 else f"{over} minutes over"


def countdown(seconds: int) -> str:
    """What can be read at arm's length: '42:10', '1:05:00', '-3:20' once it is over."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{left:02}" if hours else f"{sign}{minutes}:{left:02}"


_GETS = {"text": "gets a text", "call": "is rung", "email": "gets an e-mail", "push": "is told"}


def chain_line(at: str, who: str, by: str) -> str:
    """One line of the safety chain: '14:40 Ben Hughes gets a text and is rung'."""
    if who == "you":
        return f"{at} You are reminded"
    if not by or who == "nobody":
        return f"{at} Nobody is told"
    if by == "every way":
        several = "," in who
        return f"{at} {who} {'are' if several else 'is'} told in every way, until somebody acts"
    ways = [_GETS.get(way, f"is told by {way}") for way in by.split(" and ")]
    return f"{at} {who} {' and '.join(ways)}"


OUTCOMES = {
    CloseOutcome.SAFE: "All well",
    CloseOutcome.LEFT_EARLY: "Left early",
    CloseOutcome.UNEASY: "Felt uneasy",
}
"""How a visit was; her managers read it in the log."""

_DONE_TO = {
    "start": "started",
    "start_planned": "started",
    "check_in": "checked in",
    "extend": "extended",
    "close": "closed",
    "cancel": "cancelled",
    "sos": "sent",
    "stand_down": "ended",
    "own": "taken over",
    "release": "given back",
    "note": "noted",
    "resolve": "ended",
    "accept": "accepted",
    "decline": "declined",
    "position": "told",
    "away": "changed",
}


def done_to(kind: str) -> str:
    """What is done by an act of that kind: 'closed'."""
    return _DONE_TO.get(kind, "sent")


def refused(kind: str, place: str, detail: str) -> str:
    """The server would not do it; says why in the server's own sentence."""
    about = f"{place}: not" if place else "Not"
    return f"{about} {done_to(kind)}. {detail or 'Wayhome would not take it.'}"


def check_in_by(at: str) -> str:
    """A sign of life is owed before the visit ends."""
    return f"Check in by {at}"


def check_in_due(at: str) -> str:
    """It is owed now."""
    return f"Your {at} check-in is due: are you all right?"


def minutes_to_check_in(minutes: int) -> str:
    """Until the next sign of life is owed."""
    if minutes < 1:
        return "Check in now"
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'} to your check-in"


def ended(place: str, at: str) -> str:
    """A visit that is over, said on the next screen."""
    return f"{place}: closed {at}. The watch is over"


def somebody_elses(kind: str, name: str, at: str) -> str:
    """An alarm in which nobody is acting yet."""
    return f"{name}: {kind} since {at}. Nobody is acting yet."


def queued(count: int, *, signed_out: bool = False) -> str:
    """What waits on this phone, and for what."""
    if count == 0:
        return ""
    what = "until this phone is signed in" if signed_out else "for signal"
    return f"1 thing waits {what}" if count == 1 else f"{count} things wait {what}"


def stays_here(count: int) -> str:
    """What has not been sent when this phone is signed out."""
    if count == 0:
        return ""
    what = "1 thing has" if count == 1 else f"{count} things have"
    return f"{what} not been sent. It waits here until you sign in on this phone again."


def still_watched(title: str) -> str:
    """A visit that goes on when this phone is signed out."""
    return f"{title} stays watched. End it first, or by text."


def stranded(count: int) -> str:
    """What somebody else did on this phone and never reached the server."""
    if count == 0:
        return ""
    return f"{count} of somebody else's waiting here. She has to sign in on this phone again."


def sos_on_phone(at: str) -> str:
    """It is stored here."""
    return f"On this phone {at}"


def sos_waiting(*, sending: bool) -> str:
    """Nobody else knows of it yet."""
    return "Sending to the office" if sending else "Not sent yet: waiting for signal. Ring or text"


def sos_office(at: str) -> str:
    """The server has it."""
    return f"Office has it {at}"


def sos_told() -> str:
    """The server has it and nobody has answered."""
    return "People are being told. Nobody has answered yet"


def sos_acting(name: str, at: str) -> str:
    """Somebody has taken charge."""
    return f"{name} is acting {at}".strip()


def sos_ended(at: str) -> str:
    """It is over."""
    return f"Ended {at}"


def sos_nobody() -> str:
    """There is nobody this phone could tell."""
    return "This phone is not set up yet, so it can tell nobody. Ring 999"


def sos_signed_out() -> str:
    """It was refused because the phone is signed out."""
    return "This phone is signed out. Your managers are told. Ring 999 if you can"


def until(at: str) -> str:
    """When it should be over."""
    return f"Until {at}"


def watched_by(name: str | None) -> str:
    """Who watches."""
    return f"{name} watches over you" if name else "Nobody is named to watch"


def leaves(title: str) -> str:
    """What a start ends, before it is started."""
    return f"This ends: {title}" if title else ""


def away_until(at: str) -> str:
    """Absent."""
    return f"Away until {at}"


def start_for(minutes: str) -> str:
    """The button that starts a visit."""
    return f"Start {minutes}"


def join(sentences: Sequence[str]) -> str:
    """Sentences one after another, each with its full stop."""
    return " ".join(f"{each.rstrip('.')}." for each in sentences if each)
