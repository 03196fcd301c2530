"""The list of people, and one of them."""

from collections.abc import Sequence
from uuid import UUID

from flask import request

from server.acts.coverage import Coverage
from server.acts.going import Going, going
from server.acts.teams import person_to_manage, roster_for
from server.pages.people import caring, editing, importing, phones
from server.pages.people.one import show
from server.pages.people.picture import draw
from server.pages.people.routes import page
from server.pages.people.rows import PersonRow, TeamRows, rows_by_team
from server.pages.render import render
from server.pages.route import OFFICE, Answer
from server.pages.visitor import me
from server.running import running
from server.store import db, sheets
from server.store.db import Session
from server.store.people import Person

__all__ = ["caring", "editing", "importing", "page", "phones"]


@page.get("/people", who=OFFICE)
def people() -> Answer:
    """Everybody in the visitor's teams, and the holes among them."""
    here, seen = running(), me()
    now = here.clock.now()
    left = request.args.get("show") == "left"

    def look(session: Session) -> tuple[list[TeamRows], list[Hole]]:
        roster, teams = rows_by_team(session, seen.person, now, left=left)
        coverage = Coverage(roster, here.desk)
        return teams, holes(coverage, teams, _undescribed(session, coverage))

    teams, found = db.read(look)
    return render("people/people.html", teams=teams, holes=found, left=left)


Hole = tuple[str, list[PersonRow]]


def _undescribed(session: Session, coverage: Coverage) -> list[Person]:
    """The workers whose sheet for the day they are missed is empty."""
    workers = coverage.workers()
    written = sheets.with_sheet(session, [one.id for one in workers])
    return [one for one in workers if one.id not in written]


def holes(
    coverage: Coverage, teams: list[TeamRows], undescribed: Sequence[Person] = ()
) -> list[Hole]:
    """What is wrong, and with whom; only people the visitor looks after, each once."""
    rows = {row.person.id: row for team in teams for row in team.rows if not row.left}
    groups = (
        ("Fewer than two others can be told of", coverage.exposed()),
        ("No way that is set up reaches", coverage.unreachable()),
        ("Texts are blocked by the number of", coverage.blocked()),
        ("Nobody has proven the number of", coverage.unproven()),
        ("No PINs, so no way to end an alarm of their own:", coverage.without_pins()),
        ("No buddy of their own:", coverage.without_buddy()),
        ("No cover of their own:", coverage.without_cover()),
        ("No sheet for the day they are missed, so nobody could describe", undescribed),
    )
    found = [(words, [rows[p.id] for p in some if p.id in rows]) for words, some in groups]
    return [(words, some) for words, some in found if some]


@page.get("/people/pairings", who=OFFICE)
def pairings() -> Answer:
    """Who watches whom, as a picture and as a table."""
    here, seen = running(), me()
    now = here.clock.now()
    _, teams = db.read(lambda session: rows_by_team(session, seen.person, now, left=False))
    drawn = [(team, draw(team.rows)) for team in teams]
    return render("people/pairings.html", drawn=drawn)


@page.get("/people/<uuid:person_id>", who=OFFICE)
def person(person_id: UUID) -> Answer:
    """One of them: how she is reached, who watches her, her phones."""
    return show(person_id)


@page.get("/people/<uuid:person_id>/leave", who=OFFICE, proven=True)
def leaving(person_id: UUID) -> Answer:
    """Ask before somebody has left, and say what that would mean."""
    here, seen = running(), me()

    def look(session: Session) -> tuple[Person, Going]:
        roster = roster_for(session, seen.person)
        found = person_to_manage(roster, seen.person, person_id)
        return found, going(session, here.desk, roster, found, seen.person)

    found, then = db.read(look)
    return render("people/leave.html", person=found, going=then)
