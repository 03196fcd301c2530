"""Team figures: what is counted, what is not said of few, and what they cannot show."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from server.acts import standing_down
from server.acts.base import Turn
from server.acts.offering import Offer, offer_for
from server.store import people
from server.store.alarms import alarms_of_visit
from shared.states import AlarmOutcome
from tests.pages.conftest import SignIn
from tests.pages.records.conftest import Diary
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, reading
from tests.support.visitor import faults

pytestmark = sqlite_only

TOMORROW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


def figures(page: Element, caption: str) -> dict[str, list[str]]:
    """The rows of one table, by their first cell."""
    (table,) = [one for one in page.all("table") if one.one("caption").text == caption]
    return {
        row.one("th").text: [cell.text for cell in row.all("td")]
        for row in table.one("tbody").all("tr")
    }


@pytest.fixture
def day(diary: Diary, clock: ManualClock) -> Diary:
    """A day with two quiet visits, a late one and two alarms; now it is the morning after."""
    diary.visits_well("amy")
    diary.visits_well("ben")
    late = diary.starts("ben", "4 Mill Lane", 30)
    diary.town.forward(minutes=33)
    diary.closes("ben", late)
    diary.goes_silent("amy", outcome=AlarmOutcome.FALSE_ALARM)
    diary.goes_silent("dan", outcome=AlarmOutcome.SAFE)
    clock.move_to(TOMORROW)
    return diary


def test_what_is_counted(day: Diary, signed_in: SignIn) -> None:
    page = signed_in("cat").page("/reports")
    assert [one.text for one in page.one("ul", class_="sums").all("li")][:3] == [
        "5 visits",
        "3 ended late",
        "2 alarms",
    ]
    assert figures(page, "Visits by week")["Week of 9 Mar 2026"] == ["5", "3", "2"]
    assert figures(page, "Alarms by cause")["Overdue"] == ["2"]
    assert figures(page, "How alarms ended")["False alarm"] == ["1"]
    assert figures(page, "By day of the week")["Tuesday"] == ["5", "2", "2 of 2"]
    assert figures(page, "By hour of the day")["14:00"] == ["3", "0", "–"]
    assert "Text" in page.text


def test_few_are_not_averaged(day: Diary, signed_in: SignIn) -> None:
    page = signed_in("cat").page("/reports")
    assert figures(page, "Time to the first answer")["Middle time (median)"] == ["too few to say"]
    assert "more about one evening" in page.text


def test_from_five_on_they_are(diary: Diary, signed_in: SignIn, clock: ManualClock) -> None:
    for ref in ("amy", "ben", "dan", "amy", "ben"):
        diary.goes_silent(ref)
    clock.move_to(TOMORROW)
    page = signed_in("cat").page("/reports")
    assert figures(page, "Time to the first answer")["Middle time (median)"] == ["2 min"]


def test_nobody_is_named(day: Diary, signed_in: SignIn) -> None:
    for path in ("/reports", "/reports/summary"):
        text = signed_in("cat").page(path).one("main").text
        assert not [name for name in ("Amy", "Ben", "Dan") if name in text]


def test_every_chart_has_its_table_and_words(day: Diary, signed_in: SignIn) -> None:
    page = signed_in("cat").page("/reports")
    charts = page.all("figure", class_="chart")
    assert len(charts) >= 6
    for part in page.all("section", class_="part"):
        assert part.all("table"), part.text
        assert len(part.one("p", class_="meaning").text) > 60
    for drawn in page.all("svg"):
        assert drawn.attributes["role"] == "img"
        assert "in all" in drawn.attributes["aria-label"]


def test_the_summary_says_what_it_cost(day: Diary, signed_in: SignIn) -> None:
    page = signed_in("cat").page("/reports/summary")
    cost = figures(page, "What it cost")
    assert int(cost["Texts sent, all-clears not counted"][0]) > 5
    assert cost["Time colleagues had charge of an alarm"] == ["10 minutes"]
    assert figures(page, "What was protected")["People who went out"] == ["3"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("to=2026-03-11", "Reports end yesterday"),
        ("from=2026-03-10&to=2026-03-09", "The last day has to be"),
        ("from=2024-01-01&to=2026-03-01", "A report covers at most 400 days"),
        ("from=then", "Give a day like"),
        ("team=nowhere", "Choose a team"),
    ],
)
def test_what_cannot_be_meant_is_said(
    day: Diary, signed_in: SignIn, asked: str, sentence: str
) -> None:
    (said,) = faults(signed_in("cat").page(f"/reports?{asked}", 400))
    assert said.startswith(sentence)
    assert signed_in("cat").get(f"/reports/summary?{asked}").status_code == 400


def test_only_managers_see_them(signed_in: SignIn) -> None:
    for ref in ("amy", "pat"):
        assert signed_in(ref).get("/reports").status_code == 403


def test_no_other_organisations_visit_is_counted(
    day: Diary, signed_in: SignIn, lakeside: Org, clock: ManualClock
) -> None:
    before = signed_in("cat").page("/reports").one("ul", class_="sums").text
    clock.move_to(TOMORROW - timedelta(hours=12))
    other = Diary(day.app, lakeside, clock, day.town)
    other.visits_well("amy")
    clock.move_to(TOMORROW)
    assert signed_in("cat").page("/reports").one("ul", class_="sums").text == before


def _stand_down(turn: Turn, visit_id: UUID, pin: str) -> None:
    standing_down.stand_down(turn, alarms_of_visit(turn.session, visit_id)[0], pin)


def test_after_three_false_alarms_she_alone_is_offered_more_time(
    diary: Diary, org: Org, clock: ManualClock, signed_in: SignIn
) -> None:
    def offer() -> Offer | None:
        return reading(
            diary.app, lambda s: offer_for(s, people.person(s, org["amy"].id), clock.now())
        )

    for _ in range(3):
        assert offer() is None
        visit = diary.starts("amy", "9 Elm Court", 30)
        diary.town.forward(minutes=43)
        stand_down = partial(_stand_down, visit_id=visit, pin=org["amy"].pin)
        diary.does("amy", stand_down)
    found = offer()
    assert found is not None
    assert (found.alarms, found.more_minutes) == (3, 15)
    assert "A little more time?" in signed_in("amy").page("/me").text
    for path in ("/me", "/log", "/", f"/people/{org['amy'].id}"):
        assert "A little more time?" not in signed_in("cat").page(path).text
    clock.forward(minutes=14 * 24 * 60)
    assert offer() is None
