"""One click to come in as any of the made-up people. Exists in the demo and nowhere else."""

from flask import abort

from server.access import Who
from server.acts import signing_in
from server.acts.base import Turn
from server.acts.signing_in import Begun
from server.demo import team
from server.pages.forms import Form
from server.pages.route import Answer, Pages
from server.pages.sign_in import coming
from server.store import people, roster

DEMO = Who("anybody, in the demo only")

page = Pages("demo", __name__)


@page.app_context_processor
def _everybody() -> dict[str, object]:
    """The manager first: there is most to see."""
    return {"people_of_the_demo": sorted(team.TEAM_OF_FIVE, key=lambda one: one.ref != "eve")}


@page.post("/demo/sign-in", who=DEMO)
def enter() -> Answer:
    """In as one of them, whole."""
    ref = Form.read().values.get("ref", "")
    if ref not in team.BY_REF:
        abort(404)

    def work(turn: Turn) -> Begun:
        org = roster.organisation(turn.session, team.SLUG) or abort(404)
        person = people.by_ref(turn.session, org.id, ref) or abort(404)
        return signing_in.begin(turn, person, "demo", coming.agent())

    return coming.come_in(coming.do(work))
