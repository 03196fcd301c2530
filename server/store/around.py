"""Everybody around one worker in one statement: the ladder asks for them at every step. And around
many at once, for the boards that show all their ladders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, or_, select, union
from sqlalchemy.orm import Session

from server.store.people import Membership, Pairing, Person
from server.store.visits import Visit, Watching
from shared.states import WATCHFUL, Role


@dataclass(frozen=True)
class Near:
    """Somebody near a worker: `rank` 0 is her buddy, a higher one a cover, None neither."""

    person: Person
    rank: int | None
    in_team: bool
    declined: bool


def _has(role: Role) -> ColumnElement[bool]:
    """Whether a person has this role; roles are kept as a list of their names."""
    return cast(Person.roles, String).like(f'%"{role.value}"%')


def people_around(
    session: Session, org_id: UUID, worker_id: UUID, team_id: UUID, visit: Visit | None
) -> list[Near]:
    """Her watchers, whoever in her team an alarm may go to, and the organisation's admins, by name;
    nobody who has left.

    `declined`: said no to watching this visit. Whoever was chosen as its buddy is among them.
    """
    ids = [
        select(Pairing.watcher_id).where(Pairing.worker_id == worker_id),
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.team_id == team_id, or_(*(_has(role) for role in WATCHFUL))),
        select(Person.id).where(Person.org_id == org_id, Person.is_admin),
    ]
    if visit is not None and visit.buddy_id is not None:
        ids.append(select(Person.id).where(Person.id == visit.buddy_id))
    watches = and_(Pairing.watcher_id == Person.id, Pairing.worker_id == worker_id)
    belongs = and_(Membership.person_id == Person.id, Membership.team_id == team_id)
    answered = and_(
        Watching.person_id == Person.id, Watching.visit_id == (visit.id if visit else None)
    )
    query = (
        select(Person, Pairing.rank, Membership.team_id, Watching.accepted)
        .outerjoin(Pairing, watches)
        .outerjoin(Membership, belongs)
        .outerjoin(Watching, answered)
        .where(Person.id.in_(union(*ids)), Person.left_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [
        Near(person, rank, team is not None, accepted is False)
        for person, rank, team, accepted in session.execute(query).unique()
    ]


@dataclass(frozen=True)
class Around:
    """Around whom: a worker, the team, and the visit and whoever was chosen as its buddy."""

    worker_id: UUID
    team_id: UUID
    visit_id: UUID | None
    buddy_id: UUID | None


def people_around_many(session: Session, org_id: UUID, asked: Sequence[Around]) -> list[list[Near]]:
    """What `people_around` finds for each of these, in four statements for all of them."""
    ranks = _ranks(session, {one.worker_id for one in asked})
    teams = _memberships(session, {one.team_id for one in asked})
    declined = _declined(session, {one.visit_id for one in asked if one.visit_id})
    chosen = {one.buddy_id for one in asked if one.buddy_id}
    everyone = _everyone(session, org_id, [*{who for _, who in ranks}, *chosen], list(teams))
    return [
        [
            Near(
                person,
                ranks.get((one.worker_id, person.id)),
                person.id in teams.get(one.team_id, ()),
                (one.visit_id, person.id) in declined,
            )
            for person in everyone
            if _is_near(person, one, ranks, teams)
        ]
        for one in asked
    ]


def _is_near(
    person: Person,
    one: Around,
    ranks: dict[tuple[UUID, UUID], int],
    teams: dict[UUID, set[UUID]],
) -> bool:
    watches = (one.worker_id, person.id) in ranks or person.id == one.buddy_id
    in_team = person.id in teams.get(one.team_id, ())
    return watches or person.is_admin or (in_team and person.has_role(*WATCHFUL))


def _ranks(session: Session, workers: Iterable[UUID]) -> dict[tuple[UUID, UUID], int]:
    query = select(Pairing.worker_id, Pairing.watcher_id, Pairing.rank)
    rows = session.execute(query.where(Pairing.worker_id.in_(list(workers))))
    return {(worker_id, watcher_id): rank for worker_id, watcher_id, rank in rows}


def _memberships(session: Session, teams: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    query = select(Membership.team_id, Membership.person_id)
    found: dict[UUID, set[UUID]] = {}
    for team_id, person_id in session.execute(query.where(Membership.team_id.in_(list(teams)))):
        found.setdefault(team_id, set()).add(person_id)
    return found


def _declined(session: Session, visits: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    query = select(Watching.visit_id, Watching.person_id).where(
        Watching.visit_id.in_(list(visits)), ~Watching.accepted
    )
    return {(visit_id, person_id) for visit_id, person_id in session.execute(query)}


def _everyone(
    session: Session, org_id: UUID, named: Sequence[UUID], teams: Sequence[UUID]
) -> Sequence[Person]:
    watchful = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.team_id.in_(teams), or_(*(_has(role) for role in WATCHFUL)))
    )
    admins = and_(Person.org_id == org_id, Person.is_admin)
    query = select(Person).where(
        or_(Person.id.in_(named), Person.id.in_(watchful), admins), Person.left_at.is_(None)
    )
    return session.scalars(query.order_by(Person.name, Person.id)).unique().all()


def ranks_of(session: Session, watcher_id: UUID) -> dict[UUID, int]:
    """The workers she is buddy (rank 0) or cover for."""
    query = select(Pairing.worker_id, Pairing.rank).where(Pairing.watcher_id == watcher_id)
    return {row.worker_id: row.rank for row in session.execute(query)}


def people_called(session: Session, org_id: UUID, refs: Iterable[str]) -> dict[str, Person]:
    """The people an organisation calls by these refs; those who left are not among them."""
    query = select(Person).where(
        Person.org_id == org_id, Person.ref.in_(sorted(refs)), Person.left_at.is_(None)
    )
    return {person.ref: person for person in session.scalars(query).unique()}
