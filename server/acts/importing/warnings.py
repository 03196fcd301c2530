"""What an import should give its reader to think about: holes it leaves, none of them an error."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from server.acts.base import Desk
from server.acts.coverage import FEWEST_ON_DUTY, FEWEST_OTHERS, Coverage, listed
from server.acts.holes import slow_where_risk_is
from server.acts.importing.faults import written
from server.acts.importing.people import Change
from server.acts.teams import managed_teams
from server.store.people import Person, Team
from server.store.roster import Roster
from shared.states import Role


def about_leavers(changes: Sequence[Change], roster: Roster) -> list[str]:
    """Rows that name somebody who has left, or change her without bringing her back."""
    gone = {ref for ref, person in roster.people.items() if person.left_at is not None}
    said = []
    for change in changes:
        place, given = written(change.row.place), change.row.given
        if change.person.ref in gone and "left" not in given:
            said.append(f"{place}: {change.person.ref} has left; 'left': false brings them back.")
        said += [
            f"{place}.buddies[{n}]: {ref} has left and is told nothing."
            for n, ref in enumerate(given.get("buddies", []))
            if ref in gone
        ]
    return said


class Whose:
    """What concerns whoever imports, as it was before: a file that takes her own part away must
    not take the warnings away with it. `actor` None: the command, which everything concerns."""

    def __init__(self, roster: Roster, actor: Person | None) -> None:
        self.actor = actor
        self.managed = managed_teams(roster, actor) if actor is not None else set()
        self.had_managers = {one.id for one in with_manager(roster)}

    def teams(self, roster: Roster) -> set[UUID]:
        """The teams she looks after, or looked after until now."""
        if self.actor is None:
            return {team.id for team in roster.teams.values()}
        return self.managed | managed_teams(roster, self.actor)

    def includes(self, roster: Roster, person: Person) -> bool:
        """Whether she looks after this person, or did until now."""
        return self.actor is None or bool(
            self.teams(roster) & set(roster.places.get(person.id, {}))
        )


def with_manager(roster: Roster) -> list[Team]:
    """The teams that have a manager who is there."""
    there = [one for one in roster.present if one.has_role(Role.MANAGER)]
    places = {team_id for one in there for team_id in roster.places.get(one.id, {})}
    return [team for _, team in sorted(roster.teams.items()) if team.id in places]


def about_managers(roster: Roster, whose: Whose) -> Iterator[str]:
    """What nobody should learn afterwards: a team, or she herself, loses these pages."""
    left = {team.id for team in with_manager(roster)}
    for _, team in sorted(roster.teams.items()):
        if team.id in whose.had_managers - left:
            yield f"{team.slug}: NOBODY would manage this team any more."
    if whose.actor is not None and whose.managed - managed_teams(roster, whose.actor):
        yield "YOU would no longer manage your own team, and could not take this back."


def warnings_of(roster: Roster, desk: Desk, now: datetime, whose: Whose) -> list[str]:
    """The holes of this organisation as the import leaves it, one sentence for each kind; where
    somebody asks for it on a page, only those of the teams she looks after."""
    coverage = Coverage(roster, desk)
    hers = whose.teams(roster)
    found = [
        (coverage.unreachable(), "Nobody can reach these people by any way that is set up"),
        (coverage.without_buddy(), "Without a buddy"),
        (coverage.without_pins(), "Without PINs, so they close by text without one"),
        (coverage.unproven(), "Unproven numbers, not counted as cover"),
        (coverage.exposed(), f"Fewer than {FEWEST_OTHERS} others can be told of"),
    ]
    said = []
    for people, sentence in found:
        seen = [one for one in people if whose.includes(roster, one)]
        said += [f"{sentence}: {listed(seen)}."] if seen else []
    said += [
        f"{team.slug}: {sentence}"
        for _, team in sorted(roster.teams.items())
        if team.id in hers
        for sentence in slow_where_risk_is(team.policy)
    ]
    for thin in coverage.thin_ladders(now):
        if thin.team.id not in hers:
            continue
        which = "rungs_urgent" if thin.urgent else "rungs"
        names = listed(thin.on_duty) or "nobody"
        said.append(
            f"{thin.team.slug}: its {which} reach fewer than {FEWEST_ON_DUTY} people on duty:"
            f" {names}."
        )
    return said
