"""Adding and changing somebody: checked as an import is, and never over somebody else's change."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.log import Entry
from server.store.people import NumberProof, Person
from tests.pages.conftest import SignIn
from tests.support.database import sqlite_only
from tests.support.people import Org, reading
from tests.support.visitor import faults, tree

pytestmark = sqlite_only

EVE = {"ref": "eve", "name": "Eve Shah", "mobile": "07700 900150", "watcher_0": "ben"}


def by_ref(app: Flask, org: Org, ref: str) -> Person | None:
    query = select(Person).where(Person.org_id == org.id, Person.ref == ref)
    return reading(app, lambda session: session.scalars(query).unique().one_or_none())


def test_somebody_is_added(app: Flask, org: Org, signed_in: SignIn) -> None:
    assert signed_in("cat").fills("/people/new", **EVE).status_code == 303
    eve = by_ref(app, org, "eve")
    assert eve is not None
    assert (eve.mobile, eve.number_proof) == ("+447700900150", NumberProof.NONE)
    assert sorted(eve.roles) == ["buddy", "worker"]
    page = signed_in("cat").page("/people/pairings")
    assert "Goes out Eve Shah Buddy Ben Hughes Covers none" in page.one("table").text


def test_an_unusual_number_is_kept_and_remarked_on(org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    assert cat.fills("/people/new", **{**EVE, "mobile": "+33 6 39 98 00 01"}).status_code == 303
    assert "prove it before use" in cat.page("/people").one(class_="said").text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("mobile", "999", "999 is a number for emergencies"),
        ("mobile", "07700 900102", "This is ben's number already."),
        ("email", "eve", "Give an e-mail address such as amy@example.org."),
        ("ref", "Eve Shah", "Give letters, digits, dots, hyphens or _"),
        ("ref", "amy", "Somebody has this short name already"),
        ("watcher_1", "ben", "'ben' is named twice."),
        ("name", "", "Give 1 to 100 characters."),
    ],
)
def test_every_fault_stands_at_its_field_and_nothing_is_lost(
    app: Flask, org: Org, signed_in: SignIn, field: str, value: str, sentence: str
) -> None:
    answer = signed_in("cat").fills("/people/new", **{**EVE, field: value})
    page = tree(answer, 400)
    (said,) = faults(page)
    assert said.partition(": ")[2].startswith(sentence)
    (link,) = page.one(class_="nhsuk-error-summary").all("a")
    wrong = page.one(id=link.attributes["href"].removeprefix("#"))
    assert wrong.attributes["name"] == field
    kept = {one.attributes.get("name"): one.attributes.get("value") for one in page.all("input")}
    for name, typed in {**EVE, field: value}.items():
        assert name.startswith("watcher") or kept[name] == typed
    assert by_ref(app, org, "eve") is None


def test_a_changed_number_loses_its_proof(app: Flask, org: Org, signed_in: SignIn) -> None:
    path = f"/people/{org['ben'].id}/edit"
    signed_in("cat").fills(path, mobile="07700 900188")
    ben = by_ref(app, org, "ben")
    assert ben is not None
    assert (ben.mobile, ben.number_proof) == ("+447700900188", NumberProof.NONE)
    signed_in("cat").presses(f"/people/{org['ben'].id}", "I rang it")
    ben = by_ref(app, org, "ben")
    assert ben is not None
    assert ben.number_proof == NumberProof.TRUSTED


def test_saving_unchanged_changes_nothing(app: Flask, org: Org, signed_in: SignIn) -> None:
    def lines() -> int:
        query = select(Entry.id).where(Entry.subject_id == org["amy"].id)
        return len(reading(app, lambda session: session.scalars(query).all()))

    before = lines()
    assert signed_in("cat").fills(f"/people/{org['amy'].id}/edit").status_code == 303
    assert lines() == before


def test_the_second_of_two_is_told_and_not_overwritten(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat, pat, path = signed_in("cat"), signed_in("pat"), f"/people/{org['ben'].id}/edit"
    form = cat.page(path).one("main").one("form")
    pat.fills(path, name="Benjamin Hughes")
    answer = cat.send(path, form, {"mobile": "07700 900177"})
    page = tree(answer, 409)
    assert "Somebody else changed Benjamin Hughes while you were editing" in faults(page)[0]
    both = page.one("section", class_="both").text
    assert "Name You typed Ben Hughes Now Benjamin Hughes" in both
    ben = by_ref(app, org, "ben")
    assert ben is not None
    assert (ben.name, ben.mobile) == ("Benjamin Hughes", org["ben"].mobile)
    again: Any = page.one("main").one("form")
    assert cat.send(path, again, {"name": "Benjamin Hughes"}).status_code == 303
    ben = by_ref(app, org, "ben")
    assert ben is not None
    assert (ben.name, ben.mobile) == ("Benjamin Hughes", "+447700900177")


def test_a_manager_makes_no_administrator(app: Flask, org: Org, signed_in: SignIn) -> None:
    path = f"/people/{org['dan'].id}/edit"
    answer = signed_in("cat").fills(path, role_admin="yes")
    assert faults(tree(answer, 400)) == ["Roles: Only an administrator can make an administrator."]
    assert signed_in("pat").fills(path, role_admin="yes").status_code == 303
    dan = by_ref(app, org, "dan")
    assert dan is not None
    assert dan.is_admin
    answer = signed_in("cat").fills(path, name="Daniel Price")
    assert faults(tree(answer, 400)) == ["Only an administrator can change this."]


def test_a_short_name_that_is_taken_hides_no_other_fault(org: Org, signed_in: SignIn) -> None:
    wrong = {"ref": "amy", "mobile": "999", "email": "eve"}
    page = tree(signed_in("cat").fills("/people/new", **{**EVE, **wrong}), 400)
    said = " ".join(faults(page))
    for words in ("this short name already", "a number for emergencies", "Give an e-mail address"):
        assert words in said


def test_whether_a_team_shall_lose_its_manager_is_asked(org: Org, signed_in: SignIn) -> None:
    cat, pat, path = signed_in("cat"), signed_in("pat"), f"/people/{org['cat'].id}/edit"
    page = tree(pat.fills(path, role_manager=None), 400)
    assert "ot-north: NOBODY would manage this team any more." in faults(page)[0]
    assert cat.get("/reports").status_code == 200
    form = page.one("main").one("form")
    assert pat.send(path, form, {"sure": "yes"}).status_code == 303
    assert cat.get("/reports").status_code in (303, 403)
