"""Answers to a worker's texts. A stranger may read them over her shoulder: they never say alarm,
safety, client or danger, and under duress they are the same as ever."""

from collections.abc import Sequence

from server.domain.words.fit import called, fit, plain, where
from server.domain.words.worker import done, more

KNOWN = (
    "For help send SOS. Or VISIT 45 12 High St, OK, MORE 15, DONE, HOME 60, STATUS, AWAY 18:00,"
    " BACK."
)
STRANGER = (
    "This number is not known to Wayhome. If you need help now, ring 999. If you should be known,"
    " please ask your manager."
)
FAILED = (
    "That did not work here, and nothing may have changed. If you need help now, ring 999."
    " Please ring the office."
)


def begun(
    place: str,
    until: str,
    *,
    until_first: bool,
    ok_by: str | None,
    asks_pin: bool,
    tells: tuple[str, str] | None,
    doubt: str | None = None,
    ends_with: str = "DONE",
) -> str:
    """A visit is being watched. `tells`: who hears of it if she does not, and when; `doubt`: why
    nobody may, which is said instead of all that can wait."""
    ok = f", OK by {ok_by}" if ok_by else ""
    start = f"Until {until}{{place}}{ok}." if until_first else f"{{place}} until {until}{ok}."
    who, at = tells or ("", "")
    hears = f" If we hear nothing, we tell {{who}} at {at}." if tells else ""
    rest = f"Then {done(asks_pin, ends_with)}, or {more(asks_pin)}.{hears}"
    words = f"{start} {plain(doubt) if doubt else rest}"
    if until_first:
        return fit(words, place=where(place), who=who)
    return fit(words, place=called(place), lead="", who=who)


def how_long(place: str) -> str:
    """A visit that does not say how long."""
    return fit(
        "How long{place}? Send VISIT, the minutes and the place: VISIT 45 12 High St.", place=place
    )


def too_far(until: str, hours: int) -> str:
    """A time that would be tomorrow's."""
    return fit(
        f"That would be {until}, more than {hours} hours ahead. Send the minutes: VISIT 45 12 High"
        " St."
    )


def still_open(place: str, asks_pin: bool) -> str:
    """Another visit cannot be begun before this one is finished."""
    return _about(f"{{place}} is still open. Send {done(asks_pin)} first, then this again.", place)


def home_open(until: str, asks_pin: bool) -> str:
    """The way home was begun before."""
    there, longer = done(asks_pin, "HOME"), more(asks_pin)
    return fit(
        f"You are on the way home until {until}. There? Send {there}. Longer? Send {longer}."
    )


def home_how(asks_pin: bool) -> str:
    """HOME with nothing open and no minutes."""
    there = done(asks_pin, "HOME")
    return fit(f"To set out send HOME 60, with your minutes. When there: {there}.")


def checked_in(place: str, until: str, again: str | None) -> str:
    """A sign of life that was due, or not yet."""
    if again:
        return _about(f"Thank you. {{place}}: OK again by {again}.", place)
    return _about(f"Thank you. {{place}} until {until}.", place)


def one_more_grace(place: str, until: str, asks_pin: bool) -> str:
    """A sign of life after the end."""
    words = f"Thank you. {{place}}: send {done(asks_pin)} or {more(asks_pin)} by {until}."
    return _about(words, place)


def no_more_grace(place: str, until: str, asks_pin: bool) -> str:
    """A second sign of life after the end adds no time."""
    words = (
        f"{{place}}: OK adds no more time. Send {done(asks_pin)} or {more(asks_pin)} by {until}."
    )
    return _about(words, place)


def noted(how_to_stop: str | None) -> str:
    """After a raise, without a PIN: those told hear of it, and it stops nothing."""
    if how_to_stop is None:
        return fit("Thank you, noted. Somebody will ring you: please answer.")
    return fit(f"Thank you, noted: whoever was told hears it. To stop it, {how_to_stop}.")


def stop_with(command: str) -> str:
    """How she ends what was raised about her."""
    return f"send {command} and your PIN"


def extended(place: str, until: str, ok_by: str | None) -> str:
    """More time."""
    ok = f", OK by {ok_by}" if ok_by else ""
    return _about(f"{{place}}: now until {until}{ok}.", place)


def how_many(asks_pin: bool) -> str:
    """MORE without minutes."""
    return fit(f"How many minutes? Send {more(asks_pin)}.")


def add_pin(command: str) -> str:
    """The team asks for the PIN here."""
    return fit(f"Please add your PIN: {command} and your PIN.")


def wrong_pin() -> str:
    """Counted; nothing else has happened."""
    return fit("That PIN is not right. Nothing has changed: please send it again.")


def no_pins(command: str) -> str:
    """A PIN was sent by somebody who has none."""
    return fit(
        f"There is no PIN for you here, so nothing has changed. Send just {command}, and ask the"
        " office for a PIN."
    )


def finished(place: str, at: str) -> str:
    """A visit is closed."""
    return _about(f"{{place}}: finished at {at}. Thank you.", place)


def finished_home(at: str) -> str:
    """She is home."""
    return fit(f"Home at {at}. Thank you.")


def still(place: str, until: str) -> str:
    """What else of hers is open."""
    return fit(f"Still open: {{place}} until {until}.", place=called(place)[:40], lead="")


def sos_goes_on() -> str:
    """Closing a visit never ends an SOS."""
    return fit("Your SOS goes on: to end it, send SAFE and your PIN.")


def nothing_open() -> str:
    """There is nothing of hers to do that with."""
    return fit("You have nothing open. To begin, send VISIT 45 12 High St.")


def sos(reaches: bool) -> str:
    """An SOS was taken."""
    if not reaches:
        return fit("We have your SOS, but there is nobody we can tell. Ring 999 now.")
    return fit("We have your SOS and are telling people now. If you can, ring 999.")


def sos_again(at: str) -> str:
    """One more text while her SOS is open."""
    return fit(f"We have this too ({at}) and pass it on. If you can, ring 999.")


def ended(at: str) -> str:
    """Her own SOS or overdue is stood down."""
    return fit(f"Thank you. Ended at {at}; everyone who was told hears that you are well.")


def away(until: str) -> str:
    """Absent until then."""
    return fit(f"You are away until {until}: others are asked first. Back earlier? Send BACK.")


def away_when() -> str:
    """AWAY without a time."""
    return fit("Until when? Send AWAY 18:00.")


def back() -> str:
    """There again."""
    return fit("You are back: you are asked again from now on.")


def passed_on(why: str, how_to_stop: str | None) -> str:
    """Not understood while people are being told: they see it, and she is told how to stop it."""
    stop = how_to_stop or "please answer when somebody rings"
    return fit(f"{plain(why)} Passed on to whoever was told. To stop it, {stop}. Worse? Send SOS.")


def number_back() -> str:
    """Her number takes our texts again."""
    return fit("Thank you. This number gets our texts again.")


def not_understood(why: str) -> str:
    """What was wrong, and the short list of what is understood."""
    return fit(f"{plain(why)} {KNOWN}")


def _about(words: str, place: str) -> str:
    """An answer that begins with, or names, the place itself."""
    return fit(words, place=called(place), lead="")


def watched(place: str, until: str, chain: Sequence[str], doubt: str | None) -> str:
    """STATUS of an open visit: until when, and the safety chain from there."""
    then = doubt or f"If we hear nothing: {', '.join(chain)}."
    return f"{called(place)} until {until}. {plain(then)}"


def being_told(place: str | None, next_step: str | None, owner: str | None, how: str | None) -> str:
    """STATUS of what people are being told of."""
    about = f"{called(place)}: people" if place else "People"
    then = f"{plain(owner)} has it in hand." if owner else f"Next: {plain(next_step or 'nobody')}."
    stop = f" To stop it, {how}." if how else ""
    return f"{about} have been told. {then}{stop}"


def if_begun_now(chain: Sequence[str], doubt: str | None) -> str:
    """STATUS with nothing open: who would hear of it."""
    then = doubt or f"If you began now and we heard nothing, we would tell {_then(chain)}."
    return f"You have nothing open. {plain(then)}"


def not_watching() -> str:
    """STATUS while nobody looks at the clock, or nothing leaves the house."""
    return "NOT covered: our service is in trouble just now. Tell somebody, or ring the office."


def _then(chain: Sequence[str]) -> str:
    """One after the other."""
    return ", then ".join(chain)
