"""The board: who is out, alarms above everything, what comes next, and one tap to act (P4, P7)."""

import re
from uuid import UUID

import pytest
from flask import Flask

from server.acts import owning
from server.store import looking
from tests.pages.conftest import SignIn
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org, reading
from tests.support.statements import statements
from tests.support.visitor import Visitor, tree

pytestmark = sqlite_only


def cards(page: Element) -> list[Element]:
    return page.all("article", class_="alarm")


def without_ids(text: str) -> str:
    """A page without what is new in each: the ids of its forms, and its own address."""
    return re.sub(r'name="(once|back)" value="[^"]+"', "", text)


def rows(page: Element) -> list[str]:
    """The lines of who is out, each as one sentence."""
    return [row.text for row in page.all("li", class_="row")]


def tap(browser: Visitor, page: Element, words: str) -> str:
    """Press a button of an alarm's card, as a browser does; returns where that leads."""
    (button,) = [b for b in page.all("button") if b.text.startswith(words)]
    form = page.one("form", id=button.attributes["form"])
    fields = {i.attributes["name"]: i.attributes["value"] for i in form.all("input")}
    fields[button.attributes["name"]] = button.attributes["value"]
    answer = browser.client.post(button.attributes["formaction"], data=fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_who_is_out_comes_in_the_order_of_their_due_times(day: Day, signed_in: SignIn) -> None:
    day.start("amy", 30)
    day.start("dan", 10, place="3 Elm Rd")
    day.forward(minutes=6)
    page = signed_in("cat").page("/")
    assert rows(page) == [
        "Dan Price Due soon 3 Elm Rd Due 14:10, in 4 min Alarm at 14:20 Ben Hughes Ring Dan Price",
        "Amy Okafor Out 12 High St Due 14:30, in 24 min Alarm at 14:40 Ben Hughes Ring Amy Okafor",
    ]
    assert page.one("span", class_="board-count").text == "2 out"
    day.forward(minutes=6)
    page = signed_in("cat").page("/")
    assert "Dan Price Past due 3 Elm Rd Due 14:10, 2 min ago Alarm at 14:20" in rows(page)[0]
    assert page.one("span", class_="board-count").text == "2 out, 1 past due"


def test_an_alarm_says_since_when_who_has_it_and_what_comes_next(
    day: Day, signed_in: SignIn
) -> None:
    day.start("amy", 10)
    day.forward(minutes=21)
    (card,) = cards(signed_in("cat").page("/"))
    assert card.one("h3").text == "Amy Okafor is overdue"
    assert card.one("ul", class_="facts").text == (
        "Due 14:10 Last heard 14:00 Alarm since 14:20 (1 min)"
    )
    assert card.one("p", class_="charge").text == (
        "Nobody has taken charge yet. Next: Ben Hughes by text at 14:23."
    )
    assert card.attributes["data-say"] == "New alarm: Amy Okafor is overdue."
    assert card.one("p", class_="ring").one("a").attributes["href"] == "tel:+447700900101"


def test_one_tap_takes_charge_and_two_are_one(day: Day, signed_in: SignIn) -> None:
    day.start("amy", 10)
    day.forward(minutes=21)
    alarm_id, cat = day.alarm_of("amy"), signed_in("cat")
    page = cat.page("/")
    assert tap(cat, page, "Take charge") == f"/alarms/{alarm_id}"
    assert tap(cat, page, "Take charge") == f"/alarms/{alarm_id}"
    assert day.log(alarm_id).count("owned") == 1
    (card,) = cards(cat.page("/"))
    assert card.one("p", class_="charge").text.startswith("Cat Lin took charge at 14:21.")
    tap(cat, cat.page("/"), "Give it back")
    logged = day.log(alarm_id)
    assert logged[logged.index("released") + 1] == "told"


def test_taking_over_is_said_for_what_it_is(day: Day, signed_in: SignIn) -> None:
    day.start("amy", 10)
    day.forward(minutes=21)
    ben, cat = signed_in("ben"), signed_in("cat")
    stale = cat.page("/")
    tap(ben, ben.page("/"), "Take charge")
    (button,) = [b for b in stale.all("button") if b.text.startswith("Take charge")]
    form = stale.one("form", id="tap")
    token = form.one("input", name="token").attributes["value"]
    late = cat.client.post(button.attributes["formaction"], data={"token": token})
    assert late.status_code == 409
    assert "Ben Hughes has taken charge of this alarm." in late.text
    tap(cat, cat.page("/"), "Take over")
    assert "Cat Lin took charge" in cards(ben.page("/"))[0].text


def test_a_worker_sees_her_own_alarm_and_cannot_own_it(day: Day, signed_in: SignIn) -> None:
    alarm_id, amy = day.sos("amy"), signed_in("amy")
    page = amy.page("/")
    assert [b.text for c in cards(page) for b in c.all("button")] == []
    form = page.one("form", id="tap").one("input", name="token").attributes["value"]
    answer = amy.client.post(f"/alarms/{alarm_id}/own", data={"token": form})
    assert answer.status_code == 403
    assert "somebody else takes charge" in answer.text
    assert "owned" not in day.log(alarm_id)


def test_her_own_duress_shows_nowhere_on_her_board(day: Day, signed_in: SignIn) -> None:
    """What she sees after her duress PIN is what she would see after her safe one."""
    day.start("ben", 30)
    day.start("amy", 30)
    ben = signed_in("ben")
    day.close("ben", "8642")
    alarm_id = day.alarm_of("ben")
    after_duress = ben.page("/").one("main").text
    assert "Ben Hughes" not in after_duress.replace("Nobody", "")[:200]
    assert cards(ben.page("/")) == []
    assert ben.get(f"/alarms/{alarm_id}").status_code == 404
    assert ben.get("/board/now").headers["ETag"] == ben.get("/board/now").headers["ETag"]
    (card,) = cards(signed_in("cat").page("/"))
    assert "Do not ring or text Ben" in card.text
    assert "tel:" not in str([a.attributes for a in card.all("a")])
    assert "Ring Ben" not in str(rows(signed_in("cat").page("/")))


def test_each_sees_what_is_her_business(day: Day, signed_in: SignIn, lakeside: Org) -> None:
    day.start("amy", 30)
    assert len(rows(signed_in("ben").page("/"))) == 1
    assert "(you)" in rows(signed_in("amy").page("/"))[0]
    for other in (signed_in("dan"), signed_in("pat"), signed_in("cat", lakeside)):
        assert rows(other.page("/")) == []


@pytest.mark.parametrize("path", ["", "/now", "/sheet"])
def test_another_organisations_alarm_is_as_if_it_were_not(
    day: Day, signed_in: SignIn, lakeside: Org, path: str
) -> None:
    alarm_id, cat = day.sos("amy"), signed_in("cat", lakeside)
    there = cat.get(f"/alarms/{alarm_id}{path}")
    nowhere = cat.get(f"/alarms/{UUID(int=7)}{path}")
    assert there.status_code == nowhere.status_code == 404
    assert without_ids(there.text) == without_ids(nowhere.text)


def test_an_unchanged_board_is_304_and_a_changed_one_is_not(
    day: Day, signed_in: SignIn, clock: ManualClock
) -> None:
    day.start("amy", 10)
    cat = signed_in("cat")

    def ask(etag: str) -> tuple[int, str]:
        answer = cat.get("/board/now", headers={"If-None-Match": etag})
        return answer.status_code, answer.headers["ETag"]

    status, etag = ask("")
    assert status == 200
    clock.forward(seconds=5)
    assert ask(etag) == (304, etag)
    day.start("dan", 30)
    status, second = ask(etag)
    assert status == 200
    assert second != etag
    day.forward(minutes=1)
    status, third = ask(second)
    assert (status, third != second) == (200, True)


def test_an_unchanged_board_asks_the_database_once(app: Flask, day: Day, signed_in: SignIn) -> None:
    day.start("amy", 10)
    cat = signed_in("cat")
    etag = cat.get("/board/now").headers["ETag"]
    with statements(app) as seen:
        answer = cat.get("/board/now", headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert [one.split()[0] for one in seen if one not in ("BEGIN", "ROLLBACK")] == ["SELECT"]


def test_a_board_changes_at_the_very_second_something_falls_due(
    day: Day, signed_in: SignIn, clock: ManualClock
) -> None:
    clock.forward(seconds=25)
    day.start("amy", 10)
    cat = signed_in("cat")
    day.forward(minutes=9.9)
    etag = cat.get("/board/now").headers["ETag"]
    clock.forward(seconds=7)
    answer = cat.get("/board/now", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "Past due" in answer.text


def test_a_hidden_alarm_does_not_change_her_etag(
    day: Day, signed_in: SignIn, clock: ManualClock
) -> None:
    """P4: the log grows with every step of her duress; her board must not seem to."""
    day.start("ben", 30)
    day.close("ben", "8642")
    ben = signed_in("ben")
    etag = ben.get("/board/now").headers["ETag"]
    clock.forward(seconds=5)
    day.on_alarm("cat", day.alarm_of("ben"), owning.own)
    answer = ben.get("/board/now", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.headers["ETag"]) == (304, etag)


def test_what_people_write_is_shown_as_it_is_and_does_nothing(day: Day, signed_in: SignIn) -> None:
    day.start("amy", 30, place='<b>12</b> & "High" St')
    page = signed_in("cat").page("/")
    assert '<b>12</b> & "High" St' in rows(page)[0]
    assert page.one("main").all("b") == []


def test_a_poll_of_a_stranger_is_401_and_of_no_use(stranger: Visitor) -> None:
    answer = stranger.get("/board/now")
    assert answer.status_code == 401
    assert "ETag" not in answer.headers


def test_a_dead_engine_is_said_loudly(day: Day, signed_in: SignIn, clock: ManualClock) -> None:
    cat = signed_in("cat")
    assert cat.page("/").all("p", class_="health") == []
    etag = cat.get("/board/now").headers["ETag"]
    clock.forward(seconds=15)
    answer = cat.get("/board/now", headers={"If-None-Match": etag})
    assert "The watch is not running." in tree(answer).one("p", class_="health-dead").text


def test_it_is_written_down_once_whose_whereabouts_were_shown(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    day.start("amy", 30)
    cat = signed_in("cat")
    for _ in range(3):
        cat.page("/")
    since = day.clock.now().replace(hour=0)
    seen = reading(
        day.app, lambda s: looking.looked_since(s, org["cat"].id, {org["amy"].id}, since)
    )
    assert [one.what for one in seen] == ["board"]
    own = reading(day.app, lambda s: looking.looked_since(s, org["amy"].id, {org["amy"].id}, since))
    assert own == set()


def test_the_paper_has_numbers_and_buddies_and_no_next_of_kin(day: Day, signed_in: SignIn) -> None:
    day.start("amy", 30)
    page = signed_in("cat").page("/board/print")
    (line,) = page.one("tbody").all("tr")
    assert "07700 900101" in line.text
    assert "Ben Hughes, 07700 900102" in line.text
    assert "Next of kin:" not in line.text


def test_a_threat_stands_above_a_cry_and_both_above_the_rest(day: Day, signed_in: SignIn) -> None:
    day.start("dan", 10)
    day.start("ben", 60)
    day.forward(minutes=21)
    day.sos("amy")
    day.close("ben", "8642")
    titles = [card.one("h3").text for card in cards(signed_in("cat").page("/"))]
    assert titles == [
        "Ben Hughes may be under threat",
        "SOS from Amy Okafor",
        "Dan Price is overdue",
    ]


def test_of_many_those_due_soonest_are_listed_and_all_on_demand(
    day: Day, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long list costs a phone with a weak signal its minute; an alarm is never left out."""
    monkeypatch.setattr("server.pages.board.view.LISTED", 1)
    day.start("amy", 10)
    day.start("dan", 20, place="3 Elm Rd")
    day.start("ben", 40, place="5 Oak Ave")
    cat = signed_in("cat")
    page = cat.page("/")
    assert [row.split(" ")[0] for row in rows(page)] == ["Amy"]
    assert page.one("span", class_="board-count").text == "3 out"
    (rest,) = page.all("p", class_="rest")
    assert rest.text == "1 of 3 are listed: those due soonest. List all 3"
    everything = cat.page(rest.one("a").attributes["href"])
    assert [row.split(" ")[0] for row in rows(everything)] == ["Amy", "Dan", "Ben"]
    assert everything.one("main").attributes["data-poll"] == "/board/now?all=yes"
    assert len(rows(tree(cat.get("/board/now?all=yes")))) == 3
    assert len(rows(tree(cat.get("/board/now")))) == 1
    day.sos("ben")
    assert [row.split(" ")[0] for row in rows(cat.page("/"))] == ["Amy", "Ben"]
    day.forward(minutes=12)
    assert cat.page("/").one("span", class_="board-count").text == "3 out, 1 past due, 1 alarm"
