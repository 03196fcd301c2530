"""Contract 6: one number in several organisations means the one with an open visit or alarm."""

from uuid import uuid4

import pytest

from server.acts.base import perform
from server.acts.starting import NewVisit, start
from server.store import people
from shared.states import Means
from tests.hooks.line import Line
from tests.support.people import AMY, BEN, CAT, Org, running_in, settle


@pytest.fixture
def lakeside(line: Line) -> Org:
    """A second organisation in which Amy, Ben and Cat have the same numbers."""
    return settle(line.app, line.clock, [AMY, BEN, CAT], slug="lakeside")


def at(line: Line, org: Org, deed: str, who: str = "amy") -> list[str]:
    """Her open visits' places, or her alarms' kinds, in that organisation."""
    here, line.org = line.org, org
    try:
        return [v.place for v in line.visits(who)] if deed == "visits" else line.kinds(who)
    finally:
        line.org = here


def begin_at(line: Line, org: Org, place: str) -> None:
    """Begin a visit of Amy's there from her phone's app."""
    here, amy = running_in(line.app), org["amy"].id
    wanted = NewVisit(uuid4(), place, minutes=20)
    with line.app.app_context():
        perform(
            here.desk,
            lambda turn: start(turn, people.person(turn.session, amy), wanted),
            now=line.clock.now(),
            by=Means.APP,
            actor_id=amy,
        )


def test_a_visit_begins_in_one_of_them(line: Line, lakeside: Org) -> None:
    line.says("amy", "VISIT 45 12 High St")
    places = at(line, line.org, "visits") + at(line, lakeside, "visits")
    assert places == ["12 High St"]


def test_a_text_is_about_the_one_with_an_open_visit(line: Line, lakeside: Org) -> None:
    begin_at(line, lakeside, "Lake View")
    assert line.says("amy", "MORE 15 4821") == "Lake View: now until 14:35."
    assert line.says("amy", "OK") == "Thank you. Lake View until 14:35."
    assert line.says("amy", "DONE 4821").startswith("Lake View: finished")
    assert at(line, lakeside, "visits") == []


def test_an_alarm_there_is_answered_there(line: Line, lakeside: Org) -> None:
    begin_at(line, lakeside, "Lake View")
    line.forward(minutes=31)
    assert at(line, lakeside, "alarms") == ["overdue"]
    assert line.says("ben", "1").startswith("You have charge of Amy Okafor's alarm.")
    assert line.says("ben", "SAFE 1357").startswith("Thank you.")
    assert at(line, lakeside, "alarms") == []


def test_alarms_of_two_organisations_have_letters_of_their_own(line: Line, lakeside: Org) -> None:
    begin_at(line, lakeside, "Lake View")
    line.forward(minutes=31)
    begin_at(line, line.org, "12 High St")
    line.forward(minutes=31)
    line.new("ben")
    assert line.says("ben", "1") == (
        "Please reply 1 A for Amy Okafor (14:30); 1 B for Amy Okafor (15:01)."
    )
    line.says("ben", "SAFE B 1357")
    assert (at(line, lakeside, "alarms"), line.kinds("amy")) == (["overdue"], [])


def test_sos_is_raised_and_stood_down_in_all(line: Line, lakeside: Org) -> None:
    line.says("amy", "SOS")
    assert (at(line, lakeside, "alarms"), line.kinds("amy")) == (["sos"], ["sos"])
    line.says("amy", "SAFE 4821")
    assert (at(line, lakeside, "alarms"), line.kinds("amy")) == ([], [])


def test_stop_and_away_are_about_the_person_wherever_she_is(line: Line, lakeside: Org) -> None:
    line.says("ben", "AWAY 18:00")
    line.says("ben", "STOP")
    for org in (line.org, lakeside):
        here, line.org = line.org, org
        assert line.somebody("ben").away_until is not None
        assert line.somebody("ben").unreachable_since is not None
        line.org = here
