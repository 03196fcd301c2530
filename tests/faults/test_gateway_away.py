"""The gateway is down, slow, full, refuses, or takes a text and does not say so (P3)."""

import pytest
import requests

from tests.support.gateway import faults
from tests.support.house import House
from tests.support.houses import NewHouse
from tests.support.phone_app import ok
from tests.support.riverside import RUNG_S

MOST_STEPS = 15
EVERYBODY = "ben cat dan eve fay"
NO_WAY_OUT = "no way out works"
ONE_BY_ONE = {"WAYHOME_SENDERS": "1"}
"""So that the order in which texts go is the order in which they arrive."""


def test_after_ten_minutes_without_a_gateway_one_current_text_each(new_house: NewHouse) -> None:
    """P3: nothing lost, no backlog: one current message per person, alarms before all else."""
    house = new_house(settings=ONE_BY_ONE).open()
    house.expects_error(NO_WAY_OUT)
    amy, gil = house.people("amy", "gil")
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=6)
    amy.phone.reads_all()
    house.world.down()
    house.waits_for_texts = False
    ok(gil.app.start("9 Far Rd", minutes=11), 201)
    house.forward(minutes=10)
    house.world.assert_quiet()
    me = ok(amy.app.get("/me"))
    assert me["monitoring"]["way_out"] == "none"
    assert requests.get(f"{house.url}/readyz", timeout=20).json()["way_out"] == "none"
    before = len(house.world.messages)
    house.world.up()
    house.forward(seconds=25)
    house.waits_for_texts = True
    house.settle()
    sent = house.world.messages[before:]
    alarms = ["is overdue" in message.body for message in sent]
    assert alarms == sorted(alarms, reverse=True)
    house.told(EVERYBODY, "Amy Okafor is overdue", "last heard 14:00")
    house.only_told("gil", "14:17 booking is up")
    assert ok(amy.app.get("/me"))["monitoring"]["way_out"] == "ok"
    ok(gil.app.close(gil.app.get("/visits").json()["items"][0]))

    def written() -> set[str]:
        return {row[0] for row in house.peek.rows("SELECT what FROM log ORDER BY id")}

    house.forward(seconds=2)
    assert {"way_out_lost", "way_out_back"} <= written()
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told(EVERYBODY, "All clear")


def test_the_oldest_alarm_goes_first_when_the_gateway_is_back(new_house: NewHouse) -> None:
    """P3: oldest alarm first, though the newer one's text was decided earlier; one per alarm."""
    house = new_house(settings=ONE_BY_ONE).open()
    house.expects_error(NO_WAY_OUT)
    amy, gil, dan = house.people("amy", "gil", "dan")
    assert amy.app.token
    house.world.down()
    house.waits_for_texts = False
    first = ok(gil.app.sos(), 201)
    house.forward(seconds=90)
    second = ok(amy.app.sos(), 201)
    house.forward(seconds=275)
    house.world.up()
    house.forward(seconds=25)
    house.waits_for_texts = True
    house.settle()
    bodies = [text[:13] for text in dan.phone.reads_all()]
    assert bodies == ["SOS from Gil ", "SOS from Amy "]
    for ref in ("ben", "cat", "eve", "fay"):
        assert len(house[ref].phone.reads_all()) == 2
    for who in (amy, gil):
        assert not [text for text in who.phone.reads_all() if f"SOS from {who.name}" in text]
    ok(gil.app.stand_down(first, pin=gil.pin))
    ok(amy.app.stand_down(second, pin=amy.pin))
    house.settle()
    for ref in EVERYBODY.split():
        assert len([text for text in house[ref].phone.reads_all() if "All clear" in text]) == 2
    gil.phone.reads_all()
    amy.phone.reads_all()


TAKEN_UNSAID = {
    "accepted, then dropped": faults.drop_after_accept(times=1),
    "accepted, then half an answer": faults.half_body(times=1),
    "accepted, then a page of the proxy's": faults.html_body(502, accepts=True, times=1),
}


@pytest.mark.parametrize("name", TAKEN_UNSAID)
def test_a_text_that_was_taken_unsaid_is_asked_after_and_not_sent_again(
    house: House, name: str
) -> None:
    """P3: whoever is in doubt asks the gateway first."""
    amy = house["amy"]
    house.world.fault = TAKEN_UNSAID[name]
    alarm = ok(amy.app.sos(), 201)
    house.settle()
    house.forward(seconds=10)
    house.only_told("ben dan", "SOS from Amy Okafor")
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


def test_a_text_that_was_taken_unsaid_comes_twice_if_nobody_can_be_asked(house: House) -> None:
    """P3: at least once is worth a double."""
    amy = house["amy"]
    house.world.fault = faults.drop_after_accept(times=1)
    house.world.list_fault = faults.unavailable()
    alarm = ok(amy.app.sos(), 201)
    house.settle()
    house.forward(seconds=10)
    texts = house["ben"].phone.reads_all() + house["dan"].phone.reads_all()
    assert len(texts) == 3
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


PASSING = {
    "throttled": faults.throttled(times=2),
    "broken": faults.broken(times=2),
    "unavailable": faults.unavailable(times=2),
    "dropped": faults.drop(times=2),
    "token refused": faults.unauthorised(times=2),
    "a proxy's page": faults.html_body(503, times=2),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_tried_again_in_seconds(house: House, name: str) -> None:
    """P3: retry gaps of 2 and 5 s, and of 20 s where the account itself is refused."""
    house.expects_error(NO_WAY_OUT)
    amy = house["amy"]
    house.world.fault = PASSING[name]
    alarm = ok(amy.app.sos(), 201)
    house.waits_for_texts = False
    for _ in range(MOST_STEPS):
        # A busy machine may not get round to a try within one step of the house's clock.
        if len(house.world.messages) >= len(("ben", "dan")):
            break
        house.forward(seconds=8)
    house.waits_for_texts = True
    house.only_told("ben dan", "SOS from Amy Okafor")
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


def test_a_trial_account_reaches_only_some_so_the_next_is_told_at_once(house: House) -> None:
    """Contract 7: 21608 is about this number: nobody waits for somebody who cannot be reached."""
    amy = house["amy"]
    house.world.fault = faults.trial(times=2)
    alarm = ok(amy.app.sos(), 201)
    house.settle()
    house.only_told("cat", "SOS from Amy Okafor")
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("cat", "All clear")


@pytest.mark.parametrize("accepts", [True, False], ids=["taken", "not taken"])
def test_a_gateway_that_hangs_holds_nobody_else_up(house: House, accepts: bool) -> None:
    """P3: one text in the air; the next rung's person gets hers all the same."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=6, seconds=55)
    amy.phone.reads_all()
    house.waits_for_texts = False
    house.world.fault = faults.hang(60, accepts=accepts, times=1)
    house.forward(seconds=6)
    house.world.wait_for(lambda: house.world.faults_met, why="the text that hangs")
    house.forward(seconds=14)
    house["dan"].phone.expects_nothing()
    house.forward(seconds=RUNG_S - 14)
    house.world.wait_for(lambda: house["dan"].phone.unread, why="Dan's text")
    house["dan"].phone.expects_text("overdue")
    house.world.fault = None
    house.forward(seconds=30)
    house.waits_for_texts = True
    house.settle()
    house.only_told("ben", "Amy Okafor is overdue")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


def test_a_number_that_refuses_is_passed_over_at_once(house: House) -> None:
    """Contract 7 and 6: a permanent refusal goes to the next person now; an opt-out is told."""
    amy = house["amy"]
    house["ben"].phone.opted_out()
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=7, seconds=1)
    amy.phone.reads_all()
    house["dan"].phone.expects_text("Amy Okafor is overdue")
    house.only_told("cat", "Ben Hughes's number blocks our texts")
    house.forward(seconds=RUNG_S)
    house.only_told("cat", "Amy Okafor is overdue")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("cat dan", "All clear")


def test_a_text_that_never_arrived_is_sent_again(house: House) -> None:
    """Contract 7: `undelivered` is a failure: the next try within seconds, not at the next rung."""
    amy, ben = house.people("amy", "ben")
    ben.phone.rejects(30003, times=1)
    alarm = ok(amy.app.sos(), 201)
    house.settle()
    house.only_told("dan", "SOS")
    house.forward(seconds=5)
    house.only_told("ben", "SOS")
    assert len(ben.phone.missed) == 1
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


def test_an_account_suspended_after_taking_texts_is_noticed(house: House) -> None:
    """P3: taken and then failed is no delivery, though the gateway had said yes: tried again."""
    amy = house["amy"]
    house.world.fault = faults.suspended(times=2)
    alarm = ok(amy.app.sos(), 201)
    house.settle()
    house.world.assert_quiet()
    house.forward(seconds=5)
    house.only_told("ben dan", "SOS from Amy Okafor")
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


def test_faults_are_what_they_say() -> None:
    """Each fault above is one that takes effect, or one that does not."""
    assert all(fault.accepts for fault in TAKEN_UNSAID.values())
    assert not any(fault.accepts for fault in PASSING.values())
