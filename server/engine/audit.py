"""Duty: look for what must never be. A round that finds something is not reported as healthy."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.store import house, providers

SAID_EVERY_S = 60.0

SLACK = timedelta(seconds=10)
STUCK = timedelta(seconds=90)


def faults(session: Session, desk: Desk, now: datetime) -> list[str]:
    """What is broken, in plain words; empty when all is well (engines.md 4.8, I1 to I4)."""
    found = []
    slack = desk.in_life(SLACK)
    missed = house.unwatched_past_due(session, now - slack)
    if missed:
        found.append(f"{missed} open visits are past their time and have no alarm")
    behind = house.alarms_behind(session, now - slack)
    if behind:
        found.append(f"{behind} alarms are waiting for a step that is past")
    if providers.all_down_since(session) is not None:
        found.append("no way out works")
    elif house.stale_messages(session, now - desk.in_life(STUCK)):
        found.append("alarm messages have been waiting for over 90 seconds")
    return found


class Voice:
    """Says what is wrong when it begins, when it changes and once a minute, not in every round."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._at_s = 0.0

    def is_wanted(self, found: list[str], now_s: float) -> bool:
        """Whether this has to be said now; `now_s` on a clock that only goes on."""
        again = found != self._said or now_s - self._at_s >= SAID_EVERY_S
        if found and again:
            self._at_s = now_s
        self._said = list(found)
        return bool(found) and again
