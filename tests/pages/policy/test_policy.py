"""The policy page: what is edited is checked, planned and tried before it is in force."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from server.acts.planning import visit_plan
from server.store.people import Person, Team
from server.store.visits import Visit
from shared.ladder import Step
from shared.policy import Policy
from tests.pages.conftest import SignIn
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, open_app, reading, running_in
from tests.support.town import Town
from tests.support.visitor import Visitor, faults, tree

pytestmark = sqlite_only

EDIT = "/policy/team/ot-north"


@pytest.fixture
def app(database_url: str, tmp_path: Any, clock: ManualClock) -> Flask:
    """With pretend phones, so that there is a way out."""
    return open_app(database_url, tmp_path, clock, demo=True, pretend=True)


def the_form(page: Element) -> Element:
    return page.one("form", class_="desk")


def presses(visitor: Visitor, page: Element, do: str, **fields: Any) -> Any:
    """Press one of the form's many buttons."""
    return visitor.send(EDIT, the_form(page), {**fields, "do": do})


def policy_in_force(app: Flask, org: Org) -> Policy:
    return reading(app, lambda session: session.get_one(Team, org.teams["ot-north"]).policy)


def steps(page: Element) -> list[str]:
    """The plan as it stands beside the settings."""
    return [line.text for line in page.one("ol", class_="steps").all("li")]


def test_what_the_page_shows_saves_as_the_same_policy(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    before = policy_in_force(app, org)
    cat = signed_in("cat")
    assert presses(cat, cat.page("/policy"), "save").status_code == 303
    assert policy_in_force(app, org) == before
    assert "Version 1" in cat.page("/policy").one("main").text


def test_steps_are_added_moved_and_removed_without_a_script(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    page = tree(presses(cat, cat.page("/policy"), "add:rungs"))
    assert page.one("input", name="rungs-5-after").attributes["value"] == "10 min"
    page = tree(presses(cat, page, "up:rungs:5"))
    page = tree(presses(cat, page, "remove:rungs:0"))
    assert policy_in_force(app, org) == Policy()
    assert presses(cat, page, "save").status_code == 303
    saved = policy_in_force(app, org)
    assert [(r.after_s, r.to, r.by) for r in saved.rungs] == [
        (180, ("buddy",), ("call",)),
        (180, ("cover",), ("text",)),
        (300, ("cover",), ("call",)),
        (480, ("managers",), ("text",)),
        (600, ("managers",), ("text", "call", "email")),
    ]


def test_faults_are_the_policys_own_and_stand_at_their_fields(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    answer = presses(
        cat,
        cat.page("/policy"),
        "save",
        grace_s="2 h",
        nudges="9",
        **{"rungs-0-after": "11 min", "check_high": "30 s", "rungs-1-by-call": None},
    )
    page = tree(answer, 400)
    assert faults(page) == [
        "Then wait this long after the end: Give a time from 0 min to 1 h, such as 5 min.",
        "Reminders during that time: Give a number from 0 to 5.",
        "On a high-risk visit, every: Give a time from 1 min to 4 h, such as 5 min.",
        "Step 2, by: Name at least one way, such as text.",
    ]
    wrong = page.one(id="grace_s")
    assert wrong.attributes["value"] == "2 h"
    assert "grace_s-error" in wrong.attributes["aria-describedby"]
    assert policy_in_force(app, org) == Policy()
    answer = presses(cat, cat.page("/policy"), "save", **{"rungs-0-after": "11 min"})
    assert faults(tree(answer, 400)) == [
        "When somebody is overdue: The first step has to come within 10 min of the alarm."
    ]
    answer = presses(cat, cat.page("/policy"), "save", grace_s="soon")
    assert faults(tree(answer, 400)) == [
        "Then wait this long after the end: Give a time from 0 min to 1 h, such as 5 min."
    ]


def test_the_plan_beside_it_is_the_engines_own(
    app: Flask, org: Org, signed_in: SignIn, clock: ManualClock
) -> None:
    signed_in("amy").fills("/me", "/me/visits", place="12 High St", minutes="40")

    def engine(session: Any) -> list[Step]:
        visit = session.query(Visit).one()
        cat = session.get_one(Person, org["cat"].id)
        return visit_plan(session, running_in(app).desk, visit, cat, clock.now())

    page = signed_in("cat").page("/policy")
    planned = reading(app, engine)
    assert len(planned) == len(steps(page)) > 4
    for step, line in zip(planned, steps(page), strict=True):
        assert f"{step.at:%H:%M}" in line
        assert step.who in line
    assert "At 14:50 Ben Hughes is texted (buddy; number proven 10 Mar 2026)" in steps(page)


def test_the_plan_follows_what_is_typed_before_it_is_saved(signed_in: SignIn) -> None:
    signed_in("amy").fills("/me", "/me/visits", place="12 High St", minutes="40")
    cat = signed_in("cat")
    page = tree(presses(cat, cat.page("/policy"), "look", grace_s="3 min"))
    assert any(line.startswith("At 14:43 Ben Hughes is texted") for line in steps(page))
    assert "not saved" in page.one("section", class_="plan").text


def test_every_hole_is_named_at_its_step(app: Flask, org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    page = tree(presses(cat, cat.page("/policy"), "look", **{"rungs-0-to-contacts": "yes"}))
    rungs = page.one("section", aria_labelledby="rungs").all("li", class_="rung")
    assert "This team has no contact." in rungs[0].text
    assert "Ben Hughes and Dan Price have no cover." in rungs[2].text
    assert "hole" not in rungs[4].text
    assert "Calls are not set up here" in page.one("section", aria_labelledby="rungs").text
    signed_in("ben").fills("/me", "/me/away", until="2026-12-01T08:00")
    rungs = cat.page("/policy").one("section", aria_labelledby="rungs").all("li", class_="rung")
    assert "Ben Hughes is away now, and skipped until back." in rungs[0].text


def test_a_ladder_that_is_saved_with_holes_says_how_many(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    presses(cat, cat.page("/policy"), "save", grace_s="4 min")
    said = cat.page("/policy").one("main").text
    assert "is saved and in force. It has 2 holes, marked below: please mend." in said
    rungs = cat.page("/policy").one("section", aria_labelledby="rungs").text
    assert "have no cover" in rungs


def test_the_second_of_two_managers_sees_both_and_overwrites_nothing(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat, pat = signed_in("cat"), signed_in("pat")
    page = cat.page("/policy")
    assert presses(pat, pat.page("/policy"), "save", grace_s="4 min").status_code == 303
    answer = presses(cat, page, "save", grace_s="9 min", warn_before_s="2 min")
    page = tree(answer, 409)
    both = page.one("section", class_="both").text
    assert "Pat Moor saved version 2" in both
    assert "Grace after the end In force now 4 min Yours 9 min" in both
    assert "Warning before the end In force now 5 min Yours 2 min" in both
    assert policy_in_force(app, org).grace_s == 240
    assert presses(cat, page, "save").status_code == 303
    assert policy_in_force(app, org).grace_s == 540
    said = cat.page(f"{EDIT}/history").one("ol").text
    assert "Version 3 in force" in said
    assert "Grace after the end 4 min9 min" in said.replace("4 min 9 min", "4 min9 min")
    assert said.index("Cat Lin") < said.index("Pat Moor")


def test_what_the_second_manager_never_touched_stays_as_the_first_saved_it(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    cat, pat = signed_in("cat"), signed_in("pat")
    presses(pat, pat.page("/policy"), "save", warn_before_s="4 min")
    page = cat.page("/policy")
    first = {"grace_s": "4 min", "rungs-1-by-email": "yes"}
    assert presses(pat, pat.page("/policy"), "save", **first).status_code == 303
    theirs = policy_in_force(app, org)
    page = tree(presses(cat, page, "save", nudges="3"), 409)
    rows = page.one("section", class_="both").one("tbody").all("tr")
    assert [row.text for row in rows] == [
        "Setting Reminders during the grace In force now 2 Yours 3"
    ]
    assert presses(cat, page, "save").status_code == 303
    assert policy_in_force(app, org) == replace(theirs, nudges=3)


def test_a_double_press_saves_once(app: Flask, org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    page = cat.page("/policy")
    for _ in range(2):
        assert presses(cat, page, "save", grace_s="4 min").status_code == 303
    assert "Version 2" in cat.page("/policy").one("main").text


def test_a_dry_run_tells_what_past_alarms_would_have_been(
    org: Org, signed_in: SignIn, town: Town
) -> None:
    signed_in("amy").fills("/me", "/me/visits", place="12 High St", minutes="10")
    town.forward(minutes=22)
    amy = signed_in("amy")
    late = amy.page("/me").one("form", class_="do")
    answer = amy.send("/me", late, {"pin": org["amy"].pin})
    assert answer.status_code == 303
    signed_in("ben").fills("/me", "/me/visits", place="Late", minutes="10")
    town.forward(minutes=15)
    ben = signed_in("ben")
    visit = ben.page("/me").one("section", class_="visit")
    ben.send("/me", visit.one("form", class_="do"), {})
    cat = signed_in("cat")
    page = tree(presses(cat, cat.page("/policy"), "try", **{"rungs-0-to-managers": "yes"}))
    assert (
        "Tried on the last 30 days; nothing is saved. 1 alarm compared"
        in page.one(class_="said").text
    )
    (row,) = page.one("section", class_="nights").one("tbody").all("tr")
    assert row.text.count("14:") == 1
    nights = page.one("section", class_="nights")
    was, would = (cell.text for cell in nights.one("tbody").all("td")[1:3])
    assert "+0:00: Ben Hughes texted" in was
    assert "Cat Lin" not in was
    assert "+0:00: Cat Lin texted" in would
    assert "None of them would have raised one." in nights.text
    page = tree(presses(cat, cat.page("/policy"), "try", grace_s="2 min"))
    assert "1 of them would have raised one." in page.one("section", class_="nights").text
    page = tree(presses(cat, cat.page("/policy"), "try", grace_s="1 h"))
    assert "No alarm: all was well" in page.one("section", class_="nights").text


def test_another_organisations_policy_is_not_there(
    app: Flask, org: Org, lakeside: Org, signed_in: SignIn
) -> None:
    """Both have a team of that name: each visitor edits her own."""
    pat = signed_in("pat", lakeside)
    assert presses(pat, pat.page("/policy"), "save", grace_s="4 min").status_code == 303
    assert policy_in_force(app, org).grace_s == 600
    assert policy_in_force(app, lakeside).grace_s == 240
    for path in ("/policy?team=nothing", "/policy/team/nothing/history"):
        assert signed_in("cat").get(path).status_code == 404


def test_a_high_risk_visit_that_is_watched_less_closely_is_remarked_on(signed_in: SignIn) -> None:
    cat = signed_in("cat")
    page = tree(presses(cat, cat.page("/policy"), "look", grace_s="3 min"))
    said = page.one("section", aria_labelledby="rungs_urgent").text
    assert "A high-risk visit waits 5 min for its alarm, others only 3 min." in said
    said = cat.page("/policy").one("section", aria_labelledby="rungs_urgent").text
    assert "A high-risk visit waits" not in said


def test_no_warning_before_the_visit_began(signed_in: SignIn) -> None:
    signed_in("amy").fills("/me", "/me/visits", place="12 High St", minutes="5")
    cat = signed_in("cat")
    page = tree(presses(cat, cat.page("/policy"), "look", warn_before_s="20 min"))
    assert steps(page)[0].startswith("At 14:05 Amy Okafor is"), steps(page)


def test_a_visit_whose_alarm_is_open_is_no_example_of_what_would_happen(
    signed_in: SignIn, app: Flask, clock: ManualClock
) -> None:
    """Its alarm climbs by the ladder it was raised with, which no draft changes."""
    town = Town(app, clock)
    town.round()
    signed_in("amy").fills("/me", "/me/visits", place="12 High St", minutes="10")
    cat = signed_in("cat")
    assert "Amy Okafor at 12 High St" in cat.page("/policy").one("section", class_="plan").text
    town.forward(minutes=21)
    plan = cat.page("/policy").one("section", class_="plan").text
    assert "Amy Okafor at 12 High St" not in plan
    assert "an hour from now" in plan


def test_one_phone_alone_before_everyone_is_a_hole_for_each_worker(signed_in: SignIn) -> None:
    cat = signed_in("cat")
    page = cat.page("/policy")
    for _ in range(len(Policy().rungs) - 1):
        page = tree(presses(cat, page, "remove:rungs:1"))
    page = tree(presses(cat, page, "look", **{"rungs-0-after": "10 min"}))
    said = page.one("section", aria_labelledby="rungs").text
    assert "Only one person is told of" in said
    assert "Nobody is told for the first 10 min of an alarm." in said
    before = cat.page("/policy").one("section", aria_labelledby="rungs").text
    assert "Only one person is told of" not in before
    assert "Nobody is told for the first" not in before
