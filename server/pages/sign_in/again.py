"""Before something dangerous: show again that it is you. By password, code or passkey, whichever
you have; good for 15 minutes."""

from collections.abc import Callable
from uuid import UUID

from flask import request

from server.acts import factors, passwords, signing_in
from server.acts.base import Turn
from server.acts.factors import FactorRefused
from server.acts.passwords import Knock, NotLetIn
from server.acts.signing_in import Begun
from server.domain.refusals import TooManyTries
from server.pages import resuming
from server.pages.forms import TOP, Form, to
from server.pages.render import render
from server.pages.route import SIGNED_IN, Answer, is_proven, local_path
from server.pages.sign_in import coming, known
from server.pages.sign_in.page import page
from server.pages.visitor import me
from server.running import running
from server.store import db, sessions


@page.get("/sign-in/again", who=SIGNED_IN)
def again() -> Answer:
    """What is asked for."""
    if is_proven():
        return to(local_path(request.args.get("next")))
    return _page(Form())


@page.post("/sign-in/again", who=SIGNED_IN)
def password_again() -> Answer:
    """Her password."""
    form = Form.read()
    given = form.secret("password", "Give your password.")
    return _page(form) if form.faults else prove(form, "password", _by_password(given))


@page.post("/sign-in/again/code", who=SIGNED_IN)
def code_again() -> Answer:
    """A code from her app."""
    form = Form.read()
    given = form.secret("code", "Give the six figures that your app shows.")
    person = me().person
    return (
        (_page(form), form.status)
        if form.faults
        else prove(form, "code", lambda turn: factors.check_app_code(turn, person, given))
    )


@page.get("/sign-in/again/go-on/<uuid:copy_id>", who=SIGNED_IN, proven=True)
def go_on(copy_id: UUID) -> Answer:
    """The form that waited for her proof, to be sent once more; nothing is done by looking."""
    aside = resuming.fetch(copy_id)
    back = local_path(dict(aside.fields).get("back"))
    return render("sign_in/go_on.html", aside=aside, back=back)


def prove(form: Form, field: str, test: Callable[[Turn], None]) -> Answer:
    """On with a new secret if it was right, or say why not."""
    row = me().session

    def work(turn: Turn) -> Begun:
        test(turn)
        return signing_in.prove(turn, row)

    try:
        return coming.come_in(coming.do(work))
    except (FactorRefused, NotLetIn) as refusal:
        form.blame(field, refusal.sentence)
        return _page(form), form.status
    except TooManyTries as refusal:
        form.blame(TOP, refusal.sentence)
        return coming.too_many(_page(form), refusal)


def _by_password(given: str) -> Callable[[Turn], None]:
    person = me().person
    email = person.email or str(person.id)
    knock = Knock(email, given, coming.where_from(), known.device_for(email))
    coming.do(lambda turn: passwords.may_try(turn, knock))
    login = db.read(lambda session: sessions.login_of(session, person.id))
    found = passwords.recognise([(person, login.password_hash if login else None)], given)

    def test(turn: Turn) -> None:
        passwords.let_in(turn, knock, found)

    return test


def _page(form: Form) -> str:
    person = me().person
    login = db.read(lambda session: sessions.login_of(session, person.id))
    return render(
        "sign_in/again.html",
        form=form,
        has_password=bool(login and login.password_hash),
        has_app=bool(login and login.totp_sealed),
        has_passkey=bool(db.read(lambda session: factors.passkeys_of(session, person))),
        oidc=running().settings.oidc,
        after=request.args.get("next"),
    )
