"""What the fate of one message is weighed against: its other tries, ways and successors."""

from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from server.store.messages import Fate, Message
from server.store.outbox import Attempt, concerned


def lock_by_sid(session: Session, provider: str, sid: str) -> Message | None:
    """The message a gateway knows by `sid`, by its newest try or an earlier one, and locked."""
    tries = select(Attempt.message_id).where(Attempt.provider == provider, Attempt.sid == sid)
    query = (
        select(Message)
        .where(or_((Message.provider == provider) & (Message.sid == sid), Message.id.in_(tries)))
        .with_for_update(of=Message)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).unique().first()


def id_of_sid(session: Session, provider: str, sid: str) -> UUID | None:
    """Which message a gateway means by `sid`; None where it is none of ours."""
    own = select(Message.id).where(Message.provider == provider, Message.sid == sid)
    tries = select(Attempt.message_id).where(Attempt.provider == provider, Attempt.sid == sid)
    return session.scalar(own.union(tries).limit(1))


def touched(session: Session, provider: str, sid: str) -> set[UUID]:
    """Whom a report on this message may touch."""
    known = id_of_sid(session, provider, sid)
    return concerned(session, known) if known is not None else set()


def is_any_in_flight(session: Session) -> bool:
    """Whether some message is with a gateway and its sid may not be stored yet."""
    query = select(exists().where(Message.status == Fate.SENDING.value))
    return bool(session.scalar(query))


def times_handed_over(session: Session, message_id: UUID) -> int:
    """How often a gateway took this message."""
    query = select(func.count()).where(Attempt.message_id == message_id, Attempt.sid.is_not(None))
    return session.scalar(query) or 0


def ways_beside(session: Session, message: Message) -> set[str]:
    """The ways by which this person was told the same thing, in this step or since."""
    query = select(Message.way).where(
        Message.person_id == message.person_id,
        Message.purpose == message.purpose,
        Message.alarm_id == message.alarm_id,
        Message.visit_id == message.visit_id,
        Message.decided_at >= message.decided_at,
    )
    return set(session.scalars(query))
