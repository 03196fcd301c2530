"""An import shows every fault and every change before anything happens, and does exactly that."""

import io
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.acts.importing import BadImport, Options, import_file
from server.store.people import Person, Team
from tests.pages.conftest import SignIn
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, reading, running_in
from tests.support.visitor import Visitor, filled, tree

pytestmark = sqlite_only

GOOD = """ref,name,mobile,team,roles,buddies
eve,Eve Shah,07700 900150,ot-north,worker;buddy,ben;amy
ben,Benjamin Hughes,,,,
amy,Amy Okafor,,,,
"""
BAD = """ref,name,mobile,team,roles,buddies
eve,Eve Shah,999,ot-north,worker;king,ben
ben,Benjamin Hughes,,,,zed
"""


def shows(visitor: Visitor, content: str, name: str = "people.csv", status: int = 200) -> Element:
    """The preview of a file."""
    form = visitor.page("/people/import").one("main").one("form")
    data: dict[str, Any] = dict(filled(form))
    data["file"] = (io.BytesIO(content.encode()), name)
    answer = visitor.client.post("/people/import", data=data, content_type="multipart/form-data")
    return tree(answer, status)


def names(app: Flask, org: Org) -> dict[str, str]:
    query = select(Person.ref, Person.name).where(Person.org_id == org.id)
    return {row.ref: row.name for row in reading(app, lambda s: s.execute(query).all())}


def test_faults_are_those_of_the_command_each_at_its_row(
    app: Flask, org: Org, clock: ManualClock, signed_in: SignIn
) -> None:
    page = shows(signed_in("cat"), BAD, status=400)
    desk = running_in(app).desk
    options = Options(org_slug="riverside")
    with app.app_context(), pytest.raises(BadImport) as refusal:
        import_file(desk, BAD.encode(), options, as_csv=True, now=clock.now())
    rows = [row.text for row in page.one("table").all("tr", class_="fault")]
    assert len(rows) == len(refusal.value.found) == 3
    for row, fault in zip(rows, refusal.value.found, strict=True):
        assert fault.sentence in row
    assert rows[0].startswith("Where Row 2 Who Eve Shah Field")
    assert rows[2].startswith("Where Row 3 Who Benjamin Hughes Field buddies 1")
    assert names(app, org)["ben"] == "Ben Hughes"


def test_what_was_shown_is_mended_and_done(app: Flask, org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    page = shows(cat, BAD, status=400)
    mend = page.one("form", class_="mend")
    assert "Benjamin Hughes" in mend.one("textarea").text
    answer = cat.send("/people/import", mend, {"content": GOOD})
    page = tree(answer)
    assert page.one("ul", class_="counts").text == "1 person added 1 changed 1 the same as now"
    table = page.one("table").text
    assert "Eve Shah Called eve What new" in table
    assert "Benjamin Hughes Called ben What Name: Ben Hughes → Benjamin Hughes" in table
    assert "eve" not in names(app, org)
    do = page.one("form", action="/people/import/do")
    assert cat.send("/people/import/do", do, {"content": GOOD}).status_code == 303
    assert names(app, org)["eve"] == "Eve Shah"
    assert names(app, org)["ben"] == "Benjamin Hughes"


def test_if_something_changed_meanwhile_it_is_said_and_shown_anew(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat, pat = signed_in("cat"), signed_in("pat")
    do = shows(cat, GOOD).one("form", action="/people/import/do")
    pat.fills(f"/people/{org['ben'].id}/edit", name="Ben H")
    page = tree(cat.send("/people/import/do", do, {"content": GOOD}), 409)
    assert "Somebody changed these people meanwhile" in page.one("main").text
    assert names(app, org)["ben"] == "Ben H"
    assert "eve" not in names(app, org)
    again = page.one("form", action="/people/import/do")
    assert cat.send("/people/import/do", again, {"content": GOOD}).status_code == 303
    assert names(app, org)["ben"] == "Benjamin Hughes"


def test_another_file_than_was_shown_is_not_done(app: Flask, org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    do = shows(cat, GOOD).one("form", action="/people/import/do")
    other = GOOD.replace("Benjamin", "Benedict")
    assert cat.send("/people/import/do", do, {"content": other}).status_code == 409
    assert names(app, org)["ben"] == "Ben Hughes"


def test_a_file_about_another_organisation_is_refused(
    app: Flask, lakeside: Org, signed_in: SignIn
) -> None:
    file = {
        "organisation": {"slug": "lakeside"},
        "people": [{"ref": "amy", "name": "Canary"}],
    }
    for slug in ("lakeside", "nowhere"):
        file["organisation"] = {"slug": slug}
        for who in ("cat", "pat"):
            page = shows(signed_in(who), json.dumps(file), "people.json", 400)
            assert "This file is about another organisation than yours." in page.text
    assert "Canary" not in names(app, lakeside).values()


def test_a_manager_changes_only_her_own_teams(app: Flask, org: Org, signed_in: SignIn) -> None:
    file = json.dumps(
        {
            "organisation": {"slug": "riverside", "name": "Mine"},
            "teams": [{"slug": "new-team", "name": "New"}],
            "people": [{"ref": "dan", "roles": ["worker", "admin"]}],
        }
    )
    said = shows(signed_in("cat"), file, "people.json", 400).one("table").text
    assert "Only an administrator can change this." in said
    assert "Only an administrator can add a team." in said
    assert "Only an administrator can make an administrator." in said
    assert shows(signed_in("pat"), file, "people.json").one("h1").text == "What the file would do"


def test_pins_in_a_file_are_neither_shown_nor_tried_nor_changed(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    """A manager learns from no answer whether a PIN is right, and sets nobody's."""
    answers = []
    for pin in (org["amy"].pin, "1111"):
        content = f"ref,pin,duress_pin\namy,{pin},7390\n"
        cat = signed_in("cat")
        page = shows(cat, content)
        main = page.one("main")
        assert not main.all("textarea")
        assert "Amy Okafor has PINs already" in main.text
        answers.append(main.text)
        do = page.one("form", action="/people/import/do")
        answer = cat.send("/people/import/do", do, {"content": content})
        assert answer.status_code == 303
    assert answers[0] == answers[1]
    amy = reading(app, lambda session: session.get_one(Person, org["amy"].id))
    keys = running_in(app).desk.keys
    assert amy.pin_hash == keys.pin_hash(amy.id, org["amy"].pin)


def test_what_is_downloaded_can_be_brought_back_and_changes_nothing(
    signed_in: SignIn,
) -> None:
    cat = signed_in("cat")
    page = shows(cat, cat.get("/people/people.csv").text)
    assert "0 people added 0 changed" in page.one("ul", class_="counts").text


def test_what_a_file_would_change_of_a_ladder_is_shown_before_it_does(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    file = {
        "organisation": {"slug": "riverside"},
        "teams": [{"slug": "ot-north", "policy": {"grace_s": 3600}}],
    }
    cat = signed_in("cat")
    page = shows(cat, json.dumps(file), "team.json")
    said = page.one("main").text
    assert "It would change the ladder of Ot North" in said
    assert "In the file 1 h" in said
    grace_s = reading(app, lambda s: s.get_one(Team, org.teams["ot-north"]).policy.grace_s)
    assert grace_s == 600
    same = shows(cat, json.dumps({**file, "teams": [{"slug": "ot-north"}]}), "team.json")
    assert "It would change the ladder" not in same.one("main").text


def test_whoever_would_leave_a_team_without_a_manager_reads_it_first(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    """Also where the file takes the part away from the very manager who imports it."""
    page = shows(signed_in("cat"), "ref,roles\ncat,worker\n")
    holes = page.one("section", class_="holes").text
    assert "ot-north: NOBODY would manage this team any more." in holes
    assert "YOU would no longer manage your own team" in holes
    assert "Roles: manager, buddy → worker" in page.one("table").text


def test_a_fault_names_the_row_and_no_address_in_the_file(org: Org, signed_in: SignIn) -> None:
    text = "ref,name\neve,Eve Shah\nfay,Fay Dunn\neve,Eve Again\n"
    said = shows(signed_in("cat"), text, status=400).one("table").text
    assert "'eve' is row 2 already." in said
    assert "people[" not in said
