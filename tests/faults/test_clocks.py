"""Clocks that step, phones a day off, nights of changing clocks: no alarm is late or wrong (P1)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.house import House
from tests.support.houses import NewHouse, kinds
from tests.support.phone_app import ok
from tests.support.riverside import riverside

STEP_S = 600.0


@kinds
def test_the_clock_is_set_back_while_a_visit_is_open(new_house: NewHouse, kind: str) -> None:
    """P1: an alarm is never put off by a clock that was set back: it comes when it was owed."""
    house = new_house(kind, webs=1, engines=1).open()
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=3)
    house.step_wall(-STEP_S)
    house.forward(minutes=3, seconds=55)
    assert len(amy.phone.reads_all()) == 3
    house.world.assert_quiet()
    house.forward(seconds=6)
    house.only_told("ben", "Amy Okafor is overdue", "due 14:05")
    house.forward(seconds=61)
    house.only_told("dan", "Amy Okafor is overdue")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


@kinds
def test_the_clock_is_set_forward_across_a_due_time(new_house: NewHouse, kind: str) -> None:
    """P1: a forward step is a gap like any other: nudged first, raised 120 s later."""
    house = new_house(kind, webs=1, engines=1).open()
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=2)
    house.step_wall(STEP_S)
    house.forward(seconds=3)
    house.only_told("amy", "14:05 booking is up.")
    house.forward(seconds=112)
    amy.phone.reads_all()
    house.world.assert_quiet()
    house.forward(seconds=10)
    house.only_told("ben", "Amy Okafor is overdue")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")
    assert house.peek.count("SELECT count(*) FROM log WHERE what = 'gap'") == 1


def test_the_clock_is_set_forward_and_nothing_was_due(house: House) -> None:
    """P2: a visit that is not yet over is not raised because a clock jumped."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=60), 201)
    house.forward(minutes=2)
    house.step_wall(STEP_S)
    house.forward(minutes=5)
    house.world.assert_quiet()
    ok(amy.app.close(visit))


@pytest.mark.parametrize("by", [timedelta(days=1), timedelta(minutes=5)], ids=str)
def test_a_phone_whose_clock_is_ahead(house: House, by: timedelta) -> None:
    """P10: more than 60 s ahead of the server counts as now: nothing is put off by it."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5, at=house.now() + by), 201)
    assert datetime.fromisoformat(visit["ends_at"]) - house.now() <= timedelta(minutes=5)
    assert ok(amy.app.check_in(visit, at=house.now() + by))["ends_at"] == visit["ends_at"]
    house.forward(minutes=7, seconds=1)
    assert len(amy.phone.reads_all()) == 3
    house.only_told("ben", "Amy Okafor is overdue", "due 14:05")
    ok(amy.app.close(visit, pin=amy.pin, at=house.now() + by))
    house.settle()
    house.only_told("ben", "All clear")


def test_a_phone_whose_clock_is_a_day_behind(house: House) -> None:
    """P10: what it says of now looks like old news: it is weighed, and nobody is told at once."""
    amy = house["amy"]
    behind = timedelta(days=1)
    visit = ok(amy.app.start("12 High St", minutes=5, at=house.now() - behind), 201)
    assert visit["status"] == "open"
    house.forward(seconds=55)
    assert len(amy.phone.reads_all()) == 1
    house.world.assert_quiet()
    closed = ok(amy.app.close(visit, at=house.now() - behind))
    assert closed["status"] == "closed"
    house.forward(minutes=5)
    house.world.assert_quiet()


def test_news_older_than_three_days_is_refused_by_field(house: House) -> None:
    """P10: 72 h at the most; one second more and the field is named."""
    amy = house["amy"]
    old = amy.app.start("12 High St", minutes=5, at=house.now() - timedelta(hours=72, seconds=5))
    assert old.status_code == 422
    assert "at" in old.json()["errors"]
    young = amy.app.start("12 High St", minutes=5, at=house.now() - timedelta(hours=71, minutes=59))
    house.settle()
    house.only_told("amy", "booking is up")
    ok(amy.app.close(ok(young, 201)))


NIGHTS = {
    "London, an hour is missing": ("Europe/London", datetime(2026, 3, 29, 0, 45, tzinfo=UTC)),
    "London, an hour comes twice": ("Europe/London", datetime(2026, 10, 25, 0, 45, tzinfo=UTC)),
    "New York, an hour is missing": ("America/New_York", datetime(2026, 3, 8, 6, 45, tzinfo=UTC)),
    "New York, an hour comes twice": ("America/New_York", datetime(2026, 11, 1, 5, 45, tzinfo=UTC)),
}
SAID = {
    "London, an hour is missing": "02:15",
    "London, an hour comes twice": "01:15",
    "New York, an hour is missing": "03:15",
    "New York, an hour comes twice": "01:15",
}


@pytest.mark.parametrize("night", NIGHTS)
def test_the_clocks_change_while_a_visit_is_open(new_house: NewHouse, night: str) -> None:
    """P1: thirty minutes are thirty minutes; the texts say the wall clock's new time."""
    zone, start = NIGHTS[night]
    house = new_house(file=riverside(organisation={"timezone": zone}), start=start).open()
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    house.forward(minutes=29)
    (warned,) = house.only_told("amy", f"Your {SAID[night]}", "booking is up in 1 min")
    if "twice" in night:
        assert any(name in warned for name in ("GMT", "EST"))
    house.forward(minutes=3)
    amy.phone.reads_all()
    house.only_told("ben", "Amy Okafor is overdue", f"due {SAID[night]}")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")


@pytest.mark.parametrize("night", ["London, an hour is missing", "London, an hour comes twice"])
def test_a_visit_until_a_wall_time_over_the_change(new_house: NewHouse, night: str) -> None:
    """Contract 6: `VISIT 02:30` at 00:45 UTC means the next time the wall clock shows it."""
    zone, start = NIGHTS[night]
    house = new_house(file=riverside(organisation={"timezone": zone}), start=start).open()
    amy = house["amy"]
    said = amy.phone.replies("VISIT 02:30 12 High St")
    assert said.startswith("Until 02:30")
    (visit,) = ok(amy.app.get("/visits"))["items"]
    ends_at = datetime.fromisoformat(visit["ends_at"])
    hours = 0.75 if "missing" in night else 1.75
    assert ends_at - start - timedelta(hours=hours) < timedelta(seconds=5)
    ok(amy.app.close(visit))
