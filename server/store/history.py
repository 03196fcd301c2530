"""The lone worker log as it is listed: every visit, and every alarm without one, newest first.

Pages are found by where the last one ended, never by counting from the top, so that the thousandth
page costs what the first does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from server.store.alarms import Alarm
from server.store.lists import Place
from server.store.visits import Visit
from shared.states import AlarmKind, AlarmOutcome, AlarmStatus, CloseOutcome, VisitStatus

ANY_ALARM = "any"
FEW_TEAMS = 4
"""Up to so many are walked through one by one, each by its own index, though the list is of all."""

Model = type[Visit] | type[Alarm]


@dataclass(frozen=True)
class Scope:
    """Whose history one person may list: of the teams she manages, and her own."""

    org_id: UUID
    viewer_id: UUID
    teams: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """What of it is asked for; None and False ask for everything.

    `since` and `until` bound when a visit began; `alarm`: 'any', or a kind of alarm it must have
    had; `now` says which open visits are late.
    """

    now: datetime
    person: UUID | None = None
    team: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    kind: str | None = None
    alarm: str | None = None
    outcome: str | None = None
    late: bool = False

    @property
    def needs_visit(self) -> bool:
        """Whether an alarm without a visit cannot be meant."""
        return self.late or self.kind is not None


@dataclass(frozen=True)
class Span:
    """Which part of the list: `most` rows older than a place, or newer than it."""

    most: int
    older_than: Place | None = None
    newer_than: Place | None = None

    @property
    def backwards(self) -> bool:
        """Whether it is read from its older end."""
        return self.newer_than is not None


def _in_scope(model: Model, scope: Scope, wanted: Wanted) -> Any:
    """Whose rows."""
    return or_(*_walks(model, scope, wanted))


def _walks(model: Model, scope: Scope, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The same in one or more parts, each said so that the database walks an index that is already
    in the right order. Behind `coalesce` a column chooses no index of its own."""
    if wanted.person is None and wanted.team is None and len(scope.teams) > FEW_TEAMS:
        return [and_(model.org_id == scope.org_id, _by_organisation(model, scope))]
    ours = func.coalesce(model.org_id, model.team_id) == scope.org_id
    return [and_(ours, rows) for rows in _narrow(model, scope, wanted)]


def _narrow(model: Model, scope: Scope, wanted: Wanted) -> list[Any]:
    if wanted.person is not None:
        hers = model.worker_id == wanted.person
        mine = wanted.person == scope.viewer_id
        theirs = hers if mine else hers & model.team_id.in_(scope.teams)
        return [theirs & (model.team_id == wanted.team) if wanted.team else theirs]
    if wanted.team is not None:
        return [model.team_id == wanted.team]
    each = [model.team_id == team for team in sorted(scope.teams)]
    return [*each, model.worker_id == scope.viewer_id]


def _by_organisation(model: Model, scope: Scope) -> ColumnElement[bool]:
    managed = func.coalesce(model.team_id, model.org_id).in_(scope.teams)
    own = func.coalesce(model.worker_id, model.org_id) == scope.viewer_id
    return or_(managed, own)


def _places(
    session: Session, query: Any, model: Model, scope: Scope, wanted: Wanted, span: Span
) -> list[Place]:
    """Where the first rows of each walk stand; what two of them find is there once."""
    at = Visit.starts_at if model is Visit else Alarm.raised_at
    paged = [_page(query.where(walk), at, model.id, span) for walk in _walks(model, scope, wanted)]
    return list({Place(*row) for one in paged for row in session.execute(one)})


def _page(query: Any, at: Any, row_id: Any, span: Span) -> Any:
    key = tuple_(at, row_id)
    if span.older_than is not None:
        query = query.where(key < span.older_than)
    if span.newer_than is not None:
        query = query.where(key > span.newer_than)
    order = (at.asc(), row_id.asc()) if span.backwards else (at.desc(), row_id.desc())
    return query.order_by(*order).limit(span.most)


def visit_places(
    session: Session, scope: Scope, wanted: Wanted, but: Collection[UUID], span: Span
) -> list[Place]:
    """Where the visits asked for stand in the list; `but` are left out."""
    query = select(Visit.starts_at, Visit.id).where(*_visit_is(scope, wanted))
    if but:
        query = query.where(Visit.id.not_in(but))
    return _places(session, query, Visit, scope, wanted, span)


def _visit_is(scope: Scope, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(Visit.starts_at >= wanted.since)
    if wanted.until is not None:
        found.append(Visit.starts_at < wanted.until)
    if wanted.kind is not None:
        found.append(Visit.kind == wanted.kind)
    if wanted.late:
        found.append(is_late(wanted.now))
    if wanted.alarm is not None:
        kinds = [] if wanted.alarm == ANY_ALARM else [Alarm.kind == wanted.alarm]
        found.append(_had_alarm(scope, *kinds))
    if wanted.outcome is not None:
        found.append(_ended_so(scope, wanted.outcome))
    return found


def _ended_so(scope: Scope, outcome: str) -> ColumnElement[bool]:
    """By how she said she left, by how its alarm ended, or by either, where both have the word."""
    said, ended = Visit.close_outcome == outcome, _had_alarm(scope, Alarm.outcome == outcome)
    if outcome not in set(CloseOutcome):
        return ended
    return or_(said, ended) if outcome in set(AlarmOutcome) else said


def is_late(now: datetime) -> ColumnElement[bool]:
    """It ended after the time it should have been over, or goes on though that is past."""
    open_still = and_(Visit.status == VisitStatus.OPEN.value, Visit.ends_at < now)
    return or_(Visit.closed_at > Visit.ends_at, open_still)


def _had_alarm(scope: Scope, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Asked of the alarms, which are few, and not of each visit."""
    had = select(Alarm.visit_id).where(
        Alarm.org_id == scope.org_id,
        Alarm.visit_id.is_not(None),
        or_(Alarm.team_id.in_(scope.teams), Alarm.worker_id == scope.viewer_id),
        *which,
    )
    return Visit.id.in_(had)


def loose_alarm_places(
    session: Session, scope: Scope, wanted: Wanted, but: Collection[UUID], span: Span
) -> list[Place]:
    """The same for alarms that belong to no visit."""
    if wanted.needs_visit:
        return []
    query = select(Alarm.raised_at, Alarm.id).where(Alarm.visit_id.is_(None), *_alarm_is(wanted))
    if but:
        query = query.where(Alarm.id.not_in(but))
    return _places(session, query, Alarm, scope, wanted, span)


def _alarm_is(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(Alarm.raised_at >= wanted.since)
    if wanted.until is not None:
        found.append(Alarm.raised_at < wanted.until)
    if wanted.alarm not in (None, ANY_ALARM):
        found.append(Alarm.kind == wanted.alarm)
    if wanted.outcome is not None:
        found.append(Alarm.outcome == wanted.outcome)
    return found


def visits_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Visit]:
    """These visits."""
    query = select(Visit).where(Visit.id.in_(ids))
    return {v.id: v for v in session.scalars(query).unique()} if ids else {}


def alarms_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Alarm]:
    """These alarms."""
    query = select(Alarm).where(Alarm.id.in_(ids))
    return {a.id: a for a in session.scalars(query).unique()} if ids else {}


def own_duress(session: Session, worker_id: UUID) -> Sequence[Alarm]:
    """Her duress alarms that are unresolved: nothing of hers may show them."""
    query = select(Alarm).where(
        Alarm.worker_id == worker_id,
        Alarm.kind == AlarmKind.DURESS.value,
        Alarm.status != AlarmStatus.RESOLVED.value,
    )
    return session.scalars(query).unique().all()


def count_rows(session: Session, scope: Scope, wanted: Wanted, most: int) -> int:
    """How many rows are asked for, counted no further than `most` of each kind."""
    visits = select(Visit.id).where(
        Visit.org_id == scope.org_id, _in_scope(Visit, scope, wanted), *_visit_is(scope, wanted)
    )
    found = _count(session, visits, most)
    if wanted.needs_visit:
        return found
    loose = select(Alarm.id).where(
        Alarm.org_id == scope.org_id,
        Alarm.visit_id.is_(None),
        _in_scope(Alarm, scope, wanted),
        *_alarm_is(wanted),
    )
    return found + _count(session, loose, most)


def _count(session: Session, query: Any, most: int) -> int:
    few = query.limit(most).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


def subjects(session: Session, scope: Scope, wanted: Wanted) -> set[UUID]:
    """Whose history is asked for."""
    seen = select(Visit.worker_id).where(
        Visit.org_id == scope.org_id, _in_scope(Visit, scope, wanted), *_visit_is(scope, wanted)
    )
    found = set(session.scalars(seen.distinct()))
    if wanted.needs_visit:
        return found
    loose = select(Alarm.worker_id).where(
        Alarm.org_id == scope.org_id,
        Alarm.visit_id.is_(None),
        _in_scope(Alarm, scope, wanted),
        *_alarm_is(wanted),
    )
    return found | set(session.scalars(loose.distinct()))
