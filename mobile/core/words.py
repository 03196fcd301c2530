"""What the phone says: British, plain, short, kind and exact. Times come in as they are read."""

from collections.abc import Sequence

from shared.spans import minutes_words
from shared.states import CloseOutcome

CLOCK_WRONG = "This phone's clock is wrong: go by another one"
IF_CLOCK_RIGHT = ", if this phone's clock is right"

SIGNED_OUT = "This phone is signed out. Ask your manager for a new code. Nothing is lost."
PIN_REQUIRED = "Please type your PIN."
STILL_OPEN = (
    "Your message came after you closed this visit, so the visit is still open. Type your PIN to"
    " end the visit."
)
NO_TIME_ADDED = "Your message is out, so no time was added. Type your PIN to add it."
ADD_PIN = "Type your PIN at the end of the text before you send it."
ENROL = "Type the code from your manager, or scan it."
SCAN = "Hold the phone over the code"
ENROL_FAILED = "That code does not work. Ask your manager for a new one."
NO_ANSWER = "No answer from Wayhome. Check your signal and try again."
NOBODY_THERE = "Nothing answers at that address. Check it and your signal, and try again."
NOT_WAYHOME = "What answers there is not Wayhome. Check the address, or sign in to this network."
NO_CODE = "Type the code from your manager first."
LONG_PLACE = "Keep the place to 200 characters."
LONG_NOTE = "Keep the note to 500 characters."
LONG_ALARM_NOTE = "Keep the note to 2,000 characters. It is still here: shorten it."
NOT_KEPT = "This phone could not store it. Free some space, or ring the office."
WAS_BROKEN = (
    "This phone's store was damaged. Look at your visits and tell the office if one is missing."
)
NO_REMINDERS = "This phone cannot remind you: its notifications are off. Texts still come."
TWO_PINS = "The two PINs have to differ in at least two places."
PIN_SHAPE = "A PIN has 4 to 6 digits."
UNKNOWN_PLACE = "Say where you are going first."
NO_TIME = "Type a time, for example 18:00."


def first(name: str) -> str:
    """What a colleague is called: no word here guesses whether that is a woman or a man."""
    return name.split(" ", 1)[0]


def acting(name: str) -> str:
    """Somebody has taken charge."""
    return f"{name} is acting"


def alarm_out(owner: str = "") -> str:
    """How an alarm of hers stands in few words: told, or in somebody's hands."""
    return acting(first(owner)) if owner else "People are being told"


def pin_now(owner: str = "") -> str:
    """Her alarm is out, and only her PIN ends it."""
    return f"{alarm_out(owner)}. Type your PIN to end it."


def minutes_left(seconds: int) -> str:
    """Until the end of the visit; below nought it is over."""
    side = "over" if seconds < 0 else "left"
    minutes = abs(seconds) // 60
    if minutes == 0:
        return f"Less than a minute {side}"
    if minutes >= 60:
        return f"{minutes_words(minutes)} {side}"
    return f"1 minute {side}" if minutes == 1 else f"{minutes} minutes {side}"


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


def chain_line_past(at: str, who: str, by: str) -> str:
    """The same of a time that has passed with no word from the server: nobody here knows."""
    if who == "you":
        return f"{at} You were to be reminded"
    if not by or who == "nobody":
        return f"{at} Nobody was to be told"
    return f"{at} {who} {'were' if ',' in who else 'was'} to be told"


def opened_text(at: str) -> str:
    """She has put it into a text; only its answer says whether it arrived."""
    return f"You opened the text at {at}: if an answer came, what it says counts"


def close_needs_pin(at: str) -> str:
    """Her close waits, and would come after the alarm."""
    return f"Your alarm may be out: send your PIN after your message of {at}."


NOT_STARTED = "Not started yet"
RUNNING = {
    "open": "Under way",
    "closing": "Not closed yet",
}
"""How a visit she is on stands, by its phase, unless an alarm of it is out."""

OUTCOMES = {
    CloseOutcome.SAFE: "Fine",
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


_PIN_STAYS = {
    "close": " The visit is still open.",
    "extend": " No time was added.",
    "stand_down": " Your message still stands.",
}


def pin_refused(kind: str, verdict: str) -> str:
    """The server would not do it for want of the right PIN; '' where it was not about a PIN."""
    if verdict == "pin-required":
        return PIN_REQUIRED
    return f"That PIN is not right.{_PIN_STAYS.get(kind, '')}" if verdict == "pin-wrong" else ""


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
    if minutes >= 60:
        return f"{minutes_words(minutes)} to your check-in"
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'} to your check-in"


def ended(place: str, at: str, *, still_out: bool = False, others: bool = False) -> str:
    """A visit that is over, said on the next screen. `still_out`: her call for help is not;
    `others`: somebody else may have ended it."""
    if others:
        return f"{place}: ended {at}. The watch is over. Still there? Start again"
    if still_out:
        return f"{place}: closed {at}. Your message is still out: end it with your PIN too"
    return f"{place}: closed {at}. The watch is over"


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
    return f"{count} of somebody else's waiting here. They have to sign in on this phone again."


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


def no_pin(buddy: str) -> str:
    """She has none, so it is not hers to end."""
    whom = buddy or "a colleague or manager"
    return f"You have no PIN yet, so only a colleague can end this. If you are safe, ring {whom}"


def longer_as_chosen(minutes: str) -> str:
    """Why a start suggests more than the last visit took."""
    return f"{minutes}, as you chose for your visits"


def pins_set(at: str) -> str:
    """The server has them."""
    return f"Your PINs were set {at}"


def keeps_plan(when: str) -> str:
    """What a start now does to a visit planned for another day."""
    return f"This is planned for {when}. A visit started now is one more: the plan stays"


def join(sentences: Sequence[str]) -> str:
    """Sentences one after another, each with its full stop."""
    return " ".join(f"{each.rstrip('.')}." for each in sentences if each)
