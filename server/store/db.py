"""The database: how it is opened, and the only two ways to use it, `read` and `write`.

SQLite: WAL with synchronous=FULL (an acknowledged SOS survives a power cut), BEGIN IMMEDIATE for
writers (a deferred one fails at once when it turns into a writer), and one lock in the process,
because SQLite's own waiting is unfair: it took the slowest write from 600 ms to 50 ms.
PostgreSQL: any number of processes; whole transactions are tried again when the database says
that two of them could not both go first.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as Session
from sqlalchemy.pool import ConnectionPoolEntry

from server.domain.refusals import Refusal

T = TypeVar("T")

TRIES = 6
BUSY_MS = 10_000
TO_POSTGRES: dict[str, Any] = {"client_encoding": "utf8", "connect_timeout": 5}
"""How every connection is opened: in UTF-8 whatever the server speaks, and within 5 seconds."""
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table is built on; names of constraints are fixed so that migrations find them."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
_mode = threading.local()


class NotWriting(RuntimeError):
    """A change was made inside `read`: a fault in the program, never in the data."""


def engine_options(url: str, connections: int) -> dict[str, Any]:
    """Pool and time-outs for this kind of database, for that many threads at once."""
    if url.startswith("sqlite"):
        return {
            "hide_parameters": True,
            "connect_args": {"timeout": BUSY_MS / 1000, "check_same_thread": False},
        }
    settings = {
        "statement_timeout": 15_000,
        "lock_timeout": 8_000,
        "idle_in_transaction_session_timeout": 15_000,
        "timezone": "UTC",
        "plan_cache_mode": "force_custom_plan",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {
        "hide_parameters": True,
        "pool_size": connections,
        "max_overflow": 8,
        "pool_timeout": 10,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {
            **TO_POSTGRES,
            "tcp_user_timeout": 8000,
            "options": options,
        },
    }


def open_database(app: Flask) -> None:
    """Bind the database to the application and set every connection up."""
    db.init_app(app)
    app.extensions["wayhome_write_lock"] = threading.Lock()
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
        app.extensions["wayhome_reading"] = _for_reading(db.engine)


def _for_reading(engine: Engine) -> Engine:
    """The same connections without BEGIN and ROLLBACK around each look, where they would change
    nothing but the time it takes: each statement on PostgreSQL sees its own moment anyway."""
    is_embedded = engine.dialect.name == "sqlite"
    return engine if is_embedded else engine.execution_options(isolation_level="AUTOCOMMIT")


def _prepare_sqlite(engine: Engine) -> None:
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = getattr(_mode, "writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def sqlite_faults(session: Session) -> list[str]:
    """What is not as the promises need it on an embedded database; empty when all is well."""
    wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
    found = {p: str(session.execute(text(f"PRAGMA {p}")).scalar()).lower() for p in wanted}
    return [f"{p} is {found[p]}, not {wanted[p]}" for p in wanted if found[p] != wanted[p]]


def is_sqlite() -> bool:
    """Whether this application runs on the embedded database."""
    return db.engine.dialect.name == "sqlite"


def write(work: Callable[[Session], T]) -> T:
    """Do `work` in one transaction; all of it is stored when this returns, or none of it.

    `work` may be run again from the start when the database asks for that, so it must have no
    effect but on the session. No network call belongs inside it.
    """
    for attempt in range(TRIES):
        try:
            with _turn():
                return _transaction(work, writing=True)
        except DBAPIError as fault:
            if attempt == TRIES - 1 or not _could_not_go_first(fault):
                raise
    raise AssertionError("unreachable")


def read(work: Callable[[Session], T]) -> T:
    """Do `work` without waiting for writers. SQLite shows it one consistent picture; on PostgreSQL
    each statement sees what was committed when it began."""
    return _transaction(work, writing=False)


def _turn() -> AbstractContextManager[Any]:
    lock: threading.Lock = current_app.extensions["wayhome_write_lock"]
    return lock if is_sqlite() else nullcontext()


def _transaction(work: Callable[[Session], T], *, writing: bool) -> T:
    kind = Unit if writing else Look
    engine = db.engine if writing else current_app.extensions["wayhome_reading"]
    session = kind(engine, expire_on_commit=False, autoflush=True)
    _mode.writing = writing
    try:
        result = work(session)
        if writing:
            session.commit()
        return result
    except Refusal as refusal:
        session.commit() if writing and (refusal.kept or stands(session)) else session.rollback()
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        _mode.writing = False
        session.close()


class Unit(Session):
    """One transaction's session. What it has loaded it keeps until it ends, so that the same row
    is asked for once however many functions ask."""


class Look(Unit):
    """The session of a `read`: it refuses to change anything."""


def _keep(session: Session, row: object) -> None:
    session.info.setdefault("kept", []).append(row)


event.listen(Unit, "loaded_as_persistent", _keep)
event.listen(Unit, "pending_to_persistent", _keep)


def let_stand(session: Session) -> None:
    """Whatever is refused later in this transaction, what it has written is stored."""
    session.info["stands"] = True


def stands(session: Session) -> bool:
    """Whether `let_stand` was called in this transaction."""
    return bool(session.info.get("stands"))


def _refuse_change(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise NotWriting("a change needs `write`")


event.listen(Look, "before_flush", _refuse_change)


def is_passing(fault: Exception) -> bool:
    """Whether it is the database that is away or busy now, and nothing is wrong with the data."""
    if not isinstance(fault, DBAPIError):
        return isinstance(fault, PoolTimeout)
    return isinstance(fault, (OperationalError, InterfaceError)) or _could_not_go_first(fault)


def _could_not_go_first(fault: DBAPIError) -> bool:
    state = getattr(fault.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith("40")
    return "locked" in str(fault.orig)


def lock_rows(session: Session) -> dict[str, Any]:
    """Arguments for `with_for_update` that let foreign keys go on pointing at a locked row."""
    return {"key_share": True} if session.get_bind().dialect.name == "postgresql" else {}
