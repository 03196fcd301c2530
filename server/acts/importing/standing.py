"""How somebody stands in the database, in the words of an import file."""

import json
from collections.abc import Mapping
from typing import Any

from server.acts.importing.rows import Rows
from server.domain.secrets import Keyring
from server.store.people import Person
from server.store.roster import Roster

Standing = Mapping[str, Any]


def standing_of(roster: Roster, person: Person) -> dict[str, Any]:
    """Everything about her that an import may change, as a row of the file; PINs are never told."""
    slugs = {team.id: team.slug for team in roster.teams.values()}
    home = roster.home_of(person)
    places = sorted(slugs[team_id] for team_id in roster.places.get(person.id, {}))
    return {
        "ref": person.ref,
        "name": person.name,
        "mobile": person.mobile,
        "email": person.email,
        "team": slugs[home] if home else None,
        "teams": places,
        "roles": list(person.roles),
        "buddies": [one.ref for one in roster.watchers_of(person)],
        "no_calls": person.no_calls,
        "prefers": person.prefers,
        "left": person.left_at is not None,
    }


def fingerprint(keys: Keyring, standing: Standing | None) -> str:
    """A short mark of how somebody stands; another one as soon as anything of hers changes."""
    return keys.seal("standing", json.dumps(standing, sort_keys=True))[:32]


def outlook(keys: Keyring, rows: Rows, roster: Roster) -> str:
    """A mark of everything the file would overwrite, as it stands before."""
    people = {ref: roster.people.get(ref) for ref in sorted(rows.refs)}
    said: dict[str, Any] = {
        ref: standing_of(roster, person) if person else None for ref, person in people.items()
    }
    teams = {row.key: roster.teams.get(row.key or "") for row in rows.teams}
    said["teams"] = {
        slug: [team.name, team.policy_version] if team else None for slug, team in teams.items()
    }
    if roster.org is not None:
        said["organisation"] = [roster.org.name, roster.org.timezone, roster.org.country]
    given = [row.given for row in (rows.organisation, *rows.teams, *rows.people)]
    return keys.seal("outlook", json.dumps([said, given], sort_keys=True, default=str))
