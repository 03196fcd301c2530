"""What the rows of an import file say of each other and of what is stored already."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from server.acts.importing.faults import Faults, Place, shown, written
from server.acts.importing.numbers import number_of
from server.acts.importing.rows import Row, Rows
from server.store import roster as store
from server.store.people import Person
from server.store.roster import Roster
from shared.policy import TARGETS

NEEDED = {
    "name": "Somebody new needs a name.",
    "roles": "Somebody new needs roles, such as worker and buddy.",
}


def check_rows(session: Session, rows: Rows, roster: Roster, faults: Faults) -> list[Person]:
    """Find every fault between the rows and the database.

    Returns the people who have left and whose numbers somebody in the file has now.
    """
    _check_organisation(rows, roster, faults)
    _check_keys(rows.teams, "slug", faults)
    _check_keys(rows.people, "ref", faults)
    _check_teams(rows, roster, faults)
    for row in rows.people:
        _check_new(row, roster, faults)
        _check_places(row, rows, roster, faults)
        _check_buddies(row, rows, roster, faults)
    return _Numbers(session, rows, roster, faults).check()


def _check_organisation(rows: Rows, roster: Roster, faults: Faults) -> None:
    given = rows.organisation.given
    if roster.org is None and "slug" in given and "name" not in rows.organisation.names:
        faults.add(("organisation", "name"), "A new organisation needs a name.")


def _check_keys(rows: list[Row], name: str, faults: Faults) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        key = row.given.get(name)
        if key is None:
            continue
        first = seen.setdefault(key, row)
        if first is not row:
            faults.add((*row.place, name), f"'{key}' is {written(first.place)} already.")


def _check_teams(rows: Rows, roster: Roster, faults: Faults) -> None:
    for row in rows.teams:
        slug = row.given.get("slug")
        if slug is not None and slug not in roster.teams and "name" not in row.names:
            faults.add((*row.place, "name"), "A new team needs a name.")
        for place, ref in _named_in(row.given.get("policy")):
            if ref not in TARGETS and not _is_known(ref, rows, roster):
                faults.add((*row.place, "policy", *place), _nobody(ref))


def _named_in(policy: object) -> Iterator[tuple[Place, str]]:
    """Whom its rungs name, and where; a policy that is at fault elsewhere may hold anything."""
    for ladder in ("rungs", "rungs_urgent"):
        for index, rung in _items(policy, ladder):
            for n, ref in _items(rung, "to"):
                if isinstance(ref, str):
                    yield (ladder, index, "to", n), ref


def _items(holder: object, name: str) -> Iterator[tuple[int, object]]:
    found = holder.get(name) if isinstance(holder, dict) else None
    yield from enumerate(found if isinstance(found, list) else [])


def _is_known(ref: str, rows: Rows, roster: Roster) -> bool:
    return ref in rows.refs or ref in roster.people


def _nobody(ref: str) -> str:
    return f"There is nobody with the ref '{shown(ref)}'."


def _check_new(row: Row, roster: Roster, faults: Faults) -> None:
    ref = row.given.get("ref")
    if ref is None or ref in roster.people:
        return
    for name, sentence in NEEDED.items():
        if name not in row.names:
            faults.add((*row.place, name), sentence)
    if "team" not in row.names and "teams" not in row.names:
        faults.add((*row.place, "team"), "Somebody new needs a team.")


def _check_places(row: Row, rows: Rows, roster: Roster, faults: Faults) -> None:
    slugs = {team.given.get("slug") for team in rows.teams} | set(roster.teams)
    home, others = row.given.get("team"), row.given.get("teams")
    if home is not None and home not in slugs:
        faults.add((*row.place, "team"), f"There is no team '{shown(home)}'.")
    for n, slug in enumerate(others or []):
        if slug not in slugs:
            faults.add((*row.place, "teams", n), f"There is no team '{shown(slug)}'.")
    if home is None and others == []:
        faults.add((*row.place, "teams"), "Everybody needs a team.")


def _check_buddies(row: Row, rows: Rows, roster: Roster, faults: Faults) -> None:
    seen: set[str] = set()
    for n, ref in enumerate(row.given.get("buddies", [])):
        place = (*row.place, "buddies", n)
        if ref == row.given.get("ref"):
            faults.add(place, "Nobody can be their own buddy.")
        elif ref in seen:
            faults.add(place, f"'{shown(ref)}' is named twice.")
        elif not _is_known(ref, rows, roster):
            faults.add(place, _nobody(ref))
        seen.add(ref)


class _Numbers:
    """Contract 4: a mobile belongs to one person of an organisation, once the file is applied."""

    def __init__(self, session: Session, rows: Rows, roster: Roster, faults: Faults) -> None:
        self._session, self._rows, self._roster, self._faults = session, rows, roster, faults
        renumbered = {row.key for row in rows.people if "mobile" in row.given}
        self._holders = {
            person.mobile: person
            for person in roster.people.values()
            if person.mobile is not None and person.ref not in renumbered
        }
        self._leavers = {row.key for row in rows.people if row.given.get("left")}

    def check(self) -> list[Person]:
        """Find the numbers that would belong to two; returns whose number is free again."""
        seen: dict[str, Row] = {}
        freed = []
        for row in self._rows.people:
            number = number_of(row)
            if number is None:
                continue
            first, holder = seen.setdefault(number.e164, row), self._holders.get(number.e164)
            if first is not row:
                self._refuse(row, f"This is the number of {written(first.place)} already.")
            elif holder is not None and self._keeps(holder):
                self._refuse(row, f"This is {holder.ref}'s number already.")
            elif holder is not None:
                freed.append(holder)
        return freed

    def _refuse(self, row: Row, why: str) -> None:
        self._faults.add((*row.place, "mobile"), f"{why} A number belongs to one person.")

    def _keeps(self, holder: Person) -> bool:
        """Whoever has left gives her number up, once nothing of hers is open any more."""
        gone = holder.left_at is not None or holder.ref in self._leavers
        return not gone or store.needs_her_number(self._session, holder.id)
