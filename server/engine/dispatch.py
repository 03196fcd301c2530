"""Duty: hand messages over. Lease, ask if in doubt, send, mark; no call inside a transaction."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from server.acts.base import Turn, perform
from server.acts.fates import report_fate
from server.gateways.base import CannotAsk, Fate, Gateway, Handover
from server.points import reach
from server.running import Running
from server.store import db, messages, outbox, providers
from server.store.outbox import Order
from shared.states import Means

LEASE = timedelta(seconds=45)
SKEW = timedelta(seconds=60)
MOST_AT_ONCE = 32
GIVE_UP_AFTER = 6
STATUS_PATH = "/hooks/twilio/message-status"
PROVIDER_TROUBLE = ("20", "429", "5")
FINAL_RANK = 5

log = structlog.get_logger()


class Dispatcher:
    """Keeps up to `senders` messages in flight; takes more as soon as one is done."""

    def __init__(self, app: Flask, running: Running) -> None:
        self._app = app
        self._running = running
        self._pool = ThreadPoolExecutor(running.settings.senders, thread_name_prefix="sender")
        self._lock = threading.Lock()
        self._in_flight = 0
        self._healthy: dict[str, datetime] = {}

    @property
    def in_flight(self) -> int:
        """How many messages are being handed over now."""
        return self._in_flight

    def stop(self, timeout_s: float) -> None:
        """Take no more; what is in flight keeps its lease and is finished or taken over."""
        self._pool.shutdown(wait=timeout_s > 0, cancel_futures=True)

    def send_due(self, now: datetime) -> int:
        """Lease what may go now and hand it to the senders; returns how many."""
        gateway = self._gateway()
        room = min(self._running.settings.senders - self._in_flight, MOST_AT_ONCE)
        if gateway is None or room <= 0:
            return 0
        token = uuid4()
        ids = db.write(lambda session: self._lease(session, gateway, now, token, room))
        if ids:
            reach("dispatch.claimed")
        with self._lock:
            self._in_flight += len(ids)
        for message_id in ids:
            self._pool.submit(self._send, gateway, message_id, token)
        return len(ids)

    def _gateway(self) -> Gateway | None:
        return next(iter(self._running.gateways), None)

    def _lease(
        self, session: Session, gateway: Gateway, now: datetime, token: UUID, room: int
    ) -> list[UUID]:
        health = providers.provider(session, gateway.name)
        allowed = providers.room_for(health, now, room)
        if allowed == 0:
            return []
        if health.down_since is not None:
            health.next_probe_at = now + providers.gap_after(health.failures)
        lease = self._running.desk.in_life(LEASE)
        return outbox.take(session, now, token, lease, allowed, gateway.name)

    def _send(self, gateway: Gateway, message_id: UUID, token: UUID) -> None:
        try:
            with self._app.app_context():
                self._send_one(gateway, message_id, token)
        except Exception:
            log.exception("sender_failed", message=str(message_id))
        finally:
            with self._lock:
                self._in_flight -= 1

    def _send_one(self, gateway: Gateway, message_id: UUID, token: UUID) -> None:
        now = self._running.clock.now()
        order = db.read(lambda session: outbox.order_for(session, message_id, token, now))
        if order is None:
            db.write(lambda session: _moot(session, gateway, message_id, token, now))
            return
        reach("dispatch.before_call")
        handover = self._find_again(gateway, order) or gateway.send_text(
            order.to, order.body, self._callback(), order.urgent
        )
        reach("dispatch.after_call")
        self._store(gateway, order, handover)
        reach("dispatch.recorded")

    def _callback(self) -> str:
        return self._running.settings.public_url + STATUS_PATH

    def _find_again(self, gateway: Gateway, order: Order) -> Handover | None:
        """A try that is in doubt is asked after before it is repeated (P3)."""
        if order.doubtful_since is None:
            return None
        try:
            since = order.doubtful_since - SKEW
            sid = gateway.find_text(order.to, order.body, since, order.known_sids)
        except CannotAsk:
            return None
        return Handover(Fate.ACCEPTED, sid, None, "found at the gateway") if sid else None

    def _store(self, gateway: Gateway, order: Order, handover: Handover) -> None:
        now = self._running.clock.now()
        if handover.fate is Fate.ACCEPTED:
            db.write(lambda session: self._accepted(session, gateway, order, handover, now))
        elif self._is_final(order, handover):
            self._failed(order, handover, now)
        else:
            db.write(lambda session: _later(session, gateway, order, handover, now))

    def _accepted(
        self, session: Session, gateway: Gateway, order: Order, handover: Handover, now: datetime
    ) -> None:
        outbox.close_attempt(session, order, now, handover.fate, None, handover.sid)
        outbox.mark_accepted(session, order, now, gateway.name, handover.sid)
        last = self._healthy.get(gateway.name)
        if last is None or now - last > timedelta(seconds=10) or _was_down(session, gateway):
            providers.note_success(session, gateway.name, now)
            self._healthy[gateway.name] = now

    @staticmethod
    def _is_final(order: Order, handover: Handover) -> bool:
        if handover.fate is Fate.PERMANENT:
            return True
        bounded = handover.fate is Fate.TEMPORARY and not is_provider_trouble(handover)
        return bounded and order.tries >= GIVE_UP_AFTER

    def _failed(self, order: Order, handover: Handover, now: datetime) -> None:
        held = {order.person_id} | ({order.worker_id} if order.worker_id else set())
        perform(
            self._running.desk,
            lambda turn: _fail(turn, order, handover),
            now=now,
            by=Means.GATEWAY,
            lock=lambda _: held,
        )


def is_provider_trouble(handover: Handover) -> bool:
    """Whether the way out itself is at fault, and not this number: no answer, or a 429 or 5xx."""
    return handover.code is None or handover.code.startswith(PROVIDER_TROUBLE)


def _was_down(session: Session, gateway: Gateway) -> bool:
    return providers.provider(session, gateway.name).failures > 0


def _moot(session: Session, gateway: Gateway, message_id: UUID, token: UUID, now: datetime) -> None:
    if outbox.mark_moot(session, message_id, token, now):
        providers.give_back_probe(session, gateway.name, now)


def _later(
    session: Session, gateway: Gateway, order: Order, handover: Handover, now: datetime
) -> None:
    outbox.close_attempt(session, order, now, handover.fate, handover.code, None)
    doubtful = handover.fate is Fate.AMBIGUOUS
    outbox.mark_for_later(
        session, order, now, doubtful=doubtful, code=handover.code, why=handover.why
    )
    account_wide = handover.fate is Fate.ACCOUNT
    if account_wide or is_provider_trouble(handover):
        providers.note_failure(
            session, gateway.name, now, account_wide=account_wide, why=handover.why
        )


def _fail(turn: Turn, order: Order, handover: Handover) -> None:
    outbox.close_attempt(turn.session, order, turn.now, handover.fate, handover.code, None)
    message = messages.message(turn.session, order.id)
    if message.lease_token != order.token:
        return
    message.lease_token = None
    report_fate(
        turn,
        message,
        rank=FINAL_RANK,
        final=True,
        failed=True,
        permanent=True,
        code=handover.code,
        why=handover.why,
        opted_out=handover.opted_out,
    )
