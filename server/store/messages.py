"""Messages: stored with the decision, sent afterwards, kept until their fate is known (P3)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.store.alarms import Alarm
from server.store.db import Base
from server.store.people import Person
from server.store.types import Instant, one_of, partial_index
from shared.states import Way


class Fate(StrEnum):
    """Where a message is. `accepted` to `read` is the gateway's word; the rest is ours."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    REPLACED = "replaced"
    MOOT = "moot"


class Lane(IntEnum):
    """What goes first when not everything can go at once: alarms before everything else."""

    ALARM = 0
    OWNER = 1
    ALL_CLEAR = 2
    REMINDER = 3


class Purpose(StrEnum):
    """What a message is for."""

    ALARM = "alarm"
    BROADCAST = "broadcast"
    NEWS = "news"
    OWNED = "owned"
    ASK_OWNER = "ask_owner"
    STAND_DOWN = "stand_down"
    WARN = "warn"
    NUDGE = "nudge"
    NOTICE = "notice"


TELLS_OF_ALARM = frozenset({Purpose.ALARM, Purpose.BROADCAST})
REMINDS = frozenset({Purpose.WARN, Purpose.NUDGE})
UNFINISHED = "status IN ('pending', 'sending')"
UNCONFIRMED = "status = 'accepted' AND checked_at IS NOT NULL"


COUNTED = ("org_id", "decided_at", "team_id", "purpose", "way", "status")
"""What a report asks of a message: all of it is in one index, in the order of time."""


class Message(Base):
    """One text, call, e-mail or push to one person. `next_at`: when a sender may take it;
    `team_id`: of the visit it is about, as it was then."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("provider", "sid"),
        one_of("status", Fate),
        one_of("way", Way),
        one_of("purpose", Purpose),
        partial_index("ix_messages_unfinished", "next_at", where=UNFINISHED),
        partial_index("ix_messages_unconfirmed", "checked_at", where=UNCONFIRMED),
        Index("ix_messages_alarm", "alarm_id", "person_id", "way"),
        Index("ix_messages_visit", "visit_id", "purpose", "way", "status"),
        partial_index("ix_messages_decided", *COUNTED, where="visit_id IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    alarm_id: Mapped[UUID | None] = mapped_column(ForeignKey("alarms.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"))
    team_id: Mapped[UUID | None] = mapped_column()
    rung: Mapped[int | None] = mapped_column()
    purpose: Mapped[str] = mapped_column(String(12))
    lane: Mapped[int] = mapped_column()
    way: Mapped[str] = mapped_column(String(6))
    to: Mapped[str] = mapped_column(String(254))
    body: Mapped[str] = mapped_column(Text)
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    status: Mapped[str] = mapped_column(String(10), default=Fate.PENDING.value)
    decided_at: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[UUID | None] = mapped_column()
    asking_since: Mapped[datetime | None] = mapped_column(Instant)
    provider: Mapped[str | None] = mapped_column(String(20))
    sid: Mapped[str | None] = mapped_column(String(64))
    rank: Mapped[int] = mapped_column(default=0)
    code: Mapped[str | None] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(String(300))
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    final_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="joined")


def message(session: Session, message_id: UUID) -> Message:
    """The message with this id."""
    return session.get_one(Message, message_id)


def is_queued(session: Session, dedupe_key: str) -> bool:
    """Whether this very message was decided before."""
    query = select(Message.id).where(Message.dedupe_key == dedupe_key)
    return session.scalar(query) is not None


def by_sid(session: Session, provider: str, sid: str) -> Message | None:
    """The message a gateway knows by this id, also where a later try has another."""
    return (
        session.scalars(select(Message).where(Message.provider == provider, Message.sid == sid))
        .unique()
        .one_or_none()
    )


def replace_unsent(
    session: Session, alarm_id: UUID, person_id: UUID, way: Way, now: datetime
) -> list[Message]:
    """Set aside what was never handed over for this alarm, person and way (P3); news is kept,
    because the next message does not say again what she said."""
    query = select(Message).where(
        Message.alarm_id == alarm_id,
        Message.person_id == person_id,
        Message.way == way.value,
        Message.status == Fate.PENDING.value,
        Message.purpose != Purpose.NEWS.value,
    )
    found = list(session.scalars(query).unique())
    for old in found:
        old.status, old.final_at = Fate.REPLACED.value, now
    return found


def make_moot(
    session: Session,
    now: datetime,
    *,
    alarm_id: UUID | None = None,
    visit_id: UUID | None = None,
    person_id: UUID | None = None,
) -> None:
    """Call off what no longer needs saying (to that person only, if one is given) and was not yet
    handed over."""
    change = update(Message).where(Message.status == Fate.PENDING.value)
    if person_id is not None:
        change = change.where(Message.person_id == person_id)
    if alarm_id is not None:
        change = change.where(Message.alarm_id == alarm_id)
    if visit_id is not None:
        change = change.where(
            Message.visit_id == visit_id,
            Message.purpose.in_([Purpose.WARN.value, Purpose.NUDGE.value]),
        )
    session.execute(change.values(status=Fate.MOOT.value, final_at=now))


def people_reached(session: Session, alarm_id: UUID) -> set[UUID]:
    """Whoever heard, or may have heard, of this alarm: by a message about it, or by being told,
    when another of the same worker's ended, that this one goes on."""
    query = select(Message.person_id).where(
        Message.alarm_id == alarm_id,
        Message.purpose.in_([p.value for p in (*TELLS_OF_ALARM, Purpose.NEWS)]),
        or_(
            Message.handed_at.is_not(None),
            Message.asking_since.is_not(None),
            Message.status == Fate.SENDING.value,
        ),
    )
    return set(session.scalars(query)) | _told_it_goes_on(session, session.get_one(Alarm, alarm_id))


def _told_it_goes_on(session: Session, alarm: Alarm) -> set[UUID]:
    """Those too whose text about the end of another was called off: this end is news to them."""
    query = (
        select(Message.person_id)
        .join(Alarm, Alarm.id == Message.alarm_id)
        .where(
            Alarm.worker_id == alarm.worker_id,
            Alarm.id != alarm.id,
            Message.purpose == Purpose.STAND_DOWN.value,
            Message.decided_at >= alarm.raised_at,
        )
    )
    return set(session.scalars(query))


def unsaid_ends(
    session: Session, worker_id: UUID, since: datetime | None = None
) -> Sequence[Message]:
    """What is still to be handed over of the ends of this worker's alarms, decided since then."""
    query = (
        select(Message)
        .join(Alarm, Alarm.id == Message.alarm_id)
        .where(
            Alarm.worker_id == worker_id,
            Message.purpose == Purpose.STAND_DOWN.value,
            Message.status.in_([Fate.PENDING.value, Fate.SENDING.value]),
        )
    )
    if since is not None:
        query = query.where(Message.decided_at >= since)
    return session.scalars(query).unique().all()


def has_successor(session: Session, message: Message) -> bool:
    """Whether something newer was decided for this person about the same alarm, or to remind her of
    the same visit, by the same way. News neither has nor is one: what she said stays said."""
    if message.purpose == Purpose.NEWS:
        return False
    if message.alarm_id is None and message.purpose not in REMINDS:
        return False
    query = select(Message.id).where(
        Message.alarm_id == message.alarm_id,
        Message.person_id == message.person_id,
        Message.way == message.way,
        Message.purpose != Purpose.NEWS.value,
        Message.decided_at > message.decided_at,
    )
    if message.alarm_id is None:
        reminds = Message.purpose.in_([p.value for p in REMINDS])
        query = query.where(Message.visit_id == message.visit_id, reminds)
    return session.scalar(query.limit(1)) is not None


def unsent_alarms(session: Session, alarm_id: UUID) -> Sequence[Message]:
    """Texts that tell of this alarm and have not been handed over."""
    query = select(Message).where(
        Message.alarm_id == alarm_id,
        Message.status == Fate.PENDING.value,
        Message.purpose.in_([p.value for p in TELLS_OF_ALARM]),
    )
    return session.scalars(query).unique().all()


def not_handed_over(session: Session, alarm_id: UUID) -> Sequence[Message]:
    """Every message of this alarm that waits, or is being tried and may have to be tried again."""
    query = select(Message).where(
        Message.alarm_id == alarm_id,
        Message.status.in_([Fate.PENDING.value, Fate.SENDING.value]),
    )
    return session.scalars(query).unique().all()


Decided = tuple[UUID | None, datetime]
"""About which alarm, and when."""


def not_gone(session: Session, alarm_ids: Collection[UUID]) -> dict[Decided, set[str]]:
    """Who was to be told of these alarms and whose message no gateway has taken: by alarm and by
    when that was decided. What was called off, or replaced by a newer one, is not meant."""
    query = (
        select(Message.alarm_id, Message.decided_at, Person.name)
        .join(Person, Person.id == Message.person_id)
        .where(
            Message.alarm_id.in_(alarm_ids),
            Message.handed_at.is_(None),
            Message.status.not_in([Fate.MOOT.value, Fate.REPLACED.value]),
        )
    )
    found: dict[Decided, set[str]] = {}
    for alarm_id, decided_at, name in session.execute(query):
        found.setdefault((alarm_id, decided_at), set()).add(name)
    return found


def rung_is_hopeless(session: Session, alarm_id: UUID, rung: int) -> bool:
    """Whether every message of this rung has failed for good: nobody is left to wait for."""
    query = select(Message.status).where(Message.alarm_id == alarm_id, Message.rung == rung)
    fates = set(session.scalars(query))
    return bool(fates) and fates <= {Fate.FAILED.value}


def about_visit(session: Session, visit_id: UUID, most: int) -> Sequence[Message]:
    """Every message of one visit and its alarms, in the order they were decided."""
    query = select(Message).where(Message.visit_id == visit_id)
    ordered = query.order_by(Message.decided_at, Message.id).limit(most)
    return session.scalars(ordered).unique().all()


def waiting(session: Session) -> Sequence[Message]:
    """Everything that was decided and not handed over, in the order it goes."""
    query = select(Message).where(Message.status == Fate.PENDING.value)
    ordered = query.order_by(Message.lane, Message.decided_at, Message.id)
    return session.scalars(ordered).unique().all()
