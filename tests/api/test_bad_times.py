"""Times and lengths that cannot be meant, in every act that takes one: refused by field with what
would be right, and nothing is half done."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.phone import Phone, ok, wrong
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.town import Town

pytestmark = sqlite_only
NO_ZONE = "2026-03-10T14:30:00"


@pytest.mark.parametrize("given", [NO_ZONE, "14:30", 1_773_151_200, "", "2026-03-10T25:00:00Z"])
def test_an_end_says_its_zone(amy: Phone, given: Any) -> None:
    (said,) = wrong(amy.post("/visits", place="12 High St", ends_at=given), "ends_at")["ends_at"]
    assert "2026" in said or "time" in said
    assert ok(amy.get("/visits"))["items"] == []


@pytest.mark.parametrize("minutes", [0, -1, 961, 10_000, 15.5, "15", None])
def test_more_time_has_bounds(amy: Phone, minutes: Any) -> None:
    visit = amy.start()
    wrong(amy.post(f"/visits/{visit['id']}/extend", minutes=minutes), "minutes")
    assert amy.visit(visit)["ends_at"] == visit["ends_at"]


@pytest.mark.parametrize("act", ["check-in", "close", "position"])
def test_when_it_happened_says_its_zone(amy: Phone, act: str) -> None:
    visit = amy.start()
    extra = {"position": {"lat": 51.5, "lon": 0}} if act == "position" else {}
    wrong(amy.post(f"/visits/{visit['id']}/{act}", at=NO_ZONE, **extra), "at")
    assert [line["what"] for line in amy.visit(visit)["log"]] == ["started"]


def test_an_alarm_is_not_put_off_to_a_time_that_has_passed_or_has_no_zone(
    amy: Phone, ben: Phone, town: Town, clock: ManualClock
) -> None:
    amy.start()
    town.forward(minutes=41)
    (alarm,) = ben.alarms()
    for until in (clock.now() - timedelta(minutes=1), clock.now(), NO_ZONE):
        answer = ben.post(f"/alarms/{alarm['id']}/resolve", outcome="safe", until=until)
        wrong(answer, "until")
    assert ben.alarms()[0]["status"] == "raised"


def test_an_absence_ends_after_it_begins_and_not_before_now(amy: Phone, clock: ManualClock) -> None:
    wrong(amy.post("/me/away", until=clock.now() - timedelta(minutes=1)), "until")
    wrong(amy.post("/me/away", until=NO_ZONE), "until")
    later = clock.now() + timedelta(hours=2)
    wrong(amy.post("/me/away", from_=later, until=later - timedelta(hours=1)), "from")


def test_emoji_and_other_scripts_in_a_note_are_kept_as_they_are(amy: Phone, ben: Phone) -> None:
    note = "Ci mawr \U0001f415 yn yr ardd, ŵ ŷ, 山"
    visit = amy.start(note=note, record_ref="R-1")
    ok(amy.post(f"/visits/{visit['id']}/close", note=note))
    assert amy.visit(visit)["status"] == "closed"
