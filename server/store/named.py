"""Teams and people by name, to choose from: nothing else of them is read."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from server.store.history import Scope
from server.store.people import Membership, Person, Team


class TeamName(NamedTuple):
    """A team without its policy: a log has nothing to read in it."""

    id: UUID
    slug: str
    name: str


def teams_named(session: Session, ids: Collection[UUID]) -> Sequence[TeamName]:
    """These teams by name."""
    query = select(Team.id, Team.slug, Team.name).where(Team.id.in_(ids))
    rows = session.execute(query.order_by(Team.name, Team.id)) if ids else ()
    return [TeamName._make(row) for row in rows]


class Somebody(NamedTuple):
    """Whose history can be asked for. `key` is her id as the database writes it: of a thousand
    people to choose from, one is asked for."""

    key: str
    ref: str
    name: str

    @property
    def id(self) -> UUID:
        """Her id."""
        return UUID(self.key)


def people_of(session: Session, scope: Scope) -> list[Somebody]:
    """Whose history can be asked for: everybody in the teams, those who left too, by name."""
    if not scope.teams:
        return []
    there = select(Membership.person_id).where(Membership.team_id.in_(scope.teams))
    query = select(cast(Person.id, String), Person.ref, Person.name).where(
        Person.org_id == scope.org_id, Person.id.in_(there)
    )
    rows = session.execute(query.order_by(Person.name, Person.id))
    return [Somebody._make(row) for row in rows]
