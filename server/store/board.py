"""What boards list: who is out and what is wrong, in the same few statements however many there
are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased, joinedload, lazyload

from server.store.alarms import Alarm, Told
from server.store.people import Membership, Pairing, Person, Team, policy_of
from server.store.visits import Visit, Watching
from shared.policy import Policy
from shared.states import AlarmKind, AlarmStatus, Role, VisitStatus

SOON = timedelta(hours=12)
Chosen, Paired = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Reach:
    """Whose business is one person's (P7): the teams she manages and is in, the workers she is
    buddy (rank 0) or cover for, and the open alarms she was told of."""

    viewer_id: UUID
    org_id: UUID
    managed: frozenset[UUID]
    teams: frozenset[UUID]
    ranks: dict[UUID, int]
    told: frozenset[UUID]


class Brief(NamedTuple):
    """As little of a visit as it takes to count it and to see which of them come first."""

    id: UUID
    worker_id: UUID
    status: str
    due_at: datetime
    veil: dict[str, Any] | None


class OutRow(NamedTuple):
    """One visit that is open or begins soon, as it is stored; see `acts.boarding` before showing
    any of it."""

    id: UUID
    team_id: UUID
    worker_id: UUID
    worker: str
    mobile: str | None
    kind: str
    status: str
    risk: str
    place: str
    starts_at: datetime
    ends_at: datetime
    due_at: datetime
    raise_at: datetime | None
    heard_at: datetime
    chosen_id: UUID | None
    chosen: str | None
    paired_id: UUID | None
    paired: str | None
    veil: dict[str, Any] | None


def told_of(session: Session, person_id: UUID) -> set[UUID]:
    """The open alarms this person was told of."""
    query = (
        select(Told.alarm_id)
        .join(Alarm, Alarm.id == Told.alarm_id)
        .where(Told.person_id == person_id, Alarm.status != AlarmStatus.RESOLVED.value)
    )
    return set(session.scalars(query))


def teams_named(session: Session, ids: Collection[UUID]) -> dict[UUID, Team]:
    """These teams, by id."""
    return {team.id: team for team in session.scalars(select(Team).where(Team.id.in_(ids)))}


def policies_of(session: Session, ids: Collection[UUID]) -> dict[UUID, Policy]:
    """The policies of these teams, by team."""
    stored = cast(Team.policy_json, Text)
    found = session.execute(select(Team.id, stored).where(Team.id.in_(ids)))
    return {team_id: policy_of(policy) for team_id, policy in found}


def _hers(reach: Reach) -> ColumnElement[bool]:
    """Each side has an index of its own. Whoever was chosen as buddy is of one of the teams."""
    workers = [*reach.ranks, reach.viewer_id]
    chosen = and_(Visit.team_id.in_(reach.teams), Visit.buddy_id == reach.viewer_id)
    return or_(Visit.team_id.in_(reach.managed), Visit.worker_id.in_(workers), chosen)


def _live(now: datetime) -> ColumnElement[bool]:
    """The status comes first: it is in the indexes, and most of a table is over."""
    live = Visit.status.in_([VisitStatus.OPEN.value, VisitStatus.PLANNED.value])
    return and_(live, or_(Visit.status == VisitStatus.OPEN.value, Visit.starts_at < now + SOON))


def visits_briefly(session: Session, reach: Reach, now: datetime) -> list[Brief]:
    """Visits that are open, or begin within 12 hours, the one due first before the others."""
    query = (
        select(Visit.id, Visit.worker_id, Visit.status, Visit.due_at, Visit.veil)
        .where(Visit.org_id == reach.org_id, _live(now), _hers(reach))
        .order_by(Visit.due_at, Visit.id)
    )
    return [Brief._make(row) for row in session.execute(query)]


def visits_out(
    session: Session, reach: Reach, now: datetime, ids: Collection[UUID] | None
) -> list[OutRow]:
    """These visits with their people, the one due first before the others. `ids` None: all that
    `visits_briefly` finds, in one look."""
    which = and_(_live(now), _hers(reach)) if ids is None else Visit.id.in_(ids)
    query = (
        select(
            Visit.id,
            Visit.team_id,
            Visit.worker_id,
            Person.name,
            Person.mobile,
            Visit.kind,
            Visit.status,
            Visit.risk,
            Visit.place,
            Visit.starts_at,
            Visit.ends_at,
            Visit.due_at,
            Visit.raise_at,
            Visit.heard_at,
            Chosen.id,
            Chosen.name,
            Paired.id,
            Paired.name,
            Visit.veil,
        )
        .join(Person, Person.id == Visit.worker_id)
        .outerjoin(Chosen, and_(Chosen.id == Visit.buddy_id, Chosen.left_at.is_(None)))
        .outerjoin(Pairing, and_(Pairing.worker_id == Visit.worker_id, Pairing.rank == 0))
        .outerjoin(Paired, and_(Paired.id == Pairing.watcher_id, Paired.left_at.is_(None)))
        .where(Visit.org_id == reach.org_id, which)
        .order_by(Visit.due_at, Visit.id)
    )
    return [OutRow._make(row) for row in session.execute(query)]


def answers(session: Session, ids: Collection[UUID]) -> dict[UUID, dict[UUID, bool]]:
    """Who said yes (True) or no (False) to watching each of these visits."""
    query = select(Watching.visit_id, Watching.person_id, Watching.accepted).where(
        Watching.visit_id.in_(ids)
    )
    found: dict[UUID, dict[UUID, bool]] = {}
    for visit_id, person_id, accepted in session.execute(query):
        found.setdefault(visit_id, {})[person_id] = accepted
    return found


class Watcher(NamedTuple):
    """Somebody's buddy or cover."""

    id: UUID
    name: str
    mobile: str | None


def watchers_of(session: Session, workers: Collection[UUID]) -> dict[UUID, list[Watcher]]:
    """Each worker's buddy and covers in order; those who left are not among them."""
    query = (
        select(Pairing.worker_id, Person.id, Person.name, Person.mobile)
        .join(Person, Person.id == Pairing.watcher_id)
        .where(Pairing.worker_id.in_(workers), Person.left_at.is_(None))
        .order_by(Pairing.worker_id, Pairing.rank)
    )
    found: dict[UUID, list[Watcher]] = {}
    for worker_id, *rest in session.execute(query):
        found.setdefault(worker_id, []).append(Watcher._make(rest))
    return found


def alarms_open(session: Session, reach: Reach) -> Sequence[Alarm]:
    """Unresolved alarms she was told of, manages, watches over or is the subject of, the oldest
    first, each with its visit."""
    workers = [*reach.ranks, reach.viewer_id]
    query = (
        select(Alarm)
        .outerjoin(Alarm.visit)
        .options(joinedload(Alarm.visit).options(lazyload(Visit.worker)))
        .where(
            Alarm.org_id == reach.org_id,
            Alarm.status != AlarmStatus.RESOLVED.value,
            or_(
                Alarm.team_id.in_(reach.managed),
                Alarm.worker_id.in_(workers),
                Alarm.id.in_(reach.told),
                Visit.buddy_id == reach.viewer_id,
            ),
        )
        .order_by(Alarm.raised_at, Alarm.id)
    )
    return session.scalars(query).unique().all()


def passed_on(session: Session, alarm_ids: Collection[UUID]) -> dict[UUID, dict[str, datetime]]:
    """Who passed each of these alarms on, and when."""
    query = select(Told).where(Told.alarm_id.in_(alarm_ids), Told.passed_at.is_not(None))
    found: dict[UUID, dict[str, datetime]] = {}
    for told in session.scalars(query):
        if told.passed_at is not None:
            found.setdefault(told.alarm_id, {})[str(told.person_id)] = told.passed_at
    return found


def in_duress(session: Session, org_id: UUID, viewer_id: UUID | None) -> set[UUID]:
    """The workers of one organisation with an unresolved duress, as far as this viewer knows."""
    query = select(Alarm.worker_id, Alarm.veil).where(
        Alarm.org_id == org_id,
        Alarm.kind == AlarmKind.DURESS.value,
        Alarm.status != AlarmStatus.RESOLVED.value,
    )
    rows = session.execute(query)
    return {worker_id for worker_id, veil in rows if str(viewer_id) not in (veil or {})}


def workers_within(session: Session, reach: Reach) -> list[tuple[UUID, str]]:
    """Whom this person may start a visit for, by name: the workers she watches over, and those of
    the teams she manages; never herself."""
    home = select(Membership.person_id).where(Membership.team_id.in_(reach.managed))
    query = (
        select(Person.id, Person.name, Person.roles)
        .where(
            Person.org_id == reach.org_id,
            Person.left_at.is_(None),
            Person.id != reach.viewer_id,
            or_(Person.id.in_(home), Person.id.in_(list(reach.ranks))),
        )
        .order_by(Person.name, Person.id)
    )
    rows = session.execute(query)
    return [(person_id, name) for person_id, name, roles in rows if Role.WORKER.value in roles]
