"""Whether the database can be used at all, asked before anything relies on it."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.store import db
from server.store.db import is_sqlite, sqlite_faults
from server.store.schema import NotOurs
from server.store.trouble import is_away, is_final, reason


@dataclass(frozen=True)
class Away:
    """Why PostgreSQL cannot be used just now; `final` where waiting will not change it."""

    reason: str
    final: bool


def why_away() -> Away | None:
    """None where the database answers. Needs an application context."""
    try:
        with db.db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError as fault:
        if not is_away(fault):
            raise
        return Away(reason(fault), is_final(fault))
    return None


def prove_usable() -> None:
    """Store something, so that a read-only, locked or full database is found out now.

    Raises what the driver raises, or NotOurs where SQLite does not keep what it must.
    """
    with db.db.engine.connect() as connection:
        if is_sqlite():
            # In place of the reader's transaction that has just begun by itself.
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(text("UPDATE house SET id = 1 WHERE id = 1"))
        connection.commit()
    found = db.read(sqlite_faults) if is_sqlite() else []
    if found:
        raise NotOurs(f"The database cannot keep its promises: {'; '.join(found)}.")
