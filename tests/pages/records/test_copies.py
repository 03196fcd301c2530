"""What is taken away: the same rows as on the page, harmless, written down, and read back."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.copies import Copy
from server.store.house import Look
from server.store.log import Entry, Payload
from tests.pages.conftest import SignIn
from tests.pages.records.conftest import Diary
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.papers import read_csv, read_pdf, read_xlsx
from tests.support.people import Org, reading
from tests.support.visitor import faults, tree

pytestmark = sqlite_only

ARMED = '=HYPERLINK("http://evil.example")'


def test_a_csv_has_the_rows_of_the_page(diary: Diary, signed_in: SignIn) -> None:
    diary.visits_well("ben", "4 Mill Lane")
    diary.goes_silent("amy")
    found = signed_in("cat").post("/log/copy", format="csv", person="amy")
    assert found.status_code == 200
    assert found.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert found.headers["Content-Disposition"] == (
        'attachment; filename="wayhome-log-2026-03-10.csv"'
    )
    (row,) = read_csv(found.data)
    assert row["Worker"] == "Amy Okafor"
    assert row["Began"] == "2026-03-10 14:29"
    assert (row["Alarms"], row["Alarm outcome"]) == ("Overdue", "Safe")
    assert row["First answer after (s)"] == "120"
    assert row["Late by (min)"] == "17"


@pytest.mark.parametrize("place", [ARMED, "+44 1", "-2+3", "@SUM(A1)", "＝1+1", "\tx", "=cmd|x"])
def test_a_formula_is_defused(diary: Diary, signed_in: SignIn, place: str) -> None:
    diary.visits_well("amy", place)
    cat = signed_in("cat")
    (row,) = read_csv(cat.post("/log/copy", format="csv").data)
    assert row["Place"].startswith("'")
    _, cells = read_xlsx(cat.post("/log/copy", format="xlsx").data)
    assert any(cell.startswith("'") and cell.endswith(place[1:].strip()) for cell in cells)


def test_a_spreadsheet_is_read_back(diary: Diary, signed_in: SignIn) -> None:
    diary.visits_well("amy", "12 High St")
    diary.visits_well("ben", "4 Mill Lane")
    head, newest, oldest = read_xlsx(signed_in("cat").post("/log/copy", format="xlsx").data)
    assert head[:5] == ["Began", "Should have been over", "Ended", "Late by (min)", "Worker"]
    assert "Ben Hughes" in newest
    assert "12 High St" in oldest


def test_a_pdf_is_read_back(diary: Diary, signed_in: SignIn) -> None:
    diary.visits_well("amy", "Tŷ Gwyn, Łódź Street")
    visit = diary.goes_silent("ben")
    cat = signed_in("cat")
    listed = read_pdf(cat.post("/log/copy", format="pdf").data)
    for words in ("Lone worker log", "Tŷ Gwyn, Łódź Street", "Amy Okafor", "2 rows.", "Page 1 of"):
        assert words in listed
    one = cat.post(f"/log/{visit}/copy")
    assert one.headers["Content-Disposition"] == (
        'attachment; filename="wayhome-visit-2026-03-10.pdf"'
    )
    told = read_pdf(one.data)
    for words in (
        "Ben Hughes, 10 Mar 2026 14:29",
        "Cat Lin took charge",
        "Riverside",
    ):
        assert words in told


def written(app: Flask) -> list[tuple[UUID | None, Any]]:
    query = (
        select(Entry.visit_id, Payload.data)
        .join(Payload, Payload.entry_id == Entry.id)
        .where(Entry.what == "exported")
        .order_by(Entry.id)
    )
    return [(*row,) for row in reading(app, lambda s: s.execute(query).all())]


def test_that_it_was_taken_is_written_down(
    diary: Diary, signed_in: SignIn, app: Flask, org: Org
) -> None:
    diary.visits_well("amy")
    visit = diary.visits_well("ben")
    cat = signed_in("cat")
    cat.post("/log/copy", format="csv", kind="visit")
    ((_, said),) = written(app)
    assert (said["format"], said["rows"], said["asked"]["kind"]) == ("csv", 2, "visit")
    query = select(Look.subject_id, Look.viewer_id).where(Look.what == "export")
    seen = reading(app, lambda s: {tuple(row) for row in s.execute(query)})
    assert seen == {(org["amy"].id, org["cat"].id), (org["ben"].id, org["cat"].id)}
    cat.post(f"/log/{visit}/copy")
    assert written(app)[1][0] == visit
    assert "Cat Lin took a copy away" in signed_in("ben").page(f"/log/{visit}").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose CSV, spreadsheet or PDF."),
        ({"format": "docx"}, "Choose CSV, spreadsheet or PDF."),
        ({"format": "csv", "person": "zoe"}, "Choose a person from the list"),
    ],
)
def test_what_cannot_be_taken_is_said(
    diary: Diary, signed_in: SignIn, app: Flask, fields: dict[str, str], sentence: str
) -> None:
    diary.visits_well("amy")
    (said,) = faults(tree(signed_in("cat").post("/log/copy", **fields), 400))
    assert said.startswith(sentence)
    assert written(app) == []


def test_too_much_for_paper_is_said(
    diary: Diary, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pages.log.copying.taking.MOST_ON_PAPER", 1)
    diary.visits_well("amy")
    diary.visits_well("amy")
    (said,) = faults(tree(signed_in("cat").post("/log/copy", format="pdf"), 400))
    assert said.startswith("A PDF holds at most 1 rows.")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_one_says_how_far_it_is(
    diary: Diary,
    signed_in: SignIn,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    """Without a script: the page grows, and ends with where the copy lies for an hour."""
    monkeypatch.setattr("server.pages.log.copying.taking.AT_ONCE", 2)
    monkeypatch.setattr("server.pages.log.copying.taking.SAY_EVERY", 2)
    monkeypatch.setattr("server.store.copies.PIECE", 100)
    monkeypatch.setattr("server.pages.log.desk.LOT", 2)
    for number in range(5):
        diary.visits_well("amy", f"House {number}")
    cat = signed_in("cat")
    page = tree(cat.post("/log/copy", format=kind))
    assert [one.text for one in page.one("ol", class_="progress").all("li")] == [
        "2 rows so far",
        "4 rows so far",
    ]
    address = page.one("a", role="button").attributes["href"]
    found = cat.get(address)
    assert len(found.data) == int(found.headers["Content-Length"])
    count = len(read_csv(found.data)) if kind == "csv" else len(read_xlsx(found.data)) - 1
    assert count == 5
    assert signed_in("amy").get(address).status_code == 404
    clock.forward(minutes=61)
    cat = signed_in("cat")
    assert cat.get(address).status_code == 404
    cat.post("/log/copy", format=kind)
    kept = reading(diary.app, lambda s: s.scalars(select(Copy.id)).all())
    assert len(kept) == 1


def test_a_sign_that_paper_has_no_letter_for_is_never_dropped_in_silence(
    diary: Diary, signed_in: SignIn
) -> None:
    diary.visits_well("amy", "\u65e5\u672c House")
    visit = diary.goes_silent("ben")
    cat, mark = signed_in("cat"), "[?]"
    listed = read_pdf(cat.post("/log/copy", format="pdf").data)
    assert f"{mark} House" in listed
    assert f"{mark} stands for signs this paper lacks" in listed
    assert mark not in read_pdf(cat.post(f"/log/{visit}/copy").data)


def test_no_copy_holds_another_organisations(
    diary: Diary, signed_in: SignIn, lakeside: Org, clock: ManualClock
) -> None:
    Diary(diary.app, lakeside, clock, diary.town).visits_well("amy", "CANARY House")
    diary.visits_well("amy", "12 High St")
    cat = signed_in("cat")
    assert [row["Place"] for row in read_csv(cat.post("/log/copy", format="csv").data)] == [
        "12 High St"
    ]
    assert len(read_xlsx(cat.post("/log/copy", format="xlsx").data)) == 2
    text = read_pdf(cat.post("/log/copy", format="pdf").data)
    assert "12 High St" in text
    assert "CANARY" not in text
