"""Who could be told of whom: the holes in a team's safety net, seen before anybody falls.

Contract 4: an unproven number gets every alarm as if proven, but is not counted as cover.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from server.acts.base import Desk
from server.acts.circle import ways_of
from server.store.people import NumberProof, Person, Team
from server.store.roster import Roster
from shared.policy import TARGETS, Policy, Rung
from shared.states import Role, Way

FEWEST_OTHERS = 2
FEWEST_ON_DUTY = 3
MOST_NAMED = 10
TOLD_ROLES = (Role.BUDDY, Role.COVER, Role.MANAGER, Role.CONTACT)


@dataclass(frozen=True)
class ThinLadder:
    """A ladder with too few people on duty, and who they are."""

    team: Team
    urgent: bool
    on_duty: list[Person]


class Coverage:
    """One organisation's people as the ladders see them. Nothing here asks the database.

    `policies`: what some teams' policies would be, in place of what they are.
    """

    def __init__(
        self, roster: Roster, desk: Desk, policies: Mapping[UUID, Policy] | None = None
    ) -> None:
        self._roster = roster
        self._policies = policies or {}
        self._desk = desk if desk.ways else replace(desk, ways=frozenset({Way.TEXT}))
        self._people = {person.id: person for person in roster.present}
        self._teams = {team.id: team for team in roster.teams.values()}
        self._told: dict[UUID | None, frozenset[UUID]] = {}
        self._members: dict[UUID, list[Person]] = {}
        for person in self._people.values():
            for team_id in roster.places.get(person.id, {}):
                self._members.setdefault(team_id, []).append(person)

    def workers(self) -> list[Person]:
        """Everybody who goes out alone."""
        return [person for person in self._people.values() if person.has_role(Role.WORKER)]

    def counts(self, person: Person) -> bool:
        """Whether she is cover: reachable, and by more than a number nobody vouches for."""
        ways = ways_of(person, self._desk)
        return bool(ways) and (Way.EMAIL in ways or person.number_proof != NumberProof.NONE)

    def exposed(self) -> list[Person]:
        """Workers whom fewer than two others can be told of."""
        return [w for w in self.workers() if len(self._others(w)) < FEWEST_OTHERS]

    def _others(self, worker: Person) -> set[UUID]:
        told = set(self._told_in(self._roster.home_of(worker)))
        told |= {person.id for person in self.watchers(worker) if self.counts(person)}
        return told - {worker.id}

    def _told_in(self, team_id: UUID | None) -> frozenset[UUID]:
        """Whoever a broadcast of this team reaches, and whoever its rungs name."""
        if team_id not in self._told:
            team = self._teams.get(team_id) if team_id else None
            told = [p for p in self._people.values() if p.is_admin]
            if team is not None:
                told += [p for p in self._members.get(team.id, []) if p.has_role(*TOLD_ROLES)]
                told += self._named(team)
            self._told[team_id] = frozenset(p.id for p in told if self.counts(p))
        return self._told[team_id]

    def reached_in(self, team: Team) -> list[Person]:
        """Everybody whom an alarm of this team may be sent to, whether or not she counts as cover:
        administrators, those whose part in the team it is, whom its rungs name, and the buddies
        and covers of its workers."""
        found = [p for p in self._people.values() if p.is_admin]
        found += [p for p in self.members_of(team) if p.has_role(*TOLD_ROLES)]
        found += self._named(team)
        found += [p for worker in self.workers_of(team) for p in self.watchers(worker)]
        return list({person.id: person for person in found}.values())

    def watchers(self, worker: Person) -> list[Person]:
        """Her buddy first, then her covers; those who left are not among them."""
        return [one for one in self._roster.watchers_of(worker) if one.left_at is None]

    def policy_of(self, team: Team) -> Policy:
        """The team's policy, or what it would be."""
        return self._policies.get(team.id) or team.policy

    def _named(self, team: Team) -> list[Person]:
        policy = self.policy_of(team)
        refs = {to for rung in (*policy.rungs, *policy.rungs_urgent) for to in rung.to}
        return [person for ref in refs for person in self.named(ref)]

    def named(self, ref: str) -> list[Person]:
        """The person a rung names by ref, where she is there."""
        person = self._roster.people.get(ref)
        return [person] if person is not None and person.left_at is None else []

    def thin_ladders(self, now: datetime) -> Iterator[ThinLadder]:
        """Ladders that name fewer than three people who are there now."""
        workers = self._workers_by_team()
        for _, team in sorted(self._roster.teams.items()):
            if team.id not in workers:
                continue
            for urgent in (False, True):
                policy = self.policy_of(team)
                rungs = policy.rungs_urgent if urgent else policy.rungs
                on_duty = self._on_duty(team, rungs, workers[team.id], now)
                if len(on_duty) < FEWEST_ON_DUTY:
                    yield ThinLadder(team, urgent, on_duty)

    def without_manager(self) -> list[Team]:
        """Teams whose people go out and whom no manager who is there looks after."""
        workers = self._workers_by_team()
        return [
            team
            for _, team in sorted(self._roster.teams.items())
            if team.id in workers
            and not any(one.has_role(Role.MANAGER) for one in self.members_of(team))
        ]

    def workers_of(self, team: Team) -> list[Person]:
        """Whoever's own visits belong to this team."""
        return self._workers_by_team().get(team.id, [])

    def members_of(self, team: Team) -> list[Person]:
        """Everybody who is there and in this team."""
        return self._members.get(team.id, [])

    def ways_of(self, person: Person) -> tuple[Way, ...]:
        """How she can be reached by what is set up."""
        return ways_of(person, self._desk)

    def _workers_by_team(self) -> dict[UUID, list[Person]]:
        found: dict[UUID, list[Person]] = {}
        for worker in self.workers():
            home = self._roster.home_of(worker)
            if home is not None:
                found.setdefault(home, []).append(worker)
        return found

    def _on_duty(
        self, team: Team, rungs: tuple[Rung, ...], workers: list[Person], now: datetime
    ) -> list[Person]:
        targets = {to for rung in rungs for to in rung.to}
        named = [person for to in targets - set(TARGETS) for person in self.named(to)]
        members = self._members.get(team.id, [])
        if "managers" in targets:
            named += [p for p in members if p.has_role(Role.MANAGER)]
        if "contacts" in targets:
            named += [p for p in members if p.has_role(Role.CONTACT)]
        for worker in workers:
            watchers = self.watchers(worker)
            named += watchers[:1] if "buddy" in targets else []
            named += watchers[1:] if "cover" in targets else []
        there = {p.id: p for p in named if self.counts(p) and not is_away(p, now)}
        return sorted(there.values(), key=lambda person: person.ref)

    def without_buddy(self) -> list[Person]:
        """Workers with nobody who watches over them in particular."""
        return [worker for worker in self.workers() if not self.watchers(worker)]

    def without_cover(self) -> list[Person]:
        """Workers over whom one person watches, and nobody where she cannot."""
        return [worker for worker in self.workers() if len(self.watchers(worker)) == 1]

    def without_pins(self) -> list[Person]:
        """People who sign in or answer texts and have no PINs."""
        return [p for p in self._people.values() if may_sign_in(p) and not p.has_pins]

    def unproven(self) -> list[Person]:
        """People whose number nobody has proven or vouched for."""
        return [p for p in self._people.values() if p.mobile and p.number_proof == NumberProof.NONE]

    def trusted(self) -> list[Person]:
        """People whose number somebody vouches for and nobody has proven."""
        return [p for p in self._people.values() if p.number_proof == NumberProof.TRUSTED]

    def blocked(self) -> list[Person]:
        """People whose number has blocked our texts."""
        return [p for p in self._people.values() if p.unreachable_since is not None]

    def unreachable(self) -> list[Person]:
        """People whom no way that is set up reaches."""
        return [p for p in self._people.values() if not ways_of(p, self._desk)]


def is_away(person: Person, now: datetime) -> bool:
    """Whether she said she is absent now."""
    if person.away_until is None or now >= person.away_until:
        return False
    return person.away_from is None or person.away_from <= now


def may_sign_in(person: Person) -> bool:
    """A contact is outside the organisation and never signs in (contract 1)."""
    return any(role != Role.CONTACT.value for role in person.roles)


def listed(people: Sequence[Person]) -> str:
    """Up to ten refs, and how many more there are."""
    names = ", ".join(person.ref for person in people[:MOST_NAMED])
    left = len(people) - MOST_NAMED
    return f"{names} and {left} more" if left > 0 else names
