"""Whose teams these are: what a manager or an administrator may look after."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.refusals import NotYours
from server.store import people
from server.store import roster as store
from server.store.people import Person, Team
from server.store.roster import Roster
from shared.states import Role


def managed_teams(roster: Roster, viewer: Person) -> set[UUID]:
    """The teams this person may change: an administrator all of them, a manager those she is in."""
    every = {team.id for team in roster.teams.values()}
    if viewer.is_admin:
        return every
    if not viewer.has_role(Role.MANAGER):
        return set()
    return every & set(roster.places.get(viewer.id, {}))


def may_manage(roster: Roster, viewer: Person, person: Person) -> bool:
    """Whether that person is one this viewer looks after."""
    if viewer.is_admin:
        return True
    return bool(managed_teams(roster, viewer) & set(roster.places.get(person.id, {})))


def roster_for(session: Session, viewer: Person) -> Roster:
    """The viewer's own organisation."""
    return store.roster_of(session, viewer.org)


def person_to_manage(roster: Roster, viewer: Person, person_id: UUID) -> Person:
    """Somebody this viewer looks after, also one who has left; NotYours where there is none."""
    for person in roster.people.values():
        if person.id == person_id and may_manage(roster, viewer, person):
            return person
    raise NotYours("person")


def team_to_manage(session: Session, viewer: Person, slug: str) -> Team:
    """A team this viewer may change the policy of; NotYours where there is none."""
    team = store.team_by_slug(session, viewer.org_id, slug)
    manages = viewer.has_role(Role.MANAGER)
    if team is None or not (
        viewer.is_admin or (manages and team.id in people.team_ids(session, viewer.id))
    ):
        raise NotYours("team")
    return team
