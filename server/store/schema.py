"""The database's schema: whether it is the newest, and how it becomes so.

Steps are numbered files in `server/migrations`; a database knows the number it has reached, code
knows the newest. Old code that meets a newer database stops rather than guesses (design 3.4).
"""

from time import sleep

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from server.clock import monotonic_s
from server.migrations import newest
from server.store import db
from server.store.db import BUSY_MS

HEAD = newest()
PAUSE_S = 0.05
_NO_SUCH_TABLE = "42P01"


class NotOurs(Exception):
    """The database cannot be brought to this schema; the sentence says why and what to do."""


def revision(session: Session) -> str | None:
    """The step this database has reached, or None where none was ever taken.

    Raises what the driver raises where the database is away.
    """
    try:
        found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError as fault:
        if _lacks_the_table(fault):
            return None
        raise
    return found


def is_newest(session: Session) -> bool:
    """Whether the database has exactly the schema this code was written for: one short read."""
    return revision(session) == HEAD


schema_gate = is_newest
"""What a running engine asks in every round: after a newer migration it must do nothing more."""


def migrate(app: Flask) -> bool:
    """Bring the database to the newest schema; returns whether anything was to be done.

    Several at once are safe: one does it, the others wait and find nothing to do. Where nothing is
    to be done no lock is taken and nothing is written. Raises NotOurs for a database that belongs
    to a newer Wayhome or to something else; then, as after any fault, it is left as it was.
    """
    until_s = monotonic_s() + BUSY_MS / 1000
    with app.app_context():
        while True:
            try:
                return _migrate(app)
            except OperationalError as fault:
                # While another process makes an SQLite file, nobody is even allowed to wait for it.
                if "locked" not in str(fault.orig) or monotonic_s() > until_s:
                    raise
                sleep(PAUSE_S)


def _migrate(app: Flask) -> bool:
    found = db.read(revision)
    if found == HEAD:
        return False
    if found is not None and found > HEAD:
        raise NotOurs(
            f"The database has schema {found}, this Wayhome knows up to {HEAD}: update Wayhome."
        )
    # Alembic is loaded only where there is something to do: serving needs none of it.
    from server.store import upgrading

    upgrading.upgrade(app, is_new=found is None)
    return True


def _lacks_the_table(fault: DBAPIError) -> bool:
    state = getattr(fault.orig, "sqlstate", None)
    return state == _NO_SUCH_TABLE or "no such table: alembic_version" in str(fault.orig)
