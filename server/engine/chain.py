"""Duty: chain what was written since (P9). Not in the hot path: nobody waits for it."""

from functools import partial
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.clock import monotonic_s
from server.store import chain, db

AT_ONCE = 200
BUDGET_S = 0.25

log = structlog.get_logger()


def chain_new(desk: Desk, budget_s: float = BUDGET_S) -> int:
    """Chain every entry that waits, or as many as the time allows; returns how many.

    A chain that was tampered with is left as it is, for `verify-log` to find, and the other
    organisations' go on.
    """
    until_s, done = monotonic_s() + budget_s, 0
    for org_id in db.read(chain.waiting_organisations):
        try:
            done += _chain_one(desk, org_id, until_s)
        except chain.BrokenHead as broken:
            log.error("log_tampered_with", why=str(broken))
    return done


def _chain_one(desk: Desk, org_id: UUID, until_s: float) -> int:
    done, last = 0, AT_ONCE
    while last == AT_ONCE and monotonic_s() < until_s:
        last = db.write(partial(_extend, org_id=org_id, desk=desk))
        done += last
    return done


def _extend(session: Session, org_id: UUID, desk: Desk) -> int:
    return chain.extend(session, org_id, desk.keys.seal, AT_ONCE)
