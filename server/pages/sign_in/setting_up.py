"""Setting up the second factor that everybody needs who reads other people's whereabouts."""

from collections.abc import Callable

from flask import request

from server.access import ANYBODY
from server.acts import factors, signing_in
from server.acts.base import Turn
from server.acts.factors import FactorRefused
from server.acts.signing_in import Begun
from server.domain import totp
from server.domain.refusals import TooManyTries
from server.pages import cookies
from server.pages.forms import TOP, Form
from server.pages.render import render
from server.pages.route import Answer, local_path
from server.pages.sign_in import coming
from server.pages.sign_in.drawing import qr_code
from server.pages.sign_in.page import page
from server.pages.sign_in.second import back_to_the_door, half_way
from server.running import running
from server.store.people import Person
from server.store.sessions import Stage, WebSession

Ready = tuple[Begun, list[str]]


@page.get("/sign-in/set-up", who=ANYBODY)
def set_up() -> Answer:
    """An app or a passkey."""
    row = half_way(Stage.SETUP)
    return _page(row, Form(), totp.new_secret()) if row else back_to_the_door()


@page.post("/sign-in/set-up", who=ANYBODY)
def app_set_up() -> Answer:
    """The app shows its first code: she is in, and gets her recovery codes."""
    row = half_way(Stage.SETUP)
    if row is None:
        return back_to_the_door()
    form = Form.read()
    secret = open_secret(row.person, form.values.pop("seed", ""))
    code = form.secret("code", "Give the six figures that your app shows.")
    if secret is None:
        return _page(row, form, totp.new_secret()), 400
    if form.faults:
        return _page(row, form, secret), form.status
    return ready_with(row, form, secret, lambda turn: set_app(turn, row.person, secret, code))


def set_app(turn: Turn, person: Person, secret: str, code: str) -> str:
    """Store it; how she signed in, in a word."""
    factors.set_app(turn, person, secret, code)
    return "app"


def ready_with(row: WebSession, form: Form, secret: str, work: Callable[[Turn], str]) -> Answer:
    """Do it and let her in, or say why not."""
    agent = coming.agent()

    def finishing(turn: Turn) -> Ready:
        how = work(turn)
        codes = factors.new_recovery_codes(turn, row.person)
        return signing_in.finish(turn, row, f"{row.how}, {how}", agent), codes

    try:
        begun, codes = coming.do(finishing)
    except FactorRefused as refusal:
        form.blame("code" if secret else TOP, refusal.sentence)
        return _page(row, form, secret or totp.new_secret()), form.status
    except TooManyTries as refusal:
        form.blame(TOP, refusal.sentence)
        return coming.too_many(_page(row, form, secret or totp.new_secret()), refusal)
    cookies.keep(cookies.SIGNED_IN, begun.secret)
    after = local_path(request.args.get("next"))
    return render("sign_in/recovery_codes.html", codes=codes, after=after)


def sealed_secret(person: Person, secret: str) -> str:
    """The app's secret as the form carries it until it is stored: for this person alone."""
    return running().desk.keys.seal_away(f"seed {person.id}", secret)


def open_secret(person: Person, sealed: str) -> str | None:
    """What `sealed_secret` sealed for her."""
    return running().desk.keys.open_sealed(f"seed {person.id}", sealed)


def _page(row: WebSession, form: Form, secret: str) -> str:
    person = row.person
    return render(
        "sign_in/set_up.html",
        form=form,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        seed=sealed_secret(person, secret),
        picture=qr_code(totp.address(secret, person.email or person.name)),
        after=request.args.get("next"),
    )
