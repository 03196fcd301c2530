"""Duty: whatever the time has come for, in small transactions, one bad row at a time."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from server.acts.base import Desk, Turn
from server.acts.climbing import climb_alarm
from server.acts.reminding import look_at
from server.points import reach
from server.store import db, due
from shared.states import Means

BATCH = 100
POISON_REST = timedelta(seconds=30)

log = structlog.get_logger()


class Due(Protocol):
    """A row that wants the engine at `next_at`."""

    id: Any
    next_at: Any


Row = TypeVar("Row", bound=Due)


def engine_turn(session: Session, desk: Desk, now: datetime) -> Turn:
    """A turn in which nobody acts but the time."""
    return Turn(session, desk, now, now, Means.ENGINE)


def look_at_visits(desk: Desk, now: datetime) -> int:
    """Warn, nudge and raise for up to one batch of visits; returns how many were due."""
    return _do(desk, now, due.due_visits, look_at, "visits")


def climb_alarms(desk: Desk, now: datetime) -> int:
    """Take the next steps of up to one batch of alarms; returns how many were due."""
    return _do(desk, now, due.due_alarms, climb_alarm, "alarms")


def _do(
    desk: Desk,
    now: datetime,
    find: Callable[[Session, datetime, int], Sequence[Row]],
    act: Callable[[Turn, Row], None],
    what: str,
) -> int:
    def transaction(session: Session) -> int:
        rows = find(session, now, BATCH)
        turn = engine_turn(session, desk, now)
        for row in rows:
            _apart(turn, row, act, what)
        reach(f"{what}.before_commit")
        return len(rows)

    done = db.write(transaction)
    if done:
        reach(f"{what}.after_commit")
    return done


def _apart(turn: Turn, row: Row, act: Callable[[Turn, Row], None], what: str) -> None:
    """One row in a savepoint of its own: a fault in it is set aside, and the others go on.

    Where the database is at fault, and not the row, the whole batch is tried again.
    """
    row_id: UUID = row.id
    try:
        with turn.session.begin_nested():
            act(turn, row)
    except Exception as fault:
        if db.is_passing(fault):
            raise
        log.exception("set_aside", what=what, id=str(row_id))
        with contextlib.suppress(Exception):
            row.next_at = turn.now + POISON_REST
            turn.session.flush()
