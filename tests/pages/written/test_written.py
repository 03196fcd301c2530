"""The written policy: made from the settings, checked against them, issued and agreed to."""

from typing import Any

from tests.pages.conftest import SignIn
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org
from tests.support.visitor import Visitor, faults, tree

pytestmark = sqlite_only

PATH = "/policy/document"


def issue(visitor: Visitor) -> Any:
    page = visitor.page(f"{PATH}?version=draft")
    return visitor.send(PATH, page.one("form", action=f"{PATH}/ot-north/issue"), {"sure": "yes"})


def paper(visitor: Visitor, query: str = "") -> Element:
    return visitor.page(PATH + query).one("article", class_="paper")


def changes_grace(visitor: Visitor, words: str) -> None:
    form = visitor.page("/policy").one("form", class_="desk")
    answer = visitor.send("/policy/team/ot-north", form, {"grace_s": words, "do": "save"})
    assert answer.status_code == 303


def test_the_settings_write_it_and_its_holes_are_named(signed_in: SignIn) -> None:
    cat = signed_in("cat")
    said = paper(cat).text
    assert "After it only the worker is reminded, twice, for 10 min. Then an alarm is" in said
    assert "3 min after the alarm: the buddy, by call." in said
    assert "Amy Okafor is watched over by Ben Hughes, or else by Cat Lin." in said
    points = cat.page(PATH).one("table", class_="points").text
    assert "WorkSafeBC 4.21(1) What is asked A written procedure" in points
    assert "No version has been issued yet." in points
    assert "Everybody has a buddy, whom the ladder tells." in points
    assert "HSE INDG73 What is asked Violence Answer hole" in points


def test_a_step_that_tells_nobody_is_no_sentence_that_says_whom_it_tells(
    signed_in: SignIn,
) -> None:
    cat = signed_in("cat")
    form = cat.page("/policy").one("form", class_="desk")
    fields = {"rungs-0-to-buddy": None, "rungs-1-to-buddy": None, "do": "save"}
    contacts = {"rungs-0-to-contacts": "yes", "rungs-1-to-managers": "yes"}
    assert cat.send("/policy/team/ot-north", form, {**fields, **contacts}).status_code == 303
    assert "At once: the team's contacts, by text: nobody yet." in paper(cat).text
    points = cat.page(PATH).one("table", class_="points").text
    assert "Step 1 of the ladder can tell nobody. Mend it on the page Ladder." in points
    form = cat.page("/policy").one("form", class_="desk")
    fields = {"rungs-0-to-contacts": None, "rungs-0-to-cover": "yes", "do": "save"}
    assert cat.send("/policy/team/ot-north", form, fields).status_code == 303
    points = cat.page(PATH).one("table", class_="points").text
    assert "No step of the ladder tells the buddy. Add one on the page Ladder." in points


def test_own_words_answer_a_point_and_are_kept(signed_in: SignIn) -> None:
    cat = signed_in("cat")
    cat.fills(f"{PATH}/ot-north/write", violence="We go in pairs.\nWe tell the police.")
    said = paper(cat, "?version=draft").text
    assert "We go in pairs. We tell the police." in said
    points = cat.page(PATH).one("table", class_="points").text
    assert "HSE INDG73 What is asked Violence Answer answered In your own words." in points


def test_what_nobody_has_written_is_asked_about_and_marked(signed_in: SignIn) -> None:
    cat = signed_in("cat")
    page = cat.page(f"{PATH}?version=draft")
    form = page.one("form", action=f"{PATH}/ot-north/issue")
    assert "parts have no words of your own yet: " in form.text
    answer = cat.send(PATH, form, {})
    assert faults(tree(answer, 400)) == [
        "Write the missing parts first, or say that you issue it without them."
    ]
    assert "No version has been issued yet" in paper(signed_in("amy")).text
    assert issue(cat).status_code == 303
    assert "Training Not written yet." in paper(signed_in("amy")).text


def test_it_is_issued_read_and_agreed(signed_in: SignIn) -> None:
    cat, amy = signed_in("cat"), signed_in("amy")
    assert "No version has been issued yet" in paper(amy).text
    assert "Still to be written" not in paper(amy).text
    assert issue(cat).status_code == 303
    assert "Version 1" in paper(amy).text
    assert amy.presses(PATH, "I have read it and agree").status_code == 303
    page = amy.page(PATH)
    assert "You agreed to this version." in page.one("section", class_="agree").text
    agreed = cat.page(PATH).one("main").text
    assert "1 of 4. Not yet: Ben Hughes, Cat Lin, Dan Price." in agreed
    assert "Times agreed with the worker Answer hole Not yet agreed: Ben" in agreed


def test_a_changed_setting_is_named_in_the_part_that_was_agreed(signed_in: SignIn) -> None:
    cat = signed_in("cat")
    issue(cat)
    assert "no longer" not in paper(cat).text
    changes_grace(cat, "4 min")
    said = paper(signed_in("amy"))
    named = said.one("div", class_="stale-parts").all("a")
    assert [one.text for one in named] == [
        "Before a visit: judging the risk",
        "How a visit is watched",
    ]
    (part,) = [one for one in said.all("section") if "How a visit is watched" in one.text]
    assert "for 10 min. Then an alarm is raised." in part.text
    assert "for 4 min. Then an alarm is raised." in part.one(class_="now").text
    issue(cat)
    assert "no longer" not in paper(cat).text
    assert "for 10 min." in paper(cat, "?version=1").text
    assert "not the newest" in paper(cat, "?version=1").text


def test_two_who_write_at_once(signed_in: SignIn) -> None:
    cat, pat, path = signed_in("cat"), signed_in("pat"), f"{PATH}/ot-north/write"
    form = cat.page(path).one("main").one("form")
    pat.fills(path, training="Every spring.")
    answer = cat.send(path, form, {"training": "Every autumn."})
    page = tree(answer, 409)
    assert faults(page) == ["Somebody else changed these words while you were writing."]
    assert page.one("textarea", name="training").text == "Every autumn."
    assert "Every spring." in page.one(class_="now").text
    assert "Every spring." in paper(cat, "?version=draft").text
    stale = cat.page(f"{PATH}?version=draft").one("form", action=f"{PATH}/ot-north/issue")
    assert issue(pat).status_code == 303
    assert cat.send(PATH, stale, {"sure": "yes"}).status_code == 409


def test_a_year_later_it_has_to_be_looked_through(signed_in: SignIn, clock: ManualClock) -> None:
    issue(signed_in("cat"))
    said = signed_in("cat").page(PATH).one("table", class_="points").text
    assert "The newest version is less than a year old." in said
    clock.forward(minutes=366 * 24 * 60)
    said = signed_in("cat").page(PATH).one("table", class_="points").text
    assert "The newest version is more than a year old." in said


def test_another_organisations_document_is_not_there(
    org: Org, lakeside: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat", lakeside)
    cat.fills(f"{PATH}/ot-north/write", violence="Canary of Lakeside")
    assert "Canary" in paper(cat, "?version=draft").text
    ours = signed_in("cat")
    assert "Canary" not in ours.get(f"{PATH}?version=draft").text
    assert "Canary" not in ours.get(f"{PATH}/ot-north/write").text
    assert ours.get(f"{PATH}?team=nothing").status_code == 404
    assert signed_in("amy").get(f"{PATH}?version=draft").status_code == 404
