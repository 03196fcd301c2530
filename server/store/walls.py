"""Displays on a wall: known by a token of which only a hash is kept."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.store.alarms import Alarm
from server.store.db import Base
from server.store.people import Person, Team
from server.store.types import Instant
from shared.states import AlarmStatus


class Wall(Base):
    """One display of one team: names and how they stand, for whoever has its address."""

    __tablename__ = "walls"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    team: Mapped[Team] = relationship(lazy="joined")
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id], lazy="joined")


def wall_by_hash(session: Session, token_hash: str) -> Wall | None:
    """The display with this token, unless it was revoked."""
    query = select(Wall).where(Wall.token_hash == token_hash, Wall.revoked_at.is_(None))
    return session.scalars(query).unique().one_or_none()


def find_wall(session: Session, org_id: UUID, wall_id: UUID) -> Wall | None:
    """This organisation's display with that id, unless it was revoked."""
    query = select(Wall).where(Wall.id == wall_id, Wall.org_id == org_id, Wall.revoked_at.is_(None))
    return session.scalars(query).unique().one_or_none()


def walls_of(session: Session, team_ids: Collection[UUID]) -> Sequence[Wall]:
    """The displays of these teams that were not revoked, the oldest first."""
    query = select(Wall).where(Wall.team_id.in_(team_ids), Wall.revoked_at.is_(None))
    return session.scalars(query.order_by(Wall.made_at, Wall.id)).unique().all()


def open_alarms_of_team(session: Session, team_id: UUID) -> Sequence[Alarm]:
    """One team's alarms that still need somebody."""
    query = select(Alarm).where(
        Alarm.team_id == team_id, Alarm.status != AlarmStatus.RESOLVED.value
    )
    return session.scalars(query.order_by(Alarm.raised_at, Alarm.id)).unique().all()
