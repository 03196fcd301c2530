"""The way in from an invitation to a second factor, and what opens and what does not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask

from server.acts import inviting
from server.acts.base import Turn
from server.acts.factors import TRIES
from server.store import people, sessions
from shared.states import Means
from tests.pages.conftest import SignIn
from tests.pages.sign_in.test_password import PASSWORD, give_password
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, reading, running_in, writing
from tests.support.visitor import Visitor, faults, the_form, tree

pytestmark = sqlite_only
ADDRESS = {"email": "amy@example.org", "password": PASSWORD}


def in_a_turn(app: Flask, work: Callable[[Turn], Any]) -> Any:
    desk, now = running_in(app).desk, running_in(app).clock.now()
    return writing(app, lambda session: work(Turn(session, desk, now, now, Means.COMMAND)))


def invite(app: Flask, org: Org, ref: str = "amy") -> str:
    """The address to open."""

    def work(turn: Turn) -> str:
        return inviting.invite(turn, people.person(turn.session, org[ref].id))

    return f"/welcome/{in_a_turn(app, work)}"


class App:
    """An authenticator app."""

    def __init__(self, secret: str, clock: ManualClock) -> None:
        self._totp, self._clock = pyotp.TOTP(secret), clock

    def code(self, steps_off: int = 0) -> str:
        return self._totp.at(self._clock.now() + timedelta(seconds=30 * steps_off))


def set_up(visitor: Visitor, path: str, clock: ManualClock) -> tuple[App, list[str]]:
    """Accept an invitation and set an app up; the app and the recovery codes."""
    done = visitor.fills(path, password=PASSWORD)
    assert (done.status_code, done.headers["Location"]) == (303, "/sign-in/set-up")
    page = visitor.page("/sign-in/set-up")
    app = App(page.one("p", class_="reference").text.replace(" ", ""), clock)
    form = the_form(page, "/sign-in/set-up")
    ready = tree(visitor.send("/sign-in/set-up", form, {"code": app.code()}))
    return app, [one.text for one in ready.one(class_="codes").all("li")]


@pytest.fixture
def amys(app: Flask, org: Org, stranger: Visitor, clock: ManualClock) -> tuple[App, list[str]]:
    """Amy has accepted her invitation; `stranger` is her browser, and she is in."""
    return set_up(stranger, invite(app, org), clock)


def second(visitor: Visitor, **fields: str) -> Any:
    """The answer to this code, asked for after the password."""
    name = next(iter(fields))
    action = "/sign-in/recovery" if name == "recovery" else "/sign-in/second"
    return visitor.send(action, the_form(visitor.page("/sign-in/second"), action), fields)


def test_an_invitation_leads_in_once(
    amys: tuple[App, list[str]], stranger: Visitor, app: Flask
) -> None:
    assert len(set(amys[1])) == 10
    assert all(re.fullmatch(r"(\w{4}-){4}\w{4}", code) for code in amys[1])
    assert stranger.page("/account").all("dl")[0].all("dd")[1].text == "amy@example.org"


def test_looking_at_an_invitation_uses_nothing_up(
    app: Flask, org: Org, stranger: Visitor, clock: ManualClock
) -> None:
    path = invite(app, org)
    for _ in range(3):
        assert "Amy Okafor" in stranger.page(path).one("h1").text
        assert stranger.client.head(path).status_code == 200
    set_up(stranger, path, clock)
    used = Visitor(app).page(path, 404)
    unknown = Visitor(app).page("/welcome/nothing", 404)
    assert used.one("main").text == unknown.one("main").text
    assert "Ask for a new one" in used.one("main").text
    assert used.one("h1").text == "This invitation opens nothing now"


def test_an_old_invitation_opens_nothing(
    app: Flask, org: Org, stranger: Visitor, clock: ManualClock
) -> None:
    path, newer = invite(app, org), invite(app, org)
    assert stranger.get(path).status_code == 404
    clock.forward(minutes=72 * 60 + 1)
    assert stranger.get(newer).status_code == 404


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 12 characters"),
        ("password1234", "Many people use this one"),
        ("aaaaaaaaaaaaaaa", "Many people use this one"),
        ("otterotterotter", "Many people use this one"),
        ("123456789012", "Many people use this one"),
        ("1234567890qw", "Many people use this one"),
        ("abcdefgh4321", "Many people use this one"),
        ("Amy Okafor 12", "too close to your name"),
        ("okafor-wayhome", "too close to your name"),
        ("x" * 129, "at most 128"),
    ],
)
def test_a_bad_password_is_refused_and_the_invitation_stays_good(
    app: Flask, org: Org, stranger: Visitor, password: str, words: str
) -> None:
    path = invite(app, org)
    page = tree(stranger.fills(path, password=password), 400)
    assert words in faults(page)[0]
    assert password not in page.one("main").text
    assert stranger.get(path).status_code == 200


def test_a_password_alone_opens_nothing(
    amys: tuple[App, list[str]], app: Flask, clock: ManualClock
) -> None:
    visitor = Visitor(app)
    done = visitor.fills("/sign-in?next=/account", **ADDRESS)
    assert done.headers["Location"] == "/sign-in/second?next=/account"
    assert visitor.get("/account").headers["Location"].startswith("/sign-in?")
    before = visitor.client.get_cookie("wayhome")
    clock.forward(seconds=30)
    action = "/sign-in/second?next=/account"
    form = the_form(visitor.page(action), action)
    done = visitor.send(action, form, {"code": amys[0].code()})
    assert (done.status_code, done.headers["Location"]) == (303, "/account")
    after = visitor.client.get_cookie("wayhome")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    visitor.client.set_cookie("wayhome", before.value)
    assert visitor.get("/account").status_code == 303


def test_half_way_in_lasts_five_minutes(
    amys: tuple[App, list[str]], app: Flask, clock: ManualClock
) -> None:
    visitor = Visitor(app)
    visitor.fills("/sign-in", **ADDRESS)
    clock.forward(minutes=5)
    assert visitor.get("/sign-in/second").headers["Location"] == "/sign-in"


def test_a_code_opens_once_and_half_a_minute_early_or_late(
    amys: tuple[App, list[str]], app: Flask, clock: ManualClock
) -> None:
    clock.forward(minutes=5)
    for off, status in [(-2, 400), (2, 400), (-1, 303), (-1, 400), (0, 303), (0, 400), (1, 303)]:
        visitor = Visitor(app)
        visitor.fills("/sign-in", **ADDRESS)
        assert second(visitor, code=amys[0].code(off)).status_code == status, off


def test_a_recovery_code_opens_once(amys: tuple[App, list[str]], app: Flask) -> None:
    for code, status in [(amys[1][0].lower(), 303), (amys[1][0], 400), (amys[1][1], 303)]:
        visitor = Visitor(app)
        visitor.fills("/sign-in", **ADDRESS)
        assert second(visitor, recovery=code).status_code == status


def test_wrong_codes_are_slowed_down(
    amys: tuple[App, list[str]], app: Flask, clock: ManualClock
) -> None:
    visitor = Visitor(app)
    visitor.fills("/sign-in", **ADDRESS)
    for _ in range(TRIES):
        assert second(visitor, code="000000").status_code == 400
    refused = second(visitor, code=amys[0].code(1))
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_the_seed_lies_encrypted_and_codes_as_hashes(
    amys: tuple[App, list[str]], app: Flask, org: Org
) -> None:
    login = reading(app, lambda session: sessions.login_of(session, org["amy"].id))
    assert login is not None
    assert login.totp_sealed is not None
    assert amys[0]._totp.secret not in login.totp_sealed
    assert login.password_hash is not None
    assert login.password_hash.startswith("$argon2id$")


def test_without_a_second_factor_nobody_gets_further(
    app: Flask, org: Org, stranger: Visitor
) -> None:
    give_password(app, org, "amy")
    done = stranger.fills("/sign-in", **ADDRESS)
    assert done.headers["Location"] == "/sign-in/set-up"
    assert stranger.get("/account").status_code == 303


def test_anothers_seed_cannot_be_set_up(
    app: Flask, org: Org, stranger: Visitor, clock: ManualClock
) -> None:
    stranger.fills(invite(app, org), password=PASSWORD)
    seed = running_in(app).desk.keys.seal_away(
        "seed someone else", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    )
    form = the_form(stranger.page("/sign-in/set-up"), "/sign-in/set-up")
    code = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(clock.now())
    assert stranger.send("/sign-in/set-up", form, {"seed": seed, "code": code}).status_code == 400
    assert stranger.get("/account").status_code == 303


def test_what_is_dangerous_asks_again(
    amys: tuple[App, list[str]], stranger: Visitor, clock: ManualClock
) -> None:
    assert stranger.get("/sign-in/again?next=/account").headers["Location"] == "/account"
    clock.forward(minutes=15)
    form = the_form(stranger.page("/sign-in/again"), "/sign-in/again")
    assert stranger.send("/sign-in/again", form, {"password": "not this one"}).status_code == 400
    before = stranger.client.get_cookie("wayhome")
    done = stranger.send("/sign-in/again?next=/account", form, {"password": PASSWORD})
    assert done.status_code == 303
    after = stranger.client.get_cookie("wayhome")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert stranger.get("/sign-in/again").headers["Location"] == "/"


def test_it_is_in_the_log(amys: tuple[App, list[str]], app: Flask, org: Org) -> None:
    from sqlalchemy import select

    from server.store.log import Entry

    query = select(Entry.what).where(Entry.subject_id == org["amy"].id).order_by(Entry.id)
    said = reading(app, lambda session: list(session.scalars(query)))
    assert said == [
        "invited",
        "invitation_used",
        "password_set",
        "second_factor_set",
        "recovery_codes_made",
        "signed_in",
    ]


def test_a_fresh_sign_in_is_fresh(signed_in: SignIn) -> None:
    assert signed_in("cat").get("/sign-in/again").status_code == 303
