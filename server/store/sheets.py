"""What is kept about a person for the day she is missed: sealed, so that a copy of the database
tells nothing, and who broke the seal for which alarm."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store.db import Base
from server.store.people import Person
from server.store.types import Instant


class PersonSheet(Base):
    """Description, vehicle, next of kin: one sealed letter for each person."""

    __tablename__ = "person_sheets"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))


class Opening(Base):
    """One person opened the sheet for one alarm; it stays open to her until the alarm ends."""

    __tablename__ = "sheet_openings"

    alarm_id: Mapped[UUID] = mapped_column(ForeignKey("alarms.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


def sheet(session: Session, person_id: UUID) -> PersonSheet | None:
    """What is kept about this person."""
    return session.get(PersonSheet, person_id)


class Change(NamedTuple):
    """When a sheet was last changed, and by whom."""

    at: datetime
    by_id: UUID
    by: str


def last_change(session: Session, person_id: UUID) -> Change | None:
    """Of this person's sheet; None while nothing is on it."""
    query = (
        select(PersonSheet.changed_at, Person.id, Person.name)
        .join(Person, Person.id == PersonSheet.changed_by_id)
        .where(PersonSheet.person_id == person_id)
    )
    found = session.execute(query).one_or_none()
    return Change(*found) if found else None


def with_sheet(session: Session, person_ids: Collection[UUID]) -> set[UUID]:
    """Those of these people on whose sheet something is written."""
    query = select(PersonSheet.person_id).where(PersonSheet.person_id.in_(person_ids))
    return set(session.scalars(query))


def opening(session: Session, alarm_id: UUID, person_id: UUID) -> Opening | None:
    """Whether this person has opened the sheet for this alarm."""
    return session.get(Opening, (alarm_id, person_id))


def opened_by(session: Session, person_id: UUID) -> set[UUID]:
    """The alarms for which this person has opened a sheet."""
    return set(session.scalars(select(Opening.alarm_id).where(Opening.person_id == person_id)))
