"""Half way in: the second factor, or a recovery code instead of one that is lost."""

from collections.abc import Callable

from flask import request, url_for

from server.access import ANYBODY
from server.acts import factors, signing_in
from server.acts.base import Turn
from server.acts.factors import FactorRefused
from server.acts.signing_in import Begun
from server.domain.refusals import TooManyTries
from server.pages import flash
from server.pages.forms import TOP, Form, to
from server.pages.render import render
from server.pages.route import Answer
from server.pages.sign_in import coming
from server.pages.sign_in.page import page
from server.pages.visitor import entry
from server.store import db
from server.store.people import Person
from server.store.sessions import Stage, WebSession

Check = Callable[[Turn, Person, str], None]


def half_way(stage: Stage = Stage.HALF) -> WebSession | None:
    """The sign-in that is at this stage in this browser."""
    found = entry()
    return found if found is not None and found.stage == stage else None


def back_to_the_door() -> Answer:
    """Too late, or never begun."""
    flash.say("Please sign in again: that took too long.")
    return to(url_for("sign_in.sign_in", next=request.args.get("next")))


@page.get("/sign-in/second", who=ANYBODY)
def second() -> Answer:
    """What is asked for now."""
    row = half_way()
    return _ask(row, Form()) if row else back_to_the_door()


@page.post("/sign-in/second", who=ANYBODY)
def second_given() -> Answer:
    """A code from the app."""
    return check("code", "Give the six figures that your app shows.", "app", factors.check_app_code)


@page.post("/sign-in/recovery", who=ANYBODY)
def recovery_given() -> Answer:
    """A recovery code."""
    wanted = "Give one of your recovery codes."
    return check("recovery", wanted, "recovery code", factors.check_recovery_code)


def check(field: str, wanted: str, how: str, test: Check) -> Answer:
    """Let her in if this field holds what opens."""
    row = half_way()
    if row is None:
        return back_to_the_door()
    form = Form.read()
    given = form.secret(field, wanted, longest=4000)
    if form.faults:
        return _ask(row, form), form.status
    try:
        return coming.come_in(coming.do(_finishing(row, given, how, test)))
    except FactorRefused as refusal:
        form.blame(field if field != "answer" else TOP, refusal.sentence)
        return _ask(row, form), form.status
    except TooManyTries as refusal:
        form.blame(TOP, refusal.sentence)
        return coming.too_many(_ask(row, form), refusal)


def _finishing(row: WebSession, given: str, how: str, test: Check) -> Callable[[Turn], Begun]:
    agent = coming.agent()

    def work(turn: Turn) -> Begun:
        test(turn, row.person, given)
        return signing_in.finish(turn, row, f"{row.how}, {how}", agent)

    return work


def _ask(row: WebSession, form: Form) -> str:
    has_app = db.read(lambda session: factors.has_app(session, row.person))
    has_passkey = bool(db.read(lambda session: factors.passkeys_of(session, row.person)))
    return render(
        "sign_in/second.html", form=form, has_app=has_app, has_passkey=has_passkey, after=_after()
    )


def _after() -> str | None:
    return request.args.get("next")
