"""What becomes of a text is told late, twice, backwards or never: the people are told the same."""

import pytest

from tests.support.gateway import callbacks
from tests.support.gateway.callbacks import Mode
from tests.support.house import House
from tests.support.phone_app import ok
from tests.support.riverside import RUNG_S

MODES = {
    "late": callbacks.HELD,
    "doubled": callbacks.DOUBLED,
    "reversed": callbacks.REVERSED,
    "never": callbacks.NEVER,
}


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_the_ladder_does_not_hang_on_callbacks(house: House, mode: Mode) -> None:
    """P3, P4: silence, repeats and disorder neither stop nor double anything."""
    amy, ben = house.people("amy", "ben")
    house.world.callbacks = mode
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=7)
    amy.phone.reads_all()
    house.only_told("ben", "overdue")
    house.forward(seconds=RUNG_S)
    house.only_told("dan", "overdue")
    house.world.release_callbacks()
    house.settle()
    ben.phone.replies("1")
    house.settle()
    house.told("amy", "in hand")
    house.only_told("dan", "has taken charge")
    house.forward(seconds=RUNG_S - 5)
    ben.phone.reads_all()
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")
    house.world.release_callbacks()
    house.forward(minutes=3)
    house.world.assert_quiet()
    assert house.world.failed_callbacks == []


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_a_failure_is_tried_again_once_however_it_is_told(house: House, mode: Mode) -> None:
    """P3: undelivered once, told in any way: one more text, and never a third."""
    amy, ben = house.people("amy", "ben")
    house.world.callbacks = mode
    ben.phone.rejects(30003, times=1)
    alarm = ok(amy.app.sos(), 201)
    house.settle()
    house.only_told("dan", "SOS")
    ben.phone.expects_nothing()
    house.forward(seconds=10)
    house.world.release_callbacks()
    house.forward(seconds=RUNG_S - 11)
    if mode == callbacks.NEVER:
        house.forward(seconds=20)
        house.told("ben", "SOS")
        house.only_told("cat", "SOS")
    else:
        house.only_told("ben", "SOS")
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    assert all("All clear" in text for text in ben.phone.reads_all())
    assert all("All clear" in text for text in house["dan"].phone.reads_all())
    house["cat"].phone.reads_all()
    house.world.release_callbacks()
    house.settle()


def test_a_phone_that_is_off_stops_nobody(house: House) -> None:
    """P4: neither delivered nor failed: the climb goes on by the clock."""
    amy, ben = house.people("amy", "ben")
    ben.phone.switched_off()
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=8)
    amy.phone.reads_all()
    house.only_told("dan", "overdue")
    ben.phone.recovers()
    house.settle()
    house.only_told("ben", "overdue")
    ben.phone.replies("1")
    house.settle()
    house.told("amy", "in hand")
    house.only_told("dan", "has taken charge")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")
