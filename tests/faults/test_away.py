"""The whole house was away across a due time: caught up at once, gently, written down (P1, P9)."""

import pytest

from server.clock import monotonic_s
from tests.support.house import House
from tests.support.houses import NewHouse, kinds
from tests.support.phone_app import ok

CAUGHT_UP_WITHIN_S = 2.0
"""After `ready`; where the machine is so busy that the start itself took longer, within that."""
HOUR, DAY = 60.0, 24 * 60.0
EVERYBODY = "ben cat dan eve fay"


def gaps(house: House) -> int:
    """How many times the log says that nobody was watching."""
    return house.peek.count("SELECT count(*) FROM log WHERE what = 'gap'")


def fall(house: House, minutes: float) -> float:
    """Everything dies, time passes, everything comes back; returns the real second by which what
    fell due must have been caught up."""
    house.kill_now()
    house.away(minutes=minutes)
    started_s = monotonic_s()
    house.start_up()
    ready_s = max(process.ready_s for process in house.processes)
    return ready_s + max(CAUGHT_UP_WITHIN_S, ready_s - started_s)


@kinds
def test_half_a_minute_across_the_raise(new_house: NewHouse, kind: str) -> None:
    """P1: a gap of under 60 s is caught up as if nothing had been, and written down (P9)."""
    house = new_house(kind, webs=1, engines=1).open()
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=6, seconds=50)
    amy.phone.reads_all()
    assert gaps(house) == 0
    until_s = fall(house, 0.5)
    text = house["ben"].phone.expects_text("Amy Okafor is overdue")
    assert text.monotonic_s <= until_s
    house.settle()
    assert gaps(house) == 1
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")


@kinds
@pytest.mark.parametrize("minutes", [HOUR, DAY], ids=["an hour", "a day"])
def test_what_fell_due_meanwhile_is_nudged_first(
    new_house: NewHouse, kind: str, minutes: float
) -> None:
    """P1: nudged at once, raised min(120 s, grace) after the catch-up, not before, not later."""
    house = new_house(kind, webs=1, engines=1).open()
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=3)
    until_s = fall(house, minutes)
    text = amy.phone.expects_text("booking is up")
    assert text.monotonic_s <= until_s
    house.settle()
    house.world.assert_quiet()
    assert gaps(house) == 1
    house.forward(seconds=118)
    amy.phone.reads_all()
    house.world.assert_quiet()
    house.forward(seconds=3)
    house.only_told("ben", "Amy Okafor is overdue", "14:05")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")
    entries = [entry["what"] for entry in ok(amy.app.get(f"/visits/{visit['id']}"))["log"]]
    assert "overdue_raised" in entries


@kinds
@pytest.mark.parametrize("minutes", [0.5, HOUR, DAY], ids=["30 s", "an hour", "a day"])
def test_an_alarm_that_was_climbing_sends_one_current_text_each(
    new_house: NewHouse, kind: str, minutes: float
) -> None:
    """P3: no backlog: each person at most one text for it on return, the newest."""
    house = new_house(kind, webs=1, engines=1).open()
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=7, seconds=45)
    amy.phone.reads_all()
    house.only_told("ben", "overdue")
    until_s = fall(house, minutes)
    if minutes < 1:
        text = house["dan"].phone.expects_text("overdue")
        house.settle()
        house.world.assert_quiet()
        told = "ben dan"
    else:
        text = house["ben"].phone.expects_text("overdue")
        house.settle()
        house.only_told("cat dan eve fay", "overdue")
        told = EVERYBODY
    assert text.monotonic_s <= until_s
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told(told, "All clear")


def test_an_owner_is_asked_again_after_an_outage(house: House) -> None:
    """P1, P5: nobody loses charge because the house was away; she is asked, and then it lapses."""
    amy, ben = house.people("amy", "ben")
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=7)
    amy.phone.reads_all()
    house.only_told("ben", "overdue")
    ben.phone.replies("1")
    house.settle()
    house.only_told("amy", "in hand")
    fall(house, HOUR)
    house.settle()
    assert ben.app.alarms()[0]["status"] == "owned"
    heard = ben.phone.reads_all()
    assert all("Are you still with" in text for text in heard)
    house["cat"].phone.reads_all()
    ben.phone.replies("1")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    ben.phone.expects_text("All clear")
    house["cat"].phone.reads_all()


def test_a_visit_that_was_closed_before_the_fall_stays_closed(house: House) -> None:
    """P2: an answered close survives any kill."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    ok(amy.app.close(visit))
    fall(house, HOUR)
    house.settle()
    house.forward(minutes=5)
    house.world.assert_quiet()
    assert amy.app.visit(visit)["status"] == "closed"
