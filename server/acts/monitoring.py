"""Whether an alarm could be raised and sent now: one judgement for phones, pages, texts, doctor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.store import house, providers
from server.store.providers import Health
from shared.states import WayOut

ALIVE_WITHIN = timedelta(seconds=10)


@dataclass(frozen=True)
class Monitoring:
    """`alive`: an engine finished a round lately; `lag_s`: how far decisions are behind."""

    alive: bool
    lag_s: float
    way_out: WayOut


def is_alive(desk: Desk, round_at: datetime | None, now: datetime) -> bool:
    """Whether an engine has finished a round lately; `round_at`: its last."""
    return round_at is not None and now - round_at <= desk.in_life(ALIVE_WITHIN)


def judge(session: Session, desk: Desk, now: datetime) -> Monitoring:
    """How the house stands at `now`; raises what the database raises where it is away."""
    alive = is_alive(desk, house.the_house(session).round_at, now)
    lag_s = house.soonest(session).lag_s(now)
    return Monitoring(alive, round(lag_s, 3), way_out(desk, providers.health(session)))


def way_out(desk: Desk, health: Health) -> WayOut:
    """Whether alarms can leave the house.

    `none`: every provider refuses account-wide, or is down and has accepted nothing since; so too
    in a rehearsal, and where no way is set up. `degraded`: one of several is down, or the last try
    failed: a single failure is repeated within seconds and is no outage yet.
    """
    if desk.rehearsal or not desk.ways:
        return WayOut.NONE
    if health.tried and health.down == health.tried:
        return WayOut.NONE
    return WayOut.DEGRADED if health.failing else WayOut.OK
