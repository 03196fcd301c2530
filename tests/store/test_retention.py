"""What is out of date goes, what is not stays, and the log is whole before, during and after."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.acts.base import record
from server.engine import retain as duty
from server.engine.due import engine_turn
from server.engine.retain import retain
from server.store.alarms import Alarm
from server.store.care import Aftercare, Tick
from server.store.drills import Drill, DrillCall
from server.store.house import Bucket, Look, PretendText, Request
from server.store.inbound import Inbound
from server.store.log import Entry, Payload
from server.store.messages import Message
from server.store.people import Organisation, Person, WrongPin
from server.store.proof import Whole
from server.store.sheets import Opening, PersonSheet
from server.store.visits import Visit
from tests.store.book import HILLSIDE, RIVERSIDE, Book
from tests.support.clock import ManualClock
from tests.support.people import Org, open_app, reading, running_in, settle, writing

DAY = timedelta(days=1)


@pytest.fixture
def book(database_url: str, tmp_path: Path) -> Book:
    clock = ManualClock()
    return Book(open_app(database_url, tmp_path, clock), clock)


def run_duty(app: Flask, now: datetime) -> bool:
    with app.app_context():
        return retain(running_in(app).desk, now)


def kept(book: Book, org_id: UUID = RIVERSIDE) -> list[str]:
    """What the personal parts still say, in the order of their entries."""
    query = select(Payload.data).join(Entry, Entry.id == Payload.entry_id)
    query = query.where(Entry.org_id == org_id, Entry.what == "note").order_by(Entry.id)
    return [data["text"] for data in book.read(lambda s: s.scalars(query).all())]


def says(book: Book, org_id: UUID = RIVERSIDE) -> list[dict[str, Any]]:
    """What the retention entries say."""
    query = select(Payload.data).join(Entry, Entry.id == Payload.entry_id)
    query = query.where(Entry.org_id == org_id, Entry.what == "retention").order_by(Entry.id)
    return list(book.read(lambda s: s.scalars(query).all()))


def test_p9_old_personal_parts_go_and_the_log_is_still_whole(book: Book) -> None:
    book.note(["old", "also old"])
    book.clock.forward(minutes=60 * 24 * 300)
    book.note(["new"])
    book.chain()
    now = book.clock.forward(minutes=60 * 24 * 101)
    assert run_duty(book.app, now)
    assert kept(book) == ["new"]
    assert says(book) == [
        {
            "before": (now - 400 * DAY).isoformat(),
            "alarms_before": (now - 2192 * DAY).isoformat(),
        }
    ]
    assert book.verify() == Whole(3, 1)
    book.chain()
    assert book.verify() == Whole(4, 0)


def test_nothing_out_of_date_writes_nothing(book: Book) -> None:
    book.note(["new"])
    book.chain()
    assert run_duty(book.app, book.clock.now() + 399 * DAY)
    assert kept(book) == ["new"]
    assert says(book) == []


def test_it_says_so_once_and_not_every_day(book: Book) -> None:
    book.note(["old"])
    book.chain()
    for days in (401, 402, 403):
        assert run_duty(book.app, book.clock.now() + days * DAY)
    assert len(says(book)) == 1


def test_what_it_said_itself_is_kept_for_ever(book: Book) -> None:
    book.note(["old"])
    book.chain()
    for days in (401, 900, 5000):
        assert run_duty(book.app, book.clock.now() + days * DAY)
        book.chain()
    assert len(says(book)) == 1
    assert book.verify() == Whole(2, 0)


def test_each_organisation_keeps_as_long_as_it_says(book: Book) -> None:
    book.note(["ours"])
    book.note(["theirs"], HILLSIDE)
    book.chain()
    shorter = update(Organisation).where(Organisation.id == HILLSIDE).values(keep_days=30)
    book.write(lambda session: session.execute(shorter))
    assert run_duty(book.app, book.clock.now() + 31 * DAY)
    assert (kept(book), kept(book, HILLSIDE)) == (["ours"], [])


def test_what_is_not_yet_chained_is_left_for_another_day(book: Book) -> None:
    book.note(["old"])
    assert run_duty(book.app, book.clock.now() + 401 * DAY)
    assert kept(book) == ["old"]


def test_more_than_one_batch_goes_in_one_run(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty, "FOUND_AT_ONCE", 4)
    monkeypatch.setattr(duty, "CHANGED_AT_ONCE", 3)
    book.note([str(n) for n in range(11)])
    book.chain()
    assert run_duty(book.app, book.clock.now() + 401 * DAY)
    assert kept(book) == []
    assert len(says(book)) == 1


def test_p9_killed_in_the_middle_it_leaves_nothing_missing_without_a_word(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The word comes first: whatever was deleted before the end is covered by it."""
    monkeypatch.setattr(duty, "BUDGET_S", -1.0)
    book.note(["old", "also old"])
    book.chain()
    assert not run_duty(book.app, book.clock.now() + 401 * DAY)
    assert len(says(book)) == 1
    book.remove(1, personal_only=True)
    book.chain()
    assert book.verify() == Whole(3, 0)


@pytest.mark.parametrize("seq", [2, 3])
def test_p9_a_deletion_that_no_retention_covers_is_found(book: Book, seq: int) -> None:
    """Entry 2 is old but about an alarm, entry 3 is younger than what retention reached."""
    book.note(["old"])
    book.write(partial(_note_of_an_alarm, book=book))
    book.clock.forward(minutes=60 * 24 * 300)
    book.note(["young"])
    book.chain()
    assert run_duty(book.app, book.clock.forward(minutes=60 * 24 * 101))
    assert kept(book) == ["about an alarm", "young"]
    assert book.verdict() == "whole"
    book.remove(seq, personal_only=True)
    assert book.verdict().endswith(f"entry {seq} is missing, and no retention covers it")


def _note_of_an_alarm(session: Session, book: Book) -> None:
    turn = engine_turn(session, book.desk, book.clock.now())
    entry = record(turn, "note", org_id=RIVERSIDE, text="about an alarm")
    entry.alarm_id = uuid4()


class Town:
    """Riverside with one visit that had an alarm and one that had none."""

    def __init__(self, app: Flask, clock: ManualClock) -> None:
        self.app, self.clock = app, clock
        self.org: Org = settle(app, clock)
        self.quiet, self.troubled = uuid4(), uuid4()
        writing(app, self._make)
        self.book = Book.__new__(Book)
        self.book.app, self.book.clock, self.book.desk = app, clock, running_in(app).desk

    def _make(self, session: Session) -> None:
        now, amy = self.clock.now(), self.org["amy"].id
        turn = engine_turn(session, running_in(self.app).desk, now)
        common = {"org_id": self.org.id, "team_id": self.org.teams["ot-north"], "worker_id": amy}
        for visit_id in (self.quiet, self.troubled):
            visit = Visit(
                id=visit_id,
                started_by_id=amy,
                client_ref=uuid4(),
                status="closed",
                place="12 High St",
                starts_at=now,
                ends_at=now,
                due_at=now,
                received_at=now,
                heard_at=now,
                **common,
            )
            session.add(visit)
            session.flush()
            record(turn, "note", org_id=self.org.id, visit=visit, text=str(visit_id))
        alarm = Alarm(
            visit_id=self.troubled,
            kind="overdue",
            at=now,
            raised_at=now,
            ladder_json={},
            rung_at=now,
            next_at=now,
            **common,
        )
        session.add(alarm)
        session.flush()
        record(turn, "note", org_id=self.org.id, alarm=alarm, text="the alarm")


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    clock = ManualClock()
    return Town(open_app(database_url, tmp_path, clock), clock)


def test_all_about_a_visit_that_had_an_alarm_is_kept_for_six_years(town: Town) -> None:
    book, start = town.book, town.clock.now()
    book.chain()
    run_duty(town.app, start + 401 * DAY)
    assert kept(book, town.org.id) == [str(town.troubled), "the alarm"]
    assert book.verify(town.org.id) == Whole(3, 1)
    run_duty(town.app, start + 2191 * DAY)
    assert kept(book, town.org.id) == [str(town.troubled), "the alarm"]
    run_duty(town.app, start + 2193 * DAY)
    assert kept(book, town.org.id) == []
    book.chain()
    assert book.verify(town.org.id) == Whole(5, 0)


def where_they_were(town: Town) -> dict[str, tuple[object, ...]]:
    """What is kept of the visit that was quiet and of the one that had an alarm."""

    def look(session: Session) -> dict[str, tuple[object, ...]]:
        seen = {"quiet": town.quiet, "troubled": town.troubled}
        found = {name: session.get_one(Visit, one) for name, one in seen.items()}
        return {n: (v.place, v.note, v.record_ref, v.lat, v.position_at) for n, v in found.items()}

    return reading(town.app, look)


def _say_where(session: Session, now: datetime) -> None:
    for visit in session.scalars(select(Visit)):
        visit.note, visit.record_ref, visit.closed_at = "has a dog", "R1", now
        visit.lat, visit.lon, visit.accuracy_m, visit.position_at = 51.5, -0.1, 9.0, now
    for alarm in session.scalars(select(Alarm)).unique():
        alarm.snapshot, alarm.lat, alarm.lon = {"place": "12 High St"}, 51.5, -0.1
        alarm.status, alarm.resolved_at = "resolved", now


def test_p9_places_notes_and_positions_go_in_their_time_and_the_log_is_still_whole(
    town: Town,
) -> None:
    """Positions of quiet visits after 30 days, the rest as long as the log; all about a visit that
    had an alarm as long as its alarm."""
    start, book = town.clock.now(), town.book
    writing(town.app, lambda session: _say_where(session, start))
    book.chain()
    all_of_it = ("12 High St", "has a dog", "R1", 51.5, start)
    gone = ("(no longer kept)", None, None, None, None)
    kept_so_far = {
        29: (all_of_it, all_of_it),
        31: (("12 High St", "has a dog", "R1", None, None), all_of_it),
        401: (gone, all_of_it),
        2193: (gone, gone),
    }
    for day, (quiet, troubled) in kept_so_far.items():
        assert run_duty(town.app, start + day * DAY)
        assert where_they_were(town) == {"quiet": quiet, "troubled": troubled}, day
        book.chain()
        assert book.verdict(town.org.id) == "whole", day
    (alarm,) = reading(town.app, lambda s: [(a.snapshot, a.lat) for a in s.query(Alarm)])
    assert alarm == (None, None)


def test_an_open_visit_keeps_its_place_however_old(town: Town) -> None:
    def reopen(session: Session) -> None:
        for visit in session.scalars(select(Visit)):
            visit.status, visit.position_at, visit.lat = "open", town.clock.now(), 51.5

    writing(town.app, reopen)
    assert run_duty(town.app, town.clock.now() + 5000 * DAY)
    assert where_they_were(town)["quiet"][0] == "12 High St"
    assert where_they_were(town)["quiet"][3] == 51.5


def test_p9_an_early_deletion_about_a_visit_that_had_an_alarm_is_found(town: Town) -> None:
    """It looks like routine, and retention of routine does not cover it."""
    book = town.book
    book.chain()
    run_duty(town.app, town.clock.now() + 401 * DAY)
    query = delete(Payload).where(
        Payload.entry_id.in_(select(Entry.id).where(Entry.visit_id == town.troubled))
    )
    book.write(lambda session: session.execute(query))
    assert "no retention covers it" in book.verdict(town.org.id)


def rows(town: Town, at: datetime) -> list[Any]:
    """One of everything that goes some day, made at this time."""
    ben, number = town.org["ben"].id, "+447700900102"
    return [
        Request(person_id=ben, request_id=uuid4(), fingerprint="f", status=200, body=b"{}", at=at),
        WrongPin(person_id=ben, request=str(uuid4()), at=at),
        Bucket(key=uuid4().hex, tokens=1.0, at=at),
        Look(org_id=town.org.id, viewer_id=ben, subject_id=town.org["amy"].id, what="visit",
             by="page", at=at),
        Message(org_id=town.org.id, person_id=ben, purpose="alarm", lane=0, way="text", to=number,
                body="Ring Amy", dedupe_key=uuid4().hex, status="delivered", decided_at=at,
                next_at=at),
        Inbound(provider="twilio", sid=uuid4().hex, number=number, body="1", received_at=at,
                answer="You have it"),
        PretendText(sid=uuid4().hex, number=number, outgoing=True, body="Ring Amy", at=at),
    ]  # fmt: skip


def left(town: Town) -> dict[str, int]:
    """How many of each there still are; of texts, how many still have words."""

    def count(session: Session) -> dict[str, int]:
        models = (Request, WrongPin, Bucket, Look, PretendText, Message, Inbound)
        found = {m.__name__: session.scalar(select(func.count()).select_from(m)) for m in models}
        for model in (Message, Inbound):
            words = select(func.count()).select_from(model).where(model.body != "")
            found[f"{model.__name__} words"] = session.scalar(words)
        return {name: n or 0 for name, n in found.items()}

    return reading(town.app, count)


@pytest.mark.parametrize(
    ("age", "gone"),
    [
        (timedelta(hours=23), set()),
        (timedelta(days=29), {"Bucket"}),
        (timedelta(days=31), {"Bucket", "Request", "WrongPin"}),
        (timedelta(days=89), {"Bucket", "Request", "WrongPin"}),
        (
            timedelta(days=91),
            {"Bucket", "Request", "WrongPin", "PretendText", "Message words", "Inbound words"},
        ),
    ],
)
def test_everything_else_goes_in_its_time(town: Town, age: timedelta, gone: set[str]) -> None:
    now = town.clock.now() + 100 * DAY
    writing(town.app, lambda session: session.add_all([*rows(town, now), *rows(town, now - age)]))
    assert set(left(town).values()) == {2}
    assert run_duty(town.app, now)
    assert {name for name, n in left(town).items() if n == 1} == gone
    assert {name for name, n in left(town).items() if n == 2} == left(town).keys() - gone


def test_a_message_still_to_be_sent_keeps_its_words(town: Town) -> None:
    old = town.clock.now()
    writing(town.app, lambda session: session.add(_waiting(town, old)))
    run_duty(town.app, old + 91 * DAY)
    assert left(town)["Message words"] == 1


def _waiting(town: Town, at: datetime) -> Message:
    message: Message = next(row for row in rows(town, at) if isinstance(row, Message))
    message.status = "pending"
    return message


def _care_after(session: Session, town: Town, at: datetime) -> None:
    """Everything about the alarm of long ago, and a debt that nobody has paid yet."""
    (alarm,) = session.scalars(select(Alarm)).unique()
    alarm.status, alarm.resolved_at = "resolved", at
    ben, amy = town.org["ben"].id, town.org["amy"].id
    care: dict[str, Any] = {"org_id": town.org.id, "team_id": alarm.team_id, "alarm_id": alarm.id}
    care |= {"worker_id": amy, "owed_by_id": ben, "made_by_id": ben, "made_at": at}
    session.add_all(
        [
            Tick(alarm_id=alarm.id, step="s1", words="Ring her.", by_id=ben, at=at),
            Opening(alarm_id=alarm.id, person_id=ben, at=at),
            Aftercare(what="Ring her tomorrow.", done_by_id=ben, done_at=at, **care),
            Aftercare(what="See her.", **care),
            *(PersonSheet(person_id=p, sealed=b"-", changed_at=at, changed_by_id=p)
              for p in (ben, amy)),
        ]
    )  # fmt: skip


def cared(town: Town) -> dict[str, int]:
    """How many of each are left."""
    models = (Tick, Opening, Aftercare, PersonSheet)

    def count(session: Session) -> dict[str, int]:
        return {
            model.__name__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in models
        }

    return reading(town.app, count)


def test_what_was_done_about_an_alarm_goes_with_its_part_of_the_log(town: Town) -> None:
    """All but the care that is still owed to her."""
    start = town.clock.now()
    writing(town.app, lambda session: _care_after(session, town, start))
    town.book.chain()
    run_duty(town.app, start + 2191 * DAY)
    assert cared(town) == {"Tick": 1, "Opening": 1, "Aftercare": 2, "PersonSheet": 2}
    run_duty(town.app, start + 2193 * DAY)
    assert cared(town) == {"Tick": 0, "Opening": 0, "Aftercare": 1, "PersonSheet": 2}


def test_the_sheet_of_whoever_left_goes_once_nobody_looks_for_her(town: Town) -> None:
    start = town.clock.now()
    writing(town.app, lambda session: _care_after(session, town, start))
    left_at = update(Person).where(Person.id == town.org["amy"].id).values(left_at=start)
    again = update(Alarm).values(status="raised", resolved_at=None)
    writing(town.app, lambda session: (session.execute(left_at), session.execute(again)))
    town.book.chain()
    run_duty(town.app, start + 31 * DAY)
    assert cared(town)["PersonSheet"] == 2
    over = update(Alarm).values(status="resolved", resolved_at=start)
    writing(town.app, lambda session: session.execute(over))
    run_duty(town.app, start + 29 * DAY)
    assert cared(town)["PersonSheet"] == 2
    run_duty(town.app, start + 31 * DAY)
    assert cared(town)["PersonSheet"] == 1


def test_who_answered_a_drill_goes_with_the_log_and_that_it_was_held_stays(town: Town) -> None:
    at, org = town.clock.now(), town.org

    def hold(session: Session) -> None:
        drill = Drill(
            org_id=org.id,
            team_id=org.teams["ot-north"],
            started_by_id=org["cat"].id,
            started_at=at,
            ends_at=at,
        )
        session.add(drill)
        session.flush()
        session.add(DrillCall(drill_id=drill.id, person_id=org["ben"].id, link_hash="x"))

    def counts(session: Session) -> list[int]:
        return [session.query(kind).count() for kind in (Drill, DrillCall)]

    writing(town.app, hold)
    town.book.chain()
    run_duty(town.app, at + 399 * DAY)
    assert reading(town.app, counts) == [1, 1]
    run_duty(town.app, at + 401 * DAY)
    assert reading(town.app, counts) == [1, 0]
