"""A journey, the way home, two visits at once and being away, as fingers and eyes meet them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.mobile.hands import Hands
from tests.mobile.house import House
from tests.mobile.ui.test_screens import later

if TYPE_CHECKING:
    from tests.mobile.ui.face import Face

PLANNED = "88888888-1111-4111-8111-111111111111"


def test_moving_on_asks_for_the_pin_where_a_close_would_and_loses_no_choice(
    face: Face, house: House, hands: Hands
) -> None:
    house.asks_pin = True
    later(face, hands)
    face.begin()
    face.sees("Confirmed")
    face.back()
    face.tap("Start a journey")
    face.type(face.page.ids.place, "7 Orchard Way")
    face.tap("1 h 30")
    assert face.shows("This ends: 12 High St.")
    face.tap("Start 1 h 30")
    face.pin("4821")
    face.sees("I am there")
    face.until(lambda: len(house.visits) == 2, "the journey")
    assert [v["status"] for v in house.visits.values()] == ["closed", "open"]
    assert house.done[-1][1]["minutes"] == 90


def test_the_second_of_two_taps_asks_too(face: Face, house: House, hands: Hands) -> None:
    face.begin()
    face.sees("Confirmed")
    house.asks_pin = True
    later(face, hands)
    face.back()
    (row,) = (w for w in face.walk() if type(w).__name__ == "PlaceRow")
    face.press(next(w for w in row.walk() if getattr(w, "words", "") == "12 High St"))
    assert face.shows("This ends: 12 High St.")
    face.tap("Start 45 min")
    assert face.app.at == "pin"


def test_a_plan_for_tomorrow_is_not_used_up_by_a_start_today(
    face: Face, house: House, hands: Hands
) -> None:
    house.now = lambda: hands.true_now() + timedelta(days=1)
    tomorrow = house.start({"id": PLANNED, "place": "Clinic", "minutes": 40})
    house.now = hands.true_now
    tomorrow["status"] = "planned"
    later(face, hands)
    face.tap("Clinic")
    assert any(words.endswith("the plan stays.") for words in face.texts())
    face.tap("Start 40 min")
    face.until(lambda: len(house.visits) == 2, "one visit more")
    assert [visit["status"] for visit in house.visits.values()] == ["planned", "open"]


def test_a_planned_visit_is_called_off_by_a_second_tap(
    face: Face, house: House, hands: Hands
) -> None:
    visit = house.start({"id": PLANNED, "place": "Clinic", "minutes": 40})
    visit["status"] = "planned"
    later(face, hands)
    face.tap("Clinic")
    face.tap("Call it off")
    assert face.can("Tap again to call it off")
    assert visit["status"] == "planned"
    face.tap("Tap again to call it off")
    face.until(lambda: visit["status"] == "cancelled", "the news to arrive")
    face.until(lambda: not face.shows("Clinic"), "it to go")


def test_two_at_once_are_both_on_today_and_each_opens(
    face: Face, house: House, hands: Hands
) -> None:
    face.tap("Start the way home")
    face.tap("Start 1 h")
    face.sees("Confirmed")
    face.back()
    face.begin()
    face.sees("Confirmed")
    face.back()
    assert face.shows("Under way")
    assert not face.can("Start the way home")
    face.tap("On the way home")
    face.sees("I am home")
    face.back()
    face.tap("12 High St")
    face.sees("I am safe")


def test_a_time_that_is_none_is_said_where_it_is_typed(face: Face, house: House) -> None:
    face.app.go("me")
    face.tap("Being away")
    face.type(face.page.ids.until, "later")
    face.tap("Away until then")
    assert face.shows("Type a time, for example 18:00.")
    face.type(face.page.ids.until, "18:00")
    face.tap("Away until then")
    face.sees("Away until 18:00.")
    assert not face.shows("Type a time")
