"""The routes of a team's procedure."""

from uuid import UUID

from flask import url_for

from server.acts import caring
from server.acts.base import Turn
from server.domain.procedure import DEFAULT
from server.pages.forms import Form
from server.pages.render import render
from server.pages.route import MANAGER, Answer, Pages
from server.pages.visitor import me, must_manage
from server.store import care, db

page = Pages("procedure", __name__)


@page.get("/procedure/<uuid:team_id>", who=MANAGER)
def procedure(team_id: UUID) -> Answer:
    """The steps, one on each line."""
    must_manage(team_id)
    found = db.read(lambda session: care.procedure(session, team_id))
    steps = found.steps if found else DEFAULT
    form = Form({"steps": "\n".join(steps)}, version=found.version if found else 0)
    return _page(team_id, form)


@page.post("/procedure/<uuid:team_id>", who=MANAGER)
def save(team_id: UUID) -> Answer:
    """Keep what was written, unless somebody else was quicker."""
    must_manage(team_id)
    form, person = Form.read(), me().person
    text = form.prose("steps", "Write at least one step.", longest=6000)

    def work(turn: Turn) -> None:
        team = caring.managed_team(turn.session, turn.actor or person, team_id)
        caring.change_steps(turn, team, text, form.version or 0)

    if not form.faults:
        where = url_for("procedure.procedure", team_id=team_id)
        done = form.once(work, then=where, said="The steps are saved. Open alarms show them too.")
        if done:
            return done
    return _page(team_id, form), form.status


def _page(team_id: UUID, form: Form) -> str:
    team = must_manage(team_id)
    found = db.read(lambda session: care.procedure(session, team_id))
    return render(
        "procedure/procedure.html", team=team, form=form, current=found, default=not found
    )
