"""A journey, the way home, two visits at once, and being away: one machinery, its own words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mobile.core.away import read_time
from mobile.ports import Signal
from tests.mobile.hands import NOON
from tests.mobile.house import House
from tests.mobile.phone import Pocket


def start(pocket: Pocket, kind: str, place: str = "", pin: str | None = None) -> None:
    """As on its screen."""
    model = pocket.phone.starting
    model.reset(kind=kind, place=place)
    assert model.start(pin)


def running(pocket: Pocket) -> list[str]:
    """What today says that she is on."""
    return [each.place for each in pocket.today().running]


def test_the_way_home_asks_for_no_place_and_is_watched_like_a_visit(
    pocket: Pocket, house: House
) -> None:
    pocket.sync()
    model = pocket.phone.starting
    model.reset(kind="home")
    state = model.update(pocket.phone.facts())
    assert (state.head, state.asks, state.button) == ("Start the way home", "", "Start 1 h")
    model.choose(minutes=90)
    assert model.start()
    pocket.sync()
    (visit,) = house.visits.values()
    assert (visit["kind"], visit["place"]) == ("home", "On the way home")
    shown = pocket.visit()
    assert (shown.place, shown.safe, shown.until) == (
        "On the way home",
        "I am home",
        "Until 13:30",
    )
    assert shown.cover.word == "Covered"
    model.reset(kind="home")
    assert model.update(pocket.phone.facts()).button == "Start 1 h 30"


def test_a_journey_needs_a_place_and_does_not_change_how_long_she_stays_there(
    pocket: Pocket, house: House
) -> None:
    pocket.phone.acts.start("12 High St", 60)
    pocket.sync()
    pocket.phone.starting.reset(kind="travel")
    assert not pocket.phone.starting.start()
    start(pocket, "travel", "12 High St")
    pocket.sync()
    assert running(pocket) == ["To 12 High St"]
    assert pocket.visit().safe == "I am there"
    assert [each.minutes for each in pocket.today().recent] == [60]


def test_a_start_ends_what_she_was_at_once_the_server_says_so_and_not_before(
    pocket: Pocket, house: House
) -> None:
    start(pocket, "travel", "12 High St")
    pocket.sync()
    pocket.sync()
    pocket.phone.starting.reset(place="12 High St")
    assert pocket.phone.starting.update(pocket.phone.facts()).leaves == "This ends: To 12 High St"
    house.always = "nothing"
    start(pocket, "visit", "12 High St")
    pocket.sync()
    assert running(pocket) == ["12 High St", "To 12 High St"]
    house.always = ""
    pocket.hands.passes(60)
    pocket.sync()
    assert running(pocket) == ["12 High St"]
    assert [v["closed_how"] for v in house.visits.values()] == ["moved_on", None]


def test_where_ending_needs_the_pin_it_is_asked_for_before_the_start(
    pocket: Pocket, house: House
) -> None:
    house.asks_pin = True
    start(pocket, "visit", "12 High St")
    pocket.sync()
    pocket.sync()
    today = pocket.today()
    assert (today.leaves, today.asks_pin) == ("This ends: 12 High St", True)
    pocket.phone.today.start("7 Orchard Way", 30)
    pocket.hands.passes(11)
    pocket.sync()
    assert running(pocket) == ["12 High St"]
    (problem,) = pocket.today().strip.problems
    assert problem.words == "7 Orchard Way: not started. A visit is still open."
    pocket.phone.today.start("7 Orchard Way", 30, "4821")
    pocket.hands.passes(11)
    pocket.sync()
    assert running(pocket) == ["7 Orchard Way"]


def test_the_way_home_runs_beside_a_visit_and_each_is_ended_on_its_own(
    pocket: Pocket, house: House
) -> None:
    start(pocket, "home")
    pocket.sync()
    start(pocket, "visit", "12 High St")
    pocket.sync()
    assert running(pocket) == ["12 High St", "On the way home"]
    today = pocket.today()
    assert (today.can_start, today.can_go_home, today.leaves) == (
        False,
        False,
        "This ends: 12 High St",
    )
    assert pocket.visit().place == "12 High St"
    home = next(v["id"] for v in house.visits.values() if v["kind"] == "home")
    pocket.phone.visit.choose(home)
    assert pocket.visit().place == "On the way home"
    pocket.phone.visit.close()
    pocket.hands.passes(6)
    pocket.sync()
    assert [v["status"] for v in house.visits.values()] == ["closed", "open"]
    assert pocket.visit().place == "12 High St"


def test_reminders_ring_for_both(pocket: Pocket) -> None:
    start(pocket, "home")
    pocket.sync()
    start(pocket, "visit", "12 High St")
    pocket.sync()
    armed = pocket.device.alarms.armed
    assert [each.in_s for each in armed] == sorted(each.in_s for each in armed)
    assert {each.visit for each in armed} == {r.visit for r in pocket.today().running}


def test_the_text_for_the_way_home_is_its_own(pocket: Pocket, house: House) -> None:
    house.always = "nothing"
    pocket.device.net.state = Signal.TEXTS_ONLY
    start(pocket, "home")
    pocket.sync()
    offer = pocket.visit().text
    assert offer is not None
    assert offer.text == "HOME 60"


def test_away_and_back_as_the_server_says_it(pocket: Pocket, house: House) -> None:
    pocket.sync()
    model = pocket.phone.away
    state = model.update(pocket.phone.facts())
    assert [pick.words for pick in state.options] == [
        "For 1 h",
        "For 4 h",
        "The rest of today",
        "Until tomorrow at 9",
    ]
    model.choose("For 4 h")
    state = model.update(pocket.phone.facts())
    assert (state.away, state.pending) == ("", "Not changed yet: sending")
    pocket.sync()
    state = model.update(pocket.phone.facts())
    assert (state.away, state.pending) == ("Away until 16:00", "")
    assert pocket.today().away == "Away until 16:00"
    model.back()
    pocket.sync()
    assert house.away_until is None
    assert model.update(pocket.phone.facts()).away == ""


def test_away_until_a_time_that_is_typed(pocket: Pocket, house: House) -> None:
    pocket.sync()
    model = pocket.phone.away
    assert not model.until("soon")
    assert model.update(pocket.phone.facts()).message == "Type a time, for example 18:00."
    assert model.until("18:00")
    pocket.sync()
    assert house.away_until == "2026-03-10T18:00:00+00:00"
    assert model.update(pocket.phone.facts()).message == ""


@pytest.mark.parametrize(
    ("said", "hours"), [("18:00", 6), ("6pm", 6), ("6:00", 6), ("0600", 18), ("noon", 24)]
)
def test_a_typed_time_is_the_next_that_clocks_will_show(said: str, hours: int) -> None:
    utc = ZoneInfo("UTC")
    assert read_time(said, datetime(2026, 3, 10, 12, tzinfo=UTC), utc) == NOON + timedelta(
        hours=hours
    )


def test_an_alarm_may_end_with_the_visit_going_on(pocket: Pocket, house: House) -> None:
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", None)
    pocket.phone.watching.resolve(alarm["id"], "safe", "4821", on_for_min=30)
    pocket.sync()
    (body,) = [body for path, body in house.done if path.endswith("/resolve")]
    assert (body["outcome"], body["until"]) == ("safe", "2026-03-10T12:30:00+00:00")
