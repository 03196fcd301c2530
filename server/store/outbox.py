"""The sender's side of messages: lease, hand over, mark; and the health of each way out.

Lease, send, then mark: marking first lost 37 of 1,500 alarms under kills, this loses none. Whoever
takes over a lease that ran out asks the gateway before sending again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, String, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store import messages
from server.store.alarms import Alarm
from server.store.db import Base
from server.store.messages import TELLS_OF_ALARM, Fate, Lane, Message, Purpose
from server.store.providers import gap_after
from server.store.types import Instant
from shared.states import AlarmStatus

SAID_AFTERWARDS = frozenset({Purpose.OWNED, Purpose.STAND_DOWN, Purpose.NOTICE})
"""What is still worth saying of an alarm that is over."""
CONFIRM_AFTER = timedelta(seconds=60)


class Attempt(Base):
    """One try at handing a message over, and what came of it."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id"), index=True)
    n: Mapped[int] = mapped_column()
    provider: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    fate: Mapped[str | None] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(20))
    sid: Mapped[str | None] = mapped_column(String(64), index=True)


@dataclass(frozen=True)
class Order:
    """One message as its sender needs it; `doubtful_since` where an earlier try is in doubt."""

    id: UUID
    token: UUID
    to: str
    body: str
    way: str
    urgent: bool
    tries: int
    person_id: UUID
    worker_id: UUID | None
    doubtful_since: datetime | None
    known_sids: frozenset[str]


def take(
    session: Session, now: datetime, token: UUID, lease: timedelta, most: int, name: str
) -> list[UUID]:
    """Lease messages to this sender, and note the try before it is made."""
    ids = claim(session, now, token, lease, most)
    rows = session.execute(select(Message.id, Message.tries).where(Message.id.in_(ids)))
    session.add_all(
        Attempt(message_id=found, n=tries, provider=name, started_at=now) for found, tries in rows
    )
    return ids


def order_for(session: Session, message_id: UUID, token: UUID, now: datetime) -> Order | None:
    """What to send, read afresh just before; None where it no longer needs saying."""
    message = messages.message(session, message_id)
    if message.lease_token != token or not still_wanted(session, message, now):
        return None
    alarm = session.get(Alarm, message.alarm_id) if message.alarm_id else None
    doubtful = None
    if message.tries > 1:
        doubtful = first_doubtful_start(session, message_id, before=message.tries)
    known = sids_known(session, message.to) if doubtful else set()
    return Order(
        id=message.id,
        token=token,
        to=message.to,
        body=message.body,
        way=message.way,
        urgent=message.lane < Lane.REMINDER,
        tries=message.tries,
        person_id=message.person_id,
        worker_id=alarm.worker_id if alarm else None,
        doubtful_since=doubtful,
        known_sids=frozenset(known),
    )


def still_wanted(session: Session, message: Message, now: datetime) -> bool:
    """Whether saying this still makes sense: alarms only while nobody has charge of them, reminders
    only before they have lost their meaning, and nothing that something newer has replaced."""
    if message.expires_at is not None and message.expires_at <= now:
        return False
    if message.alarm_id is None:
        return not messages.has_successor(session, message)
    alarm = session.get_one(Alarm, message.alarm_id)
    if str(message.person_id) in (alarm.veil or {}):
        return False
    if message.tries > 1 and messages.has_successor(session, message):
        return False
    if message.purpose in TELLS_OF_ALARM:
        return alarm.status == AlarmStatus.RAISED
    return alarm.is_open or message.purpose in SAID_AFTERWARDS


def mark(session: Session, order: Order, now: datetime, **changes: object) -> bool:
    """Store what became of a try, if this sender still holds the lease."""
    change = update(Message).where(Message.id == order.id, Message.lease_token == order.token)
    done = session.execute(change.values(lease_token=None, **changes))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def mark_accepted(
    session: Session, order: Order, now: datetime, name: str, sid: str | None
) -> None:
    """The gateway has it. An alarm whose fate nobody reports is asked after."""
    mark(
        session, order, now,
        status=Fate.ACCEPTED.value, provider=name, sid=sid, rank=1, handed_at=now,
        asking_since=None, checked_at=now + CONFIRM_AFTER if order.urgent else None,
    )  # fmt: skip


def mark_moot(session: Session, message_id: UUID, token: UUID, now: datetime) -> bool:
    """It no longer needs saying; returns whether this sender still held the lease."""
    done = session.execute(
        update(Message)
        .where(Message.id == message_id, Message.lease_token == token)
        .values(status=Fate.MOOT.value, final_at=now, lease_token=None)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def mark_for_later(
    session: Session, order: Order, now: datetime, *, doubtful: bool, code: str | None, why: str
) -> None:
    """Not handed over, or nobody knows: try again after a gap."""
    changes: dict[str, object] = {"asking_since": now} if doubtful else {}
    mark(
        session, order, now,
        status=Fate.PENDING.value, next_at=now + gap_after(order.tries), code=code, why=why[:300],
        **changes,
    )  # fmt: skip


def close_attempt(
    session: Session, order: Order, now: datetime, fate: str, code: str | None, sid: str | None
) -> None:
    """Write down what came of this try."""
    session.execute(
        update(Attempt)
        .where(Attempt.message_id == order.id, Attempt.n == order.tries, Attempt.ended_at.is_(None))
        .values(ended_at=now, fate=fate, code=code, sid=sid)
    )


def claim(
    session: Session, now: datetime, token: UUID, lease: timedelta, most: int, lanes: int = 99
) -> list[UUID]:
    """Lease up to `most` messages to one sender: alarms first, then the oldest alarm.

    A lease that ran out is taken over; whoever takes it over asks the gateway before re-sending.
    """
    ready = (
        select(Message.id)
        .outerjoin(Alarm, Alarm.id == Message.alarm_id)
        .where(
            Message.status.in_([Fate.PENDING.value, Fate.SENDING.value]),
            Message.next_at <= now,
            Message.lane <= lanes,
        )
        .order_by(
            Message.lane,
            func.coalesce(Alarm.raised_at, Message.decided_at),
            Message.decided_at,
            Message.id,
        )
        .limit(most)
        .with_for_update(of=Message, skip_locked=True)
    )
    ids = list(session.scalars(ready))
    if ids:
        taken = update(Message).where(Message.id.in_(ids))
        changes = taken.values(
            status=Fate.SENDING.value,
            lease_token=token,
            next_at=now + lease,
            tries=Message.tries + 1,
        )
        session.execute(changes.execution_options(synchronize_session=False))
    return ids


def unconfirmed(session: Session, now: datetime, most: int) -> Sequence[Message]:
    """Accepted alarm messages whose fate nobody reported; time to ask the gateway."""
    query = select(Message).where(Message.status == Fate.ACCEPTED.value, Message.checked_at <= now)
    return session.scalars(query.order_by(Message.checked_at).limit(most)).unique().all()


def sids_known(session: Session, to: str) -> set[str]:
    """Every id a gateway gave us for a message to this number."""
    query = (
        select(Attempt.sid)
        .join(Message, Message.id == Attempt.message_id)
        .where(Message.to == to, Attempt.sid.is_not(None))
    )
    return {sid for sid in session.scalars(query) if sid}


def first_doubtful_start(session: Session, message_id: UUID, before: int) -> datetime | None:
    """When the first earlier try began of which nobody knows whether the gateway took it."""
    query = select(func.min(Attempt.started_at)).where(
        Attempt.message_id == message_id,
        Attempt.n < before,
        or_(Attempt.fate.is_(None), Attempt.fate == "ambiguous"),
    )
    return session.scalar(query)


def concerned(session: Session, message_id: UUID) -> set[UUID]:
    """Whom a change of this message's fate may touch: its receiver and the worker it is about."""
    row = session.execute(
        select(Message.person_id, Alarm.worker_id)
        .outerjoin(Alarm, Alarm.id == Message.alarm_id)
        .where(Message.id == message_id)
    ).one()
    return {who for who in row if who is not None}
