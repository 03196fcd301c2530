"""Storing a checked import file, every change with a line in the log."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar

from server.acts.base import Turn, record
from server.acts.coverage import may_sign_in
from server.acts.enrolling import issue_code
from server.acts.importing.during import during_visits
from server.acts.importing.lines import Line, record_all
from server.acts.importing.people import Change, store_people
from server.acts.importing.rows import Row, Rows
from server.acts.importing.warnings import Whose, about_leavers, about_managers, warnings_of
from server.acts.leaving import come_back_to_work, leave
from server.acts.policies import change_policy
from server.acts.signing_in import end_others
from server.store import roster as store
from server.store.people import Organisation, Person, Team
from server.store.policies import keep_version
from server.store.roster import Roster
from shared.policy import Policy, read_policy

Kind = TypeVar("Kind")

SUMMARY = ("organisation", "created", "updated", "warnings", "people")
DEFAULTS = {"timezone": "Europe/London", "country": "GB"}


@dataclass(frozen=True)
class Options:
    """What the caller asks for besides the file; `org_slug` where the file names none (CSV).

    `only_org_slug`: a file about any other organisation is refused.
    """

    trust_numbers: bool = False
    enrol: bool = False
    org_slug: str | None = None
    only_org_slug: bool = False


@dataclass(frozen=True)
class Changed:
    """One person of the file, and which of her fields are others now."""

    ref: str
    name: str
    new: bool
    fields: tuple[str, ...]
    shown: tuple[tuple[str, str, str], ...] = ()
    """Field, how it was, how it is: of all that may be shown."""


@dataclass(frozen=True)
class Ladder:
    """One team of the file: its policy before (None: it is new) and after."""

    team: str
    was: Policy | None
    now: Policy


@dataclass
class Counts:
    """How many of each."""

    organisations: int = 0
    teams: int = 0
    people: int = 0


@dataclass
class Done:
    """What an import did; `summary` is what the command prints (contract 4).

    `outlook` is a mark of what it did and to what: the same only for the same.
    """

    organisation: str
    created: Counts = field(default_factory=Counts)
    updated: Counts = field(default_factory=Counts)
    warnings: list[str] = field(default_factory=list)
    grave: list[str] = field(default_factory=list)
    """Those of the warnings that whoever did it has to hear at once."""
    people: list[dict[str, str | None]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    ladders: list[Ladder] = field(default_factory=list)
    outlook: str = ""

    def summary(self) -> dict[str, Any]:
        """As plain JSON values."""
        said = asdict(self)
        return {name: said[name] for name in SUMMARY}


def store_rows(
    turn: Turn, rows: Rows, roster: Roster, freed: list[Person], options: Options
) -> Done:
    """Apply a file in which no fault was found."""
    org = _store_organisation(turn, rows.organisation, roster)
    done = Done(org.row.slug)
    whose = Whose(roster, turn.actor)
    _count(done, "organisations", org)
    for row in rows.teams:
        known = roster.teams.get(row.given["slug"])
        was = known.policy if known else None
        team = _store_team(turn, row, org.row, roster)
        _count(done, "teams", team)
        done.ladders.append(Ladder(team.row.name, was, team.row.policy))
    changes = store_people(turn, roster, rows.people, freed, trust_numbers=options.trust_numbers)
    record_all(turn, [*_lines(changes), *(_line("person_changed", p, ["mobile"]) for p in freed)])
    for change in changes:
        _let_go_or_bring_back(turn, change)
        if change.opens_other_pages:
            end_others(turn, change.person, None)
        _count(done, "people", Stored(change.person, change.new, bool(change.fields)))
        who = change.person
        shown = tuple((name, *both) for name, both in change.shown.items())
        done.changed.append(Changed(who.ref, who.name, change.new, tuple(change.fields), shown))
    done.people = _entries(turn, changes, options)
    turn.session.flush()
    done.grave += [*about_managers(roster, whose), *during_visits(turn, roster, changes)]
    done.warnings += [*done.grave, *about_leavers(changes, roster)]
    done.warnings += warnings_of(roster, turn.desk, turn.now, whose)
    return done


@dataclass(frozen=True)
class Stored(Generic[Kind]):
    """A row of the database, and what the file did to it."""

    row: Kind
    new: bool
    changed: bool


def _count(done: Done, what: str, stored: Stored[Any]) -> None:
    if stored.new or stored.changed:
        counts = done.created if stored.new else done.updated
        setattr(counts, what, getattr(counts, what) + 1)


def _store_organisation(turn: Turn, row: Row, roster: Roster) -> Stored[Organisation]:
    if roster.org is not None:
        changed = _overwrite(roster.org, row, ("name", "timezone", "country"))
        if changed:
            record(turn, "organisation_changed", org_id=roster.org.id, fields=changed)
        return Stored(roster.org, new=False, changed=bool(changed))
    roster.org = Organisation(**DEFAULTS | row.given, created_at=turn.now)
    turn.session.add(roster.org)
    turn.session.flush()
    record(turn, "organisation_created", org_id=roster.org.id, slug=roster.org.slug)
    return Stored(roster.org, new=True, changed=False)


def _overwrite(stored: Organisation | Team, row: Row, names: Iterable[str]) -> list[str]:
    changed = [n for n in names if n in row.given and getattr(stored, n) != row.given[n]]
    for name in changed:
        setattr(stored, name, row.given[name])
    return changed


def _store_team(turn: Turn, row: Row, org: Organisation, roster: Roster) -> Stored[Team]:
    slug, policy = row.given["slug"], row.given.get("policy", {})
    team = roster.teams.get(slug)
    if team is None:
        return _new_team(turn, row, org, roster)
    changed = _overwrite(team, row, ("name",))
    if changed:
        record(turn, "team_changed", org_id=org.id, team=slug, fields=changed)
    adopted = change_policy(turn, team, policy)
    return Stored(team, new=False, changed=bool(changed) or adopted)


def _new_team(turn: Turn, row: Row, org: Organisation, roster: Roster) -> Stored[Team]:
    slug, policy = row.given["slug"], read_policy(row.given.get("policy", {})).to_json()
    team = Team(
        org_id=org.id, slug=slug, name=row.given["name"], policy_json=policy, created_at=turn.now
    )
    turn.session.add(team)
    turn.session.flush()
    keep_version(turn.session, team, turn.now, turn.actor.id if turn.actor else None)
    roster.teams[slug] = team
    record(turn, "team_created", org_id=org.id, team=slug, policy=policy)
    return Stored(team, new=True, changed=False)


def _lines(changes: list[Change]) -> Iterator[Line]:
    for change in changes:
        if change.new or change.fields:
            what = "person_created" if change.new else "person_changed"
            yield _line(what, change.person, change.fields)


def _line(what: str, person: Person, fields: list[str]) -> Line:
    return Line(what, person, {"ref": person.ref, "fields": list(fields)})


def _let_go_or_bring_back(turn: Turn, change: Change) -> None:
    left = change.row.given.get("left")
    if left is None or left == (change.person.left_at is not None):
        return
    change.note("left")
    (leave if left else come_back_to_work)(turn, change.person)


def _entries(turn: Turn, changes: list[Change], options: Options) -> list[dict[str, str | None]]:
    """The people of the summary, each with a fresh code where that is asked for."""
    entries: list[dict[str, str | None]] = [
        {"ref": change.person.ref, "id": str(change.person.id)} for change in changes
    ]
    if not options.enrol:
        return entries
    # A code replaces those not used yet: the letter that went astray is worth nothing then.
    store.end_codes(turn.session, [change.person.id for change in changes], turn.now)
    given = [change.person for change in changes if _needs_code(change.person)]
    codes = {person.ref: issue_code(turn, person) for person in given}
    record_all(turn, [Line("code_made", person, {}) for person in given])
    return [entry | {"enrolment_code": codes.get(str(entry["ref"]))} for entry in entries]


def _needs_code(person: Person) -> bool:
    return person.left_at is None and may_sign_in(person)
