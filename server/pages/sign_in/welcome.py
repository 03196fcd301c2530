"""/welcome/{token}: the invitation. Looking uses nothing up; setting a password does."""

from collections.abc import Callable

from server.access import ANYBODY
from server.acts import inviting, passwords
from server.acts.base import Turn
from server.acts.signing_in import Begun
from server.domain.refusals import BadField
from server.pages.forms import Form
from server.pages.render import render
from server.pages.route import Answer
from server.pages.sign_in import coming
from server.pages.sign_in.page import page
from server.running import running

LONGEST_TOKEN = 100


@page.get("/welcome/<token>", who=ANYBODY)
def welcome(token: str) -> Answer:
    """Who is invited, and to what."""
    return _page(token, Form())


@page.post("/welcome/<token>", who=ANYBODY)
def accept(token: str) -> Answer:
    """She sets her password."""
    form = Form.read()
    password = form.secret("password", "Give a password.")
    if form.faults:
        return _page(token, form), form.status
    try:
        return coming.come_in(coming.do(_accepting(token, password)), "/")
    except BadField as refusal:
        form.blame(refusal.field, refusal.sentence)
        return _page(token, form), form.status


def _accepting(token: str, password: str) -> Callable[[Turn], Begun]:
    def work(turn: Turn) -> Begun:
        person = inviting.accept(turn, token)
        passwords.set_password(turn, person, password)
        return coming.begin(turn, person, "invitation")

    return work


def _page(token: str, form: Form) -> str:
    person = coming.do(lambda turn: inviting.invited(turn, token[:LONGEST_TOKEN]).person)
    return render(
        "sign_in/welcome.html", form=form, person=person, token=token, oidc=running().settings.oidc
    )
