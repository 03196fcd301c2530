"""Signing in by an employer's own service: a real provider over real HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from server.config import OidcSettings
from server.store.db import Session
from server.store.people import Person
from tests.pages.sign_in.test_second import invite
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, open_app, writing
from tests.support.provider import CLIENT, SECRET, Provider
from tests.support.visitor import Visitor, tree

pytestmark = sqlite_only


@pytest.fixture
def provider(clock: ManualClock) -> Iterator[Provider]:
    made = Provider(clock)
    yield made
    made.stop()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock, provider: Provider) -> Flask:
    settings = OidcSettings(provider.issuer, CLIENT, SECRET, "your trust account", False)
    changes: dict[str, Any] = {"demo": False, "pretend": False, "oidc": settings}
    return open_app(database_url, tmp_path, clock, **changes)


def go_out(visitor: Visitor, path: str) -> str:
    """Press the link to the service; the address it sends the browser back to."""
    out = visitor.get(path)
    assert out.status_code == 303, out.text
    back = requests.get(out.headers["Location"], allow_redirects=False, timeout=10)
    parts = urlsplit(back.headers["Location"])
    assert parts.netloc == "wayhome.test"
    return f"{parts.path}?{parts.query}"


def through(visitor: Visitor, path: str) -> TestResponse:
    """Out to the service and back."""
    return visitor.get(go_out(visitor, path))


@pytest.fixture
def amy(app: Flask, org: Org, provider: Provider) -> None:
    """Amy has come in with her invitation and her trust account, which asks for two factors."""
    provider.claims = {"amr": ["pwd", "mfa"]}
    token = invite(app, org).removeprefix("/welcome/")
    visitor = Visitor(app)
    assert "your trust account" in visitor.page(f"/welcome/{token}").one("main").text
    assert through(visitor, f"/sign-in/employer?invitation={token}").status_code == 303
    assert visitor.get("/account").status_code == 200


@pytest.mark.usefixtures("amy")
@pytest.mark.parametrize(("ago_s", "is_asked"), [(0, False), (4_000, True), (None, True)])
def test_only_a_question_just_answered_there_opens_what_is_dangerous_here(
    app: Flask, provider: Provider, clock: ManualClock, ago_s: int | None, is_asked: bool
) -> None:
    at = None if ago_s is None else int(clock.now().timestamp()) - ago_s
    provider.claims = {"amr": ["mfa"], "auth_time": at}
    visitor = Visitor(app)
    assert through(visitor, "/sign-in/employer").status_code == 303
    assert visitor.get("/account").status_code == 200
    answer = visitor.get("/account/password")
    assert (answer.status_code == 303) is is_asked
    assert ("/sign-in/again" in answer.headers.get("Location", "")) is is_asked


@pytest.mark.usefixtures("amy")
def test_she_comes_in_again_without_a_password(app: Flask, provider: Provider) -> None:
    visitor = Visitor(app)
    assert "your trust account" in visitor.page("/sign-in").one("main").text
    done = through(visitor, "/sign-in/employer?next=/account")
    assert (done.status_code, done.headers["Location"]) == (303, "/account")
    assert visitor.page("/account").all("dl")[0].all("dd")[0].text == "Amy Okafor"
    assert provider.asked[-1]["code_challenge_method"] == "S256"


@pytest.mark.usefixtures("amy")
def test_one_factor_there_means_another_here(app: Flask, provider: Provider) -> None:
    provider.claims = {}
    visitor = Visitor(app)
    assert through(visitor, "/sign-in/employer").headers["Location"] == "/sign-in/set-up"
    assert visitor.get("/account").status_code == 303


@pytest.mark.usefixtures("amy")
def test_nobody_is_known_by_an_address(app: Flask, provider: Provider) -> None:
    provider.person = "sub-2"
    provider.claims = {"email": "amy@example.org", "email_verified": True, "amr": ["mfa"]}
    visitor = Visitor(app)
    assert through(visitor, "/sign-in/employer").status_code == 403
    assert visitor.get("/account").status_code == 303


@pytest.mark.usefixtures("amy")
@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "http://another.example"},
        {"exp": 1},
        {"sub": None},
        {"azp": "another"},
    ],
    ids=str,
)
def test_a_wrong_token_is_not_believed(
    app: Flask, provider: Provider, change: dict[str, Any]
) -> None:
    provider.change = change
    visitor = Visitor(app)
    assert through(visitor, "/sign-in/employer").status_code == 400
    assert visitor.get("/account").status_code == 303


@pytest.mark.usefixtures("amy")
@pytest.mark.parametrize("algorithm", ["HS256"])
def test_a_token_signed_with_the_shared_secret_is_not_believed(
    app: Flask, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    assert through(Visitor(app), "/sign-in/employer").status_code == 400


@pytest.mark.usefixtures("amy")
def test_a_forged_or_foreign_return_is_refused(
    app: Flask, provider: Provider, clock: ManualClock
) -> None:
    visitor, other = Visitor(app), Visitor(app)
    back = go_out(visitor, "/sign-in/employer")
    assert other.get(back).status_code == 400
    assert Visitor(app).get("/sign-in/employer/back?code=a&state=b").status_code == 400
    forged = back.replace("state=", "state=x")
    assert visitor.get(forged).status_code == 400
    back = go_out(visitor, "/sign-in/employer")
    clock.forward(minutes=11)
    assert visitor.get(back).status_code == 400
    back = go_out(visitor, "/sign-in/employer")
    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 400


@pytest.mark.usefixtures("amy")
def test_she_shows_again_that_it_is_her(app: Flask, provider: Provider, clock: ManualClock) -> None:
    visitor = Visitor(app)
    through(visitor, "/sign-in/employer")
    clock.forward(minutes=20)
    again = "/sign-in/employer?for=again&next=/account"
    provider.claims = {"auth_time": int(clock.now().timestamp()) - 1200}
    assert through(visitor, again).status_code == 403
    provider.claims = {}
    provider.person = "sub-2"
    assert through(visitor, again).status_code == 403
    provider.person = "sub-1"
    assert through(visitor, again).status_code == 303
    assert provider.asked[-1]["prompt"] == "login"
    assert visitor.get("/sign-in/again").status_code == 303


CONNECT = "/sign-in/employer?for=connect&next=/account"


def test_a_work_account_is_connected_from_the_account_page(
    app: Flask, org: Org, provider: Provider
) -> None:
    provider.claims = {"amr": ["mfa"]}
    ben = Visitor(app).as_(org, "ben")
    link = ben.page("/account").one("a", href=CONNECT)
    assert through(ben, link.attributes["href"]).headers["Location"] == "/account"
    page = ben.page("/account")
    assert "Your trust account Connected" in page.text
    assert page.all("a", href=CONNECT) == []
    fresh = Visitor(app)
    assert through(fresh, "/sign-in/employer").status_code == 303
    assert fresh.page("/account").all("dl")[0].all("dd")[0].text == "Ben Hughes"


@pytest.mark.usefixtures("amy")
def test_a_work_account_stays_with_whoever_has_it(app: Flask, org: Org, provider: Provider) -> None:
    """What is Amy's does not become Ben's, whatever his browser brings back."""
    ben = Visitor(app).as_(org, "ben")
    assert through(ben, CONNECT).status_code == 409
    fresh = Visitor(app)
    through(fresh, "/sign-in/employer")
    assert fresh.page("/account").all("dl")[0].all("dd")[0].text == "Amy Okafor"


def test_connecting_asks_for_a_fresh_sign_in_and_for_a_sign_in_at_all(
    app: Flask, org: Org, provider: Provider, clock: ManualClock
) -> None:
    ben = Visitor(app).as_(org, "ben")
    clock.forward(minutes=16)
    assert through(ben, CONNECT).status_code == 403
    assert through(Visitor(app), CONNECT).status_code == 403
    assert "Your trust account Not connected" in Visitor(app).as_(org, "ben").page("/account").text


def test_a_service_that_is_away_is_said_so(app: Flask, org: Org, provider: Provider) -> None:
    provider.stop()
    visitor = Visitor(app)
    assert "could not say who you are" in visitor.page("/sign-in/employer", 400).one("main").text


def test_without_the_setting_there_is_none(
    database_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    changes: dict[str, Any] = {"demo": False, "pretend": False}
    bare = Visitor(open_app(database_url, tmp_path, clock, **changes))
    assert bare.get("/sign-in/employer").status_code == 404


@pytest.mark.usefixtures("amy")
def test_an_invitation_opens_nothing_with_somebody_elses_work_account(app: Flask, org: Org) -> None:
    """On a shared computer Amy may still be signed in at the service."""

    def has_an_address(session: Session) -> None:
        session.get_one(Person, org["ben"].id).email = "ben@example.org"

    writing(app, has_an_address)
    token = invite(app, org, "ben").removeprefix("/welcome/")
    visitor = Visitor(app)
    answer = through(visitor, f"/sign-in/employer?invitation={token}")
    assert answer.status_code == 403
    assert "is somebody else" in answer.text
    assert visitor.get("/account").status_code == 303
    assert "Ben Hughes" in visitor.page(f"/welcome/{token}").one("main").text


def test_whoever_is_turned_away_there_is_at_the_door_again(
    app: Flask, org: Org, provider: Provider
) -> None:
    visitor = Visitor(app)
    back = go_out(visitor, "/sign-in/employer")
    state = back.partition("state=")[2].partition("&")[0]
    cancelled = visitor.get(f"/sign-in/employer/back?error=access_denied&state={state}")
    stranger = through(visitor, "/sign-in/employer")
    for answer, status, said in (
        (cancelled, 400, "did not let you in"),
        (stranger, 403, "is not known here yet"),
    ):
        page = tree(answer, status)
        assert said in page.one("div", class_="nhsuk-error-summary").text
        assert "E-mail address" in page.one("main").text
