"""P8, P10: a close that waits without signal can be mended for as long as it has not left."""

import pytest

from tests.mobile.house import House, Served
from tests.mobile.phone import Pocket
from tests.mobile.test_truth import begin


def closes_without_a_line(pocket: Pocket, served: Served, pin: str = "1111") -> str:
    """She closes where no line can be opened, and the seconds for undoing it are over."""
    visit = begin(pocket)
    served.close()
    pocket.hands.passes(600)
    pocket.phone.visit.close(pin=pin)
    pocket.passes(6)
    pocket.sync()
    assert pocket.visit().phase == "closing"
    return visit


@pytest.fixture(autouse=True)
def asks(house: House) -> None:
    house.asks_pin = True


def comes_back(pocket: Pocket, served: Served) -> None:
    served.open()
    pocket.hands.passes(70)
    pocket.sync()


def test_a_pin_mistyped_without_signal_is_typed_anew(
    pocket: Pocket, house: House, served: Served
) -> None:
    visit = closes_without_a_line(pocket, served)
    for _ in range(3):
        assert pocket.visit().may_take_back
        pocket.hands.passes(65)
        pocket.sync()
    assert pocket.phone.visit.undo()
    assert pocket.visit().phase == "open"
    pocket.phone.visit.close(pin="4821")
    pocket.passes(6)
    comes_back(pocket, served)
    closes = [body["pin"] for path, body in house.done if path.endswith("/close")]
    assert closes == ["4821"]
    assert house.visits[visit]["status"] == "closed"


def test_more_time_is_asked_for_in_its_place(pocket: Pocket, house: House, served: Served) -> None:
    visit = closes_without_a_line(pocket, served, pin="4821")
    assert pocket.phone.visit.undo()
    pocket.phone.visit.extend(15, pin="4821")
    comes_back(pocket, served)
    assert house.visits[visit]["status"] == "open"
    assert house.visits[visit]["ends_at"][11:16] == "12:45"


def test_what_may_have_arrived_is_not_said_to_be_taken_back(
    pocket: Pocket, house: House, served: Served
) -> None:
    """The server took it, and the answer was lost: later tries without a line change nothing."""
    begin(pocket)
    house.unreadable = True
    house.faults.extend(["lost", "lost"])
    pocket.phone.visit.close(pin="4821")
    pocket.passes(6)
    pocket.sync(screen_on=False)
    assert house.done[-1][0].endswith("/close")
    served.close()
    for _ in range(3):
        pocket.hands.passes(65)
        pocket.sync()
        assert not pocket.visit().may_take_back
        assert not pocket.phone.visit.undo()
    served.open()


def test_what_was_put_into_a_text_is_not_taken_back(pocket: Pocket, served: Served) -> None:
    closes_without_a_line(pocket, served)
    pocket.phone.visit.as_text()
    assert not pocket.visit().may_take_back
    served.open()


def test_a_pin_that_was_refused_is_said_once(pocket: Pocket, served: Served) -> None:
    closes_without_a_line(pocket, served)
    comes_back(pocket, served)
    state = pocket.visit()
    assert state.message == "That PIN is not right. The visit is still open."
    assert state.strip.problems == ()
    assert [one.words for one in pocket.today().strip.problems] == [
        "12 High St: not closed. That PIN is not right."
    ]


def test_when_signal_returns_what_never_left_is_tried_at_once(
    pocket: Pocket, house: House, served: Served
) -> None:
    visit = closes_without_a_line(pocket, served, pin="4821")
    served.open()
    pocket.phone.sync.wake()
    pocket.sync()
    assert house.visits[visit]["closed_at"][11:16] == "12:10"
