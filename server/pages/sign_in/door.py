"""The door: in with a password, and out again."""

from flask import request, url_for

from server.access import ANYBODY
from server.acts import passwords, signing_in
from server.acts.base import Turn
from server.acts.passwords import Knock, NotLetIn
from server.acts.signing_in import Begun
from server.domain.refusals import TooManyTries
from server.pages import cookies, flash
from server.pages.forms import TOP, Form, to
from server.pages.render import render
from server.pages.route import SIGNED_IN, Answer, local_path
from server.pages.sign_in import coming, known
from server.pages.sign_in.page import page
from server.pages.visitor import me, visitor
from server.running import running
from server.store import db


@page.get("/sign-in", who=ANYBODY)
def sign_in() -> Answer:
    """The door."""
    if visitor() is not None:
        return to(local_path(request.args.get("next")))
    return at_the_door(Form())


@page.post("/sign-in", who=ANYBODY)
def enter() -> Answer:
    """Somebody knocks."""
    form = Form.read()
    email = form.text("email", "Give your e-mail address.", longest=254)
    password = form.secret("password", "Give your password.")
    if form.faults:
        return at_the_door(form), form.status
    try:
        device = known.device_for(email)
        return coming.come_in(_try(Knock(email, password, coming.where_from(), device)))
    except NotLetIn as refusal:
        form.blame(TOP, refusal.sentence)
        return at_the_door(form), form.status
    except TooManyTries as refusal:
        form.blame(TOP, refusal.sentence)
        return coming.too_many(at_the_door(form), refusal)


def _try(knock: Knock) -> Begun:
    coming.do(lambda turn: passwords.may_try(turn, knock))
    found = db.read(lambda session: passwords.who_knocks(session, knock))
    person = passwords.recognise(found, knock.password)

    def let_in(turn: Turn) -> Begun:
        return coming.begin(turn, passwords.let_in(turn, knock, person), "password")

    return coming.do(let_in)


def at_the_door(form: Form) -> str:
    """The page to sign in on, with what was wrong."""
    after = request.args.get("next")
    return render("sign_in/sign_in.html", form=form, oidc=running().settings.oidc, after=after)


@page.post("/sign-out", who=SIGNED_IN)
def sign_out() -> Answer:
    """Out, and nothing of it stays in the browser."""
    seen = me()
    coming.do(lambda turn: signing_in.sign_out(turn, seen.session), seen.person)
    cookies.keep(cookies.SIGNED_IN, "")
    flash.say("You are signed out.")
    answer = to(url_for("sign_in.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
