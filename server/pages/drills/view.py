"""The routes of drills: held and looked at by managers; answered by whoever was asked."""

from uuid import UUID

from flask import request, url_for

from server.access import ANYBODY
from server.acts import drilling
from server.acts.base import Turn, perform
from server.acts.caring import managed_team
from server.domain.refusals import Conflict, NotYours
from server.domain.secrets import hash_token
from server.pages import flash
from server.pages.drills.shown import Shown, shown
from server.pages.errors import error_page
from server.pages.forms import TOP, Form, to, uuid_in
from server.pages.render import render
from server.pages.route import MANAGER, Answer, Pages
from server.pages.visitor import me
from server.running import running
from server.store import board, db, drills
from server.store.db import Session
from server.store.people import Person, Team
from shared.states import Means

page = Pages("drills", __name__)

MOST = 10
LONGEST_LINK = 40
OVER = "This drill is over, or its address is not whole. There is nothing to do."


@page.get("/drills", who=MANAGER)
def drills_page() -> Answer:
    """What became of the last drills, and whom a new one would ask."""
    return _page(Form())


@page.post("/drills", who=MANAGER)
def start() -> Answer:
    """Hold a drill now."""
    form, person = Form.read(), me().person
    team = uuid_in(form.text("team", "Choose a team."))
    if team is None:
        form.blame("team", "Choose a team.")
        return _page(form), form.status

    def work(turn: Turn) -> None:
        actor = turn.actor or person
        drill = drilling.start(turn, managed_team(turn.session, actor, team))
        asked = sum(call.way is not None for call in drill.calls)
        flash.say(f"{_people(asked)} asked. Their answers come in below.")

    done = form.once(work, then=url_for("drills.drills_page", team=team))
    return done or (_page(form), form.status)


def _people(count: int) -> str:
    return "1 person is" if count == 1 else f"{count} people are"


@page.post("/drills/<uuid:drill_id>/end", who=MANAGER)
def end(drill_id: UUID) -> Answer:
    """No answer counts from now on."""
    form, person = Form.read(), me().person

    def work(turn: Turn) -> None:
        drilling.end(turn, drilling.drill_for(turn.session, turn.actor or person, drill_id))

    done = form.once(work, then=url_for("drills.drills_page"), said="That drill is over.")
    return done or error_page(form.status, form.faults[TOP])


def _page(form: Form) -> str:
    seen, here = me(), running()
    now, wanted = here.clock.now(), uuid_in(request.values.get("team", ""))

    def read(session: Session) -> tuple[list[Team], Team | None, list[Person], list[Shown]]:
        teams = sorted(board.teams_named(session, seen.teams).values(), key=lambda one: one.name)
        team = next((t for t in teams if t.id == wanted or len(teams) == 1), None)
        asked = drilling.to_be_asked(session, here.desk, team, seen.person) if team else []
        found = drills.drills_of(session, seen.teams, MOST)
        return teams, team, asked, [shown(session, one, now) for one in found]

    teams, team, asked, held = db.read(read)
    going_on = team is not None and any(one.is_open and one.team_id == team.id for one in held)
    return render(
        "drills/drills.html",
        form=form,
        teams=[(str(one.id), one.name) for one in teams],
        team=team,
        asked=[one.name for one in asked],
        held=held,
        going_on=going_on,
    )


@page.get("/d/<token>", who=ANYBODY)
def asked(token: str) -> Answer:
    """What somebody is asked; looking answers nothing."""
    now = running().clock.now()

    def read(session: Session) -> tuple[str, str, bool] | None:
        call = _call(session, token)
        if call is None or not call.drill.is_open(now):
            return None
        drill = call.drill
        return drill.started_by.name, drill.team.name, call.answered_at is not None

    found = db.read(read)
    if found is None:
        return error_page(404, OVER)
    who, team, answered = found
    return render("drills/asked.html", who=who, team=team, answered=answered, token=token)


@page.post("/d/<token>", who=ANYBODY)
def answer(token: str) -> Answer:
    """It has reached her."""
    here = running()
    call = db.read(lambda session: _call(session, token))
    if call is None:
        return error_page(404, OVER)

    def work(turn: Turn) -> str:
        found = _call(turn.session, token)
        if found is None:
            raise NotYours("drill")
        return drilling.answer(turn, found)

    try:
        said = perform(
            here.desk,
            work,
            now=here.clock.now(),
            by=Means.PAGE,
            actor_id=call.person_id,
            lock=lambda _: {call.person_id},
        )
    except (NotYours, Conflict):
        return error_page(404, OVER)
    flash.say(said)
    return to(url_for("drills.asked", token=token))


def _call(session: Session, token: str) -> drills.DrillCall | None:
    if len(token) > LONGEST_LINK:
        return None
    return drills.call_by_link(session, hash_token(token))
