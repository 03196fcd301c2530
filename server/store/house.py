"""What the service knows about itself: its engines, its gaps, requests answered, tries counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store.alarms import UNFINISHED as ALARM_UNFINISHED
from server.store.alarms import Alarm
from server.store.db import Base
from server.store.messages import UNFINISHED as MESSAGE_UNFINISHED
from server.store.messages import Message
from server.store.people import Team
from server.store.types import Instant
from server.store.visits import LIVE, Visit


class House(Base):
    """The one row that says when a healthy round was last finished, by any engine."""

    __tablename__ = "house"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    round_at: Mapped[datetime | None] = mapped_column(Instant)
    way_out_lost_at: Mapped[datetime | None] = mapped_column(Instant)


class Beat(Base):
    """One engine process and its last round."""

    __tablename__ = "engine_beats"

    engine_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    host: Mapped[str] = mapped_column(String(100))
    pid: Mapped[int] = mapped_column()
    version: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(Instant)
    beat_at: Mapped[datetime] = mapped_column(Instant)
    lag_s: Mapped[float] = mapped_column(default=0.0)
    clock_behind_s: Mapped[float] = mapped_column(default=0.0)


class Request(Base):
    """An answer that was given (2xx only), so that the same request is answered the same (P6).
    `alarm_id`: the SOS that another one under this id has joined."""

    __tablename__ = "requests"
    __table_args__ = (Index("ix_requests_at", "at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column()
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Instant)
    alarm_id: Mapped[UUID | None] = mapped_column()


class Look(Base):
    """Somebody looked at a worker's visit, place or history; she can see who."""

    __tablename__ = "looks"
    __table_args__ = (Index("ix_looks_subject", "subject_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    viewer_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    visit_id: Mapped[UUID | None] = mapped_column()
    what: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Instant)


class Bucket(Base):
    """Tries counted against guessing; the key is hashed. SOS never comes near it."""

    __tablename__ = "buckets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tokens: Mapped[float] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)


class PretendText(Base):
    """A text on a pretend phone: the rehearsal's and the demo's only way out."""

    __tablename__ = "pretend_texts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    number: Mapped[str] = mapped_column(String(30), index=True)
    outgoing: Mapped[bool] = mapped_column()
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)


_HOUSE = select(House).where(House.id == 1)
_LOCKED_HOUSE = _HOUSE.with_for_update().execution_options(populate_existing=True)


def the_house(session: Session, *, lock: bool = False) -> House:
    """The house's row, locked where the caller is about to judge a gap."""
    return session.scalars(_LOCKED_HOUSE if lock else _HOUSE).one()


_SOONEST = text(f"""
    SELECT (SELECT min(next_at) FROM visits WHERE {LIVE}) AS visit,
           (SELECT min(next_at) FROM alarms WHERE {ALARM_UNFINISHED}) AS alarm,
           (SELECT min(next_at) FROM messages WHERE {MESSAGE_UNFINISHED}) AS message
""").columns(visit=Instant, alarm=Instant, message=Instant)  # noqa: S608


class Soonest:
    """The next moment at which each kind of row wants the engine; None where none does."""

    def __init__(
        self, visit: datetime | None, alarm: datetime | None, message: datetime | None
    ) -> None:
        self.visit, self.alarm, self.message = visit, alarm, message

    def lag_s(self, now: datetime) -> float:
        """How far decisions are behind: seconds since the oldest one due, 0 where none is."""
        due = [at for at in (self.visit, self.alarm) if at is not None]
        return max(0.0, (now - min(due)).total_seconds()) if due else 0.0


def soonest(session: Session) -> Soonest:
    """One statement over three small indexes: the whole cost of a round with nothing to do."""
    row = session.execute(_SOONEST).one()
    return Soonest(row.visit, row.alarm, row.message)


def beats_since(session: Session, since: datetime) -> Sequence[Beat]:
    """Engines that have finished a round since then."""
    return session.scalars(select(Beat).where(Beat.beat_at >= since)).all()


def unwatched_past_due(session: Session, now: datetime) -> int:
    """Open visits past `raise_at` that have no alarm: what must never be (P1).

    Asked team by team, because there is an index for that: it costs what is past, not what is open.
    """
    covered = select(Alarm.id).where(
        Alarm.worker_id == Visit.worker_id,
        Alarm.status != "resolved",
        (Alarm.visit_id == Visit.id) | (Alarm.kind == "duress"),
    )
    query = (
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.team_id.in_(select(Team.id)),
            Visit.status == "open",
            Visit.due_at <= now,
            Visit.raise_at <= now,
            ~covered.exists(),
        )
    )
    return session.scalar(query) or 0


def stale_messages(session: Session, since: datetime) -> int:
    """Alarm messages that could have gone before `since` and have not."""
    query = (
        select(func.count())
        .select_from(Message)
        .where(
            Message.status.in_(["pending", "sending"]), Message.lane == 0, Message.next_at < since
        )
    )
    return session.scalar(query) or 0


def alarms_behind(session: Session, since: datetime) -> int:
    """Unresolved alarms whose next step was due before `since`."""
    query = (
        select(func.count())
        .select_from(Alarm)
        .where(Alarm.status != "resolved", Alarm.next_at < since)
    )
    return session.scalar(query) or 0
