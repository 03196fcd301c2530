"""People as a manager reads them: in their teams, with everything that could be a hole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.acts.coverage import is_away, may_sign_in
from server.acts.teams import managed_teams, roster_for
from server.store import devices
from server.store.db import Session
from server.store.people import NumberProof, Person, Team
from server.store.roster import Roster
from shared.numbers import national
from shared.states import Role

ROLE_WORDS = {
    Role.WORKER.value: "worker",
    Role.BUDDY.value: "buddy",
    Role.COVER.value: "cover",
    Role.MANAGER.value: "manager",
    Role.ADMIN.value: "administrator",
    Role.CONTACT.value: "contact outside",
}


@dataclass(frozen=True)
class Tag:
    """A short word in a colour; the word alone says it all."""

    text: str
    colour: str
    since: datetime | None = None


@dataclass(frozen=True)
class PersonRow:
    """One line of the list. `watchers`: her buddy first, then her covers; `away`: which of them
    are away now, so that the next one is told in their place."""

    person: Person
    roles: str
    number: str
    proof: Tag | None
    watchers: tuple[Person, ...]
    phones: int
    is_worker: bool
    away_until: datetime | None
    left: bool
    away: frozenset[UUID] = frozenset()

    @property
    def lacks_pins(self) -> bool:
        """Whether she would need PINs and has none."""
        return not self.person.has_pins and may_sign_in(self.person)


@dataclass(frozen=True)
class TeamRows:
    """A team and whoever is in it; her home team first."""

    team: Team
    rows: tuple[PersonRow, ...]


def proof_of(person: Person) -> Tag | None:
    """How far her number is known to reach her; None where she has none."""
    if person.mobile is None:
        return None
    if person.unreachable_since is not None:
        return Tag("blocks our texts", "red", person.unreachable_since)
    if person.number_proof == NumberProof.PROVEN:
        return Tag("proven", "green", person.number_proven_at)
    if person.number_proof == NumberProof.TRUSTED:
        return Tag("trusted", "blue")
    return Tag("not proven", "orange")


def role_words(person: Person) -> str:
    """Her roles in a sentence's order."""
    held = {*person.roles, *([Role.ADMIN.value] if person.is_admin else [])}
    return ", ".join(words for role, words in ROLE_WORDS.items() if role in held)


def row_of(person: Person, roster: Roster, phones: Mapping[UUID, int], now: datetime) -> PersonRow:
    """One person as the list shows her."""
    watchers = tuple(one for one in roster.watchers_of(person) if one.left_at is None)
    return PersonRow(
        person=person,
        roles=role_words(person),
        number=national(person.mobile, person.org.country) if person.mobile else "",
        proof=proof_of(person),
        watchers=watchers,
        phones=phones.get(person.id, 0),
        is_worker=person.has_role(Role.WORKER),
        away_until=person.away_until if is_away(person, now) else None,
        left=person.left_at is not None,
        away=frozenset(one.id for one in watchers if is_away(one, now)),
    )


def rows_by_team(
    session: Session, viewer: Person, now: datetime, *, left: bool
) -> tuple[Roster, list[TeamRows]]:
    """The teams this viewer looks after, by name, and their people; `left`: those who have left."""
    roster = roster_for(session, viewer)
    hers = managed_teams(roster, viewer)
    phones = devices.phones_by_person(session, [p.id for p in roster.people.values()])
    teams = sorted(roster.teams.values(), key=lambda team: (team.name, team.slug))
    return roster, [
        TeamRows(team, _rows(_in_team(roster, team, left=left), roster, phones, now))
        for team in teams
        if team.id in hers
    ]


def _in_team(roster: Roster, team: Team, *, left: bool) -> list[Person]:
    found = [
        person
        for person in roster.people.values()
        if team.id in roster.places.get(person.id, {}) and (person.left_at is not None) == left
    ]
    return sorted(found, key=lambda person: (person.name.casefold(), person.ref))


def _rows(
    people: Sequence[Person], roster: Roster, phones: Mapping[UUID, int], now: datetime
) -> tuple[PersonRow, ...]:
    return tuple(row_of(person, roster, phones, now) for person in people)
