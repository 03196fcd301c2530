"""The list of visits and alarms: who sees which, in what order, narrowed down by the address."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.acts.crying_out import cry_out
from server.store.house import Look
from shared.states import AlarmOutcome, CloseOutcome
from tests.pages.conftest import SignIn
from tests.pages.records.conftest import Diary
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, reading
from tests.support.visitor import faults

pytestmark = sqlite_only


def rows(page: Element) -> list[str]:
    """Each row of the list in one line."""
    body = page.one("main").all("tbody")
    return [row.text for row in body[0].all("tr")] if body else []


def links(page: Element) -> dict[str, str]:
    """Where 'Newer' and 'Older' lead."""
    found = page.one("main").all("nav")
    return {a.text: a.attributes["href"] for nav in found for a in nav.all("a")}


def places(page: Element) -> list[str]:
    """Where each row's visit was: the third cell."""
    body = page.one("main").all("tbody")
    return [row.all("td")[2].all("span")[1].text for row in body[0].all("tr")] if body else []


def test_a_manager_sees_her_teams_and_a_worker_herself(diary: Diary, signed_in: SignIn) -> None:
    diary.visits_well("amy", "12 High St")
    diary.visits_well("ben", "4 Mill Lane")
    assert places(signed_in("cat").page("/log")) == ["4 Mill Lane", "12 High St"]
    assert places(signed_in("amy").page("/log")) == ["12 High St"]
    assert "Your own visits" in signed_in("amy").page("/log").text
    assert rows(signed_in("pat").page("/log")) == []


@pytest.mark.parametrize("few", [0, 4])
def test_a_managers_own_visit_is_there_once_and_in_its_place(
    diary: Diary, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Whether the list is read team by team or in one go, and a page at a time."""
    monkeypatch.setattr("server.store.history.FEW_TEAMS", few)
    monkeypatch.setattr("server.pages.log.desk.PAGE", 2)
    for ref, place in (("amy", "One"), ("cat", "Two"), ("ben", "Three")):
        diary.visits_well(ref, place)
    cat = signed_in("cat")
    first = cat.page("/log")
    assert places(first) == ["Three", "Two"]
    second = cat.page(links(first)["Older"])
    assert places(second) == ["One"]
    assert places(cat.page(links(second)["Newer"])) == ["Three", "Two"]


def test_an_empty_log_says_what_will_be_there(signed_in: SignIn) -> None:
    assert "There are no visits yet" in signed_in("cat").page("/log").text


def test_a_row_says_how_it_went(diary: Diary, signed_in: SignIn) -> None:
    diary.goes_silent("amy", outcome=AlarmOutcome.FALSE_ALARM)
    visit = diary.starts("ben", "4 Mill Lane", 30)
    diary.town.forward(minutes=33)
    diary.closes("ben", visit, CloseOutcome.UNEASY)
    newer, older = rows(signed_in("cat").page("/log"))
    assert "3 min late" in newer
    assert "Felt uneasy" in newer
    assert "Overdue" in older
    assert "False alarm" in older


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("person=amy", ["9 Elm Court", "12 High St"]),
        ("person=ben", ["4 Mill Lane", "1 Quay"]),
        ("alarm=any", ["9 Elm Court"]),
        ("alarm=overdue", ["9 Elm Court"]),
        ("alarm=sos", []),
        ("outcome=false_alarm", ["9 Elm Court"]),
        ("outcome=left_early", ["4 Mill Lane"]),
        ("outcome=safe", ["12 High St", "1 Quay"]),
        ("late=yes", ["9 Elm Court"]),
        ("kind=travel", []),
        ("kind=visit&person=ben&late=", ["4 Mill Lane", "1 Quay"]),
        ("from=2026-03-10&to=2026-03-10", ["9 Elm Court", "4 Mill Lane", "12 High St", "1 Quay"]),
        ("from=2026-03-11", []),
        ("to=2026-03-09", []),
    ],
)
def test_the_address_narrows_it_down(
    diary: Diary, signed_in: SignIn, asked: str, expected: list[str]
) -> None:
    diary.visits_well("ben", "1 Quay")
    diary.visits_well("amy", "12 High St")
    early = diary.starts("ben", "4 Mill Lane")
    diary.closes("ben", early, CloseOutcome.LEFT_EARLY)
    diary.clock.forward(minutes=1)
    diary.goes_silent("amy", outcome=AlarmOutcome.FALSE_ALARM)
    page = signed_in("cat").page(f"/log?{asked}")
    assert places(page) == expected


def test_what_is_asked_for_stays_in_the_form(diary: Diary, signed_in: SignIn) -> None:
    diary.visits_well("amy")
    page = signed_in("cat").page("/log?person=amy&from=2026-03-10&late=yes")
    chosen = page.one("select", name="person").all("option", selected="")
    assert [one.attributes["value"] for one in chosen] == ["amy"]
    assert page.one("input", name="from").attributes["value"] == "2026-03-10"
    assert "checked" in page.one("input", name="late").attributes


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("person=zoe", "Choose a person from the list"),
        ("team=nowhere", "Choose a team from the list"),
        ("from=yesterday", "Give a day like 2026-11-25"),
        ("from=2026-02-30", "Give a day like 2026-11-25"),
        ("to=0001-01-01", "Give a day between 2000 and 2199"),
        ("from=2026-03-10&to=2026-03-09", "The last day has to be the first day"),
        ("kind=party", "Choose one of the kinds of visit"),
        ("alarm=maybe", "Choose one of the kinds of alarm"),
        ("outcome=fine", "Choose one of the outcomes"),
        ("late=1", "Say late=yes"),
        ("older=rubbish", "This link to a page of the log is broken"),
        ("newer=MjAyNi0wMy0xMCAx", "This link to a page of the log is broken"),
    ],
)
def test_what_cannot_be_meant_is_said(
    diary: Diary, signed_in: SignIn, asked: str, sentence: str
) -> None:
    diary.visits_well("amy")
    page = signed_in("cat").page(f"/log?{asked}", 400)
    (said,) = faults(page)
    assert said.startswith(sentence)
    assert rows(page) == []


def test_pages_go_on_both_ways(diary: Diary, signed_in: SignIn, monkeypatch: Any) -> None:
    monkeypatch.setattr("server.pages.log.desk.PAGE", 2)
    for number in range(5):
        diary.visits_well("amy", f"House {number}")
    cat = signed_in("cat")
    first = cat.page("/log?kind=visit")
    assert (places(first), list(links(first))) == (["House 4", "House 3"], ["Older"])
    second = cat.page(links(first)["Older"])
    assert (places(second), list(links(second))) == (["House 2", "House 1"], ["Newer", "Older"])
    assert "kind=visit" in links(second)["Older"]
    last = cat.page(links(second)["Older"])
    assert (places(last), list(links(last))) == (["House 0"], ["Newer"])
    back = cat.page(links(last)["Newer"])
    assert (places(back), list(links(back))) == (["House 2", "House 1"], ["Newer", "Older"])
    top = cat.page(links(back)["Newer"])
    assert places(top) == ["House 4", "House 3"]


def test_an_alarm_without_a_visit_has_its_place(
    diary: Diary, signed_in: SignIn, clock: ManualClock
) -> None:
    diary.visits_well("amy")
    clock.forward(minutes=5)
    diary.does("dan", lambda turn: cry_out(turn, turn.actor))  # type: ignore[arg-type]
    first, second = rows(signed_in("cat").page("/log"))
    assert "Dan Price" in first
    assert "SOS" in first
    assert "Amy Okafor" in second
    assert [row.split()[1] for row in rows(signed_in("cat").page("/log?alarm=sos"))] == [
        first.split()[1]
    ]
    assert rows(signed_in("cat").page("/log?alarm=sos&late=yes")) == []


def without_ids(page: str) -> str:
    """The page without what is made anew each time, and without its own address."""
    return re.sub(r'name="(once|back)" value="[^"]*"', "", page)


def looks(app: Flask) -> list[tuple[UUID, UUID, str, str]]:
    query = select(Look.viewer_id, Look.subject_id, Look.what, Look.by).order_by(Look.at, Look.id)
    return [(*row,) for row in reading(app, lambda s: s.execute(query).all())]


def test_who_looks_at_a_history_is_written_down_once(
    diary: Diary, signed_in: SignIn, app: Flask, org: Org, clock: ManualClock
) -> None:
    """P7: whose history is on the page; not one's own; the same page again is the same look."""
    diary.visits_well("amy")
    signed_in("amy").page("/log")
    assert looks(app) == []
    cat = signed_in("cat")
    cat.page("/log")
    cat.page("/log")
    seen = (org["cat"].id, org["amy"].id, "history", "page")
    assert looks(app) == [seen]
    clock.forward(minutes=11)
    cat.page("/log")
    assert looks(app) == [seen, seen]


def test_another_organisation_appears_nowhere(
    diary: Diary, signed_in: SignIn, lakeside: Org, clock: ManualClock
) -> None:
    other = Diary(diary.app, lakeside, clock, diary.town)
    canary = other.visits_well("amy", "CANARY House")
    own = diary.visits_well("amy", "12 High St")
    cat = signed_in("cat")
    for path in ("/log", "/log?person=amy", "/log?outcome=safe", "/log?team=ot-north", "/reports"):
        assert "CANARY" not in cat.get(path).text
    missing = cat.get("/log/00000000-0000-4000-8000-000000000000")
    theirs = cat.get(f"/log/{canary}")
    assert theirs.status_code == missing.status_code == 404
    assert without_ids(theirs.text) == without_ids(missing.text)
    assert cat.get(f"/log/{own}").status_code == 200
    assert cat.post(f"/log/{canary}/copy").status_code == 404
