"""What the log adds up to, for some teams and a span of time. Nobody's name is in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from server.store.alarms import Alarm
from server.store.history import is_late
from server.store.messages import Message, Purpose
from server.store.people import Person
from server.store.visits import Visit
from shared.states import VisitStatus

HOUR_S = 3600
QUARTER_S = 900
AFTERWARDS = (Purpose.STAND_DOWN.value, Purpose.NOTICE.value)
"""What is sent once something has ended. Not counted: where it ended for one person's eyes only, it
is not sent, and her figures must not tell (P4)."""
BEGUN = (VisitStatus.OPEN.value, VisitStatus.CLOSED.value)


@dataclass(frozen=True)
class Extent:
    """Which teams of an organisation, from when to when (`until` is not in it)."""

    org_id: UUID
    teams: frozenset[UUID]
    since: datetime
    until: datetime
    now: datetime


class Slot(NamedTuple):
    """The visits that began within one hour (or quarter of an hour)."""

    at: datetime
    visits: int
    late: int


class AlarmFact(NamedTuple):
    """What is counted of one alarm."""

    id: UUID
    kind: str
    outcome: str | None
    raised_at: datetime
    first_owned_at: datetime | None
    resolved_at: datetime | None


class Fates(NamedTuple):
    """How many messages by one way came to one end."""

    way: str
    status: str
    number: int


def _teams(model: type[Visit] | type[Alarm], extent: Extent) -> ColumnElement[bool]:
    """One team by its own index; several by the organisation's, which is in order of time."""
    if len(extent.teams) == 1:
        return model.team_id == next(iter(extent.teams))
    return func.coalesce(model.team_id, model.org_id).in_(extent.teams)


def slots(
    session: Session, extent: Extent, size_s: int, but: Collection[UUID] = ()
) -> Sequence[Slot]:
    """The visits begun in each slot of so many seconds; slots without any are left out."""
    slot = _slot(session, size_s)
    late = func.sum(case((is_late(extent.now), 1), else_=0))
    query = (
        select(slot, func.count(), late)
        .where(
            Visit.org_id == extent.org_id,
            _teams(Visit, extent),
            Visit.starts_at >= extent.since,
            Visit.starts_at < extent.until,
            Visit.status.in_(BEGUN),
        )
        .group_by(slot)
        .order_by(slot)
    )
    if but:
        query = query.where(Visit.id.not_in(but))
    return [
        Slot(datetime.fromtimestamp(int(n) * size_s, UTC), int(visits), int(late or 0))
        for n, visits, late in session.execute(query)
    ]


def _slot(session: Session, size_s: int) -> ColumnElement[Any]:
    """Which slot since 1970 a visit began in."""
    if session.get_bind().dialect.name == "sqlite":
        per_slot = size_s * 1_000_000
        return cast(Visit.starts_at, BigInteger).op("/")(per_slot)
    # As floats: with a whole number it would be divided in numeric, which takes twice as long.
    return func.floor(func.date_part("epoch", Visit.starts_at).op("/")(cast(size_s, Double)))


def alarm_facts(
    session: Session, extent: Extent, but: Collection[UUID] = ()
) -> Sequence[AlarmFact]:
    """The alarms raised, oldest first; `but` are left out."""
    query = select(
        Alarm.id,
        Alarm.kind,
        Alarm.outcome,
        Alarm.raised_at,
        Alarm.first_owned_at,
        Alarm.resolved_at,
    ).where(
        Alarm.org_id == extent.org_id,
        _teams(Alarm, extent),
        Alarm.raised_at >= extent.since,
        Alarm.raised_at < extent.until,
    )
    if but:
        query = query.where(Alarm.id.not_in(but))
    return [AlarmFact(*row) for row in session.execute(query.order_by(Alarm.raised_at, Alarm.id))]


def fates(
    session: Session, extent: Extent, hidden: Mapping[UUID, datetime] | None = None
) -> Sequence[Fates]:
    """The messages about visits that were decided in the span, but for AFTERWARDS, by way and by
    what became of them; what was said of `hidden` alarms from a moment on is left out."""
    query = (
        select(Message.way, Message.status, func.count())
        .where(
            Message.org_id == extent.org_id,
            Message.visit_id.is_not(None),
            func.coalesce(Message.team_id, Message.org_id).in_(extent.teams),
            Message.decided_at >= extent.since,
            Message.decided_at < extent.until,
            Message.purpose.not_in(AFTERWARDS),
        )
        .group_by(Message.way, Message.status)
    )
    for alarm_id, since in (hidden or {}).items():
        said = and_(Message.alarm_id == alarm_id, Message.decided_at >= since)
        query = query.where(or_(Message.alarm_id.is_(None), ~said))
    return [Fates(*row) for row in session.execute(query)]


def count_workers(session: Session, extent: Extent) -> int:
    """How many people were out in the span: each of them is looked for until one visit is found."""
    out = exists().where(
        Visit.worker_id == Person.id,
        func.coalesce(Visit.team_id, Visit.org_id).in_(extent.teams),
        Visit.starts_at >= extent.since,
        Visit.starts_at < extent.until,
        Visit.status.in_(BEGUN),
    )
    query = select(func.count()).select_from(Person).where(Person.org_id == extent.org_id, out)
    return session.scalar(query) or 0


def overdue_since(session: Session, worker_id: UUID, since: datetime) -> Sequence[Alarm]:
    """Her overdue alarms raised since then, oldest first."""
    query = select(Alarm).where(
        Alarm.worker_id == worker_id, Alarm.kind == "overdue", Alarm.raised_at >= since
    )
    return session.scalars(query.order_by(Alarm.raised_at, Alarm.id)).unique().all()
