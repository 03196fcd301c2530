"""What a manager may change of an organisation, beyond what a command on the server may.

An administrator may change everything in her own organisation. A manager may change the people of
her own teams, and nothing that would make anybody, herself included, more than she is.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from server.acts.importing.faults import Faults, written
from server.acts.importing.numbers import number_of
from server.acts.importing.rows import Row, Rows
from server.acts.importing.standing import standing_of
from server.acts.teams import managed_teams
from server.store.people import Person
from server.store.roster import Roster
from shared.states import Role

ADMIN_ONLY = "Only an administrator can change this."
NOT_HER_TEAM = "You can only change people of your own teams."
NOT_YOUR_TEAM = "You do not manage this team."
PINS = ("pin", "duress_pin")


def check_authority(actor: Person, rows: Rows, roster: Roster, faults: Faults) -> None:
    """Find everything in these rows that this person may not change."""
    if actor.is_admin:
        return
    _check_organisation(rows, roster, faults)
    hers = managed_teams(roster, actor)
    for row in rows.teams:
        _check_team(row, roster, hers, faults)
    for row in rows.people:
        _check_person(row, roster, hers, faults)


def _check_organisation(rows: Rows, roster: Roster, faults: Faults) -> None:
    given = rows.organisation.given
    for name, value in given.items():
        if roster.org is None or getattr(roster.org, name) != value:
            faults.add(("organisation", name), ADMIN_ONLY)


def _check_team(row: Row, roster: Roster, hers: set[UUID], faults: Faults) -> None:
    team = roster.teams.get(row.key or "")
    if team is None:
        faults.add(row.place, "Only an administrator can add a team.")
    elif team.id not in hers:
        faults.add(row.place, NOT_YOUR_TEAM)


def _check_person(row: Row, roster: Roster, hers: set[UUID], faults: Faults) -> None:
    person = roster.people.get(row.key or "")
    if person is not None:
        if not hers & set(roster.places.get(person.id, {})):
            faults.add(row.place, NOT_HER_TEAM)
            return
        if person.is_admin and _changes(row, roster, person):
            faults.add(row.place, ADMIN_ONLY)
        if person.is_admin:
            return
    _check_roles(row, faults)
    _check_places(row, roster, person, hers, faults)


def _changes(row: Row, roster: Roster, person: Person) -> bool:
    """Whether this row would leave her otherwise than she is."""
    standing, number = standing_of(roster, person), number_of(row)
    given = row.given | ({"mobile": number.e164} if number else {})
    return any(
        _plain(given[name]) != _plain(now) for name, now in standing.items() if name in given
    )


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _check_roles(row: Row, faults: Faults) -> None:
    if Role.ADMIN.value in row.given.get("roles", []):
        faults.add((*row.place, "roles"), "Only an administrator can make an administrator.")


def _check_places(
    row: Row, roster: Roster, person: Person | None, hers: set[UUID], faults: Faults
) -> None:
    """She may put people into her own teams, and take them out of those."""
    now = set(roster.places.get(person.id, {})) if person else set()
    wanted = {slug: roster.teams[slug].id for slug in _named(row) if slug in roster.teams}
    for slug, team_id in wanted.items():
        if team_id not in hers | now:
            faults.add((*row.place, "team"), f"You do not manage the team '{slug}'.")
    if "teams" in row.given and now - hers - set(wanted.values()):
        faults.add((*row.place, "teams"), "You can take nobody out of a team you do not manage.")


def _named(row: Row) -> list[str]:
    home = row.given.get("team")
    return [*row.given.get("teams", []), *([home] if home else [])]


def leave_their_pins(rows: Rows, roster: Roster) -> tuple[Rows, list[str]]:
    """The same rows without PINs for people who have theirs, and a sentence for each.

    Whoever could set somebody's PINs could end her alarms, and whoever could try whether a PIN
    is hers could find it: so these rows look the same whatever the PINs in them are.
    """
    said: list[str] = []
    kept: list[Row] = []
    for row in rows.people:
        person = roster.people.get(row.key or "")
        if person is not None and person.has_pins and PINS[0] in row.given:
            given = {name: value for name, value in row.given.items() if name not in PINS}
            row = replace(row, given=given)
            said.append(
                f"{written((*row.place, 'pin'))}: {person.name} has PINs already; only she can"
                " change them, so these are left out."
            )
        kept.append(row)
    return replace(rows, people=kept), said
