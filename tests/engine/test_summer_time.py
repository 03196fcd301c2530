"""The clocks change while visits are open: deadlines are instants, and texts say the time on the
wall, with its zone in the hour that comes twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.store.people import Organisation
from tests.engine.fixtures import NewNight
from tests.engine.night import Night, bodies
from tests.support.database import sqlite_only

pytestmark = sqlite_only

LONDON, NEW_YORK = "Europe/London", "America/New_York"


def open_night(new_night: NewNight, zone: str, *start: int) -> Night:
    """A night in that zone that begins at that wall time of 2026: month, day, hour, minute."""
    month, day, hour, minute = start
    begins = datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone))
    night = new_night(start=begins.astimezone(UTC))
    org_id = night.org.id

    def move(session: object) -> None:
        session.get_one(Organisation, org_id).timezone = zone  # type: ignore[attr-defined]

    night.change(move)
    return night


CHANGES = [
    pytest.param(LONDON, (3, 29, 0, 30), "02:15", id="London forwards"),
    pytest.param(LONDON, (10, 25, 0, 30), "01:15 BST", id="London back"),
    pytest.param(NEW_YORK, (3, 8, 1, 30), "03:15", id="New York forwards"),
    pytest.param(NEW_YORK, (11, 1, 0, 30), "01:15", id="New York back"),
]


@pytest.mark.parametrize(("zone", "start", "ends"), CHANGES)
def test_a_visit_across_the_change_is_raised_when_its_minutes_are_over(
    new_night: NewNight, zone: str, start: tuple[int, ...], ends: str
) -> None:
    night = open_night(new_night, zone, *start)
    begun = night.now
    night.start("amy", 45)
    assert night.visit("amy").ends_at == begun + timedelta(minutes=45)
    night.forward(minutes=54, seconds=59)
    assert night.alarms() == []
    assert ends in night.texts("amy")[0]
    night.forward(seconds=1)
    assert night.alarm().raised_at == begun + timedelta(minutes=55)
    assert f"due {ends}" in night.texts("ben")[0]


def test_in_the_hour_that_comes_twice_the_zone_says_which(new_night: NewNight) -> None:
    night = open_night(new_night, LONDON, 10, 25, 0, 30)
    night.start("amy", 45)
    night.start("ben", 105)
    night.forward(minutes=116)
    assert bodies(night.texts("amy"), "Your 01:15 BST booking is up")
    assert bodies(night.texts("ben"), "Your 01:15 GMT booking is up")


def test_the_whole_ladder_is_walked_across_the_change_at_its_own_pace(new_night: NewNight) -> None:
    night = open_night(new_night, LONDON, 10, 25, 1, 0)
    night.start("amy", 45)
    night.forward(minutes=55 + 11)
    raised = night.alarm().raised_at
    fired = [(step.fired_at - raised).total_seconds() for step in night.steps()]
    assert fired == [0, 180, 180, 300, 480, 600]
