"""Answers that were given, so that the same request is answered the same (P6).

`retention` forgets them after 30 days.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.alarms import Alarm
from server.store.house import Request


def answer_to(session: Session, person_id: UUID, request_id: UUID) -> Request | None:
    """The answer this person was given under this id. Read it with her row locked: whoever sends
    the same request at the same moment waits for that lock and then finds it here."""
    return session.get(Request, (person_id, request_id))


def keep_answer(session: Session, answer: Request) -> None:
    """Store the answer with what it answers for, in one transaction."""
    session.add(answer)


def alarm_joined(session: Session, person_id: UUID, request_id: UUID) -> Alarm | None:
    """The SOS of hers that this person's request joined."""
    query = (
        select(Alarm)
        .join(Request, Request.alarm_id == Alarm.id)
        .where(Request.person_id == person_id, Request.request_id == request_id)
    )
    return session.scalars(query).unique().one_or_none()
