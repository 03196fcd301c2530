"""One visit's page: what happened, which messages went to whom, who looked, and under a veil."""

import re
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import pytest

from server.acts import closing, crying_out, owning
from server.acts.base import Turn
from server.acts.looking import SHOWN_AFTER
from server.store import alarms, visits
from server.store.people import Person
from shared.states import AlarmOutcome
from tests.pages.conftest import SignIn
from tests.pages.records.conftest import Diary
from tests.pages.rehearsal import Element
from tests.support.database import sqlite_only
from tests.support.people import Org
from tests.support.visitor import Visitor

pytestmark = sqlite_only


def story(page: Element) -> list[str]:
    """What happened, line by line, without the times."""
    return [one.all("p")[0].text for one in page.one("ol", class_="story").all("li")]


def section(page: Element, heading: str) -> list[str]:
    """The rows of the table under a heading."""
    (found,) = [s for s in page.all("section") if s.all("h2") and s.all("h2")[0].text == heading]
    return [row.text for body in found.all("tbody") for row in body.all("tr")]


def test_the_story_of_a_visit_that_went_wrong(diary: Diary, signed_in: SignIn) -> None:
    visit = diary.goes_silent("amy", "cat", AlarmOutcome.HARMED)
    page = signed_in("cat").page(f"/log/{visit}")
    told = story(page)
    assert told[0] == "Amy Okafor started the visit."
    assert "The alarm went: Amy Okafor was overdue." in told
    assert "Told: Ben Hughes by text." in told
    assert "Cat Lin took charge." in told
    assert "Cat Lin noted: “Spoke to her.”" in told
    assert "Cat Lin ended the alarm: Amy Okafor needs care." in told
    assert told[-1] == "Over, together with its alarm."
    assert "Harmed" in page.one("main").text
    assert "First answer after: 2 min" in page.one("main").text


def test_of_two_alarms_each_end_says_which(diary: Diary, signed_in: SignIn) -> None:
    visit = diary.starts("amy")
    diary.town.forward(minutes=42)
    diary.does("amy", lambda turn: crying_out.cry_out(turn, cast(Person, turn.actor)))

    def end_all(turn: Turn) -> None:
        for alarm in alarms.open_alarms_of_visit(turn.session, visit):
            owning.resolve(turn, alarm, AlarmOutcome.SAFE)

    diary.does("cat", end_all)
    told = story(signed_in("cat").page(f"/log/{visit}"))
    assert "Cat Lin ended the alarm (SOS): Amy Okafor is safe." in told
    assert "Cat Lin ended the alarm (Overdue): Amy Okafor is safe." in told
    assert "ended safe" in signed_in("cat").page("/log").text


def test_messages_and_their_fates(diary: Diary, signed_in: SignIn) -> None:
    visit = diary.goes_silent("amy")
    diary.town.forward(minutes=1)
    rows = section(signed_in("ben").page(f"/log/{visit}"), "Messages")
    assert any("Ben Hughes" in row and "Text: the alarm" in row for row in rows)
    assert any("Ben Hughes" in row and "all clear" in row for row in rows)
    assert all("elivered" in row or "ent, not yet" in row or "alled off" in row for row in rows)


def test_who_looked_is_for_the_worker_and_her_manager(diary: Diary, signed_in: SignIn) -> None:
    visit = diary.goes_silent("amy")
    signed_in("ben").page(f"/log/{visit}")
    assert "Ben Hughes" in section(signed_in("cat").page(f"/log/{visit}"), "Who looked")[0]
    assert section(signed_in("amy").page(f"/log/{visit}"), "Who looked") == []
    diary.clock.forward(SHOWN_AFTER.total_seconds() + 1)
    seen = section(signed_in("amy").page(f"/log/{visit}"), "Who looked")
    assert any("Ben Hughes" in row for row in seen)
    assert "Who looked" not in signed_in("ben").page(f"/log/{visit}").one("main").text


def test_nobody_else_sees_it(diary: Diary, signed_in: SignIn) -> None:
    visit = diary.visits_well("amy")
    assert signed_in("dan").get(f"/log/{visit}").status_code == 404
    assert signed_in("pat").get(f"/log/{visit}").status_code == 404
    assert signed_in("dan").post(f"/log/{visit}/copy").status_code == 404


def bare(visitor: Visitor, path: str) -> str:
    """A page without what is made anew each time."""
    text = visitor.get(path).text
    return re.sub(r'name="(once|token)" value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}', "", text)


@pytest.fixture
def days(diary: Diary, signed_in: SignIn, lakeside: Org) -> dict[str, "Day"]:
    """The same day twice, in two organisations: here with the safe PIN, there with the duress."""
    there = Diary(diary.app, lakeside, diary.clock, diary.town)
    return {
        "safe": Day(diary, signed_in, None, "pin"),
        "duress": Day(there, signed_in, lakeside, "duress_pin"),
    }


class Day:
    """One organisation's day, and which PIN is given in it."""

    def __init__(self, diary: Diary, signed_in: SignIn, of: Org | None, pin: str) -> None:
        self.diary, self._signed_in, self._of, self._pin = diary, signed_in, of, pin

    def pin(self, ref: str) -> str:
        return str(getattr(self.diary.org[ref], self._pin))

    def browser(self, ref: str) -> Visitor:
        return self._signed_in(ref, self._of)

    def pages_of(self, ref: str, visit: object) -> list[str]:
        """Every page of ours that shows her this day."""
        paths = ["/log", "/log?late=yes", "/log?alarm=any", "/log?outcome=safe", f"/log/{visit}"]
        if ref == "cat":
            paths += ["/reports?from=2026-03-10&to=2026-03-10", "/reports"]
        who = self.browser(ref)
        name = self.diary.org.slug
        return [bare(who, path).replace(name, "x").replace(name.title(), "X") for path in paths]


def close_it(day: Day, visit: UUID) -> None:
    """Amy closes her visit with whatever PIN she gives that day."""

    def work(turn: Turn) -> None:
        closing.close(turn, visits.visit(turn.session, visit), pin=day.pin("amy"))

    day.diary.does("amy", work)


def end_it(day: Day, visit: UUID) -> None:
    """Cat ends the alarm of this visit with whatever PIN she gives that day."""

    def work(turn: Turn) -> None:
        alarm = day.diary.alarm_of(turn, visit)
        owning.resolve(turn, alarm, AlarmOutcome.SAFE, pin=day.pin("cat"))

    day.diary.does("cat", work)


def both(days: dict[str, Day], ref: str, started: dict[str, UUID]) -> dict[str, list[str]]:
    """What she is shown, with the one PIN and with the other."""
    return {kind: day.pages_of(ref, started[kind]) for kind, day in days.items()}


def test_her_duress_shows_on_none_of_her_pages(days: dict[str, Day]) -> None:
    """P4: closed with the duress PIN after an alarm, watched and looked at by others since."""
    started = {k: d.diary.starts("amy", "9 Elm Court", 30) for k, d in days.items()}
    days["safe"].diary.town.forward(minutes=41)
    for kind, day in days.items():
        close_it(day, started[kind])
    days["safe"].diary.town.forward(minutes=5)
    cat = days["duress"].browser("cat")
    assert "Duress" in cat.page(f"/log/{started['duress']}").text
    cat.post(f"/log/{started['duress']}/copy")
    cat.post("/log/copy", format="csv")
    shown = both(days, "amy", started)
    assert shown["duress"] == shown["safe"]
    assert "Over" in shown["safe"][-1]


def test_a_resolvers_duress_shows_on_none_of_hers(days: dict[str, Day]) -> None:
    """P4: she ends a colleague's alarm with her own duress PIN; another then takes it on."""
    started = {k: d.diary.starts("amy", "9 Elm Court", 30) for k, d in days.items()}
    days["safe"].diary.town.forward(minutes=41)
    for kind, day in days.items():
        end_it(day, started[kind])
    days["safe"].diary.town.forward(minutes=2)
    duress = days["duress"].diary
    duress.does("ben", lambda turn: owning.own(turn, duress.alarm_of(turn, started["duress"])))
    duress.town.forward(minutes=5)
    shown = both(days, "cat", started)
    assert shown["duress"] == shown["safe"]
    duress.clock.move_to(datetime(2026, 3, 11, 9, 0, tzinfo=UTC))
    shown = both(days, "cat", started)
    assert shown["duress"] == shown["safe"]
    assert "1</strong> alarm" in shown["safe"][-1]
