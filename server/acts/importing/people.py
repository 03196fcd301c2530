"""Storing the people of an import file: what is given overwrites, what is absent is left."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from server.acts.base import Turn
from server.acts.importing.numbers import number_of
from server.acts.importing.rows import Row
from server.store.people import Membership, NumberProof, Pairing, Person
from server.store.roster import Roster, forget_pairings
from shared.numbers import Number, NumberKind
from shared.states import Role

AS_GIVEN = ("name", "email", "no_calls", "prefers")
OPENING = {Role.MANAGER.value, Role.ADMIN.value}
"""The roles that open pages about other people."""


@dataclass
class Change:
    """One person of the file, and which of her fields the file changes."""

    row: Row
    person: Person
    new: bool
    fields: list[str] = field(default_factory=list)
    shown: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of what may be shown: how it was, and how it is now."""
    watched_by: tuple[UUID, ...] | None = None
    """Who watched over her by name before; None where the file leaves that as it is."""
    opens_other_pages: bool = False
    """Whether her roles now open other pages than before."""

    def set(self, name: str, value: Any) -> None:
        """Store one field, and keep in mind whether that changed it."""
        was = getattr(self.person, name)
        if was != value:
            setattr(self.person, name, value)
            self.note(name, was, value)

    def note(self, name: str, *was_and_is: Any) -> None:
        """This field is another than before: that it is, and where no PIN is in it, from what to
        what."""
        self.fields.append(name)
        if was_and_is:
            was, now = map(_plain, was_and_is)
            self.shown[name] = was, now


def _plain(value: Any) -> str:
    """As a sentence has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return str(value) if value else "none"


def store_people(
    turn: Turn, roster: Roster, rows: list[Row], freed: list[Person], *, trust_numbers: bool
) -> list[Change]:
    """Create and change the people of a checked file, in its order."""
    changes = [_change_of(turn, roster, row) for row in rows]
    _let_go_of_numbers(turn, changes, freed)
    for change in changes:
        _store_fields(turn, change, trust_numbers=trust_numbers)
    for change in changes:
        _store_places(turn, roster, change)
    _store_buddies(turn, roster, changes)
    turn.session.flush()
    return changes


def _change_of(turn: Turn, roster: Roster, row: Row) -> Change:
    ref = row.given["ref"]
    known = roster.people.get(ref)
    if known is not None:
        return Change(row, known, new=False)
    assert roster.org is not None  # noqa: S101 - stored before its people
    person = Person(
        id=uuid4(),
        org_id=roster.org.id,
        org=roster.org,
        ref=ref,
        name=row.given["name"],
        mobile=None,
        landline=False,
        number_proof=NumberProof.NONE.value,
        email=None,
        roles=[],
        is_admin=False,
        no_calls=False,
        prefers=None,
        created_at=turn.now,
    )
    turn.session.add(person)
    roster.add(person)
    return Change(row, person, new=True)


def _let_go_of_numbers(turn: Turn, changes: list[Change], freed: list[Person]) -> None:
    """Two people may swap numbers: first nobody has either, so that no row stands in the way.

    A changed number loses its proof at once, and whatever was known of it (contract 4).
    """
    for person in freed:
        _forget_number(person)
    for change in changes:
        number = number_of(change.row)
        wanted = number.e164 if number else None
        if "mobile" in change.row.given and change.person.mobile != wanted:
            change.note("mobile", change.person.mobile, wanted)
            _forget_number(change.person)
    turn.session.flush()


def _forget_number(person: Person) -> None:
    person.mobile, person.landline = None, False
    person.number_proof, person.number_proven_at = NumberProof.NONE.value, None
    person.unreachable_since = None


def _store_fields(turn: Turn, change: Change, *, trust_numbers: bool) -> None:
    given = change.row.given
    for name in AS_GIVEN:
        if name in given:
            change.set(name, given[name])
    if "roles" in given:
        _store_roles(change, list(dict.fromkeys(given["roles"])))
    number = number_of(change.row)
    if number is not None:
        _store_number(change, number, trust=trust_numbers)
    if "pin" in given:
        _store_pins(turn, change, given["pin"], given["duress_pin"])


def _store_roles(change: Change, roles: list[str]) -> None:
    """The same ones in another order are no change."""
    changed = set(roles) ^ set(change.person.roles)
    change.opens_other_pages = bool(OPENING & changed) and not change.new
    if changed:
        change.set("roles", roles)
    change.person.is_admin = Role.ADMIN.value in roles


def _store_number(change: Change, number: Number, *, trust: bool) -> None:
    person = change.person
    person.mobile, person.landline = number.e164, number.kind is NumberKind.LANDLINE
    if trust and person.number_proof == NumberProof.NONE.value:
        change.set("number_proof", NumberProof.TRUSTED.value)


def _store_pins(turn: Turn, change: Change, pin: str, duress_pin: str) -> None:
    keys, person = turn.desk.keys, change.person
    hashes = keys.pin_hash(person.id, pin), keys.pin_hash(person.id, duress_pin)
    if (person.pin_hash, person.duress_hash) != hashes:
        person.pin_hash, person.duress_hash = hashes
        person.pins_before = None
        change.note("pins")


def _store_places(turn: Turn, roster: Roster, change: Change) -> None:
    """`team` is her home and replaces the home she had; `teams` replaces all the others."""
    given = change.row.given
    if "team" not in given and "teams" not in given:
        return
    places = roster.places.setdefault(change.person.id, {})
    before = {team_id: place.home for team_id, place in places.items()}
    home, wanted = _wanted_places(roster, change)
    for team_id in set(places) - wanted:
        turn.session.delete(places.pop(team_id))
    for team_id in wanted - set(places):
        places[team_id] = Membership(person_id=change.person.id, team_id=team_id, home=False)
        turn.session.add(places[team_id])
    for team_id, place in places.items():
        place.home = team_id == home
    after = {team_id: place.home for team_id, place in places.items()}
    if before != after:
        slugs = {team.id: team.slug for team in roster.teams.values()}
        change.note("teams", *(_home_first(slugs, one) for one in (before, after)))


def _home_first(slugs: dict[UUID, str], places: dict[UUID, bool]) -> list[str]:
    ordered = sorted(places, key=lambda one: (not places[one], slugs.get(one, "")))
    return [slugs[one] for one in ordered if one in slugs]


def _wanted_places(roster: Roster, change: Change) -> tuple[UUID, set[UUID]]:
    given = change.row.given
    home = roster.home_of(change.person)
    others = set(roster.places.get(change.person.id, {})) - {home}
    listed = [roster.teams[slug].id for slug in given.get("teams", [])]
    if "teams" in given:
        others = set(listed)
        home = home if home in others else next(iter(listed), home)
    if "team" in given:
        home = roster.teams[given["team"]].id
    assert home is not None  # noqa: S101 - the checks saw to it
    return home, others | {home}


def _store_buddies(turn: Turn, roster: Roster, changes: list[Change]) -> None:
    """The first is her buddy, the others are her covers, in order."""
    wanted: dict[UUID, list[UUID]] = {}
    for change in changes:
        if "buddies" not in change.row.given:
            continue
        ids = [roster.people[ref].id for ref in change.row.given["buddies"]]
        before = roster.watchers.get(change.person.id, [])
        if before != ids:
            wanted[change.person.id] = roster.watchers[change.person.id] = ids
            change.watched_by = tuple(before)
            change.note(
                "buddies", *([roster.by_id[one].name for one in some] for some in (before, ids))
            )
    forget_pairings(turn.session, wanted)
    turn.session.add_all(
        Pairing(worker_id=worker_id, rank=rank, watcher_id=watcher_id)
        for worker_id, ids in wanted.items()
        for rank, watcher_id in enumerate(ids)
    )
