"""A fingerprint of everything a board is made of, read together with whoever asks for it."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, bindparam, func, select
from sqlalchemy.orm import Session, contains_eager

from server.store.house import House
from server.store.log import Entry
from server.store.people import Person
from server.store.providers import HEALTH, Health
from server.store.sessions import WebSession

LATE_COMERS = 500
"""How many entries the fingerprint adds up: on PostgreSQL one may be stored after a later one."""


def _pulse_of(org_id: SQLColumnExpression[UUID]) -> tuple[ColumnElement[Any], ...]:
    """See `Pulse`: its columns, for the organisation of a statement around them."""
    latest = select(Entry.id).where(Entry.org_id == org_id).order_by(Entry.id.desc())
    last = latest.limit(LATE_COMERS).correlate(Person).subquery()
    return (
        latest.limit(1).correlate(Person).scalar_subquery(),
        select(func.sum(last.c.id)).scalar_subquery(),
        select(House.round_at).where(House.id == 1).scalar_subquery(),
        *HEALTH,
    )


class Pulse(NamedTuple):
    """What a board is made of. The first two change whenever anything is written into its
    organisation's log: the last entry, and the sum of the last ones' numbers. Every change of a
    visit or an alarm is in the log (P9). The third: when an engine was last round; the rest: how
    the ways out are."""

    newest: int | None
    total: int | None
    round_at: datetime | None
    tried: int
    down: int
    failing: int

    @property
    def health(self) -> Health:
        """How the ways out are."""
        return Health(self.tried, self.down, self.failing)


_POLLED = (
    select(WebSession, *_pulse_of(Person.org_id))
    .join(WebSession.person)
    .options(contains_eager(WebSession.person))
    .where(WebSession.secret_hash == bindparam("secret_hash"))
)


def polled(session: Session, secret_hash: str) -> tuple[WebSession, Pulse] | None:
    """The sign-in with this cookie, whatever it is worth, and the pulse of its organisation: one
    statement, because every open board asks it again and again."""
    found = session.execute(_POLLED, {"secret_hash": secret_hash}).unique().one_or_none()
    return (found[0], Pulse._make(found[1:])) if found is not None else None
