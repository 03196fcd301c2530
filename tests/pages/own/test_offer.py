"""After three false alarms in 14 days the worker alone is offered more time or one more reminder;
she takes it or leaves it, and nobody else is told a second later than before."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.acts import standing_down
from server.acts.planning import visit_plan
from server.store import log, people, visits
from shared.ladder import Step
from tests.pages.conftest import SignIn
from tests.pages.day import app, day
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org, reading, running_in

__all__ = ["app", "day"]

pytestmark = sqlite_only
OFFER = "A little more time?"


def runs_over(day: Day, times: int = 3) -> None:
    """Her visits of 30 minutes run over by a quarter of an hour, and she ends each alarm."""
    for _ in range(times):
        day.start("amy", 30)
        day.forward(minutes=43)
        alarm_id = day.alarm_of("amy")
        day.on_alarm(
            "amy",
            alarm_id,
            lambda turn, alarm: standing_down.stand_down(turn, alarm, day.org["amy"].pin),
        )


def chain(day: Day) -> list[Step]:
    """The plan of her open visit, as she reads it."""

    def look(session: Session) -> Any:
        amy = people.person(session, day.org["amy"].id)
        (visit,) = visits.unfinished_visits(session, amy.id)
        return visit_plan(session, running_in(day.app).desk, visit, amy, day.clock.now())

    return reading(day.app, look)


def reminders_of(day: Day) -> list[str]:
    """What she was reminded of about her open visit."""

    def look(session: Session) -> Any:
        (visit,) = visits.unfinished_visits(session, day.org["amy"].id)
        return [entry.what for entry in log.entries_of_visit(session, visit.id)]

    return [what for what in reading(day.app, look) if what in ("warn", "nudge")]


def told_of(steps: list[Step]) -> list[tuple[datetime, str]]:
    """When others would be told."""
    return [(step.at, step.who) for step in steps if step.who != "you"]


def test_she_may_have_a_longer_visit_suggested(day: Day, signed_in: SignIn) -> None:
    runs_over(day, 2)
    amy = signed_in("amy")
    assert OFFER not in amy.page("/me").text
    runs_over(day, 1)
    amy = signed_in("amy")
    assert OFFER in amy.page("/me").text
    assert amy.presses("/me", "Suggest 45 minutes for my visits").status_code == 303
    page = amy.page("/me")
    assert OFFER not in page.text
    assert page.one("input", id="start-minutes").attributes["value"] == "45"
    runs_over(day, 2)
    assert OFFER not in signed_in("amy").page("/me").text
    runs_over(day, 1)
    assert OFFER in signed_in("amy").page("/me").text


def test_one_reminder_more_tells_nobody_else_later(day: Day, signed_in: SignIn) -> None:
    runs_over(day)
    day.start("amy", 30)
    before = chain(day)
    amy = signed_in("amy")
    amy.presses("/me", "Remind me once more")
    after = chain(day)
    assert told_of(after) == told_of(before)
    mine = [step.at for step in after if step.who == "you"]
    assert len(mine) == len([step for step in before if step.who == "you"]) + 1
    day.forward(minutes=39)
    said = reminders_of(day)
    assert said == ["warn", "nudge", "nudge", "nudge"]


def test_left_as_it_is_nothing_changes(day: Day, org: Org, signed_in: SignIn) -> None:
    runs_over(day)
    amy = signed_in("amy")
    before = reading(day.app, lambda s: people.person(s, org["amy"].id))
    amy.presses("/me", "Leave it as it is")
    after = reading(day.app, lambda s: people.person(s, org["amy"].id))
    assert (after.usual_minutes, after.more_reminders) == (None, False)
    assert before.offer_answered_at is None
    assert OFFER not in amy.page("/me").text


def test_what_she_took_she_may_give_back(day: Day, org: Org, signed_in: SignIn) -> None:
    amy = signed_in("amy")
    ticked = {"more_reminders": "yes", "usual_minutes": "75"}
    assert amy.fills("/me", "/me/preferences", **ticked).status_code == 303
    kept = reading(day.app, lambda s: people.person(s, org["amy"].id))
    assert (kept.usual_minutes, kept.more_reminders) == (75, True)
    given_back = {"more_reminders": None, "usual_minutes": ""}
    amy.fills("/me", "/me/preferences", **given_back)
    kept = reading(day.app, lambda s: people.person(s, org["amy"].id))
    assert (kept.usual_minutes, kept.more_reminders) == (None, False)
    wrong = amy.fills("/me", "/me/preferences", usual_minutes="soon")
    assert wrong.status_code == 400
    assert "Give whole minutes, from 1 to 720." in wrong.text
