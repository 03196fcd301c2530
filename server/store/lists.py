"""What phones list: many visits or alarms at once, in a handful of statements."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from server.store.alarms import Alarm, Told
from server.store.log import Entry
from server.store.namesakes import had_it_first
from server.store.people import Person
from server.store.visits import Visit, Watching
from shared.states import AlarmKind, AlarmStatus, VisitStatus

SOON = timedelta(hours=24)


class Place(NamedTuple):
    """Where a page of a list ended: the next begins after it."""

    at: datetime
    id: UUID


def own_visits(
    session: Session,
    worker_id: UUID,
    wanted: Collection[VisitStatus],
    veiled: Collection[UUID],
    span: tuple[datetime | None, datetime | None],
    after: Place | None,
    most: int,
) -> Sequence[Visit]:
    """Her visits of these statuses that start within the span, the newest first.

    `veiled` are closed as far as she may know, whatever everybody else sees.
    """
    query = select(Visit).where(Visit.worker_id == worker_id, _visit_status(wanted, veiled))
    since, until = span
    if since is not None:
        query = query.where(Visit.starts_at >= since)
    if until is not None:
        query = query.where(Visit.starts_at < until)
    if after is not None:
        here = and_(Visit.starts_at == after.at, Visit.id < after.id)
        query = query.where(or_(Visit.starts_at < after.at, here))
    query = query.order_by(Visit.starts_at.desc(), Visit.id.desc()).limit(most)
    return session.scalars(query).unique().all()


def _visit_status(wanted: Collection[VisitStatus], veiled: Collection[UUID]) -> ColumnElement[bool]:
    real = Visit.status.in_([status.value for status in wanted]) & Visit.id.not_in(veiled)
    if VisitStatus.CLOSED not in wanted:
        return real
    return or_(real, Visit.id.in_(veiled))


def veiled_visits(session: Session, worker_id: UUID) -> list[UUID]:
    """Her visits that are closed for her eyes alone."""
    query = select(Visit.id, Visit.veil).where(
        Visit.worker_id == worker_id,
        Visit.status == VisitStatus.OPEN.value,
        Visit.veil.is_not(None),
    )
    return [visit_id for visit_id, veil in session.execute(query) if str(worker_id) in veil]


def watched_visits(
    session: Session,
    watcher_id: UUID,
    workers: Collection[UUID],
    teams: Collection[UUID],
    now: datetime,
) -> Sequence[Visit]:
    """Open visits, and those that begin within a day, that this person is buddy or cover for:
    those of `workers`, and those of her `teams` that name her. The one due first comes first."""
    named = and_(Visit.team_id.in_(teams), Visit.buddy_id == watcher_id)
    planned = and_(Visit.status == VisitStatus.PLANNED.value, Visit.starts_at < now + SOON)
    query = select(Visit).where(
        or_(Visit.status == VisitStatus.OPEN.value, planned),
        or_(Visit.worker_id.in_(workers), named),
        Visit.worker_id != watcher_id,
    )
    return session.scalars(query.order_by(Visit.due_at, Visit.id)).unique().all()


def alarms_for(
    session: Session,
    viewer: Person,
    managed: Collection[UUID],
    wanted: Collection[AlarmStatus],
    veiled: Collection[UUID],
    after: Place | None,
    most: int,
) -> Sequence[Alarm]:
    """Alarms of these statuses she was told of, manages or is the subject of, the newest first.

    Never her own unresolved duress; `veiled` are resolved as far as she may know.
    """
    told = select(Told.alarm_id).where(Told.person_id == viewer.id)
    own_duress = and_(
        Alarm.worker_id == viewer.id,
        Alarm.kind == AlarmKind.DURESS.value,
        Alarm.status != AlarmStatus.RESOLVED.value,
    )
    query = select(Alarm).where(
        Alarm.org_id == viewer.org_id,
        or_(Alarm.id.in_(told), Alarm.team_id.in_(managed), Alarm.worker_id == viewer.id),
        ~own_duress,
        _alarm_status(wanted, veiled),
    )
    if after is not None:
        here = and_(Alarm.raised_at == after.at, Alarm.id < after.id)
        query = query.where(or_(Alarm.raised_at < after.at, here))
    query = query.order_by(Alarm.raised_at.desc(), Alarm.id.desc()).limit(most)
    return session.scalars(query).unique().all()


def _alarm_status(wanted: Collection[AlarmStatus], veiled: Collection[UUID]) -> ColumnElement[bool]:
    real = Alarm.status.in_([status.value for status in wanted]) & Alarm.id.not_in(veiled)
    if AlarmStatus.RESOLVED not in wanted:
        return real
    return or_(real, Alarm.id.in_(veiled))


def workers_of_alarm(session: Session, org_id: UUID, ref: UUID, viewer_id: UUID) -> set[UUID]:
    """Whose alarm a phone could mean by `ref`: who has to be locked before it is looked at."""
    asked_for = and_(Alarm.raised_by_id == viewer_id, Alarm.client_ref == ref)
    query = select(Alarm.worker_id).where(Alarm.org_id == org_id, or_(Alarm.id == ref, asked_for))
    found = set(session.scalars(query))
    if not found and (first := had_it_first(session, viewer_id, ref)) is not None:
        query = select(Alarm.worker_id).where(Alarm.org_id == org_id, Alarm.id == first)
        found = set(session.scalars(query))
    return found


def open_alarms_of(session: Session, workers: Collection[UUID]) -> Sequence[Alarm]:
    """Unresolved alarms about these people, newest first."""
    query = select(Alarm).where(
        Alarm.worker_id.in_(workers), Alarm.status != AlarmStatus.RESOLVED.value
    )
    return session.scalars(query.order_by(Alarm.raised_at.desc(), Alarm.id)).unique().all()


def alarms_of_visits(session: Session, ids: Collection[UUID]) -> dict[UUID, list[Alarm]]:
    """Every alarm each of these visits ever had, newest first."""
    query = select(Alarm).where(Alarm.visit_id.in_(ids))
    found: dict[UUID, list[Alarm]] = {}
    if not ids:
        return found
    for alarm in session.scalars(query.order_by(Alarm.raised_at.desc(), Alarm.id)).unique():
        if alarm.visit_id is not None:
            found.setdefault(alarm.visit_id, []).append(alarm)
    return found


def entries_of_visits(session: Session, ids: Collection[UUID]) -> dict[UUID, list[Entry]]:
    """The log of each of these visits, oldest first."""
    query = select(Entry).where(Entry.visit_id.in_(ids)).order_by(Entry.id)
    found: dict[UUID, list[Entry]] = {}
    if not ids:
        return found
    for entry in session.scalars(query):
        if entry.visit_id is not None:
            found.setdefault(entry.visit_id, []).append(entry)
    return found


def answers_of_visits(session: Session, ids: Collection[UUID]) -> dict[UUID, dict[UUID, bool]]:
    """Who accepted (True) or declined (False) to watch each of these visits."""
    found: dict[UUID, dict[UUID, bool]] = {}
    if not ids:
        return found
    for row in session.scalars(select(Watching).where(Watching.visit_id.in_(ids))):
        found.setdefault(row.visit_id, {})[row.person_id] = row.accepted
    return found


def names_of(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """These people's names."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}
