"""Counts for whoever watches the service from outside; nobody's name or place is in them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.store.alarms import Alarm
from server.store.messages import Fate, Message
from server.store.visits import Visit
from shared.states import AlarmStatus, VisitStatus


def open_visits(session: Session) -> int:
    """How many visits are being watched."""
    query = select(func.count()).select_from(Visit).where(Visit.status == VisitStatus.OPEN.value)
    return session.scalar(query) or 0


def open_alarms(session: Session) -> dict[str, int]:
    """How many alarms need somebody, and how many have somebody."""
    query = (
        select(Alarm.status, func.count())
        .where(Alarm.status != AlarmStatus.RESOLVED.value)
        .group_by(Alarm.status)
    )
    return {str(status): count for status, count in session.execute(query)}


def unsent_messages(session: Session) -> int:
    """How many messages have not been handed over."""
    query = (
        select(func.count())
        .select_from(Message)
        .where(Message.status.in_([Fate.PENDING.value, Fate.SENDING.value]))
    )
    return session.scalar(query) or 0
