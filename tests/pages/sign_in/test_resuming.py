"""What is dangerous asks again who it is, and nothing that was typed meanwhile is lost."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.copies import CopyPiece
from server.store.people import Person, Team
from tests.pages.conftest import SignIn
from tests.pages.day import app, day
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org, reading
from tests.support.visitor import Visitor, filled, the_form

__all__ = ["app", "day"]
pytestmark = sqlite_only
LADDER = "/policy/team/ot-north"


def asked_again(answer: Any) -> str:
    """Where she is led once she has shown that it is her."""
    where = urlsplit(answer.headers["Location"])
    assert (answer.status_code, where.path) == (303, "/sign-in/again")
    return str(parse_qs(where.query)["next"][0])


def grace_s(app: Flask, org: Org) -> int:
    return reading(app, lambda session: session.get_one(Team, org.teams["ot-north"]).policy.grace_s)


def saves(cat: Visitor, **fields: Any) -> Any:
    form = cat.page("/policy").one("form", class_="desk")
    return cat.send(LADDER, form, {**fields, "do": "save"})


def test_a_ladder_is_saved_only_by_whoever_has_just_shown_who_she_is(
    app: Flask, org: Org, signed_in: SignIn, clock: ManualClock
) -> None:
    """It decides who is told, and when (research/web.md 6.1): a browser left open must not."""
    cat, before = signed_in("cat"), grace_s(app, org)
    clock.forward(minutes=16)
    assert cat.get("/policy").status_code == 200
    waits = asked_again(saves(cat, grace_s="4 min"))
    assert asked_again(cat.get(waits)) == waits
    assert grace_s(app, org) == before
    cat.as_(org, "cat")
    page = cat.page(waits)
    assert "has not been done yet" in page.one("main").text
    assert grace_s(app, org) == before
    assert cat.send(waits, the_form(page), {}, "Do it now").headers["Location"] == (
        "/policy?team=ot-north"
    )
    assert grace_s(app, org) == 240


def test_what_is_wrong_with_it_is_said_first(signed_in: SignIn, clock: ManualClock) -> None:
    cat = signed_in("cat")
    clock.forward(minutes=16)
    assert saves(cat, grace_s="soon").status_code == 400


def test_a_person_changed_too_slowly_is_not_typed_again(
    app: Flask, org: Org, signed_in: SignIn, clock: ManualClock
) -> None:
    """The form was opened in time and sent too late."""
    cat, path = signed_in("cat"), f"/people/{org['ben'].id}/edit"
    form = the_form(cat.page(path))
    clock.forward(minutes=16)
    waits = asked_again(cat.send(path, form, {"name": "Benjamin Hughes"}))
    cat.as_(org, "cat")
    assert cat.presses(waits, "Do it now").status_code == 303
    name = reading(app, lambda session: session.get_one(Person, org["ben"].id).name)
    assert name == "Benjamin Hughes"


def test_it_waits_for_her_alone_sealed_and_for_an_hour(
    app: Flask, org: Org, signed_in: SignIn, clock: ManualClock
) -> None:
    cat = signed_in("cat")
    clock.forward(minutes=16)
    waits = asked_again(saves(cat, grace_s="4 min"))
    kept = reading(app, lambda session: session.scalars(select(CopyPiece.data)).all())
    assert b"grace" not in b"".join(kept)
    assert signed_in("pat").get(waits).status_code == 404
    assert signed_in("cat").get(waits).status_code == 200
    clock.forward(minutes=61)
    assert signed_in("cat").get(waits).status_code == 404


@pytest.mark.parametrize("field", ["password", "code", "pin"])
def test_a_form_with_a_secret_is_never_kept(
    app: Flask, signed_in: SignIn, clock: ManualClock, field: str
) -> None:
    cat = signed_in("cat")
    clock.forward(minutes=16)
    answer = cat.post("/account/recovery-codes", back="/account", **{field: "4821"})
    assert asked_again(answer) == "/account"
    assert reading(app, lambda session: session.scalars(select(CopyPiece.data)).all()) == []


def test_what_is_sent_after_the_sign_in_ran_out_waits_and_is_said_not_to_be_done(
    day: Day, org: Org, signed_in: SignIn, clock: ManualClock
) -> None:
    """A manager must not believe that she has charge, or that her note is kept."""
    day.start("amy", 30)
    cat, alarm = signed_in("cat"), f"/alarms/{day.sos('amy')}"
    form = the_form(cat.page(alarm), f"{alarm}/note")
    clock.forward(minutes=61)
    door = cat.send(alarm, form, {"note": "The gate is locked."}).headers["Location"]
    where = urlsplit(door)
    assert where.path == "/sign-in"
    assert "so it is NOT done yet" in cat.page(door).one(class_="said").text
    assert "note" not in day.log(day.alarm_of("amy"))
    (waits,) = parse_qs(where.query)["next"]
    pat = signed_in("pat")
    assert pat.get(waits).status_code == 404
    cat.as_(org, "cat")
    back = cat.presses(waits, "Do it now").headers["Location"]
    assert back.startswith(alarm)
    assert "The gate is locked." in cat.page(alarm).text


def test_where_somebody_ended_the_sign_in_nothing_waits_and_that_is_said(
    day: Day, signed_in: SignIn
) -> None:
    day.start("amy", 30)
    cat, alarm = signed_in("cat"), f"/alarms/{day.sos('amy')}"
    button = cat.page(alarm).one("button", id="own").attributes
    tap = filled(cat.page(alarm).one("form", id="tap"))
    cat.presses("/account", "Sign out")
    data = dict(tap) | {button["name"]: button["value"]}
    door = cat.client.post(button["formaction"], data=data).headers["Location"]
    assert parse_qs(urlsplit(door).query)["next"] == [alarm]
    assert "that was NOT done" in cat.page(door).one(class_="said").text
    assert "owned" not in day.log(day.alarm_of("amy"))


def test_a_strangers_form_under_an_old_sign_in_is_not_kept(
    app: Flask, day: Day, signed_in: SignIn, clock: ManualClock
) -> None:
    day.start("amy", 30)
    cat, alarm = signed_in("cat"), f"/alarms/{day.sos('amy')}"
    form = the_form(cat.page(alarm), f"{alarm}/note")
    clock.forward(minutes=61)
    door = cat.send(alarm, form, {"note": "Go home.", "token": "0" * 64}).headers["Location"]
    assert parse_qs(urlsplit(door).query)["next"] == [alarm]
    assert reading(app, lambda session: session.scalars(select(CopyPiece.data)).all()) == []
