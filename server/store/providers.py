"""The health of each way out, shared by every engine."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import String, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store.db import Base
from server.store.messages import Fate, Message
from server.store.types import Instant

GAPS_S = (2, 5, 10, 20)
DOWN_AFTER = 3


class Provider(Base):
    """The health of one way out, shared by every engine."""

    __tablename__ = "providers"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    down_since: Mapped[datetime | None] = mapped_column(Instant)
    next_probe_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)
    account_wide: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str | None] = mapped_column(String(300))
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)


def gap_after(tries: int) -> timedelta:
    """How long to wait before the next try: 2, 5, 10, 20 s, then every 20 s (design 3.14)."""
    return timedelta(seconds=GAPS_S[min(tries, len(GAPS_S)) - 1])


def provider(session: Session, name: str) -> Provider:
    """The health row of a provider; a new one is healthy, however many meet it at once."""
    found = session.get(Provider, name)
    if found is not None:
        return found
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = insert(Provider).values(name=name, failures=0, account_wide=False)
    session.execute(new.on_conflict_do_nothing())
    return session.get_one(Provider, name)


class Health(NamedTuple):
    """How many ways out were ever tried, how many of them are down, and how many failed last."""

    tried: int
    down: int
    failing: int


HEALTH = (
    select(func.count(Provider.name)).scalar_subquery(),
    select(func.count(Provider.down_since)).scalar_subquery(),
    select(func.count(Provider.name)).where(Provider.failures > 0).scalar_subquery(),
)
"""The columns of `Health`, for whichever statement wants to know."""
_HEALTH = select(*HEALTH)


def health(session: Session) -> Health:
    """How every provider that was ever tried is."""
    return Health._make(session.execute(_HEALTH).one())


def all_down_since(session: Session) -> datetime | None:
    """Since when no way out has worked; None while one does, or none was ever tried."""
    since = list(session.scalars(select(Provider.down_since)))
    down = [at for at in since if at is not None]
    return max(down) if down and len(down) == len(since) else None


def note_failure(
    session: Session, name: str, now: datetime, *, account_wide: bool, why: str
) -> None:
    """The way out itself failed; after three in a row, or one account-wide, it counts as down."""
    health = provider(session, name)
    health.failures += 1
    health.why = why[:300]
    health.account_wide = account_wide
    if account_wide or health.failures >= DOWN_AFTER:
        health.down_since = health.down_since or now
        health.next_probe_at = now + gap_after(health.failures)


def note_success(session: Session, name: str, now: datetime) -> None:
    """The way out works. If it was down, everything waiting may go at once, alarms first."""
    health = provider(session, name)
    was_down = health.down_since is not None
    health.failures, health.down_since, health.next_probe_at = 0, None, None
    health.account_wide, health.why, health.accepted_at = False, None, now
    if was_down:
        session.execute(
            update(Message)
            .where(Message.status == Fate.PENDING.value, Message.next_at > now)
            .values(next_at=now)
        )


def give_back_probe(session: Session, name: str, now: datetime) -> None:
    """A probe was spent on what no longer needs saying, so none was made: the next may go now."""
    health = provider(session, name)
    if health.down_since is not None:
        health.next_probe_at = now


def room_for(health: Provider | None, now: datetime, wanted: int) -> int:
    """How many messages may be tried now: all, or while it is down one probe at a time."""
    if health is None or health.down_since is None:
        return wanted
    due = health.next_probe_at is None or health.next_probe_at <= now
    return min(wanted, 1) if due else 0
