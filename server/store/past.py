"""What happened in a team lately: alarms that are over, and visits that were closed late."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.store.alarms import Alarm
from server.store.messages import TELLS_OF_ALARM, Message
from server.store.visits import Visit
from shared.states import VisitStatus


def alarms_since(session: Session, team_id: UUID, since: datetime, most: int) -> Sequence[Alarm]:
    """A team's alarms raised since then, the newest first."""
    query = select(Alarm).where(Alarm.team_id == team_id, Alarm.raised_at >= since)
    query = query.order_by(Alarm.raised_at.desc(), Alarm.id).limit(most)
    return session.scalars(query).unique().all()


def messages_of(session: Session, alarm_ids: Collection[UUID]) -> dict[UUID, list[Message]]:
    """What was decided to be sent about each of these alarms to tell somebody, oldest first."""
    query = select(Message).where(
        Message.alarm_id.in_(alarm_ids),
        Message.purpose.in_([purpose.value for purpose in TELLS_OF_ALARM]),
    )
    found: dict[UUID, list[Message]] = {}
    for message in session.scalars(query.order_by(Message.decided_at, Message.id)).unique():
        if message.alarm_id is not None:
            found.setdefault(message.alarm_id, []).append(message)
    return found


def closed_late(session: Session, team_id: UUID, since: datetime, most: int) -> Sequence[Visit]:
    """A team's visits closed after they were due and without any alarm, the newest first."""
    alarmed = exists().where(Alarm.visit_id == Visit.id)
    query = select(Visit).where(
        Visit.team_id == team_id,
        Visit.status == VisitStatus.CLOSED.value,
        Visit.starts_at >= since,
        Visit.closed_at > Visit.due_at,
        ~alarmed,
    )
    query = query.order_by(Visit.starts_at.desc(), Visit.id).limit(most)
    return session.scalars(query).unique().all()
