"""What `wayhome doctor` asks the database about the database and about what is going on in it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from server.domain.refusals import Refusal
from server.store.alarms import Alarm
from server.store.db import is_sqlite, write
from server.store.house import House
from server.store.log import Entry
from server.store.providers import Provider
from shared.states import AlarmStatus


class _Enough(Refusal):
    """Takes a trial change back."""


def database_file(url: str) -> Path | None:
    """The file of an embedded database; None where the database is not one file on this disk."""
    name = make_url(url).database
    if not url.startswith("sqlite") or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


def damage(session: Session) -> str | None:
    """What an embedded database finds broken in its own file; None where it finds nothing.

    PostgreSQL looks after its files itself.
    """
    if not is_sqlite():
        return None
    found = str(session.execute(text("PRAGMA quick_check(1)")).scalar())
    return None if found == "ok" else found


def try_to_write() -> None:
    """Change a row and take the change back; raises what the database raises if it may not."""

    def trial(session: Session) -> None:
        session.execute(update(House).values(id=House.id))
        raise _Enough("taken back")

    try:
        write(trial)
    except _Enough:
        return


def providers(session: Session) -> Sequence[Provider]:
    """The health of every way out that was ever tried."""
    return session.scalars(select(Provider).order_by(Provider.name)).all()


def unowned_since(session: Session, since: datetime) -> int:
    """Alarms raised before `since` of which nobody has charge."""
    query = (
        select(func.count())
        .select_from(Alarm)
        .where(Alarm.status == AlarmStatus.RAISED.value, Alarm.raised_at < since)
    )
    return session.scalar(query) or 0


def unchained_since(session: Session, since: datetime) -> int:
    """Log entries received before `since` that are not in their chain yet."""
    query = (
        select(func.count())
        .select_from(Entry)
        .where(Entry.seq.is_(None), Entry.received_at < since)
    )
    return session.scalar(query) or 0
