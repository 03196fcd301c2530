"""The list of people: what is a hole is seen, and nobody else's people are."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.db import Session
from server.store.people import Membership, NumberProof, Person, Team
from shared.policy import Policy
from tests.pages.conftest import SignIn
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.digits import holds
from tests.support.people import Org, reading, writing
from tests.support.visitor import Visitor, faults, tree

pytestmark = sqlite_only


def without_ids(page: str) -> str:
    """A page without the ids of its forms, another on every answer, and the one asked for."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "", page)


def row_of(page: Element, name: str) -> str:
    """What the list says of one person."""
    (found,) = [row for row in page.all("tr") if row.text.startswith(f"Name {name}")]
    return found.text


def person_of(app: Flask, org: Org, ref: str) -> Person:
    return reading(app, lambda session: session.get_one(Person, org[ref].id))


def test_a_hole_is_named_with_whom_it_concerns(app: Flask, org: Org, signed_in: SignIn) -> None:
    page = signed_in("cat").page("/people")
    assert "proven" in row_of(page, "Ben Hughes")
    before = page.one("main").text

    def spoil(session):  # type: ignore[no-untyped-def]
        ben = session.get_one(Person, org["ben"].id)
        ben.number_proof, ben.pin_hash = NumberProof.NONE.value, None

    writing(app, spoil)
    page = signed_in("cat").page("/people")
    assert "Nobody has proven the number of Ben Hughes" in page.one("section", class_="holes").text
    assert "No PINs, so no way to end an alarm of their own: Ben Hughes" in page.one("main").text
    assert "Nobody has proven" not in before
    assert "not proven" in row_of(page, "Ben Hughes")
    assert "not set" in row_of(page, "Ben Hughes")


def test_pairings_are_a_picture_with_a_table_of_the_same(signed_in: SignIn) -> None:
    page = signed_in("cat").page("/people/pairings")
    drawn = page.one("svg", class_="pairs")
    assert drawn.attributes["role"] == "img"
    alone = page.one("p", class_="gap").text
    assert alone == "no cover Ben Hughes, Dan Price"
    assert len(drawn.all("path", class_="buddy")) == 3
    assert len(drawn.all("path", class_="cover")) == 1
    rows = [row.text for row in page.one("table").all("tr")]
    assert "Goes out Amy Okafor Buddy Ben Hughes Covers Cat Lin" in rows
    assert "Goes out Ben Hughes Buddy Amy Okafor Covers none" in rows


def test_no_page_shows_a_pin(signed_in: SignIn, org: Org) -> None:
    cat = signed_in("cat")
    for path in ("/people", f"/people/{org['amy'].id}", f"/people/{org['amy'].id}/edit"):
        said = cat.get(path).text
        assert not holds(said, org["amy"].pin)
        assert not holds(said, org["amy"].duress_pin)


@pytest.mark.parametrize("tail", ["", "/edit"])
def test_another_organisations_people_are_not_there(
    signed_in: SignIn, lakeside: Org, tail: str
) -> None:
    for who in ("cat", "pat"):
        visitor = signed_in(who)
        theirs = visitor.get(f"/people/{lakeside['amy'].id}{tail}")
        missing = visitor.get(f"/people/{uuid4()}{tail}")
        assert theirs.status_code == missing.status_code == 404
        assert without_ids(theirs.text) == without_ids(missing.text)


@pytest.mark.parametrize(
    "act", ["edit", "leave", "return", "vouch", "ask-pins", "away", "back", "code"]
)
def test_nothing_can_be_done_to_another_organisations_people(
    app: Flask, signed_in: SignIn, lakeside: Org, act: str
) -> None:
    def theirs() -> list[tuple[object, ...]]:
        query = select(Person.name, Person.left_at, Person.away_until, Person.mobile)
        return reading(
            app,
            lambda s: [tuple(r) for r in s.execute(query.where(Person.org_id == lakeside.id))],
        )

    before = theirs()
    for who in ("cat", "pat"):
        visitor = signed_in(who)
        path = f"/people/{lakeside['amy'].id}/{act}"
        assert visitor.post(path, until="2030-01-01T10:00", name="Eve").status_code == 404
    assert theirs() == before


def test_leaving_and_coming_back(app: Flask, org: Org, signed_in: SignIn) -> None:
    cat, here = signed_in("cat"), f"/people/{org['dan'].id}"
    asked = cat.page(f"{here}/leave").one("main").text
    assert "Has Dan Price left?" in asked
    assert person_of(app, org, "dan").left_at is None
    assert cat.presses(f"{here}/leave", "Yes, Dan Price has left").status_code == 303
    assert person_of(app, org, "dan").left_at is not None
    table = cat.page("/people").one("main").one("table").text
    assert "Dan Price" not in table
    assert "Dan Price" in cat.page("/people?show=left").one("main").text
    cat.presses(here, "Bring back")
    assert person_of(app, org, "dan").left_at is None


def test_absence_is_kept_in_the_organisations_time(
    app: Flask, org: Org, signed_in: SignIn, clock: ManualClock
) -> None:
    cat, here = signed_in("cat"), f"/people/{org['dan'].id}"
    cat.presses(here, "Keep absence", until="2026-07-01T18:00")
    until = person_of(app, org, "dan").away_until
    assert until is not None
    assert until.isoformat() == "2026-07-01T17:00:00+00:00"
    cat.presses(here, "Back now")
    assert person_of(app, org, "dan").away_until is None


def test_asking_for_new_pins_leaves_the_old_ones_working(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    before = person_of(app, org, "amy").pin_hash
    cat.presses(f"/people/{org['amy'].id}", "Ask for new PINs")
    assert person_of(app, org, "amy").pin_hash == before
    amy = signed_in("amy")
    assert "You are asked to choose new PINs" in amy.page("/me").one("main").text
    amy.fills("/me", "/me/pins", old=org["amy"].pin, pin="1590", duress_pin="7391")
    assert "You are asked" not in amy.page("/me").one("main").text
    assert person_of(app, org, "amy").pin_hash != before


def test_only_an_administrator_makes_a_code_for_one(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    """Whoever types it is her from then on: it would make a manager more than she is."""

    def promote(session: Session) -> None:
        session.get_one(Person, org["dan"].id).is_admin = True

    writing(app, promote)
    cat, page = signed_in("cat"), f"/people/{org['dan'].id}"
    said = cat.page(page).one("main").text
    assert "Only an administrator can make a code for Dan Price." in said
    assert "Make a code for a phone" not in said
    assert "Make an invitation" not in said
    for way_in in ("code", "invite"):
        answer = cat.post(f"{page}/{way_in}")
        assert answer.status_code == 409
        assert "Only an administrator can make one for Dan Price." in answer.text
    assert "Make a code for a phone" in signed_in("pat").page(page).one("main").text


def test_a_code_is_shown_once_and_makes_one_phone_hers(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    answer = cat.presses(f"/people/{org['dan'].id}", "Make a code for a phone")
    assert answer.headers["Location"] == f"/people/{org['dan'].id}/code"
    page = cat.page(f"/people/{org['dan'].id}/code")
    again = cat.page(f"/people/{org['dan'].id}/code")
    assert again.one("strong", class_="letters").text == page.one("strong", class_="letters").text
    code = page.one("strong", class_="letters").text
    assert page.all("svg")
    enrol = {"code": code, "device": "Dan's new phone"}
    assert app.test_client().post("/api/v1/enrolments", json=enrol).status_code == 201
    assert app.test_client().post("/api/v1/enrolments", json=enrol).status_code == 400
    later = cat.get(f"/people/{org['dan'].id}").text
    assert code not in later
    assert "Dan&#39;s new phone" in later


def test_a_lost_phone_is_signed_out(app: Flask, org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    me = {"headers": org["dan"].headers}
    assert app.test_client().get("/api/v1/me", **me).status_code == 200
    cat.presses(f"/people/{org['dan'].id}", "Sign it out")
    assert app.test_client().get("/api/v1/me", **me).status_code == 401


def test_a_refused_act_says_why(signed_in: SignIn, org: Org) -> None:
    cat, here = signed_in("cat"), f"/people/{org['dan'].id}"
    answer = cat.presses(here, "Keep absence", until="2020-01-01T10:00")
    assert faults(tree(answer, 400)) == ["Give a time that is still ahead."]


def test_an_invitation_is_made_on_the_page_and_shown_once(org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    assert "needs an e-mail address first" in cat.page(f"/people/{org['dan'].id}").text
    path = f"/people/{org['amy'].id}"
    answer = cat.presses(path, "Make an invitation")
    assert answer.headers["Location"] == f"{path}/invite"
    link = cat.page(f"{path}/invite").one("span", class_="address").text
    assert "/welcome/" in link
    other = signed_in("cat")
    assert other.get(f"{path}/invite").status_code == 303
    stranger = Visitor(cat.app)
    assert stranger.get(link[link.index("/welcome/") :]).status_code == 200


def test_whoever_manages_more_teams_is_invited_by_an_administrator_only(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    """The link would make a manager more than she is."""

    def promote(session: Session) -> None:
        dan = session.get_one(Person, org["dan"].id)
        dan.roles, dan.email = [*dan.roles, "manager"], "dan@example.org"
        far = Team(org_id=org.id, slug="far", name="Far", policy_json=Policy().to_json(),
                   created_at=dan.created_at)  # fmt: skip
        session.add(far)
        session.flush()
        session.add(Membership(person_id=dan.id, team_id=far.id, home=False))

    writing(app, promote)
    cat, page = signed_in("cat"), f"/people/{org['dan'].id}"
    said = cat.page(page).one("main").text
    assert "Only an administrator can invite Dan Price." in said
    for way_in in ("code", "invite"):
        assert cat.post(f"{page}/{way_in}").status_code == 409


def test_before_somebody_leaves_it_says_whom_that_leaves_short(org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    said = cat.page(f"/people/{org['ben'].id}/leave").one("main").text
    assert "Amy Okafor loses this buddy. Cat Lin is told first then." in said
    assert "Dan Price loses this buddy. Nobody else is named to watch." in said


def test_before_somebody_under_threat_is_signed_out_it_says_that_it_would_show(
    org: Org, signed_in: SignIn
) -> None:
    """P4: what the one who threatens would see."""
    cat, leave = signed_in("cat"), f"/people/{org['amy'].id}/leave"
    warning = "signalled to be under threat"
    assert warning not in cat.page(leave).one("main").text
    amy = signed_in("amy")
    amy.fills("/me", "/me/visits", place="12 High St", minutes="40")
    visit = amy.page("/me").one("section", class_="visit")
    amy.send("/me", visit.one("form", class_="do"), {"pin": org["amy"].duress_pin})
    assert warning in cat.page(leave).one("main").text


def test_an_absence_in_the_past_is_said_at_its_field(org: Org, signed_in: SignIn) -> None:
    cat, here = signed_in("cat"), f"/people/{org['dan'].id}"
    page = tree(cat.presses(here, "Keep absence", until="2020-01-01T10:00"), 400)
    (said,) = faults(page)
    field = page.one("input", name="until")
    assert field.attributes["value"] == "2020-01-01T10:00"
    assert said in page.one(id="until-error").text


def test_a_manager_is_not_offered_to_change_an_administrator(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    def promote(session: Session) -> None:
        session.get_one(Person, org["dan"].id).is_admin = True

    writing(app, promote)
    page = signed_in("cat").page(f"/people/{org['dan'].id}")
    assert "Only an administrator can change an administrator." in page.text
    assert page.all("a", href=f"/people/{org['dan'].id}/edit") == []
    assert page.all("a", href=f"/people/{org['dan'].id}/leave") == []
