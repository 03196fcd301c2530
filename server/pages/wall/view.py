"""The routes of displays on walls: shown to whoever has the address, made and ended by managers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, abort, request, url_for

from server.access import ANYBODY
from server.acts import monitoring, walls
from server.acts.base import Turn
from server.acts.caring import managed_team
from server.acts.walls import Shown
from server.domain.secrets import hash_token
from server.pages import flash
from server.pages.board import words
from server.pages.errors import error_page
from server.pages.forms import TOP, Form, uuid_in
from server.pages.render import render
from server.pages.route import MANAGER, Answer, Pages
from server.pages.visitor import me
from server.running import running
from server.store import board, db
from server.store import walls as store
from server.store.db import Session
from server.store.people import Organisation

page = Pages("wall", __name__)

LONGEST_TOKEN = 100
ENDED = "This display was ended. A manager can make a new one."
GONE = "This display was ended, or its address is not whole. A manager can make a new one."


@dataclass(frozen=True)
class Display:
    """Everything on one display."""

    team: str
    clock: str
    date: str
    health: str | None
    names: tuple[Shown, ...]

    @property
    def counted(self) -> str:
        """How many are out."""
        return f"{len(self.names)} out" if self.names else "Nobody is out"


@page.get("/wall/<token>", who=ANYBODY)
def wall(token: str) -> Answer:
    """The display."""
    shown = _look(token)
    if shown is None:
        return error_page(404, GONE)
    return render("wall/wall.html", shown=shown, token=token, ended=ENDED)


@page.get("/wall/<token>/now", who=ANYBODY, poll=True)
def now(token: str) -> Answer:
    """The part that changes; 401 once the display was ended, so that it says so."""
    shown = _look(token)
    if shown is None:
        abort(401)
    body = render("wall/now.html", shown=shown)
    response = Response(body, mimetype="text/html")
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32])
    return response.make_conditional(request)


def _look(token: str) -> Display | None:
    if len(token) > LONGEST_TOKEN:
        return None
    here = running()
    at = here.clock.now()
    return db.read(lambda session: _display(session, token, at))


def _display(session: Session, token: str, at: datetime) -> Display | None:
    found = store.wall_by_hash(session, hash_token(token))
    if found is None:
        return None
    desk = running().desk
    org = session.get_one(Organisation, found.org_id)
    local = at.astimezone(ZoneInfo(org.timezone))
    health = words.health(monitoring.judge(session, desk, at), rehearsal=desk.rehearsal)
    return Display(
        team=found.team.name,
        clock=f"{local:%H:%M}",
        date=f"{local:%A} {local.day} {local:%B}",
        health=health,
        names=tuple(walls.names_shown(session, found.team_id, at)),
    )


@page.get("/walls", who=MANAGER)
def displays() -> Answer:
    """The displays of my teams."""
    return _page(Form())


@page.post("/walls", who=MANAGER)
def make() -> Answer:
    """A new display; its address is shown once."""
    form = Form.read()
    team = uuid_in(form.text("team", "Choose a team."))
    name = form.text("name", "Say where it hangs.", longest=60)
    if team is None:
        form.blame("team", "Choose a team.")
    elif not form.faults:
        done = form.once(_making(team, name), then=url_for("wall.displays"))
        if done:
            return done
    return _page(form), form.status


def _making(team: UUID, name: str) -> Any:
    person = me().person

    def work(turn: Turn) -> None:
        found = managed_team(turn.session, turn.actor or person, team)
        token = walls.make(turn, found, name)
        address = running().settings.public_url + url_for("wall.wall", token=token)
        flash.say(f"The display's address, shown only now: {address}")

    return work


@page.post("/walls/<uuid:wall_id>/end", who=MANAGER)
def end(wall_id: UUID) -> Answer:
    """The display's address opens nothing any more."""
    form, person = Form.read(), me().person

    def work(turn: Turn) -> None:
        walls.revoke(turn, walls.wall_for(turn.session, turn.actor or person, wall_id))

    done = form.once(work, then=url_for("wall.displays"), said="That display shows nothing now.")
    return done or error_page(form.status, form.faults[TOP])


def _page(form: Form) -> str:
    seen = me()

    def read(session: Session) -> tuple[Any, Any]:
        return store.walls_of(session, seen.teams), board.teams_named(session, seen.teams)

    made, teams = db.read(read)
    options = sorted(((str(t.id), t.name) for t in teams.values()), key=lambda one: one[1])
    return render("wall/walls.html", form=form, walls=made, teams=options)
