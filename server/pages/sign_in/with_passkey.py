"""Passkeys in a browser: what it is asked (JSON, for our script), and what it answers (a form)."""

from collections.abc import Callable

from flask import Response, abort

from server.access import ANYBODY
from server.acts import passkeys
from server.acts.base import Turn
from server.pages.forms import Form
from server.pages.route import SIGNED_IN, Answer
from server.pages.sign_in import again, coming, second, setting_up
from server.pages.sign_in.page import page
from server.pages.visitor import entry, me
from server.store.sessions import Stage, WebSession

JSON = "application/json"


def _asked(work: Callable[[Turn], str]) -> Response:
    return Response(coming.do(work), content_type=JSON)


@page.post("/sign-in/passkey/ask", who=ANYBODY)
def passkey_asked() -> Answer:
    """What to sign, for whoever is half way in or asked again."""
    row = _somebody(Stage.HALF, Stage.FULL)
    return _asked(lambda turn: passkeys.ask(turn, row))


@page.post("/sign-in/passkey/offer", who=ANYBODY)
def passkey_offered() -> Answer:
    """What to make, for whoever must set one up, or adds one."""
    row = _somebody(Stage.SETUP, Stage.FULL)
    return _asked(lambda turn: passkeys.offer(turn, row))


def _somebody(*stages: Stage) -> WebSession:
    found = entry()
    if found is None or found.stage not in stages:
        abort(401)
    return found


@page.post("/sign-in/passkey", who=ANYBODY)
def passkey_given() -> Answer:
    """Her passkey's answer: the second step."""
    row = entry()

    def test(turn: Turn, _person: object, answer: str) -> None:
        assert row is not None  # noqa: S101 - `check` has seen to it
        passkeys.check(turn, row, answer)

    return second.check("answer", "Your browser gave no answer. Try again.", "passkey", test)


@page.post("/sign-in/passkey/made", who=ANYBODY)
def passkey_made() -> Answer:
    """Her first passkey: she is in, and gets her recovery codes."""
    row = second.half_way(Stage.SETUP)
    if row is None:
        return second.back_to_the_door()
    form = Form.read()
    answer = form.secret("answer", "", longest=8000)

    def work(turn: Turn) -> str:
        passkeys.add(turn, row, answer, coming.agent())
        return "passkey"

    return setting_up.ready_with(row, form, "", work)


@page.post("/sign-in/again/passkey", who=SIGNED_IN)
def passkey_again() -> Answer:
    """Her passkey's answer, before something dangerous."""
    form, row = Form.read(), me().session
    answer = form.secret("answer", "Your browser gave no answer. Try again.", longest=8000)
    return again.prove(form, "", lambda turn: passkeys.check(turn, row, answer))
