"""Drills: who was asked, by which way, and how soon each of them answered."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.store.db import Base
from server.store.messages import Message
from server.store.people import Person, Team
from server.store.types import Instant

LASTS = timedelta(hours=1)
"""So long an answer counts; then the drill is over by itself."""


class Drill(Base):
    """One team was asked whether an alarm would reach it."""

    __tablename__ = "drills"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"), index=True)
    started_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)

    team: Mapped[Team] = relationship(lazy="joined")
    started_by: Mapped[Person] = relationship(lazy="joined")
    calls: Mapped[list["DrillCall"]] = relationship(lazy="selectin", back_populates="drill")

    def is_open(self, now: datetime) -> bool:
        """Whether an answer still counts."""
        return now < self.ends_at


class DrillCall(Base):
    """One person in a drill. `way` None: no text or e-mail could go to her."""

    __tablename__ = "drill_calls"

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drills.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    way: Mapped[str | None] = mapped_column(String(6))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)

    drill: Mapped[Drill] = relationship(back_populates="calls", lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def key(self) -> str:
        """The key of the message that asked her; see `acts.tell.queue`."""
        return f"drill:{self.drill_id}:{self.person_id}"


def find_drill(session: Session, org_id: UUID, drill_id: UUID) -> Drill | None:
    """This organisation's drill with that id."""
    query = select(Drill).where(Drill.id == drill_id, Drill.org_id == org_id)
    return session.scalars(query).unique().one_or_none()


def open_drill(session: Session, team_id: UUID, now: datetime) -> Drill | None:
    """The drill of this team whose answers still count."""
    query = select(Drill).where(Drill.team_id == team_id, Drill.ends_at > now)
    return session.scalars(query).unique().first()


def drills_of(session: Session, team_ids: Collection[UUID], most: int) -> Sequence[Drill]:
    """The newest drills of these teams, the newest first."""
    query = select(Drill).where(Drill.team_id.in_(team_ids))
    return session.scalars(query.order_by(Drill.started_at.desc()).limit(most)).unique().all()


def call_by_link(session: Session, link_hash: str) -> DrillCall | None:
    """Whose link this is, and of which drill."""
    return session.scalars(select(DrillCall).where(DrillCall.link_hash == link_hash)).one_or_none()


def unanswered(session: Session, ids: Collection[UUID], now: datetime) -> Sequence[DrillCall]:
    """What these people have been asked in drills that are open and have not answered."""
    query = (
        select(DrillCall)
        .join(Drill, Drill.id == DrillCall.drill_id)
        .where(DrillCall.person_id.in_(ids), DrillCall.answered_at.is_(None), Drill.ends_at > now)
    )
    return session.scalars(query.order_by(Drill.started_at)).unique().all()


def messages_of(session: Session, calls: Collection[DrillCall]) -> dict[str, Message]:
    """What was sent to them, by `DrillCall.key`."""
    query = select(Message).where(Message.dedupe_key.in_([one.key for one in calls]))
    return {one.dedupe_key: one for one in session.scalars(query).unique()}


def last_answered(session: Session, org_id: UUID, team_id: UUID | None = None) -> Drill | None:
    """The newest drill of an organisation, or of one of its teams, that somebody answered: one
    that reached nobody was none."""
    answered = select(DrillCall.drill_id).where(DrillCall.answered_at.is_not(None))
    query = select(Drill).where(Drill.org_id == org_id, Drill.id.in_(answered))
    query = query if team_id is None else query.where(Drill.team_id == team_id)
    return session.scalars(query.order_by(Drill.started_at.desc()).limit(1)).unique().first()
