"""Answers to the texts of people who were told of an alarm."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.words.alarms import GOES_ON, HANDS_OFF, YOU, Going, reply_to_own
from server.domain.words.fit import fit, led, plain
from shared.gsm7 import septets, shorten
from shared.states import AlarmOutcome

MOST_LISTED = 5
TWO_SEGMENTS = 2 * 153
LONGEST_PLACE = 60
EVERY_WAY = "every way"
"""What a step of a ladder that goes to everybody says of its ways."""
DONE_BY = {"text": "texted", "call": "rung", "email": "e-mailed", "push": "shown it"}
HOW_TO_REPLY = (
    "1 takes charge, 2 passes it on. Once you know: SAFE or FALSE and your own PIN."
    " If there are several, add the letter: 1 B."
)


@dataclass(frozen=True)
class Listed:
    """One open alarm as it is offered: its letter, who it is about, since when, and whether
    ringing her could harm her."""

    letter: str
    worker: str
    since: str
    hands_off: bool = False

    @property
    def when(self) -> str:
        """Since when, and the warning."""
        return f"{self.since}, {HANDS_OFF.rstrip('. ')}" if self.hands_off else self.since


def in_charge(worker: str, number: str | None, letter: str | None, *, hands_off: bool) -> str:
    """She has taken charge: what to do now, and how to end it."""
    know = f"SAFE{_tail(letter)} or FALSE{_tail(letter)} and your PIN"
    if hands_off:
        words = (
            f"{HANDS_OFF}You have charge of {{worker}}'s alarm. Ring 999 now. Once over: {know}."
        )
    elif number is None:
        words = (
            f"You have charge of {{worker}}'s alarm. Find her. No luck: 999. Once you know: {know}."
        )
    else:
        words = (
            f"You have charge of {{worker}}'s alarm. Ring her on {number}. No answer: 999."
            f" Once you know: {know}."
        )
    return fit(words, worker=worker)


def keeps_charge(worker: str, until: str, letter: str | None, *, hands_off: bool = False) -> str:
    """The owner gave a sign."""
    start, once = (HANDS_OFF, "over") if hands_off else ("Thank you. ", "you know")
    words = (
        f"{start}You keep charge of {{worker}}'s alarm; we ask again by {until}."
        f" Once {once}: SAFE{_tail(letter)} or FALSE{_tail(letter)} and your PIN."
    )
    return fit(words, worker=worker)


def has_charge(worker: str, until: str, letter: str | None, *, hands_off: bool = False) -> str:
    """To the owner, who said something that keeps nothing: she has charge until then."""
    start, once = (HANDS_OFF, "over") if hands_off else ("", "you know")
    words = (
        f"{start}You have charge of {{worker}}'s alarm until {until}. To keep it reply"
        f" 1{_tail(letter)}. Once {once}: SAFE{_tail(letter)} or FALSE{_tail(letter)} and your PIN."
    )
    return fit(words, worker=worker)


def taken(owner: str, worker: str, *, hands_off: bool = False) -> str:
    """Somebody else has charge of it."""
    start = HANDS_OFF if hands_off else ""
    words = "{owner} has charge of {worker}'s alarm. Nothing for you to do unless we text again."
    return fit(start + words, owner=owner, worker=worker)


def passed(worker: str, *, to_everyone: bool, hands_off: bool = False) -> str:
    """She passed it on."""
    start = HANDS_OFF if hands_off else "Thank you. "
    if to_everyone:
        words = "No more about {worker} for 30 min, as long as somebody else can be asked."
    else:
        words = "{worker}'s alarm goes to the next person now."
    return fit(start + words, worker=worker)


def which(command: str, pin: bool, listed: Sequence[Listed]) -> str:
    """Several are open, or one has just ended: the letter is needed."""
    tail = " and your PIN" if pin else ""
    choices = [
        f"{command} {one.letter}{tail} for {plain(one.worker)[:40]} ({one.when})"
        for one in listed[:MOST_LISTED]
    ]
    more = f" And {len(listed) - MOST_LISTED} more." if len(listed) > MOST_LISTED else ""
    return f"Please reply {'; '.join(choices)}.{more}"


def over(worker: str, by: str | None, at: str, outcome: str | None) -> str:
    """It has ended: who ended it, when and how. No outcome: how she is, nobody knows now."""
    ends = {
        AlarmOutcome.SAFE: "she is safe",
        AlarmOutcome.FALSE_ALARM: "it was a false alarm",
        AlarmOutcome.HARMED: "she has been found and needs care",
        AlarmOutcome.EMERGENCY_SERVICES: "the emergency services have taken over",
    }
    how = f"at {at}: {ends[AlarmOutcome(outcome)]}." if outcome else f"at {at}."
    return fit(f"{_ended(by)} {how}", by=by or "", worker=worker)


def over_but_another(worker: str, by: str | None, at: str, going: Going) -> str:
    """It has ended, and another about her is open: never that she is safe."""
    start, do = (HANDS_OFF, ": ring 999") if going.hands_off else ("", "")
    words = f"{start}{_ended(by)} at {at}. {GOES_ON}{do}. {going.what_next}"
    return fit(words, by=by or "", worker=worker, owner=going.owner)


def _ended(by: str | None) -> str:
    if by == YOU:
        return "You ended {worker}'s alarm"
    return "{worker}'s alarm was ended" + (" by {by}" if by else "")


@dataclass(frozen=True)
class Standing:
    """How an open alarm stands: `place` '' where it is not told; `next_act`: what will be done if
    nobody takes charge, '' for nothing."""

    alarm: Listed
    place: str
    owner: str | None
    next_act: str


def next_act(who: str, by: str, at: str) -> str:
    """One step of the ladder, as a text says it: 'Cat Lin is texted 05:41'."""
    if by == EVERY_WAY:
        return f"everyone is told by every way {at}"
    ways = " and ".join(DONE_BY.get(way, way) for way in by.split(" and "))
    return f"{plain(who)} is {ways} {at}"


def told_of(found: Sequence[Standing]) -> str:
    """STATUS: what she was told of that is open, where, who has charge and what comes next. In two
    segments: the later steps give way first, then the places."""
    shown = found[:MOST_LISTED]
    for acts, places in ((len(shown), True), (1, True), (1, False)):
        lines = [_standing(one, at < acts, places) for at, one in enumerate(shown)]
        said = f"Open: {' '.join(lines)}"
        if septets(said) <= TWO_SEGMENTS:
            break
    return shorten(said, TWO_SEGMENTS)


def _standing(one: Standing, with_act: bool, with_place: bool) -> str:
    place = shorten(led(plain(one.place)), LONGEST_PLACE) if one.place and with_place else ""
    owner = f"{plain(one.owner)} has charge" if one.owner else "nobody has charge yet"
    then = f" Next: {one.next_act}." if one.next_act and with_act else ""
    who = f"{one.alarm.letter}: {plain(one.alarm.worker)}"
    return f"{who}{place} since {one.alarm.when}, {owner}.{then}"


def none_told() -> str:
    """Nothing was sent to this number."""
    return fit("Nothing is open that you were told of.")


def no_such_letter(letter: str) -> str:
    """No alarm she knows of has it."""
    return fit(f"Nothing you were told of has the letter {letter}.")


def pin_please(command: str, letter: str | None) -> str:
    """A number can be forged: it may take charge, not end."""
    return fit(f"Please add your own PIN: {command}{_tail(letter)} and your PIN.")


def no_pins() -> str:
    """A resolver who has no PIN."""
    return fit("There is no PIN for you here, so this cannot be ended by text. Use the app.")


def resolved(worker: str, at: str, outcome: str, going: Going | None = None) -> str:
    """She ended it; what else about the same worker goes on, if anything does."""
    if going is not None:
        return over_but_another(worker, YOU, at, going)
    how = "as a false alarm" if outcome == AlarmOutcome.FALSE_ALARM else "as safe"
    words = f"Thank you. {{worker}}'s alarm is ended at {at} {how}. Everyone told hears of it."
    return fit(words, worker=worker)


def to_take_charge(listed: Sequence[Listed], *, bare: bool) -> str:
    """OK is no answer to an alarm; this is."""
    if bare:
        start = HANDS_OFF if listed[0].hands_off else ""
        return fit(start + "To take charge of {worker} reply 1.", worker=listed[0].worker)
    choices = [f"1 {one.letter} ({_who(one)})" for one in listed[:MOST_LISTED]]
    return f"To take charge reply {', '.join(choices)}."


def not_understood(why: str) -> str:
    """What was wrong, and how to answer."""
    return fit(f"{plain(why)} {HOW_TO_REPLY}")


def _who(one: Listed) -> str:
    warning = f", {HANDS_OFF.rstrip('. ')}" if one.hands_off else ""
    return plain(one.worker)[:40] + warning


def _tail(letter: str | None) -> str:
    return f" {letter}" if letter else ""


__all__ = ["HOW_TO_REPLY", "YOU", "Listed", "reply_to_own"]
