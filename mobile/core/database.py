"""One SQLite file, shared by the app and its background service; it survives a kill at any moment.

What was committed is on the disk (WAL, synchronous=FULL). A file that can no longer be read is put
aside, never deleted, and `was_broken` says so.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BUSY_MS = 10_000

SCHEMA = (
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        kind TEXT NOT NULL,
        stream TEXT NOT NULL,
        path TEXT NOT NULL,
        body TEXT NOT NULL,
        stamp TEXT NOT NULL,
        sealed BLOB,
        prio INTEGER NOT NULL CHECK (prio IN (0, 1)),
        blocks INTEGER NOT NULL CHECK (blocks IN (0, 1)),
        state TEXT NOT NULL DEFAULT 'queued'
            CHECK (state IN ('queued', 'held', 'sent', 'refused', 'taken_back', 'superseded')),
        tries INTEGER NOT NULL DEFAULT 0,
        due REAL NOT NULL DEFAULT 0,
        lease REAL NOT NULL DEFAULT 0,
        token TEXT,
        final TEXT,
        verdict TEXT,
        detail TEXT,
        dismissed INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX outbox_open ON outbox (state, prio, id)",
    "CREATE INDEX outbox_stream ON outbox (stream, id)",
    """
    CREATE TABLE kept (
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        known_at REAL NOT NULL,
        PRIMARY KEY (kind, name)
    ) WITHOUT ROWID
    """,
)
VERSION = 1


class NotKept(Exception):
    """The phone could not store it: nothing was changed."""


class Database:
    """Safe for several threads here and for another process beside."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.was_broken = False
        self._lock = threading.RLock()
        self._depth = 0
        try:
            self._sql = _open(path)
        except sqlite3.OperationalError as fault:
            raise NotKept(str(fault)) from fault
        except sqlite3.DatabaseError:
            self.was_broken = True
            _put_aside(path)
            self._sql = _open(path)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All of what happens inside is stored, or, if anything is raised, none of it. Inside
        another `write` it is part of that. NotKept where the disk or the file refuses."""
        with self._lock:
            if self._depth:
                yield self._sql
                return
            try:
                self._sql.execute("BEGIN IMMEDIATE")
                with self._deeper():
                    yield self._sql
                self._sql.execute("COMMIT")
            except sqlite3.Error as fault:
                self._undo()
                raise NotKept(str(fault)) from fault
            except BaseException:
                self._undo()
                raise

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def _undo(self) -> None:
        if self._sql.in_transaction:
            self._sql.execute("ROLLBACK")

    def rows(self, statement: str, values: dict[str, Any] | None = None) -> list[sqlite3.Row]:
        """What a SELECT finds."""
        with self._lock:
            return self._sql.execute(statement, values or {}).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._sql.close()


def _open(path: Path) -> sqlite3.Connection:
    sql = sqlite3.connect(
        path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        sql.row_factory = sqlite3.Row
        sql.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        sql.execute("PRAGMA journal_mode = WAL")
        sql.execute("PRAGMA synchronous = FULL")
        sql.execute("PRAGMA secure_delete = ON")
        _migrate(sql)
    except BaseException:
        sql.close()
        raise
    return sql


def _migrate(sql: sqlite3.Connection) -> None:
    if sql.execute("PRAGMA user_version").fetchone()[0] >= VERSION:
        return
    sql.execute("BEGIN IMMEDIATE")
    if sql.execute("PRAGMA user_version").fetchone()[0] < VERSION:
        for statement in SCHEMA:
            sql.execute(statement)
        sql.execute(f"PRAGMA user_version = {VERSION}")
    sql.execute("COMMIT")


def _put_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
