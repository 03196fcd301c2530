"""Coming in with a password: who gets in, who does not, and what can be learnt from it."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.acts import passwords
from server.acts.base import Turn
from server.acts.passwords import PER_ACCOUNT_HOUR
from server.store import people
from shared.states import Means
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, open_app, running_in, writing
from tests.support.visitor import Visitor, faults, tree

pytestmark = sqlite_only
PASSWORD = "three blue otters"


def give_password(app: Flask, org: Org, ref: str, password: str = PASSWORD) -> None:
    now = running_in(app).clock.now()

    def give(session: object) -> None:
        turn = Turn(session, running_in(app).desk, now, now, Means.COMMAND)  # type: ignore[arg-type]
        passwords.set_password(turn, people.person(turn.session, org[ref].id), password)

    writing(app, give)


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock) -> Flask:
    """Where a password is enough."""
    changes: dict[str, Any] = {"demo": False, "pretend": False, "second_factor": False}
    return open_app(database_url, tmp_path, clock, **changes)


@pytest.fixture
def amy(app: Flask, org: Org) -> None:
    give_password(app, org, "amy")


@pytest.mark.usefixtures("amy")
def test_the_right_password_opens_and_leads_back(stranger: Visitor) -> None:
    fields = {"email": " AMY@example.org ", "password": PASSWORD}
    done = stranger.fills("/sign-in?next=/account", **fields)
    assert (done.status_code, done.headers["Location"]) == (303, "/account")
    cookie = done.headers["Set-Cookie"]
    assert cookie.startswith("wayhome=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert stranger.page("/account").all("dl")[0].all("dd")[0].text == "Amy Okafor"


@pytest.mark.usefixtures("amy")
def test_a_stranger_and_a_wrong_password_get_the_same_answer(stranger: Visitor) -> None:
    """Byte for byte, but for what is typed and what is random."""
    form = stranger.page("/sign-in").one("main").one("form")
    tries = [
        {"email": "amy@example.org", "password": "three blue badgers"},
        {"email": "zoe@example.org", "password": PASSWORD},
        {"email": "amy@example.org", "password": "x"},
    ]
    answers = [stranger.send("/sign-in", form, fields) for fields in tries]
    assert {answer.status_code for answer in answers} == {400}
    texts = {answer.text.replace("amy@", "zoe@") for answer in answers}
    assert len({len(text) for text in texts}) == 1
    page = tree(answers[0], 400)
    assert faults(page) == ["The e-mail address or the password is not right."]
    assert page.one("input", name="email").attributes["value"] == "amy@example.org"
    assert PASSWORD not in answers[1].text


@pytest.mark.usefixtures("amy")
def test_tries_are_slowed_down_and_never_shut_out_for_good(
    stranger: Visitor, clock: ManualClock
) -> None:
    wrong = {"email": "amy@example.org", "password": "not hers at all"}
    form = stranger.page("/sign-in").one("main").one("form")
    for _ in range(PER_ACCOUNT_HOUR):
        assert stranger.send("/sign-in", form, wrong).status_code == 400
    refused = stranger.send("/sign-in", form, {**wrong, "password": PASSWORD})
    assert refused.status_code == 429
    wait_s = int(refused.headers["Retry-After"])
    assert 0 < wait_s <= 3600
    clock.forward(seconds=wait_s)
    assert stranger.send("/sign-in", form, {**wrong, "password": PASSWORD}).status_code == 303


@pytest.mark.usefixtures("amy")
def test_a_stranger_keeps_nobody_out_of_her_own_browser(app: Flask, stranger: Visitor) -> None:
    """Whoever knows her address may use up its tries everywhere else; here she has her own."""
    hers, right = Visitor(app), {"email": "amy@example.org", "password": PASSWORD}
    assert hers.fills("/sign-in", **right).status_code == 303
    hers.presses("/account", "Sign out")
    form = stranger.page("/sign-in").one("main").one("form")
    for _ in range(PER_ACCOUNT_HOUR):
        stranger.send("/sign-in", form, {**right, "password": "not hers at all"})
    assert stranger.send("/sign-in", form, right).status_code == 429
    kept = hers.client.get_cookie("wayhome-known")
    assert kept is not None
    assert "amy" not in kept.value
    form = hers.page("/sign-in").one("main").one("form")
    wrong = {**right, "password": "a slip of hers"}
    assert hers.send("/sign-in", form, wrong).status_code == 400
    assert hers.send("/sign-in", form, right).status_code == 303
    hers.presses("/account", "Sign out")
    for _ in range(PER_ACCOUNT_HOUR):
        hers.send("/sign-in", form, wrong)
    assert hers.send("/sign-in", form, wrong).status_code == 429


@pytest.mark.usefixtures("amy")
def test_a_cookie_of_somebody_elses_counts_for_nothing(app: Flask, stranger: Visitor) -> None:
    right = {"email": "amy@example.org", "password": PASSWORD}
    stranger.client.set_cookie("wayhome-known", "made.up.here", domain="localhost")
    form = stranger.page("/sign-in").one("main").one("form")
    for _ in range(PER_ACCOUNT_HOUR):
        stranger.send("/sign-in", form, {**right, "password": "not hers at all"})
    assert stranger.send("/sign-in", form, right).status_code == 429


@pytest.mark.usefixtures("amy")
def test_signing_out_leaves_nothing(stranger: Visitor) -> None:
    stranger.fills("/sign-in", email="amy@example.org", password=PASSWORD)
    kept = stranger.client.get_cookie("wayhome")
    assert kept is not None
    done = stranger.presses("/account", "Sign out")
    assert done.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert stranger.client.get_cookie("wayhome") is None
    stranger.client.set_cookie("wayhome", kept.value)
    assert stranger.get("/account").status_code == 303


def test_every_field_that_is_empty_is_named(stranger: Visitor) -> None:
    answer = stranger.fills("/sign-in", email="", password="")
    assert faults(tree(answer, 400)) == ["Give your e-mail address.", "Give your password."]
