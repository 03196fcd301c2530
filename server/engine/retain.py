"""Duty, once a day: delete what is no longer needed, and say so in the log."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from server.acts.base import Desk, record
from server.clock import monotonic_s
from server.engine.due import engine_turn
from server.store import chain, db, retention, roster
from server.store.retention import Limits, Old

FOUND_AT_ONCE = 20_000
CHANGED_AT_ONCE = 250
BUDGET_S = 60.0

T = TypeVar("T")

log = structlog.get_logger()


def retain(desk: Desk, now: datetime) -> bool:
    """Delete what is out of date, in many short transactions; False if time ran out before the end.

    May take a minute: never to be run in the round itself. What is left is done the next time.
    """
    until_s = monotonic_s() + BUDGET_S

    def may_go_on() -> bool:
        return monotonic_s() < until_s

    for org_id in db.read(roster.organisation_ids):
        _retain_organisation(desk, org_id, now, may_go_on)
    for old in retention.everything_old(now):
        _clear(old, may_go_on)
    if not may_go_on():
        log.warning("retention_unfinished")
    return may_go_on()


def _retain_organisation(
    desk: Desk, org_id: UUID, now: datetime, may_go_on: Callable[[], bool]
) -> None:
    limit = db.read(partial(retention.limits, org_id=org_id, now=now))
    find = partial(retention.outdated_parts, org_id=org_id, limit=limit, most=FOUND_AT_ONCE)
    found = db.read(find)
    rest = [
        old for old in retention.old_of(org_id, limit, now) if db.read(partial(old.find, most=1))
    ]
    announce = partial(_announce, desk=desk, org_id=org_id, limit=limit, now=now)
    if not (found or rest) or not db.write(announce):
        return
    _delete_parts(find, found, may_go_on)
    for old in rest:
        _clear(old, may_go_on)


def _delete_parts(
    find: Callable[[Session], Sequence[int]], found: Sequence[int], may_go_on: Callable[[], bool]
) -> None:
    while found and may_go_on():
        for ids in _in_parts(found):
            db.write(partial(retention.delete_parts, ids=ids))
        found = db.read(find)


def _announce(session: Session, desk: Desk, org_id: UUID, limit: Limits, now: datetime) -> bool:
    """Say it in the log before it is done, so that nothing is ever missing without a word.

    Returns False where another engine is at this organisation's log.
    """
    if chain.locked_head(session, org_id) is None:
        return False
    record(
        engine_turn(session, desk, now),
        retention.RETENTION,
        org_id=org_id,
        before=limit.before.isoformat(),
        alarms_before=limit.alarms_before.isoformat(),
    )
    return True


def _clear(old: Old, may_go_on: Callable[[], bool]) -> None:
    find = partial(old.find, most=FOUND_AT_ONCE)
    found = db.read(find)
    while found and may_go_on():
        for keys in _in_parts(found):
            db.write(partial(old.clear, keys=keys))
        found = db.read(find)


def _in_parts(found: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(found), CHANGED_AT_ONCE):
        yield found[start : start + CHANGED_AT_ONCE]
