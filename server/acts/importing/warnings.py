"""What an import should give its reader to think about: holes it leaves, none of them an error."""

from collections.abc import Sequence
from datetime import datetime

from server.acts.base import Desk
from server.acts.coverage import FEWEST_ON_DUTY, FEWEST_OTHERS, Coverage, listed
from server.acts.holes import slow_where_risk_is
from server.acts.importing.faults import written
from server.acts.importing.people import Change
from server.acts.teams import managed_teams, may_manage
from server.store.people import Person
from server.store.roster import Roster


def about_leavers(changes: Sequence[Change], roster: Roster) -> list[str]:
    """Rows that name somebody who has left, or change her without bringing her back."""
    gone = {ref for ref, person in roster.people.items() if person.left_at is not None}
    said = []
    for change in changes:
        place, given = written(change.row.place), change.row.given
        if change.person.ref in gone and "left" not in given:
            said.append(f"{place}: {change.person.ref} has left; 'left': false brings her back.")
        said += [
            f"{place}.buddies[{n}]: {ref} has left and is told nothing."
            for n, ref in enumerate(given.get("buddies", []))
            if ref in gone
        ]
    return said


def warnings_of(roster: Roster, desk: Desk, now: datetime, actor: Person | None) -> list[str]:
    """The holes of this organisation as the import leaves it, one sentence for each kind; where
    somebody asks for it on a page, only those of the teams she looks after."""
    coverage = Coverage(roster, desk)
    hers = {team.id for team in roster.teams.values()}
    if actor is not None:
        hers = managed_teams(roster, actor)
    found = [
        (coverage.unreachable(), "Nobody can reach these people by any way that is set up"),
        (coverage.without_buddy(), "Without a buddy"),
        (coverage.without_pins(), "Without PINs, so they close by text without one"),
        (coverage.unproven(), "Unproven numbers, not counted as cover"),
        (coverage.exposed(), f"Fewer than {FEWEST_OTHERS} others can be told of"),
    ]
    said = []
    for people, sentence in found:
        seen = [one for one in people if actor is None or may_manage(roster, actor, one)]
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
