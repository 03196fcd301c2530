"""`wayhome backup`: whole and consistent while others write, never over anything, one file."""

import os
import resource
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import finish, mortal, wayhome_env
from tests.support.database import Maker


@pytest.fixture
def house(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    assert finish(["migrate"], wayhome_env(data)).returncode == 0
    return data


def ledger(path: Path) -> list[tuple[int, int]]:
    """The two sides of each transfer: a copy is consistent only if they are the same."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT total(a), total(b) FROM ledger").fetchall()


class Writer:
    """Moves things from one row to another for ever, in a transaction each."""

    def __init__(self, path: Path) -> None:
        self.moved = 0
        self._path, self._enough = path, threading.Event()
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE ledger (a INTEGER, b INTEGER, filling TEXT)")
            database.executemany(
                "INSERT INTO ledger VALUES (?, 0, ?)", [(1000, "x" * 3000) for _ in range(2000)]
            )
            database.commit()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def _write(self) -> None:
        with closing(sqlite3.connect(self._path, timeout=30)) as database:
            while not self._enough.is_set():
                row = self.moved % 2000 + 1
                database.execute("UPDATE ledger SET a = a - 1 WHERE rowid = ?", (row,))
                database.execute("UPDATE ledger SET b = b + 1 WHERE rowid = ?", (2001 - row,))
                database.commit()
                self.moved += 1

    def stop(self) -> None:
        self._enough.set()
        self._thread.join()


def test_it_is_consistent_while_somebody_writes(house: Path, tmp_path: Path) -> None:
    writer = Writer(house / "wayhome.db")
    target = tmp_path / "copy.db"
    done = finish(["backup", str(target)], wayhome_env(house))
    moved = writer.moved
    writer.stop()
    assert (done.returncode, done.stdout) == (0, f"{target}\n")
    assert f"the secret key ({house / 'secret_key'}) beside this copy" in done.stderr
    [(a, b)] = ledger(target)
    assert a + b == 2_000_000
    assert 0 <= b <= moved + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data"]
    assert target.stat().st_mode & 0o777 == 0o600


def test_the_copy_is_a_house_of_its_own(house: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    assert finish(["backup", str(target)], wayhome_env(house)).returncode == 0
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(house / "secret_key", other / "secret_key")
    target.rename(other / "wayhome.db")
    assert finish(["migrate"], wayhome_env(other)).stdout.startswith("already at")
    assert finish(["verify-log"], wayhome_env(other)).stdout == "0 entries, 0 not yet chained\n"


def refused(house: Path, target: Path, **extra: Any) -> str:
    before = {path: path.lstat().st_mtime_ns for path in target.parent.iterdir()}
    done = finish(["backup", str(target)], wayhome_env(house), **extra)
    assert (done.returncode, done.stdout) == (2, "")
    assert {path: path.lstat().st_mtime_ns for path in target.parent.iterdir()} == before
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_it_overwrites_nothing(house: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    assert refused(house, target) == f"wayhome: {target} is already there; name a new file.\n"
    assert target.read_text() == "precious"
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    assert "is already there" in refused(house, dangling)


def test_a_folder_that_is_not_there(house: Path, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "copy.db"
    done = finish(["backup", str(target)], wayhome_env(house))
    assert done.returncode == 2
    assert done.stderr == f"wayhome: {target} cannot be written: No such file or directory.\n"


def test_a_folder_that_may_not_be_written_to(house: Path, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    said = refused(house, folder / "copy.db", preexec_fn=mortal)
    assert said == f"wayhome: {folder / 'copy.db'} cannot be written: Permission denied.\n"


def _no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_a_disk_without_room_leaves_nothing_behind(house: Path, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    said = refused(house, folder / "copy.db", preexec_fn=_no_room)
    assert said.startswith("wayhome: The copy failed: ")
    assert said.endswith("no copy was kept.\n")


def test_a_damaged_database_is_not_passed_off_as_a_copy(house: Path, tmp_path: Path) -> None:
    path = house / "wayhome.db"
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2 :] = os.urandom(len(whole) - len(whole) // 2)
    path.write_bytes(whole)
    folder = tmp_path / "copies"
    folder.mkdir()
    assert "damaged" in refused(house, folder / "copy.db")


def test_without_a_database_it_makes_none(tmp_path: Path) -> None:
    data = tmp_path / "nowhere"
    done = finish(["backup", str(tmp_path / "copy.db")], wayhome_env(data))
    assert done.returncode == 2
    assert done.stderr == (
        f"wayhome: There is no folder {data}; set WAYHOME_DATA_DIR to where the data is, "
        "or run: wayhome migrate.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.pg
def test_on_postgresql_it_names_the_right_tool(new_database: Maker, tmp_path: Path) -> None:
    env = wayhome_env(tmp_path, WAYHOME_DATABASE_URL=new_database("postgresql"))
    done = finish(["backup", str(tmp_path / "copy.db")], env)
    assert done.returncode == 2
    assert done.stderr == (
        "wayhome: This copies the embedded database only; for PostgreSQL use pg_dump.\n"
    )
