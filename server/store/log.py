"""The log (P9): written in the transaction of what it records, chained soon after.

An entry's public part says what happened; its personal part is kept in a table of its own and
joins the chain only as a salted commitment, so that retention can delete it and the chain still
verifies. `audience` keeps a duress from its subject's own screens.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store.db import Base
from server.store.types import Instant, one_of, partial_index

BigId = BigInteger().with_variant(Integer, "sqlite")
UNCHAINED = "seq IS NULL"


def commit_to(salt: str, data: dict[str, Any]) -> str:
    """What joins the chain in place of the personal part: tells nothing once the salt is gone."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(bytes.fromhex(salt), canonical.encode(), hashlib.sha256).hexdigest()


class Audience(StrEnum):
    """Who sees an entry while a duress of its subject is unresolved."""

    ALL = "all"
    NOT_SUBJECT = "not_subject"
    ONLY_SUBJECT = "only_subject"


class Entry(Base):
    """One line of the lone worker log. `seq` and `hash` are filled in when it is chained."""

    __tablename__ = "log"
    __table_args__ = (
        UniqueConstraint("org_id", "seq"),
        one_of("audience", Audience),
        Index("ix_log_visit", "visit_id", "id"),
        Index("ix_log_alarm", "alarm_id", "id"),
        Index("ix_log_subject", "subject_id", "id"),
        Index("ix_log_org", "org_id", "id"),
        partial_index("ix_log_unchained", "org_id", "id", where=UNCHAINED),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    visit_id: Mapped[UUID | None] = mapped_column()
    alarm_id: Mapped[UUID | None] = mapped_column()
    subject_id: Mapped[UUID | None] = mapped_column()
    actor_id: Mapped[UUID | None] = mapped_column()
    audience: Mapped[str] = mapped_column(String(12), default=Audience.ALL.value)
    what: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    commitment: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int | None] = mapped_column()
    previous: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))


class Payload(Base):
    """The personal part of an entry, which retention may delete."""

    __tablename__ = "log_payloads"

    entry_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("log.id"), primary_key=True, autoincrement=False
    )
    salt: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Head(Base):
    """Where an organisation's chain ends, sealed with a key the database does not hold."""

    __tablename__ = "log_heads"

    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


def count_unchained(session: Session) -> int:
    """How many entries wait to be chained."""
    query = select(func.count()).select_from(Entry).where(Entry.seq.is_(None))
    return session.scalar(query) or 0


def entries_of_visit(session: Session, visit_id: UUID, most: int = 500) -> Sequence[Entry]:
    """A visit's timeline, oldest first."""
    query = select(Entry).where(Entry.visit_id == visit_id).order_by(Entry.id).limit(most)
    return session.scalars(query).all()


def entries_of_alarm(session: Session, alarm_id: UUID, most: int = 500) -> Sequence[Entry]:
    """An alarm's timeline, oldest first."""
    query = select(Entry).where(Entry.alarm_id == alarm_id).order_by(Entry.id).limit(most)
    return session.scalars(query).all()


def payloads(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The personal parts that are still kept, by entry."""
    query = select(Payload).where(Payload.entry_id.in_(ids))
    return {payload.entry_id: payload.data for payload in session.scalars(query)}


def charge_lapsed_of(session: Session, alarm_id: UUID, person_id: UUID) -> bool:
    """Whether this person had charge of the alarm last, and it lapsed because nothing was heard."""
    query = select(Entry.what, Entry.actor_id).where(
        Entry.alarm_id == alarm_id, Entry.what.in_(("owned", "released", "ownership_lapsed"))
    )
    newest = session.execute(query.order_by(Entry.id.desc()).limit(2)).all()
    return [row.what for row in newest] == ["ownership_lapsed", "owned"] and (
        newest[1].actor_id == person_id
    )


def cried_again_after(session: Session, alarm_id: UUID, at: datetime) -> bool:
    """Whether she called for help once more after that, while this alarm was open: a PIN she gave
    before it says nothing of it."""
    query = select(Entry.id).where(
        Entry.alarm_id == alarm_id, Entry.what == "sos_again", Entry.at > at
    )
    return session.scalar(query.limit(1)) is not None
