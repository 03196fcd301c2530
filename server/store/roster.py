"""A whole organisation at once: its teams, its people, who is where and who watches whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from server.store.alarms import Alarm
from server.store.db import lock_rows
from server.store.people import Enrolment, Membership, Organisation, Pairing, Person, Team
from server.store.visits import Visit
from shared.states import AlarmStatus, VisitStatus

T = TypeVar("T")

BATCH = 5_000
"""How many ids one statement names; both databases have a bound."""


@dataclass
class Roster:
    """An organisation as it stands in this transaction; empty where it is not there yet."""

    org: Organisation | None
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    """By ref."""
    by_id: dict[UUID, Person] = field(default_factory=dict)
    places: dict[UUID, dict[UUID, Membership]] = field(default_factory=dict)
    watchers: dict[UUID, list[UUID]] = field(default_factory=dict)

    def add(self, person: Person) -> None:
        """One more of its people, to be found by ref and by id."""
        self.people[person.ref] = self.by_id[person.id] = person

    def without(self, gone: Person) -> "Roster":
        """The same, were she not there; this one stays as it is."""
        left = Roster(self.org, self.teams, {}, {}, self.places, self.watchers)
        for person in self.people.values():
            if person is not gone:
                left.add(person)
        return left

    @property
    def present(self) -> list[Person]:
        """Everybody who has not left, by ref."""
        return [self.people[ref] for ref in sorted(self.people) if not self.people[ref].left_at]

    def watchers_of(self, person: Person) -> list[Person]:
        """Her buddy first, then her covers, those who have left among them."""
        return [self.by_id[one] for one in self.watchers.get(person.id, []) if one in self.by_id]

    def home_of(self, person: Person) -> UUID | None:
        """The team her own visits belong to; the same as `people.team_of`."""
        places = self.places.get(person.id, {})
        if len(places) < 2:
            return next(iter(places), None)
        slugs = {team.id: team.slug for team in self.teams.values()}
        return min(places, key=lambda team_id: (not places[team_id].home, slugs[team_id]))


def organisations(session: Session) -> Sequence[Organisation]:
    """Every organisation in this database, by slug."""
    return session.scalars(select(Organisation).order_by(Organisation.slug)).all()


def organisation(session: Session, slug: str) -> Organisation | None:
    """The organisation with this slug."""
    return session.scalar(select(Organisation).where(Organisation.slug == slug))


def roster_of(session: Session, org: Organisation | None) -> Roster:
    """All of one organisation, in a handful of statements however large it is."""
    if org is None:
        return Roster(None)
    roster = Roster(org)
    for team in session.scalars(select(Team).where(Team.org_id == org.id)):
        roster.teams[team.slug] = team
    for person in session.scalars(select(Person).where(Person.org_id == org.id)):
        roster.add(person)
    hers = Person.org_id == org.id
    places = select(Membership).join(Person, Person.id == Membership.person_id).where(hers)
    for place in session.scalars(places):
        roster.places.setdefault(place.person_id, {})[place.team_id] = place
    pairings = select(Pairing).join(Person, Person.id == Pairing.worker_id).where(hers)
    for pairing in session.scalars(pairings.order_by(Pairing.rank)):
        roster.watchers.setdefault(pairing.worker_id, []).append(pairing.watcher_id)
    return roster


def ids_named(session: Session, org_id: UUID, refs: Collection[str]) -> set[UUID]:
    """The ids of this organisation's people with these refs; unknown refs have none."""
    found: set[UUID] = set()
    for some in batches(refs):
        query = select(Person.id).where(Person.org_id == org_id, Person.ref.in_(some))
        found |= set(session.scalars(query))
    return found


def team_by_slug(session: Session, org_id: UUID, slug: str) -> Team | None:
    """The team an organisation calls `slug`."""
    return session.scalar(select(Team).where(Team.org_id == org_id, Team.slug == slug))


def lock_team(session: Session, team: Team) -> None:
    """Hold a team's row to the end of the transaction, and read it afresh."""
    query = select(Team).where(Team.id == team.id).with_for_update(**lock_rows(session))
    session.execute(query.execution_options(populate_existing=True))


def team_ids_named(session: Session, org_id: UUID, slugs: Collection[str]) -> set[UUID]:
    """The ids of this organisation's teams with these slugs."""
    found: set[UUID] = set()
    for some in batches(slugs):
        query = select(Team.id).where(Team.org_id == org_id, Team.slug.in_(some))
        found |= set(session.scalars(query))
    return found


def find_team(session: Session, org_id: UUID, team_id: UUID) -> Team | None:
    """This organisation's team with that id."""
    found = session.get(Team, team_id)
    return found if found is not None and found.org_id == org_id else None


def people_named(session: Session, ref: str) -> Sequence[Person]:
    """Everybody called `ref`, one for each organisation that has such a person."""
    query = select(Person).join(Organisation).where(Person.ref == ref).order_by(Organisation.slug)
    return session.scalars(query).unique().all()


def live_visits(session: Session, team_id: UUID) -> Sequence[Visit]:
    """Open and planned visits of one team."""
    query = select(Visit).where(
        Visit.team_id == team_id,
        Visit.status.in_([VisitStatus.OPEN.value, VisitStatus.PLANNED.value]),
    )
    return session.scalars(query.order_by(Visit.id)).unique().all()


def workers_of_live_visits(session: Session, team_ids: Collection[UUID]) -> set[UUID]:
    """The workers whose visits a change of these teams' policies concerns."""
    found: set[UUID] = set()
    for ids in batches(team_ids):
        query = select(Visit.worker_id).where(
            Visit.team_id.in_(ids),
            Visit.status.in_([VisitStatus.OPEN.value, VisitStatus.PLANNED.value]),
        )
        found |= set(session.scalars(query))
    return found


def planned_visits(session: Session, worker_id: UUID) -> Sequence[Visit]:
    """Her visits that have not begun."""
    query = select(Visit).where(
        Visit.worker_id == worker_id, Visit.status == VisitStatus.PLANNED.value
    )
    return session.scalars(query.order_by(Visit.starts_at, Visit.id)).unique().all()


def alarms_owned_by(session: Session, person_id: UUID) -> Sequence[Alarm]:
    """The alarms she has charge of."""
    query = select(Alarm).where(
        Alarm.owner_id == person_id, Alarm.status == AlarmStatus.OWNED.value
    )
    return session.scalars(query.order_by(Alarm.raised_at, Alarm.id)).unique().all()


def subjects_of_owned(session: Session, owner_ids: Collection[UUID]) -> set[UUID]:
    """The workers whose alarms these people have charge of."""
    found: set[UUID] = set()
    for ids in batches(owner_ids):
        query = select(Alarm.worker_id).where(
            Alarm.owner_id.in_(ids), Alarm.status == AlarmStatus.OWNED.value
        )
        found |= set(session.scalars(query))
    return found


def needs_her_number(session: Session, person_id: UUID) -> bool:
    """Whether a visit or an alarm of hers is still open, so that her number must stay hers."""
    visit = select(Visit.id).where(
        Visit.worker_id == person_id, Visit.status == VisitStatus.OPEN.value
    )
    alarm = select(Alarm.id).where(
        Alarm.worker_id == person_id, Alarm.status != AlarmStatus.RESOLVED.value
    )
    return bool(session.scalar(select(or_(visit.exists(), alarm.exists()))))


def end_codes(session: Session, person_ids: Collection[UUID], now: datetime) -> int:
    """End the enrolment codes of these people that nobody has used; returns how many."""
    ended = 0
    for ids in batches(person_ids):
        change = update(Enrolment).where(
            Enrolment.person_id.in_(ids), Enrolment.used_at.is_(None), Enrolment.expires_at > now
        )
        ended += len(session.scalars(change.values(expires_at=now).returning(Enrolment.id)).all())
    return ended


def forget_pairings(session: Session, worker_ids: Collection[UUID]) -> None:
    """Nobody watches over these people any more, until new pairings are added.

    The database says which rows went: compared one by one with every pairing in memory, a large
    file would take the square of its length.
    """
    for ids in batches(worker_ids):
        gone = delete(Pairing).where(Pairing.worker_id.in_(ids))
        session.execute(gone, execution_options={"synchronize_session": "fetch"})


def batches(items: Collection[T]) -> Iterator[list[T]]:
    """The same items in handfuls small enough for one statement."""
    rest = iter(items)
    while handful := list(islice(rest, BATCH)):
        yield handful


def organisation_ids(session: Session) -> Sequence[UUID]:
    """Every organisation in this database."""
    return session.scalars(select(Organisation.id).order_by(Organisation.slug)).all()
