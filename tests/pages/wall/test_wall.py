"""A display on a wall: names and how they stand, nothing else, until it is ended (P4, P7)."""

import re

import pytest

from tests.pages.conftest import SignIn
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org
from tests.support.visitor import Visitor

pytestmark = sqlite_only


@pytest.fixture
def wall(day: Day, org: Org, signed_in: SignIn) -> str:
    """The address of a display of Riverside's, as it is said once to Cat, who made it."""
    cat = signed_in("cat")
    team = str(org.teams["ot-north"])
    assert cat.fills("/walls", team=team, name="duty room").status_code == 303
    said = cat.page("/walls").text
    (address,) = re.findall(r"http://wayhome\.test(/wall/\S+)", said)
    assert "/wall/" not in cat.page("/walls").text
    return str(address)


def names(stranger: Visitor, wall: str) -> list[str]:
    return [one.text for one in stranger.page(wall).all("li", class_="name")]


def test_it_shows_names_and_how_they_stand_and_nothing_else(
    day: Day, wall: str, stranger: Visitor
) -> None:
    day.start("amy", 60, "12 High St")
    day.start("dan", 20, "3 Elm Rd")
    day.start("ben", 30, "Bay 4")
    day.forward(minutes=31)
    assert names(stranger, wall) == ["Dan Price Alarm", "Ben Hughes Past due", "Amy Okafor Out"]
    for path in (wall, f"{wall}/now"):
        text = stranger.get(path).text
        for secret in ("High St", "Elm Rd", "Bay 4", "07700", "+44", "overdue", "/alarms/"):
            assert secret not in text


def test_of_a_duress_it_shows_what_her_own_phone_shows(
    day: Day, wall: str, stranger: Visitor
) -> None:
    day.start("amy", 60)
    day.start("ben", 60)
    day.close("ben", "8642")
    assert names(stranger, wall) == ["Amy Okafor Out"]


def test_what_somebody_ended_under_duress_is_over_on_the_wall_too(
    day: Day, wall: str, stranger: Visitor, signed_in: SignIn
) -> None:
    """P4: whoever stands beside Cat reads the wall as well; the others are told as before."""
    day.start("amy", 10)
    day.start("dan", 60)
    day.forward(minutes=21)
    assert names(stranger, wall) == ["Amy Okafor Alarm", "Dan Price Out"]
    path, cat = f"/alarms/{day.alarm_of('amy')}", signed_in("cat")
    cat.fills(path, f"{path}/resolve", outcome="safe", pin="9713")
    assert names(stranger, wall) == ["Dan Price Out"]
    assert "Amy Okafor" in signed_in("ben").page("/").one("main").text


def test_an_ended_display_shows_nothing_and_says_so(
    day: Day, wall: str, stranger: Visitor, signed_in: SignIn
) -> None:
    day.start("amy", 60)
    etag = stranger.get(f"{wall}/now").headers["ETag"]
    assert stranger.get(f"{wall}/now", headers={"If-None-Match": etag}).status_code == 304
    assert signed_in("cat").presses("/walls", "End it").status_code == 303
    assert stranger.get(f"{wall}/now", headers={"If-None-Match": etag}).status_code == 401
    assert "Amy" not in stranger.page(wall, 404).text


def test_another_organisations_manager_neither_sees_nor_ends_it(
    wall: str, signed_in: SignIn, lakeside: Org, org: Org
) -> None:
    other = signed_in("cat", lakeside)
    assert other.page("/walls").all("li", class_="debt") == []
    answer = other.post("/walls", team=str(org.teams["ot-north"]), name="theirs")
    assert answer.status_code == 404
