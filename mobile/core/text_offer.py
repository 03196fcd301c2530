"""The text with its command already written, for where data does not get through."""

from datetime import timedelta

from mobile.core import words
from mobile.core.draft import START_KINDS
from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.state import TextOffer
from mobile.core.things import Visit
from mobile.core.waits import Delay, delay_of, minutes_waiting
from mobile.ports import Signal
from shared.states import PinRule, VisitKind

MINUTE = timedelta(minutes=1)
BY_TEXT = frozenset({PinRule.ALWAYS.value, PinRule.TEXT_ONLY.value})
"""The rules under which a text has to carry the PIN (contract 3)."""


def text_for(
    facts: Facts, visit: Visit, pending: Entry | None, *, asks_pin: bool
) -> TextOffer | None:
    """Instead of what waits; None where nothing does, or a text could not go either."""
    if pending is None or not _offers_text(facts):
        return None
    command = _command(facts, visit, pending)
    if not command:
        return None
    pin = pending.kind not in START_KINDS and (asks_pin or _texts_carry_pin(facts))
    # The PIN is hers to add: nobody here knows it.
    said = "Text it: add your PIN" if pin else "Send it as a text instead"
    return offer(facts, f"{command} " if pin else command, said, pin=pin)


def text_of_sos(facts: Facts) -> TextOffer:
    """It is her number that a text is known by, so it works from a phone that is signed out too."""
    return offer(facts, "SOS", "Send SOS as a text")


def offer(facts: Facts, text: str, said: str, *, pin: bool = False) -> TextOffer:
    """This text, to the number that the server is texted at."""
    to = (facts.me.value.text_to if facts.me else None) or ""
    return TextOffer(to, text, said, words.ADD_PIN if pin else "")


def _offers_text(facts: Facts) -> bool:
    """Texts may go where data does not, where data is not answered, and where this phone may send
    nothing by data."""
    answered = delay_of(facts) is Delay.SENDING
    return facts.signal is not Signal.NONE and not answered


def _texts_carry_pin(facts: Facts) -> bool:
    me = facts.me.value if facts.me else None
    return me is not None and me.has_pins and me.policy.get("pin") in BY_TEXT


def _command(facts: Facts, visit: Visit, pending: Entry) -> str:
    if pending.kind == "close":
        return "HOME" if visit.kind is VisitKind.HOME else "DONE"
    if pending.kind == "extend":
        return f"MORE {minutes_waiting(facts, visit.id)}"
    if pending.kind == "start":
        minutes = max(1, -(-(visit.ends_at - facts.now) // MINUTE))
        home = visit.kind is VisitKind.HOME
        return f"HOME {minutes}" if home else f"VISIT {minutes} {visit.place}"
    return "OK" if pending.kind == "check_in" else ""
