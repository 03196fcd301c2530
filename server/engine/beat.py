"""Duty: say that a round was finished, and whether it may be believed (design 3.6)."""

import os
import socket
from datetime import datetime, timedelta
from uuid import UUID

import requests
import structlog
from sqlalchemy.orm import Session

from server.acts.base import Desk, record
from server.clock import monotonic_s
from server.engine.due import engine_turn
from server.store import db, house, providers, roster
from server.store.house import Beat, House

WAY_OUT_LOST = timedelta(seconds=60)
HEARTBEAT_EVERY_S = 60.0
HEARTBEAT_TIMEOUT_S = 5.0

log = structlog.get_logger()


def beat(desk: Desk, engine_id: UUID, now: datetime, version: str, behind_s: float) -> float:
    """Store this engine's beat and return how far decisions are behind, in seconds."""

    def transaction(session: Session) -> float:
        lag_s = house.soonest(session).lag_s(now)
        own = session.get(Beat, engine_id)
        if own is None:
            own = Beat(
                engine_id=engine_id,
                host=socket.gethostname(),
                pid=os.getpid(),
                version=version,
                started_at=now,
            )
            session.add(own)
        own.beat_at, own.lag_s, own.clock_behind_s = now, lag_s, behind_s
        row = house.the_house(session, lock=True)
        row.round_at = max(now, row.round_at) if row.round_at else now
        _mind_ways_out(session, desk, row, now)
        return lag_s

    return db.write(transaction)


def _mind_ways_out(session: Session, desk: Desk, row: House, now: datetime) -> None:
    """P9: a time in which no alarm could leave the house is written into the log by itself."""
    lost = providers.all_down_since(session)
    if row.way_out_lost_at is None and lost is not None and now - lost >= WAY_OUT_LOST:
        row.way_out_lost_at = lost
        _write_down(session, desk, now, "way_out_lost", lost)
    elif row.way_out_lost_at is not None and lost is None:
        _write_down(session, desk, now, "way_out_back", row.way_out_lost_at)
        row.way_out_lost_at = None


def _write_down(session: Session, desk: Desk, now: datetime, what: str, since: datetime) -> None:
    turn = engine_turn(session, desk, now)
    for org_id in roster.organisation_ids(session):
        record(turn, what, org_id=org_id, since=since.isoformat(), until=now.isoformat())


class Heartbeat:
    """Tells an outside watchdog that all is well, only after a round that passed its own audit."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._sent_s: float | None = None

    def all_is_well(self) -> None:
        """Fetch the address, at most every 60 s; a failure is logged and changes nothing."""
        now_s = monotonic_s()
        if self._url is None or (
            self._sent_s is not None and now_s - self._sent_s < HEARTBEAT_EVERY_S
        ):
            return
        self._sent_s = now_s
        try:
            requests.get(self._url, timeout=HEARTBEAT_TIMEOUT_S)
        except requests.RequestException as fault:
            log.warning("heartbeat_failed", why=type(fault).__name__)
