"""/drills: everybody whom an alarm could reach is asked over the real ways; nothing real is hidden,
ended or raised by it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.drills import Drill
from server.store.log import Entry
from server.store.messages import Lane, Message
from tests.pages.conftest import SignIn
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.day import Day
from tests.support.people import Org, reading, running_in, settle
from tests.support.visitor import Visitor, the_form


def rows(page: object) -> dict[str, list[str]]:
    found = page.one("table").one("tbody").all("tr")  # type: ignore[attr-defined]
    cells = [[cell.one("span", class_="in").text for cell in row.all("td")] for row in found]
    return {who: rest for who, *rest in cells}


def test_everybody_an_alarm_could_reach_is_asked_and_counted(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    assert (
        "It asks 4 people now: Amy Okafor, Ben Hughes, Dan Price, Pat Moor."
        in cat.page("/drills").text
    )
    assert cat.presses("/drills", "Hold a drill now").status_code == 303
    lanes = reading(day.app, lambda session: [one.lane for one in session.query(Message)])
    assert lanes == [Lane.ALL_CLEAR] * 4
    day.forward(minutes=1)
    page = cat.page("/drills")
    assert "0 of 4 have answered." in page.text
    assert rows(page)["Ben Hughes"] == ["Text", "delivered", "Not yet"]
    assert "An alarm" not in cat.page("/").one("main").text
    day.forward(minutes=60)
    page = signed_in("cat").page("/drills")
    assert rows(page)["Ben Hughes"] == ["Text", "delivered", "No answer"]
    assert "Hold a drill now" in page.text


def test_two_managers_in_the_same_second_hold_one_drill(
    day: Day, app: Flask, signed_in: SignIn
) -> None:
    managers = [signed_in("cat") for _ in range(10)]
    forms = [(each, the_form(each.page("/drills"), "/drills")) for each in managers]
    barrier = Barrier(len(forms))

    def press(one: tuple[Visitor, Element]) -> int:
        barrier.wait(timeout=30)
        browser, form = one
        return browser.send("/drills", form, {}).status_code

    with ThreadPoolExecutor(len(forms)) as pool:
        assert sorted(pool.map(press, forms)) == [303] + [409] * 9
    assert len(reading(app, lambda session: list(session.scalars(select(Drill))))) == 1


def test_an_e_mail_is_answered_by_its_link_and_looking_answers_nothing(
    day: Day, org: Org, app: Flask, signed_in: SignIn, stranger: Visitor
) -> None:
    cat = signed_in("cat")
    cat.presses("/drills", "Hold a drill now")
    link = link_of(app, org, "ben")
    assert "no emergency" in stranger.page(link).text
    assert "0 of 4 have answered." in cat.page("/drills").text
    day.forward(minutes=2)
    assert stranger.presses(link, "Yes, it has reached me").status_code == 303
    assert "You have answered." in stranger.page(link).text
    assert rows(cat.page("/drills"))["Ben Hughes"][-1] == "Answered after 2 min"
    assert "1 of 4 has answered, after 2 min." in cat.page("/drills").text
    whats = reading(app, lambda session: [e.what for e in session.query(Entry)])
    assert {"drill_started", "drill_answered"} <= set(whats)
    assert cat.presses("/drills", "End it now").status_code == 303
    stranger.page(link, 404)
    stranger.page("/d/nonsense", 404)


def link_of(app: Flask, org: Org, ref: str) -> str:
    """The address that an e-mail to this person ends with."""

    def find(session: Session) -> str:
        drill = session.scalars(select(Drill)).unique().one()
        return f"/d/{running_in(app).desk.keys.link(drill.id, org[ref].id)}"

    return reading(app, find)


def test_one_at_a_time_and_none_beside_an_alarm(day: Day, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    cat.presses("/drills", "Hold a drill now")
    twice = cat.post("/drills", team=str(day.org.teams["ot-north"]))
    assert (twice.status_code, "A drill is going on" in twice.text) == (409, True)
    cat.presses("/drills", "End it now")
    day.start("amy", 10)
    day.forward(minutes=21)
    refused = cat.presses("/drills", "Hold a drill now")
    assert (refused.status_code, "An alarm is open in this team" in refused.text) == (409, True)


def test_a_worker_holds_none_and_a_strangers_team_is_not_there(
    day: Day, app: Flask, clock: ManualClock, signed_in: SignIn
) -> None:
    assert signed_in("amy").get("/drills").status_code == 403
    (other,) = settle(app, clock, slug="lakeside").teams.values()
    assert signed_in("cat").post("/drills", team=str(other)).status_code == 404
