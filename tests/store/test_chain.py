"""P9: altering, removing, moving or cutting the log is found; writing on is not mistaken for it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Select, create_engine, delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server.engine import chain as engine_chain
from server.store import chain, log, proof
from server.store.log import Entry, Head, Payload
from server.store.proof import Broken, Whole, verify
from server.store.visits import Visit
from tests.store.book import HILLSIDE, RIVERSIDE, SEASIDE, Book
from tests.support.clock import A_TUESDAY, ManualClock
from tests.support.database import Maker
from tests.support.people import KEYS, Org, open_app, settle, writing


@pytest.fixture
def book(database_url: str, tmp_path: Path) -> Book:
    clock = ManualClock()
    return Book(open_app(database_url, tmp_path, clock), clock)


@pytest.fixture
def ten(book: Book) -> Book:
    """Ten entries of Riverside's and two of Hillside's between them, chained."""
    book.note([f"note {n}" for n in range(1, 6)])
    book.note(["elsewhere", "and again"], HILLSIDE)
    book.note([f"note {n}" for n in range(6, 11)])
    assert book.chain() == 12
    return book


def test_p9_an_untouched_log_is_whole(ten: Book) -> None:
    assert ten.verify() == Whole(10, 0)
    assert ten.verify(HILLSIDE) == Whole(2, 0)


def test_p9_entries_wait_for_the_chain_and_are_counted(ten: Book) -> None:
    ten.note(["eleven", "twelve"])
    assert ten.verify() == Whole(10, 2)
    assert ten.chain() == 2
    assert ten.chain() == 0
    assert ten.verify() == Whole(12, 0)


def test_a_log_that_has_not_begun_is_whole(book: Book) -> None:
    assert book.verify() == Whole(0, 0)
    book.note(["the first"])
    assert book.verify() == Whole(0, 1)


FIELDS: dict[str, Any] = {
    "org_id": SEASIDE,
    "visit_id": uuid4(),
    "alarm_id": uuid4(),
    "subject_id": uuid4(),
    "actor_id": uuid4(),
    "audience": "only_subject",
    "what": "closed",
    "by": "app",
    "commitment": "0" * 64,
    "at": A_TUESDAY,
    "received_at": A_TUESDAY,
    "seq": 99,
    "previous": "1" * 64,
    "hash": "1" * 64,
}


@pytest.mark.parametrize("seq", [1, 4, 10])
def test_p9_alteration_of_any_field_is_found(ten: Book, seq: int) -> None:
    entry_id = ten.entry_id(seq)
    for field, altered in FIELDS.items():
        right = ten.field(entry_id, field)
        ten.change(entry_id, **{field: altered})
        assert ten.verdict().startswith(f"riverside: entry {seq} "), field
        ten.change(entry_id, **{field: right})
        assert ten.verdict() == "whole", field


def test_the_fields_tried_are_all_there_are() -> None:
    assert {column.name for column in Entry.__table__.columns} == {*FIELDS, "id"}


@pytest.mark.parametrize(
    "values", [{"data": {"text": "nothing happened"}}, {"data": {}}, {"salt": "0" * 32}]
)
def test_p9_alteration_of_a_personal_part_is_found(ten: Book, values: dict[str, Any]) -> None:
    entry_id = ten.entry_id(4)
    ten.write(
        lambda s: s.execute(update(Payload).where(Payload.entry_id == entry_id).values(**values))
    )
    assert ten.verdict() == "riverside: the personal part of entry 4 was altered"


def test_p9_a_missing_personal_part_is_found(ten: Book) -> None:
    ten.remove(4, personal_only=True)
    assert ten.verdict() == (
        "riverside: the personal part of entry 4 is missing, and no retention covers it"
    )


@pytest.mark.parametrize("seq", [1, 4, 9])
def test_p9_removal_in_the_middle_is_found(ten: Book, seq: int) -> None:
    ten.remove(seq)
    assert ten.verdict() == f"riverside: entry {seq} is missing"


@pytest.mark.parametrize("count", [1, 5, 10])
def test_p9_cutting_off_the_tail_is_found(ten: Book, count: int) -> None:
    ten.remove(*range(11 - count, 11))
    assert ten.verdict() == f"riverside: entry {11 - count} is missing: the log was cut off there"


def test_p9_removal_with_the_gap_closed_is_found(ten: Book) -> None:
    ten.remove(4)
    for seq in range(5, 11):
        ten.change(ten.entry_id(seq), seq=seq - 1)
    ten.head(seq=9)
    assert ten.verdict() == "riverside: the end of the chain, entry 9, was altered"


def test_p9_reordering_is_found(ten: Book) -> None:
    fourth, fifth = ten.entry_id(4), ten.entry_id(5)
    ten.change(fourth, seq=99)
    ten.change(fifth, seq=4)
    ten.change(fourth, seq=5)
    assert ten.verdict() == "riverside: entry 4 was altered, moved or replaced"


def test_p9_a_tail_cut_off_with_the_head_moved_is_found(ten: Book) -> None:
    ten.remove(10)
    ten.head(seq=9, hash=ten.field(ten.entry_id(9), "hash"))
    assert ten.verdict() == "riverside: the end of the chain, entry 9, was altered"


@pytest.mark.parametrize("values", [{"seal": "0" * 64}, {"seq": 12}, {"hash": "0" * 64}])
def test_p9_an_altered_head_is_found_and_never_mended(ten: Book, values: dict[str, Any]) -> None:
    ten.head(**values)
    before = ten.verdict()
    assert "the end of the chain" in before
    ten.note(["eleven"])
    assert ten.chain() == 0
    assert ten.verdict() == before


def test_p9_a_removed_head_is_found_and_never_mended(ten: Book) -> None:
    ten.write(lambda session: session.execute(delete(Head).where(Head.org_id == RIVERSIDE)))
    ten.note(["eleven"])
    assert ten.chain() == 0
    assert ten.verdict() == "riverside: the end of the chain is missing; 10 entries hang loose"


def test_one_broken_log_does_not_hold_up_the_others(ten: Book) -> None:
    ten.head(seal="0" * 64)
    ten.note(["eleven"])
    ten.note(["three"], HILLSIDE)
    assert ten.chain() == 1
    assert ten.verify(HILLSIDE) == Whole(3, 0)


def test_p9_a_whole_chain_rewritten_without_the_key_is_found(ten: Book) -> None:
    """All that the database holds can be rewritten by who holds it; the seal cannot."""

    def rewrite(session: Session) -> None:
        session.execute(update(Entry).where(Entry.seq == 4).values(what="closed"))
        session.execute(update(Entry).where(Entry.org_id == RIVERSIDE).values(seq=None))
        session.execute(delete(Head).where(Head.org_id == RIVERSIDE))
        chain.extend(session, RIVERSIDE, lambda purpose, text: "f" * 64, 100)

    ten.write(rewrite)
    assert ten.verdict() == "riverside: the end of the chain, entry 10, was altered"


def test_entries_added_behind_the_head_are_found(ten: Book) -> None:
    ten.note(["eleven"])
    last = select(func.max(Entry.id)).where(Entry.org_id == RIVERSIDE).scalar_subquery()
    ten.write(lambda s: s.execute(update(Entry).where(Entry.id == last).values(seq=11)))
    assert ten.verdict() == "riverside: entry 11 was added behind the end of the chain"


def test_entries_committed_late_with_smaller_ids_are_chained_later(ten: Book) -> None:
    now, data = ten.clock.now(), {"text": "late"}
    entry = Entry(
        id=-5,
        org_id=RIVERSIDE,
        what="note",
        by="app",
        at=now,
        received_at=now,
        commitment=log.commit_to("0" * 32, data),
    )
    ten.write(lambda session: session.add(entry))
    ten.write(lambda session: session.add(Payload(entry_id=-5, salt="0" * 32, data=data)))
    assert ten.chain() == 1
    assert ten.entry_id(11) == -5
    assert ten.verify() == Whole(11, 0)


def test_several_engines_at_once_chain_each_entry_once(book: Book) -> None:
    book.note([str(n) for n in range(50)])
    with ThreadPoolExecutor(4) as engines:
        chained = [engines.submit(book.chain) for _ in range(8)]
    assert sum(done.result() for done in chained) == 50
    assert book.verify() == Whole(50, 0)


def test_a_log_longer_than_a_page_and_a_batch(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "PAGE", 7)
    monkeypatch.setattr(engine_chain, "AT_ONCE", 3)
    book.note([str(n) for n in range(22)])
    assert book.chain() == 22
    assert book.verify() == Whole(22, 0)
    book.remove(15)
    assert book.verdict() == "riverside: entry 15 is missing"


def test_p9_a_log_that_was_emptied_though_there_are_visits_is_found(
    database_url: str, tmp_path: Path
) -> None:
    clock = ManualClock()
    app = open_app(database_url, tmp_path, clock)
    org = settle(app, clock)
    assert verify_in(app, org.id) == Whole(0, 0)
    writing(app, lambda session: session.add(a_visit(org, clock.now())))
    with pytest.raises(Broken, match="there are visits, and the log is empty"):
        verify_in(app, org.id)


def verify_in(app: Flask, org_id: UUID) -> Whole:
    with app.app_context():
        return verify(org_id, "riverside", KEYS.seal)


def a_visit(org: Org, now: datetime) -> Visit:
    return Visit(
        org_id=org.id,
        team_id=org.teams["ot-north"],
        worker_id=org["amy"].id,
        started_by_id=org["amy"].id,
        client_ref=uuid4(),
        status="open",
        place="12 High St",
        starts_at=now,
        ends_at=now,
        due_at=now,
        received_at=now,
        heard_at=now,
    )


words = st.dictionaries(st.text(max_size=8), st.text() | st.integers() | st.floats(allow_nan=False))


@given(words)
def test_a_commitment_outlives_the_journey_through_json(data: dict[str, Any]) -> None:
    """What is verified was read back from the database, what was committed to was not."""
    salt = "0f" * 16
    assert log.commit_to(salt, json.loads(json.dumps(data))) == log.commit_to(salt, data)


def plan(url: str, query: Select[Any]) -> str:
    """How SQLite would answer this."""
    engine = create_engine(url, poolclass=NullPool)
    asked = query.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all())


def test_looking_for_work_reads_no_more_however_long_the_log(new_database: Maker) -> None:
    """A round asks every second; the log only grows."""
    url = new_database("sqlite")
    assert "SCAN log USING INDEX ix_log_unchained" in plan(url, chain.organisations_query())
    assert "(org_id=? AND seq=?)" in plan(url, chain.waiting_query(RIVERSIDE, 200))
