"""Where I am signed in, and ending it."""

from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from server.store.log import Entry
from tests.pages.conftest import SignIn
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, reading
from tests.support.visitor import Visitor, faults, the_form, tree

pytestmark = sqlite_only


def browsers(visitor: Visitor) -> list[str]:
    rows = visitor.page("/account").one("tbody").all("tr")
    return [row.all("td")[3].text for row in rows]


def test_every_browser_is_listed_and_can_be_signed_out(signed_in: SignIn) -> None:
    here, there = signed_in("cat"), signed_in("cat")
    assert sorted(browsers(here)) == ["Sign it out Firefox on Windows", "This one"]
    done = here.presses("/account", "Sign it out")
    assert (done.status_code, done.headers["Location"]) == (303, "/account")
    assert here.page("/account").one(class_="said").text == "That browser is signed out."
    assert browsers(here) == ["This one"]
    assert there.get("/account").status_code == 303


def test_all_others_at_once(signed_in: SignIn) -> None:
    here, there, elsewhere = signed_in("cat"), signed_in("cat"), signed_in("cat")
    assert here.presses("/account", "Sign out everywhere else").status_code == 303
    assert [one.get("/account").status_code for one in (here, there, elsewhere)] == [200, 303, 303]


def test_what_is_said_is_said_once(signed_in: SignIn) -> None:
    here = signed_in("cat")
    signed_in("cat")
    here.presses("/account", "Sign it out")
    assert here.page("/account").all(class_="said")
    assert not here.page("/account").all(class_="said")


def test_nobody_ends_anothers(signed_in: SignIn, lakeside: Org) -> None:
    cat, ben, other = signed_in("cat"), signed_in("ben"), signed_in("cat", lakeside)
    signed_in("cat")
    forms = cat.page("/account").one("main").all("form")
    (ending,) = [
        found
        for form in forms
        if "/sessions/" in (found := form.attributes["action"]) and found.endswith("/end")
    ]
    for stranger in (ben, other):
        missing = stranger.post("/account/sessions/00000000-0000-4000-8000-000000000000/end")
        theirs = stranger.post(ending)
        assert (theirs.status_code, missing.status_code) == (404, 404)
        assert [p.text for p in tree(theirs, 404).one("main").all("p")] == [
            p.text for p in tree(missing, 404).one("main").all("p")
        ]
    assert len(browsers(cat)) == 2


@pytest.mark.parametrize(("ref", "idle"), [("cat", 60), ("pat", 30), ("amy", 60)])
def test_an_idle_browser_is_signed_out(
    signed_in: SignIn, clock: ManualClock, ref: str, idle: int
) -> None:
    visitor = signed_in(ref)
    for _ in range(3):
        clock.forward(minutes=idle - 2)
        assert visitor.get("/account").status_code == 200
    clock.forward(minutes=idle)
    assert visitor.get("/account").status_code == 303


def test_nobody_stays_in_for_more_than_twelve_hours(signed_in: SignIn, clock: ManualClock) -> None:
    visitor = signed_in("cat")
    for _ in range(23):
        clock.forward(minutes=30)
        assert visitor.get("/account").status_code == 200
    clock.forward(minutes=30)
    assert visitor.get("/account").status_code == 303
    assert timedelta(minutes=24 * 30) == timedelta(hours=12)


def test_how_one_signs_in_is_changed_only_by_whoever_has_just_shown_who_she_is(
    signed_in: SignIn, clock: ManualClock
) -> None:
    cat, other = signed_in("cat"), signed_in("cat")
    clock.forward(minutes=16)
    asked = cat.get("/account/password")
    assert asked.headers["Location"] == "/sign-in/again?next=/account/password"
    again = cat.post("/account/recovery-codes", back="/account")
    assert again.headers["Location"].startswith("/sign-in/again?next=/sign-in/again/go-on/")
    fresh = signed_in("cat")
    done = fresh.fills("/account/password", password="four green herons")
    assert done.headers["Location"] == "/account"
    assert [one.get("/account").status_code for one in (cat, other, fresh)] == [303, 303, 200]
    assert "Set on 10 Mar 2026" in fresh.page("/account").one("main").text


def test_a_form_sent_twice_has_one_effect_and_changed_it_is_another(
    signed_in: SignIn, app: Flask, org: Org
) -> None:
    cat = signed_in("cat")
    form = the_form(cat.page("/account/password"))
    sent = [
        cat.send("/account/password", form, {"password": password})
        for password in ("four green herons", "four green herons", "five grey badgers")
    ]
    assert [one.status_code for one in sent] == [303, 303, 303]
    assert said(app, org["cat"].id, "password_set") == 2


def test_an_app_is_set_up_and_the_last_second_step_stays(
    signed_in: SignIn, clock: ManualClock
) -> None:
    cat = signed_in("cat")
    page = cat.page("/account/app")
    secret = page.one("p", class_="reference").text.replace(" ", "")
    wrong = cat.send("/account/app", the_form(page), {"code": "000000"})
    assert faults(tree(wrong, 400)) == [
        "That code does not work. Wait for the next one and try again."
    ]
    again = the_form(tree(wrong, 400))
    done = cat.send("/account/app", again, {"code": pyotp.TOTP(secret).at(clock.now())})
    assert done.status_code == 303
    kept = cat.presses("/account", "Remove")
    assert faults(tree(kept, 409)) == ["This is your only second step: set another one up first."]
    assert "Set up on 10 Mar 2026" in cat.page("/account").one("main").text


def test_new_recovery_codes_are_shown_once(signed_in: SignIn) -> None:
    cat = signed_in("cat")
    shown = tree(cat.presses("/account", "Make new recovery codes"))
    assert len(shown.one(class_="codes").all("li")) == 10
    assert "10 left" in cat.page("/account").one("main").text


def said(app: Flask, person_id: UUID, what: str) -> int:
    """How often the log says this of her."""
    query = select(func.count()).where(Entry.subject_id == person_id, Entry.what == what)
    return reading(app, lambda session: session.scalar(query) or 0)
