"""The account page: how I sign in, and where I am signed in. Changing how asks again who I am."""

from collections.abc import Callable
from uuid import UUID

from flask import url_for

from server.acts import factors, passkeys, passwords, signing_in
from server.acts.base import Turn
from server.domain import totp
from server.domain.refusals import Conflict, NotYours
from server.pages.forms import TOP, Form, Work
from server.pages.render import render
from server.pages.route import SIGNED_IN, Answer, Pages
from server.pages.sign_in import coming
from server.pages.sign_in.drawing import qr_code
from server.pages.sign_in.setting_up import open_secret, sealed_secret
from server.pages.visitor import me
from server.running import running
from server.store import db, sessions
from server.store.db import Session
from server.store.people import Person

page = Pages("account", __name__)

LAST_ONE = "This is your only second step: set another one up first."


@page.get("/account", who=SIGNED_IN)
def account() -> Answer:
    """How and where."""
    return _page(Form())


@page.post("/account/sessions/<uuid:session_id>/end", who=SIGNED_IN)
def end(session_id: UUID) -> Answer:
    """Sign one of my browsers out."""
    seen = me()

    def work(turn: Turn) -> None:
        mine = sessions.sessions_of(turn.session, seen.person.id)
        wanted = [row for row in mine if row.id == session_id]
        if not wanted:
            raise NotYours("sign-in")
        signing_in.sign_out(turn, wanted[0])

    return _do(Form.read(), work, "That browser is signed out.")


@page.post("/account/sessions/end-others", who=SIGNED_IN)
def end_others() -> Answer:
    """Sign all my other browsers out."""
    seen = me()
    said = "All your other browsers are signed out."
    return _do(
        Form.read(), lambda turn: signing_in.end_others(turn, seen.person, seen.session), said
    )


@page.get("/account/password", who=SIGNED_IN, proven=True)
def new_password() -> Answer:
    """Another password."""
    return render("account/password.html", form=Form())


@page.post("/account/password", who=SIGNED_IN, proven=True)
def change_password() -> Answer:
    """Another password; every other browser of mine is signed out."""
    form, seen = Form.read(), me()
    password = form.secret("password", "Give a password.")

    def work(turn: Turn) -> None:
        passwords.set_password(turn, seen.person, password)
        signing_in.end_others(turn, seen.person, seen.session)

    if not form.faults:
        said = "Your password is changed, and your other browsers are signed out."
        if done := form.once(work, then=url_for("account.account"), said=said):
            return done
    return render("account/password.html", form=form), form.status


@page.get("/account/app", who=SIGNED_IN, proven=True)
def new_app() -> Answer:
    """An authenticator app, another or the first."""
    return _app_page(Form(), totp.new_secret())


@page.post("/account/app", who=SIGNED_IN, proven=True)
def set_app() -> Answer:
    """It shows its first code."""
    form, seen = Form.read(), me()
    secret = open_secret(seen.person, form.values.pop("seed", ""))
    code = form.secret("code", "Give the six figures that your app shows.")
    if secret is None:
        return _app_page(form, totp.new_secret()), 400
    if not form.faults:
        try:
            done = form.once(
                lambda turn: factors.set_app(turn, seen.person, secret, code),
                then=url_for("account.account"),
                said="Your authenticator app is set up.",
            )
        except factors.FactorRefused as refusal:
            form.blame("code", refusal.sentence)
        else:
            if done:
                return done
    return _app_page(form, secret), form.status


@page.post("/account/app/drop", who=SIGNED_IN, proven=True)
def drop_app() -> Answer:
    """No app any more."""
    return _do(Form.read(), _dropping(factors.drop_app), "Your app makes no codes for here now.")


@page.post("/account/passkeys", who=SIGNED_IN, proven=True)
def add_passkey() -> Answer:
    """Another passkey, which my browser has made."""
    form, seen = Form.read(), me()
    answer = form.secret("answer", "Your browser gave no answer. Try again.", longest=8000)
    name = coming.agent()
    if form.faults:
        return _page(form), form.status
    try:
        return _do(
            form,
            lambda turn: passkeys.add(turn, seen.session, answer, name),
            "Your passkey is set up.",
        )
    except factors.FactorRefused:
        form.blame(TOP, "That passkey could not be set up. Try again.")
        return _page(form), form.status


@page.post("/account/passkeys/<uuid:passkey_id>/drop", who=SIGNED_IN, proven=True)
def drop_passkey(passkey_id: UUID) -> Answer:
    """This passkey opens nothing any more."""

    def work(turn: Turn, person: Person) -> None:
        if not passkeys.drop(turn, person, passkey_id):
            raise NotYours("passkey")

    return _do(Form.read(), _dropping(work), "That passkey opens nothing any more.")


@page.post("/account/recovery-codes", who=SIGNED_IN, proven=True)
def new_recovery_codes() -> Answer:
    """Ten fresh ones, shown once; the old ones open nothing any more."""
    seen = me()
    codes = coming.do(lambda turn: factors.new_recovery_codes(turn, seen.person), seen.person)
    return render("sign_in/recovery_codes.html", codes=codes, after=url_for("account.account"))


def _dropping(drop: Callable[[Turn, Person], object]) -> Work:
    """Take a second step away, unless none is left where one is needed."""
    person, needed = me().person, running().settings.second_factor

    def work(turn: Turn) -> None:
        drop(turn, person)
        turn.session.flush()
        if needed and not factors.has_factor(turn.session, person):
            raise Conflict(LAST_ONE)

    return work


def _do(form: Form, work: Work, said: str) -> Answer:
    done = form.once(work, then=url_for("account.account"), said=said)
    return done or (_page(form), form.status)


def _page(form: Form) -> str:
    person = me().person

    def find(session: Session) -> dict[str, object]:
        return {
            "sessions": sessions.sessions_of(session, person.id),
            "login": sessions.login_of(session, person.id),
            "passkeys": sessions.passkeys_of(session, person.id),
            "codes_left": sessions.recovery_codes_left(session, person.id),
            "work_accounts": sessions.identities_of(session, person.id),
        }

    found = db.read(find)
    return render("account/account.html", form=form, oidc=running().settings.oidc, **found)


def _app_page(form: Form, secret: str) -> str:
    person = me().person
    return render(
        "account/app.html",
        form=form,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        seed=sealed_secret(person, secret),
        picture=qr_code(totp.address(secret, person.email or person.name)),
    )
