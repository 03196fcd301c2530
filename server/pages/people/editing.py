"""Adding and changing somebody: a form that is checked and stored as a row of an import file."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from server.acts import importing
from server.acts.base import Turn
from server.acts.importing import BadImport, ChangedMeanwhile, Options
from server.acts.importing.standing import fingerprint, standing_of
from server.acts.teams import managed_teams, person_to_manage, roster_for
from server.domain.refusals import BadField
from server.pages.forms import TOP, Form
from server.pages.people.routes import page
from server.pages.people.rows import ROLE_WORDS
from server.pages.render import render
from server.pages.route import OFFICE, Answer
from server.pages.visitor import Visitor, me
from server.running import running
from server.store import db
from server.store.db import Session
from server.store.people import Person, Team
from server.store.roster import Roster
from shared.states import Means, Role

FEWEST_WATCHERS = 3
MOST_WATCHERS = 12
SEEN, SURE = "seen", "sure"
LABELS = {
    "ref": "Short name",
    "name": "Name",
    "mobile": "Phone number",
    "email": "E-mail address",
    "team": "Home team",
    "role_worker": "Roles",
    "watcher_0": "Buddy, told first",
    **{f"watcher_{n}": f"Cover {n}" for n in range(1, MOST_WATCHERS)},
    "prefers": "How to reach this person first",
    SURE: "",
}
"""What the fields are called, in their order on the page."""
WAYS = (("", "No preference"), ("text", "Text"), ("call", "Call"), ("email", "E-mail"))
FIELD_WORDS = {
    "name": "Name",
    "mobile": "Phone number",
    "email": "E-mail address",
    "team": "Home team",
    "teams": "Teams",
    "roles": "Roles",
    "buddies": "Buddy and covers",
    "no_calls": "Takes no calls",
    "prefers": "Prefers",
    "left": "Has left",
}


@dataclass(frozen=True)
class Office:
    """What the form can be filled in with, for this visitor."""

    roster: Roster
    teams: list[Team]
    person: Person | None

    @property
    def others(self) -> list[Person]:
        """Whoever may be chosen as a buddy."""
        return [one for one in self.roster.present if one is not self.person]

    @property
    def roles(self) -> list[tuple[str, str]]:
        """The roles that can be given."""
        return list(ROLE_WORDS.items())


def _office(session: Session, seen: Visitor, person_id: UUID | None) -> Office:
    roster = roster_for(session, seen.person)
    person = person_to_manage(roster, seen.person, person_id) if person_id else None
    hers = managed_teams(roster, seen.person)
    places = set(roster.places.get(person.id, {})) if person else set()
    teams = [team for team in roster.teams.values() if team.id in hers | places]
    return Office(roster, sorted(teams, key=lambda team: team.name), person)


def open_office(person_id: UUID | None) -> Office:
    """What this visitor's forms about that person hold; NotYours where she is not hers."""
    return db.read(lambda session: _office(session, me(), person_id))


@page.get("/people/new", who=OFFICE, proven=True)
def new() -> Answer:
    """An empty form."""
    office = open_office(None)
    first = office.teams[0].slug if office.teams else ""
    return _page(Form({"team": first, "role_worker": "yes", "role_buddy": "yes"}), office)


@page.post("/people/new", who=OFFICE, proven=True)
def add() -> Answer:
    """Somebody new."""
    form, office = Form.read(), open_office(None)
    return _store(form, office, "{} is in.") or (_page(form, office), form.status)


@page.get("/people/<uuid:person_id>/edit", who=OFFICE, proven=True)
def edit(person_id: UUID) -> Answer:
    """The form with everything as it is."""
    office = open_office(person_id)
    return _page(_filled(office), office)


@page.post("/people/<uuid:person_id>/edit", who=OFFICE, proven=True)
def save(person_id: UUID) -> Answer:
    """Change her."""
    form, office = Form.read(), open_office(person_id)
    done = _store(form, office, "{} is saved.")
    if done:
        return done
    now = open_office(person_id)
    theirs = _changed_meanwhile(form, now) if form.status == 409 else []
    return _page(form, now, theirs), form.status


def _filled(office: Office) -> Form:
    if office.person is None:
        return Form()
    standing = standing_of(office.roster, office.person)
    values: dict[str, Any] = {name: standing[name] for name in ("ref", "name", "mobile", "email")}
    values |= {"team": standing["team"], "prefers": standing["prefers"]}
    values |= {f"role_{role}": "yes" for role in standing["roles"]}
    values |= {f"team_{slug}": "yes" for slug in standing["teams"]}
    values |= {f"watcher_{n}": ref for n, ref in enumerate(standing["buddies"])}
    values |= {"no_calls": "yes"} if standing["no_calls"] else {}
    values[SEEN] = fingerprint(running().desk.keys, standing)
    return Form(values)


def _row(form: Form, office: Office) -> dict[str, Any]:
    """What was typed, as a row of an import file."""
    home = form.text("team")
    others = [team.slug for team in office.teams if form.ticked(f"team_{team.slug}")]
    roles = [role.value for role in Role if form.ticked(f"role_{role.value}")]
    given = {
        "ref": office.person.ref if office.person else form.text("ref"),
        "name": form.text("name"),
        "mobile": form.text("mobile") or None,
        "email": form.text("email") or None,
        "teams": others or ([home] if home else []),
        "roles": roles,
        "buddies": _watchers(form),
        "no_calls": form.ticked("no_calls"),
        "prefers": form.text("prefers") or None,
    }
    return given | ({"team": home} if home else {})


def _watchers(form: Form) -> list[str]:
    chosen = (form.text(f"watcher_{n}") for n in range(MOST_WATCHERS))
    return [ref for ref in chosen if ref]


def _store(form: Form, office: Office, said: str) -> Answer | None:
    """Check and store what was typed; None where it was refused, and the form says why."""
    seen = me()
    given = _row(form, office)
    options = Options(org_slug=seen.person.org.slug, only_org_slug=True)
    first = _must_be_as_seen(form, office)

    def work(turn: Turn) -> None:
        _must_be_meant(form, importing.carry_out(turn, wanted, options, first=first).grave)

    try:
        wanted = importing.read_person(given, options)
        done = form.once(
            work,
            then=_back_to(office, given["ref"]),
            said=lambda: " ".join([said.format(given["name"]), *_about_number(wanted)]),
            lock=importing.locker(wanted, seen.person.id),
        )
    except BadImport as refusal:
        _blame(form, refusal)
        return None
    if done is None and office.person is None:
        _blame_the_rest(form, given, options)
    return done


def _must_be_meant(form: Form, grave: list[str]) -> None:
    """What takes protection, or a whole team's manager, away is asked about before it is stored."""
    if grave and not form.ticked(SURE):
        raise BadField(SURE, " ".join([*grave, "Tick the last box if that is meant."]))


def _blame_the_rest(form: Form, given: dict[str, Any], options: Options) -> None:
    """A short name that is taken must not hide what else is wrong: all is mended in one go."""
    try:
        wanted = importing.read_person(given | {"ref": f"free-{form.id}"}, options)
        importing.rehearse(
            running().desk,
            wanted,
            options,
            now=running().clock.now(),
            by=Means.PAGE,
            actor_id=me().person.id,
        )
    except BadImport as refusal:
        _blame(form, refusal)


def _about_number(wanted: importing.Wanted) -> list[str]:
    """What is unusual about her number, without the place in a file it has there."""
    return [warning.partition(": ")[2] for warning in wanted.warnings]


def _must_be_as_seen(form: Form, office: Office) -> importing.First:
    """Nobody is overwritten unseen: for somebody new, that her ref is still free."""

    def check(turn: Turn, roster: Roster) -> None:
        if office.person is None:
            if form.text("ref") in roster.people:
                raise BadField("ref", "Somebody has this short name already; choose another.")
            return
        person = roster.people[office.person.ref]
        mark = fingerprint(turn.desk.keys, standing_of(roster, person))
        if form.values.get(SEEN) != mark:
            raise ChangedMeanwhile(
                f"Somebody else changed {person.name} while you were editing. What you typed is"
                " kept below and is not yet saved: look at both, then save again."
            )

    return check


def _back_to(office: Office, ref: str) -> str:
    if office.person is not None:
        return url_for("people.person", person_id=office.person.id)
    return url_for("people.people", _anchor=f"p-{ref}")


def _blame(form: Form, refusal: BadImport) -> None:
    for fault in refusal.found:
        name, *rest = fault.place[2:] or (TOP,)
        field = str(name)
        if field == "buddies":
            field = f"watcher_{_typed_at(form, int(rest[0]) if rest else 0)}"
        form.blame({"roles": "role_worker", "teams": "team"}.get(field, field), fault.sentence)


def _typed_at(form: Form, index: int) -> int:
    """The field in which the nth chosen watcher was typed."""
    used = [n for n in range(MOST_WATCHERS) if form.text(f"watcher_{n}")]
    return used[index] if index < len(used) else 0


def _changed_meanwhile(form: Form, office: Office) -> list[tuple[str, str, str]]:
    """What differs between what was typed and how she stands now: name, typed, now.

    From here on the form is about how she stands now, so saving again is done knowingly.
    """
    assert office.person is not None  # noqa: S101 - only a person who is there can be edited
    standing = standing_of(office.roster, office.person)
    form.values[SEEN] = fingerprint(running().desk.keys, standing)
    typed = _row(form, office)
    return [
        (FIELD_WORDS[name], _said(typed[name]), _said(value))
        for name, value in standing.items()
        if name in typed and name in FIELD_WORDS and _differ(typed[name], value)
    ]


def _differ(typed: Any, now: Any) -> bool:
    if isinstance(typed, list):
        return sorted(typed) != sorted(now) if typed and now else typed != now
    return bool(typed != now)


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value else "none"


def _page(form: Form, office: Office, theirs: list[tuple[str, str, str]] | None = None) -> str:
    form.labels = LABELS
    used = [n for n in range(MOST_WATCHERS) if form.values.get(f"watcher_{n}")]
    shown = min(max(FEWEST_WATCHERS, len(used) + 1), MOST_WATCHERS)
    return render(
        "people/edit.html",
        form=form,
        office=office,
        theirs=theirs or [],
        watchers=range(shown),
        ways=WAYS,
        may_make_admins=me().is_admin,
    )
