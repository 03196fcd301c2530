"""P4: whoever watches over her shoulder sees the same, pixel by pixel and frame by frame, whichever
of her two PINs she types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mobile.ui.test_journeys import amys, long_after, passes
from tests.support.gateway import Gateway
from tests.support.house import House
from tests.support.houses import NewHouse

if TYPE_CHECKING:
    from tests.mobile.ui.conftest import NewFace
    from tests.mobile.ui.face import Face

pytestmark = pytest.mark.slow
Pictures = list[bytes]


class Told:
    """One telling of the story, and every picture of it."""

    def __init__(self, face: Face, house: House) -> None:
        self.face, self.house = face, house
        self.pictures: Pictures = []

    def look(self) -> None:
        """Keep what is on the screen now."""
        self.face.phone.refresh()
        self.face.frames(3)
        self.pictures.append(self.face.picture()[1])

    def close_by(self, pin: str) -> None:
        """She is overdue, and closes with this PIN; somebody watches every frame of it."""
        face, house = self.face, self.house
        face.begin()
        face.sees("Confirmed")
        long_after(face, house, minutes=44)
        passes(face, house, minutes=3.5)
        face.sees("Type your PIN to end it.")
        face.tap("I am safe")
        for digit in pin:
            face.tap(digit)
            self.look()
        face.tap("OK")
        self.look()
        passes(face, house, seconds=6)
        face.sees("The watch is over")
        self.look()
        for name in ("history", "me", "watching", "help", "today"):
            face.app.go(name)
            face.until(lambda: face.phone.history.state.busy is False, "history")
            self.look()

    def stand_down_by(self, pin: str) -> None:
        """She has called for help, and is made to end it."""
        face, house = self.face, self.house
        face.hold_sos()
        face.sees("Office has it")
        face.tap("I am safe: end it")
        for digit in pin:
            face.tap(digit)
            self.look()
        face.tap("OK")
        passes(face, house, seconds=1)
        face.sees("It is over")
        self.look()


@pytest.mark.parametrize("story", ["close_by", "stand_down_by"])
def test_the_duress_pin_looks_like_the_safe_one(
    new_face: NewFace, new_house: NewHouse, story: str
) -> None:
    tellings: list[Pictures] = []
    duress_told: list[str] = []
    for which in ("pin", "duress_pin"):
        with Gateway() as world:
            house = new_house(rate=0.0, world=world).open()
            house.checked = True
            face = amys(new_face, house)
            told = Told(face, house)
            getattr(told, story)(getattr(house["amy"], which))
            face.end()
            tellings.append(told.pictures)
            house.settle()
            duress_told.append(" ".join(house["ben"].phone.inbox))
            house.stop()
    safe, duress = tellings
    assert len(safe) == len(duress)
    assert [one == other for one, other in zip(safe, duress, strict=True)] == [True] * len(safe)
    assert "DO NOT RING" in duress_told[1]
    assert "DO NOT RING" not in duress_told[0]
