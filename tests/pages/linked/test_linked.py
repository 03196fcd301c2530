"""An alarm by the link in a message: seen without signing in, taken charge of, and nothing else."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.acts import tell
from server.acts.base import Turn
from server.store import alarms
from server.store.house import Look
from server.store.people import Person, Team
from shared.states import Means, Way
from tests.pages.conftest import SignIn
from tests.pages.day import app, day
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org, reading, running_in, writing
from tests.support.visitor import Visitor

__all__ = ["app", "day"]

pytestmark = sqlite_only


@pytest.fixture
def link(day: Day, org: Org) -> str:
    """Where Ben, who was told, sees Amy's alarm: due 14:10, raised at 14:20; it is 14:21."""
    day.start("amy", 10)
    day.forward(minutes=21)
    return address(day, org, "ben")


def address(day: Day, org: Org, ref: str) -> str:
    made = running_in(day.app).desk.keys.link(day.alarm_of("amy"), org[ref].id)
    return f"/a/{made}"


def test_it_shows_the_alarm_and_looking_changes_nothing(
    link: str, day: Day, org: Org, stranger: Visitor
) -> None:
    before = day.log(day.alarm_of("amy"))
    page = stranger.page(link)
    assert page.one("h1").text == "Amy Okafor is overdue"
    for said in ("For Ben Hughes", "12 High St", "Due 14:10", "Nobody has taken charge yet."):
        assert said in page.text
    assert page.one("a", href="tel:+447700900101").text == "Ring Amy Okafor, 07700 900101"
    assert day.log(day.alarm_of("amy")) == before
    looks = reading(day.app, lambda s: s.scalars(select(Look)).all())
    assert [(one.viewer_id, one.subject_id) for one in looks] == [(org["ben"].id, org["amy"].id)]


def test_charge_is_taken_in_her_name(link: str, day: Day, stranger: Visitor) -> None:
    assert stranger.presses(link, "Take charge").status_code == 303
    page = stranger.page(link)
    assert "Ben Hughes took charge at 14:21." in page.text
    assert "You have charge." in page.text
    assert stranger.presses(link, "I am still with it").status_code == 303
    assert day.log(day.alarm_of("amy")).count("owned") == 1


def test_what_somebody_else_has_is_not_taken_over(
    link: str, day: Day, org: Org, stranger: Visitor
) -> None:
    day.forward(minutes=3)
    form = stranger.page(link).one("main").one("form")
    theirs = Visitor(day.app)
    theirs.presses(address(day, org, "cat"), "Take charge")
    answer = stranger.send(link, form, {})
    assert answer.status_code == 409
    assert "Cat Lin has taken charge of this alarm." in answer.text
    assert "Take charge</" not in stranger.get(link).text


@pytest.mark.parametrize("end", ["resolved", "left", "never told", "changed", "long"])
def test_a_link_that_opens_nothing_says_the_same_whatever_the_reason(
    link: str, day: Day, org: Org, stranger: Visitor, signed_in: SignIn, end: str
) -> None:
    gone = stranger.get("/a/AAAAAAAAAAAAAAAA").text
    if end == "resolved":
        alarm = f"/alarms/{day.alarm_of('amy')}"
        signed_in("cat").fills(alarm, f"{alarm}/resolve", outcome="safe")
    if end == "left":
        at = day.clock.now()
        ben = update(Person).where(Person.id == org["ben"].id).values(left_at=at)
        writing(day.app, lambda session: session.execute(ben))
    path = {
        "never told": f"/a/{running_in(day.app).desk.keys.link(day.alarm_of('amy'), org['dan'].id)}"
        if end == "never told"
        else "",
        "changed": link[:-1] + ("A" if link[-1] != "A" else "B"),
        "long": link + "A" * 100,
    }.get(end, link)
    answer = stranger.get(path)
    assert (answer.status_code, answer.text) == (404, gone)


def test_one_who_is_under_duress_herself_sees_what_she_would_see(
    link: str, day: Day, stranger: Visitor, signed_in: SignIn
) -> None:
    """P4: Ben is made to end it with his duress PIN: for him, and by his link, it is over."""
    ben, alarm = signed_in("ben"), f"/alarms/{day.alarm_of('amy')}"
    ben.fills(alarm, f"{alarm}/resolve", outcome="safe", pin="8642")
    assert stranger.get(link).status_code == 404


def test_the_place_is_kept_where_a_team_keeps_it_out_of_texts(
    link: str, day: Day, org: Org, stranger: Visitor
) -> None:
    def hide(session: Session) -> None:
        team = session.get_one(Team, org.teams["ot-north"])
        team.policy_json = {**team.policy_json, "text_shows_place": False}

    writing(day.app, hide)
    assert "12 High St" not in stranger.get(link).text


@pytest.mark.parametrize(
    ("way", "place", "has_it"),
    [
        (Way.TEXT, "", True),
        (Way.TEXT, "Flat 3, 9 Mill Lane, behind the school", False),
        (Way.EMAIL, "Flat 3, 9 Mill Lane, behind the school", True),
        (Way.CALL, "", False),
    ],
)
def test_a_message_ends_with_it_where_there_is_room(
    link: str, day: Day, org: Org, way: Way, place: str, has_it: bool
) -> None:
    """An alarm stays one text; an e-mail always has the room; nobody wants to hear an address."""

    def body(session: Session) -> str:
        desk, now = running_in(day.app).desk, day.clock.now()
        turn = Turn(session, desk, now, now, Means.ENGINE)
        alarm = alarms.open_alarms(session, org["amy"].id)[0]
        assert alarm.visit is not None
        alarm.visit.place = place or "-"
        alarm.worker.name = "Amy Li"
        told = alarms.was_told(session, alarm.id, org["ben"].id)
        return tell.alarm_body(turn, alarm, told, way)

    found = writing(day.app, body)
    assert found.endswith(f" http://wayhome.test{link}") is has_it
    assert way is Way.EMAIL or len(found) <= 160
