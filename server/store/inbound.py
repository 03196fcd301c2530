"""What came in: the same text or call again has no second effect."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store import alarms, people
from server.store.db import Base
from server.store.types import Instant

ALREADY_THERE = IntegrityError
"""What is raised where the same text is being kept by somebody else at this very moment."""


class Inbound(Base):
    """One text or call that came in; the same one again has no second effect."""

    __tablename__ = "inbound"
    __table_args__ = (UniqueConstraint("provider", "sid"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider: Mapped[str] = mapped_column(String(20))
    sid: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(30), index=True)
    body: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    received_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(Text, default="")


def inbound_before(session: Session, provider: str, sid: str) -> Inbound | None:
    """The same text or call, if it came in before."""
    return session.scalar(select(Inbound).where(Inbound.provider == provider, Inbound.sid == sid))


def said_since(session: Session, number: str, since: datetime) -> Sequence[Inbound]:
    """What came from this number since then, oldest first."""
    query = select(Inbound).where(Inbound.number == number, Inbound.received_at >= since)
    return session.scalars(query.order_by(Inbound.received_at, Inbound.id)).all()


def answers_to_stranger(session: Session, number: str, since: datetime) -> int:
    """How often a number that is nobody's was answered since then."""
    query = (
        select(func.count())
        .select_from(Inbound)
        .where(
            Inbound.number == number,
            Inbound.person_id.is_(None),
            Inbound.received_at > since,
            Inbound.answer != "",
        )
    )
    return session.scalar(query) or 0


def concerned(session: Session, number: str, answers_since: datetime | None) -> set[UUID]:
    """Whom a text from this number may touch: whoever has it and, where it may answer an alarm of
    which they were told, whom that is about."""
    ids = {person.id for person in people.by_mobile(session, number)}
    if answers_since is not None:
        ids |= alarms.workers_told_of(session, ids, answers_since)
    return ids
