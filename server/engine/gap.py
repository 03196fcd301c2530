"""Duty: notice that the house was away, say so in the log, and be gentle with what fell due (P1).

A forward step of the clock looks the same from here and is treated the same.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.acts.base import Desk, record
from server.acts.climbing import next_look, quiet_of
from server.acts.reminding import soften
from server.engine.due import engine_turn
from server.store import db, due, roster
from server.store.house import the_house

WRITTEN_DOWN = timedelta(seconds=15)
NUDGED_FIRST = timedelta(seconds=60)


def mind_the_gap(desk: Desk, now: datetime) -> timedelta | None:
    """If no round of any engine was finished for long, say so once; returns how long it was."""

    def transaction(session: Session) -> timedelta | None:
        house = the_house(session, lock=True)
        since = house.round_at
        house.round_at = max(now, since) if since else now
        if since is None or now - since <= desk.in_life(WRITTEN_DOWN):
            return None
        turn = engine_turn(session, desk, now)
        for org_id in roster.organisation_ids(session):
            ends = now.isoformat()
            record(turn, "gap", org_id=org_id, since=since.isoformat(), until=ends)
        if now - since > desk.in_life(NUDGED_FIRST):
            for visit in due.fell_due(session, since, now):
                soften(turn, visit)
            for alarm in due.owned_until(session, since, now):
                alarm.owner_until, alarm.owner_asked_at = now + quiet_of(alarm) / 2, None
                alarm.next_at = next_look(alarm)
        return now - since

    return db.write(transaction)
