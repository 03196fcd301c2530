"""Duty: ask after alarm messages whose fate nobody reported; silence is not delivery."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from server.acts.base import Turn, perform
from server.acts.fates import report_fate
from server.gateways.base import CannotAsk, Delivery, Fate, Gateway
from server.running import Running
from server.store import db, messages, outbox
from shared.states import Means

MOST = 20
AGAIN = timedelta(seconds=60)
GIVE_UP = timedelta(minutes=10)

log = structlog.get_logger()


def ask_after_silence(running: Running, now: datetime) -> int:
    """Ask the gateway about accepted alarms it never reported on; returns how many were asked."""
    gateway = next(iter(running.gateways), None)
    if gateway is None:
        return 0
    asked = db.read(
        lambda session: [(m.id, m.sid, m.handed_at) for m in outbox.unconfirmed(session, now, MOST)]
    )
    for message_id, sid, handed_at in asked:
        delivery = _ask(gateway, sid)
        later = None if handed_at is None or now - handed_at > GIVE_UP else now + AGAIN
        _store(running, message_id, delivery, later, now)
    return len(asked)


def _ask(gateway: Gateway, sid: str | None) -> Delivery | None:
    try:
        return gateway.fetch(sid) if sid else None
    except CannotAsk:
        return None


def _store(
    running: Running,
    message_id: UUID,
    delivery: Delivery | None,
    later: datetime | None,
    now: datetime,
) -> None:
    def act(turn: Turn) -> None:
        message = messages.message(turn.session, message_id)
        message.checked_at = later
        if delivery is not None:
            report_delivery(turn, message, delivery)

    def held(session: Session) -> set[UUID]:
        return outbox.concerned(session, message_id)

    perform(running.desk, act, now=now, by=Means.GATEWAY, lock=held)


def report_delivery(turn: Turn, message: messages.Message, delivery: Delivery) -> None:
    """Hand what a gateway says of a message to the act that weighs it."""
    report_fate(
        turn,
        message,
        rank=delivery.rank,
        final=delivery.final,
        failed=delivery.fate is not None,
        permanent=delivery.fate is Fate.PERMANENT,
        code=delivery.code,
        why=delivery.why,
        opted_out=delivery.opted_out,
    )
