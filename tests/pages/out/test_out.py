"""Acting on a worker's behalf who rings in: logged, told to her, and never against an alarm."""

from uuid import UUID

from server.store import log, visits
from shared.states import VisitKind
from tests.pages.conftest import SignIn
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org, reading, running_in
from tests.support.visitor import faults, tree

pytestmark = sqlite_only


def logged(day: Day, visit_id: UUID) -> list[str]:
    return reading(day.app, lambda s: [e.what for e in log.entries_of_visit(s, visit_id)])


def test_a_visit_is_started_once_for_one_who_rings_in(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    form = cat.page("/out/start").one("main").one("form")
    fields = {"worker": str(org["amy"].id), "place": "12 High St", "minutes": "45"}
    first = cat.send("/out/start", form, fields)
    again = cat.send("/out/start", form, fields)
    assert first.headers["Location"] == again.headers["Location"]
    (visit,) = reading(day.app, lambda s: visits.unfinished_visits(s, org["amy"].id))
    assert first.headers["Location"] == f"/out/{visit.id}"
    assert visit.started_by_id == org["cat"].id
    day.town.round()
    assert "Cat Lin started a visit for you: 12 High St" in texts(day, org, "amy")


def test_a_note_says_who_wrote_it(day: Day, org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    form = cat.page("/out/start").one("main").one("form")
    fields = {"worker": str(org["amy"].id), "place": "12 High St", "minutes": "45"}
    answer = cat.send("/out/start", form, fields | {"note": "rings from the car"})
    assert "Note by Cat Lin rings from the car" in cat.page(answer.headers["Location"]).text


def texts(day: Day, org: Org, who: str) -> str:
    (postbox,) = running_in(day.app).gateways
    return " | ".join(postbox.texts_to(org[who].mobile))  # type: ignore[attr-defined]


def test_a_form_that_is_not_right_keeps_what_was_typed(org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    answer = cat.fills("/out/start", place="12 High St", minutes="900")
    assert answer.status_code == 400
    minutes = "Give whole minutes, from 1 to 720, or a time such as 14:30."
    for said in ("Choose who is going out.", minutes, "12 High St"):
        assert said in answer.text


def test_a_visit_is_started_only_for_those_one_looks_after(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    dan = signed_in("dan")
    assert "nobody you could start a visit for" in dan.page("/out/start").text
    fields = {"worker": str(org["amy"].id), "place": "12 High St", "minutes": "45"}
    assert dan.post("/out/start", **fields).status_code == 400
    assert list(reading(day.app, lambda s: visits.unfinished_visits(s, org["amy"].id))) == []


def test_she_is_checked_in_given_time_and_closed_for(day: Day, org: Org, signed_in: SignIn) -> None:
    visit_id = day.start("amy", 30)
    path, ben = f"/out/{visit_id}", signed_in("ben")
    assert ben.presses(path, "I have spoken to Amy, all is well").status_code == 303
    assert ben.fills(path, f"{path}/extend", minutes="20 min").status_code == 303
    assert "14:50" in ben.page(path).text
    refused = ben.fills(path, f"{path}/close", close_note="She rang from the car.")
    assert refused.status_code == 400
    assert "Ring first" in refused.text
    assert "She rang from the car." in refused.text
    assert ben.fills(path, f"{path}/close", spoke_to_her="yes").status_code == 303
    assert "It ended at 14:00" in ben.page(path).text
    assert logged(day, visit_id) == ["started", "check_in", "extended", "closed"]
    day.town.round()
    assert "Ben Hughes closed the visit for you: 12 High St" in texts(day, org, "amy")


def test_whoever_starts_another_visit_for_her_hears_what_it_ended(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    day.start("amy", 30, "3 Mill Lane")
    cat = signed_in("cat")
    asked = {"worker": str(org["amy"].id), "place": "Bay 4", "minutes": "30"}
    page = tree(cat.fills("/out/start", **asked), 400)
    (why,) = faults(page)
    assert "Amy Okafor is at 3 Mill Lane until 14:30. This would end it. Ring first" in why
    (open_now,) = reading(day.app, lambda s: visits.unfinished_visits(s, org["amy"].id))
    assert open_now.place == "3 Mill Lane"
    form = page.one("main").one("form")
    began = cat.send("/out/start", form, {"spoke_to_her": "yes"})
    said = cat.page(began.headers["Location"]).text
    assert "The visit at 3 Mill Lane ended with it." in said
    assert "How it went" not in cat.page(f"/log/{open_now.id}").text


def test_a_way_home_goes_on_beside_a_visit_and_is_not_asked_about(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    day.start("amy", 90, "Home", kind=VisitKind.HOME)
    asked = {"worker": str(org["amy"].id), "place": "Bay 4", "minutes": "30"}
    assert signed_in("cat").fills("/out/start", **asked).status_code == 303


def test_while_an_alarm_is_open_it_is_the_alarm_that_is_dealt_with(
    day: Day, signed_in: SignIn
) -> None:
    visit_id = day.start("amy", 10)
    day.forward(minutes=21)
    page = signed_in("cat").page(f"/out/{visit_id}")
    assert "an alarm is open. Take charge of it there." in page.text
    assert page.one("main").all("form") == []


def test_one_does_not_act_on_ones_own_behalf_here_nor_on_a_strangers(
    day: Day, signed_in: SignIn, lakeside: Org
) -> None:
    visit_id = day.start("amy", 30)
    amy, dan = signed_in("amy"), signed_in("dan")
    assert "This visit is yours." in amy.page(f"/out/{visit_id}").text
    assert amy.post(f"/out/{visit_id}/close", outcome="safe", spoke_to_her="yes").status_code == 404
    for other in (dan, signed_in("cat", lakeside)):
        assert other.get(f"/out/{visit_id}").status_code == 404
        answer = other.post(f"/out/{visit_id}/close", outcome="safe", spoke_to_her="yes")
        assert answer.status_code == 404
    assert logged(day, visit_id) == ["started"]
