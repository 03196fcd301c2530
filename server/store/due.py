"""What the engine finds due: its workers locked first, and read only then.

On PostgreSQL a row that was found before its worker was locked may have been changed in between by
whoever held her: nothing may be decided about a visit that has been closed (P2). So every query
here finds and locks in one statement, and reads again in the next.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from server.store.alarms import Alarm
from server.store.people import Person
from server.store.visits import Visit
from shared.states import AlarmStatus, VisitStatus

Row = TypeVar("Row", Visit, Alarm)
Due = tuple[ColumnElement[bool], ...]


def due_visits(session: Session, now: datetime, most: int) -> Sequence[Visit]:
    """Visits the engine has to look at now, the longest due first; those whose workers another
    process holds are left to it."""
    due = (
        Visit.status.in_([VisitStatus.OPEN.value, VisitStatus.PLANNED.value]),
        Visit.next_at <= now,
    )
    found = _of_workers(Visit, due).order_by(Visit.next_at).limit(most)
    return _read_again(session, Visit, _left_to_us(session, found), due)


def due_alarms(session: Session, now: datetime, most: int) -> Sequence[Alarm]:
    """Alarms the engine has to look at now, the oldest first; see `due_visits`."""
    due = (Alarm.status != AlarmStatus.RESOLVED.value, Alarm.next_at <= now)
    found = _of_workers(Alarm, due).order_by(Alarm.next_at, Alarm.raised_at).limit(most)
    return _read_again(session, Alarm, _left_to_us(session, found), due)


def fell_due(session: Session, since: datetime, until: datetime) -> Sequence[Visit]:
    """Open visits that fell due in that time and have not been raised."""
    due = (
        Visit.status == VisitStatus.OPEN.value,
        Visit.due_at > since,
        Visit.due_at <= until,
        Visit.next_at.is_not(None),
    )
    return _read_again(session, Visit, _held(session, Visit, due), due)


def owned_until(session: Session, since: datetime, until: datetime) -> Sequence[Alarm]:
    """Owned alarms whose owner's time ran out in that time."""
    due = (
        Alarm.status == AlarmStatus.OWNED.value,
        Alarm.owner_until > since,
        Alarm.owner_until <= until,
    )
    return _read_again(session, Alarm, _held(session, Alarm, due), due)


def _of_workers(kind: type[Row], due: Due) -> Select[UUID]:
    return select(kind.id).join(Person, Person.id == kind.worker_id).where(*due)


def _left_to_us(session: Session, found: Select[UUID]) -> Sequence[UUID]:
    locked = found.with_for_update(of=Person, skip_locked=True, key_share=True)
    return session.scalars(locked).all()


def _held(session: Session, kind: type[Row], due: Due) -> Sequence[UUID]:
    """Wait for whoever holds them, in the order in which everybody locks people."""
    found = _of_workers(kind, due).order_by(kind.worker_id)
    return session.scalars(found.with_for_update(of=Person, key_share=True)).all()


def _read_again(
    session: Session, kind: type[Row], ids: Sequence[UUID], still: Due
) -> Sequence[Row]:
    query: Select[Any] = select(kind).where(kind.id.in_(ids), *still).order_by(kind.next_at)
    return session.scalars(query.execution_options(populate_existing=True)).unique().all()
