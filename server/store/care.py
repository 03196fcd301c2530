"""What is done about an alarm: the team's procedure, the steps ticked, and the care owed after."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.store.db import Base
from server.store.people import Person
from server.store.types import Instant, partial_index

OWED = "done_at IS NULL"


class Procedure(Base):
    """What a team does about an alarm, step by step; teams without one have the default."""

    __tablename__ = "procedures"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    steps: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))


class Tick(Base):
    """A step that somebody says is done, in the words it had then."""

    __tablename__ = "alarm_ticks"

    alarm_id: Mapped[UUID] = mapped_column(ForeignKey("alarms.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(16), primary_key=True)
    words: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Person] = relationship(lazy="joined")


class Aftercare(Base):
    """What a named person owes somebody after an alarm, until it is done."""

    __tablename__ = "aftercare"
    __table_args__ = (
        partial_index("ix_aftercare_owed", "org_id", "made_at", where=OWED),
        Index("ix_aftercare_alarm", "alarm_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    alarm_id: Mapped[UUID] = mapped_column(ForeignKey("alarms.id"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    owed_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    what: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)

    worker: Mapped[Person] = relationship(foreign_keys=[worker_id], lazy="joined")
    owed_by: Mapped[Person] = relationship(foreign_keys=[owed_by_id], lazy="joined")
    done_by: Mapped[Person | None] = relationship(foreign_keys=[done_by_id], lazy="joined")


def procedure(session: Session, team_id: UUID, *, lock: bool = False) -> Procedure | None:
    """The steps this team has written for itself."""
    query = select(Procedure).where(Procedure.team_id == team_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def ticks(session: Session, alarm_id: UUID) -> Sequence[Tick]:
    """What was done about this alarm so far, in the order it was ticked."""
    query = select(Tick).where(Tick.alarm_id == alarm_id).order_by(Tick.at, Tick.step)
    return session.scalars(query).unique().all()


def find_aftercare(session: Session, org_id: UUID, aftercare_id: UUID) -> Aftercare | None:
    """This organisation's aftercare with that id."""
    query = select(Aftercare).where(Aftercare.id == aftercare_id, Aftercare.org_id == org_id)
    return session.scalars(query).unique().one_or_none()


def aftercare_of(session: Session, alarm_id: UUID) -> Sequence[Aftercare]:
    """What is or was owed after this alarm, in the order it was asked for."""
    query = select(Aftercare).where(Aftercare.alarm_id == alarm_id)
    return session.scalars(query.order_by(Aftercare.made_at, Aftercare.id)).unique().all()


def aftercare_owed(
    session: Session, org_id: UUID, person_id: UUID, managed: Collection[UUID]
) -> Sequence[Aftercare]:
    """What this person owes, and what is owed in the teams she manages, the oldest first."""
    hers = (Aftercare.owed_by_id == person_id) | Aftercare.team_id.in_(managed)
    query = select(Aftercare).where(Aftercare.org_id == org_id, Aftercare.done_at.is_(None), hers)
    return session.scalars(query.order_by(Aftercare.made_at, Aftercare.id)).unique().all()
