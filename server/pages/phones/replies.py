"""The answers that make sense on one phone now, as they would have to be typed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from server.pages.phones.show import Pins
from server.store import alarms
from server.store.alarms import Told
from server.store.db import Session

RECENT = timedelta(minutes=30)
EXAMPLE = "VISIT 15 12 High Street"


def letter_of(session: Session, told: Told, now: datetime) -> str:
    """' B' where a bare answer would be unclear to this receiver, else '' (contract 6)."""
    since = now - RECENT
    several = alarms.knows_another(session, [told.person_id], told.alarm_id, since)
    return f" {told.letter}" if several else ""


def to_alarm(letter: str, *, owns: bool, pins: Pins | None) -> list[str]:
    """What somebody who was told of an alarm may answer."""
    if not owns:
        return [f"1{letter}", f"2{letter}"]
    if pins is None:
        return [f"1{letter}"]
    return [f"SAFE{letter} {pins.safe}", f"FALSE{letter} {pins.safe}"]


def on_visit(pins: Pins | None, *, raised: bool) -> list[str]:
    """What somebody who is out may text; after a raise only her PIN ends it."""
    pin = f" {pins.safe}" if pins else ""
    if raised:
        return [f"DONE{pin}", f"MORE 15{pin}", "OK"]
    return [f"DONE{pin}", f"MORE 15{pin}", "OK", "SOS"]


def always(*, may_go_out: bool) -> list[str]:
    """What may be texted at any time."""
    return [EXAMPLE, "STATUS"] if may_go_out else ["STATUS"]


def without_doubles(replies: Sequence[str]) -> tuple[str, ...]:
    """The same, each once."""
    return tuple(dict.fromkeys(replies))
