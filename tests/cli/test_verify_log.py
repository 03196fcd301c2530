"""`wayhome verify-log`: what it says and with which code it ends; what it finds, see store."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from server.store.log import Entry, Head
from tests.store.book import HILLSIDE, RIVERSIDE, Book
from tests.support.clock import ManualClock
from tests.support.command import finish, wayhome_env
from tests.support.database import sqlite_only
from tests.support.people import KEYS, open_app

Verify = Callable[..., tuple[int, str, str]]


@pytest.fixture
def book(database_url: str, tmp_path: Path) -> Book:
    clock = ManualClock()
    found = Book(open_app(database_url, tmp_path, clock), clock)
    found.note(["one", "two", "three"])
    found.note(["elsewhere"], HILLSIDE)
    found.chain()
    return found


@pytest.fixture
def verify(database_url: str, tmp_path: Path) -> Verify:
    env = wayhome_env(
        tmp_path / "data",
        WAYHOME_DATABASE_URL=database_url,
        WAYHOME_SECRET_KEY=KEYS.secret.decode(),
    )

    def run(*arguments: str) -> tuple[int, str, str]:
        done = finish(["verify-log", *arguments], env)
        return done.returncode, done.stdout, done.stderr

    return run


def alter(book: Book, org_id: object, seq: int) -> None:
    change = update(Entry).where(Entry.org_id == org_id, Entry.seq == seq).values(what="closed")
    book.write(lambda session: session.execute(change))


def test_p9_a_whole_log(book: Book, verify: Verify) -> None:
    assert verify() == (0, "4 entries, 0 not yet chained\n", "")
    book.note(["four"])
    assert verify() == (0, "4 entries, 1 not yet chained\n", "")
    assert verify("--org", "hillside") == (0, "1 entries, 0 not yet chained\n", "")


def test_p9_a_broken_log_names_the_first_broken_entry_of_each(book: Book, verify: Verify) -> None:
    for org_id, seq in ((RIVERSIDE, 2), (RIVERSIDE, 3), (HILLSIDE, 1)):
        alter(book, org_id, seq)
    assert verify() == (
        1,
        "hillside: entry 1 was altered, moved or replaced\n"
        "riverside: entry 2 was altered, moved or replaced\n",
        "",
    )
    assert verify("--org", "seaside") == (0, "0 entries, 0 not yet chained\n", "")


def seal_up(database_url: str, tmp_path: Path) -> str:
    env = wayhome_env(
        tmp_path / "data",
        WAYHOME_DATABASE_URL=database_url,
        WAYHOME_SECRET_KEY=KEYS.secret.decode(),
    )
    done = finish(["seal"], env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def rewrite(book: Book) -> None:
    """What only a holder of the key can do: the whole of Riverside's log, chained and sealed
    anew."""

    def forge(session: Session) -> None:
        session.execute(update(Entry).where(Entry.org_id == RIVERSIDE).values(seq=None))
        session.execute(
            update(Entry).where(Entry.org_id == RIVERSIDE, Entry.what == "note").values(what="nil")
        )
        session.execute(delete(Head).where(Head.org_id == RIVERSIDE))

    book.write(forge)
    book.chain()


def test_p9_what_a_holder_of_the_key_rewrote_is_found_against_a_seal_kept_elsewhere(
    book: Book, verify: Verify, database_url: str, tmp_path: Path
) -> None:
    seals = tmp_path / "seals"
    seals.write_text(seal_up(database_url, tmp_path))
    assert [line.split()[1:3] for line in seals.read_text().splitlines()] == [
        ["hillside", "1"],
        ["riverside", "3"],
        ["seaside", "0"],
    ]
    book.note(["four"])
    book.chain()
    assert verify("--seals", str(seals)) == (0, "5 entries, 0 not yet chained\n", "")
    rewrite(book)
    assert verify() == (0, "5 entries, 0 not yet chained\n", "")
    code, said, _ = verify("--seals", str(seals))
    assert code == 1
    assert said.startswith("riverside: entries up to 3, sealed at 2")


def test_seals_that_cannot_be_read_or_belong_to_nobody(
    book: Book, verify: Verify, tmp_path: Path
) -> None:
    seals = tmp_path / "seals"
    assert verify("--seals", str(seals)) == (2, "", f"wayhome: {seals} cannot be read.\n")
    seals.write_text("\n2026-11-25 riverside three abc\n")
    assert verify("--seals", str(seals)) == (
        2,
        "",
        f"wayhome: {seals}, line 2: this is no seal; one looks like TIME ORGANISATION NUMBER"
        " HASH.\n",
    )
    seals.write_text("2026-11-25T00:00:00+00:00 atlantis 3 abc\n")
    assert verify("--seals", str(seals))[:2] == (
        1,
        "atlantis: there are seals of its log, and no such organisation\n",
    )
    seals.write_text("2026-11-25T00:00:00+00:00 riverside 9 abc\n")
    assert verify("--seals", str(seals))[1].startswith("riverside: entry 9, sealed at 2026-11-25")


@sqlite_only
def test_p9_a_log_whose_organisation_is_gone(book: Book, verify: Verify, database_url: str) -> None:
    """Deleted by hand, past the embedded database's own guard; PostgreSQL does not let go of an
    organisation that has a log."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as line:
        line.execute("DELETE FROM organisations WHERE slug = 'hillside'")
        line.commit()
    said = f"organisation {HILLSIDE}: its log is there, and it is not\n"
    assert verify() == (1, said, "")


def test_an_organisation_that_is_not_there(book: Book, verify: Verify) -> None:
    assert verify("--org", "nowhere") == (2, "", "wayhome: There is no organisation nowhere.\n")


def test_another_key_than_the_one_it_was_sealed_with(
    book: Book, database_url: str, tmp_path: Path
) -> None:
    env = wayhome_env(
        tmp_path / "data", WAYHOME_DATABASE_URL=database_url, WAYHOME_SECRET_KEY="x" * 40
    )
    done = finish(["verify-log"], env)
    assert done.returncode == 1
    assert "riverside: the end of the chain, entry 3, was altered" in done.stdout
