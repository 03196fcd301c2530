"""P8: what only this phone knows, or nobody has confirmed since, is not said as if it were so."""

from mobile.core.cover import CoverState
from mobile.core.show_day import show_start
from mobile.ports import Signal
from tests.mobile.house import House
from tests.mobile.phone import Pocket
from tests.mobile.test_truth import PLACE, begin, daylight, tunnel


def test_of_a_start_that_nobody_has_heard_no_chain_and_no_watcher_is_shown(
    pocket: Pocket, house: House
) -> None:
    tunnel(pocket, house)
    pocket.phone.today.start(PLACE, 30)
    pocket.sync()
    state = pocket.visit()
    assert (state.cover.state, state.chain, state.who) == (CoverState.NOT_COVERED, (), "")
    daylight(pocket, house)
    pocket.sync()
    assert pocket.visit().chain[0].words == "12:40 Ben Hughes gets a text"
    assert pocket.visit().who == "Ben Hughes watches over you"


def test_a_step_is_ticked_only_where_the_server_was_heard_after_it(
    pocket: Pocket, house: House
) -> None:
    begin(pocket)
    tunnel(pocket, house)
    pocket.passes(41 * 60)
    pocket.sync()
    step = pocket.visit().chain[0]
    assert (step.words, step.done) == ("12:40 Ben Hughes was to be told", False)


def test_where_nobody_can_be_told_a_start_shows_no_chain(pocket: Pocket, house: House) -> None:
    house.way_out = "none"
    pocket.sync()
    assert show_start(pocket.phone.facts(), place=PLACE, minutes=30).chain == ()


def test_in_a_rehearsal_a_start_promises_nobody(pocket: Pocket, house: House) -> None:
    house.notice = "REHEARSAL: nobody will be told"
    pocket.sync()
    assert show_start(pocket.phone.facts(), place=PLACE, minutes=30).chain == ()


def test_once_she_has_opened_the_text_the_screen_knows(pocket: Pocket, house: House) -> None:
    begin(pocket)
    tunnel(pocket, house, Signal.TEXTS_ONLY)
    pocket.phone.visit.close()
    pocket.passes(6)
    pocket.sync()
    assert "opened the text" not in pocket.visit().pending
    pocket.phone.visit.as_text()
    assert pocket.visit().pending.endswith(
        "You opened the text at 12:00: if an answer came, what it says counts"
    )
    daylight(pocket, house)
    pocket.passes(60)
    pocket.sync()
    assert pocket.phone.visit.update(pocket.phone.facts()) is None


def test_a_close_that_would_come_after_the_alarm_is_followed_by_one_with_her_pin(
    pocket: Pocket, house: House
) -> None:
    """Alone it would stop nothing: her keys come back, and say why."""
    visit = begin(pocket)
    tunnel(pocket, house)
    pocket.passes(1_800)
    pocket.phone.visit.close()
    pocket.passes(6)
    assert pocket.visit().phase == "closing"
    pocket.passes(660)
    state = pocket.visit()
    assert (state.phase, state.asks_pin) == ("open", True)
    assert state.message == "Your alarm may be out: send your PIN after your message of 12:30."
    assert "The alarm goes" not in state.pending
    pocket.phone.visit.close(pin="4821")
    pocket.passes(6)
    assert pocket.visit().phase == "closing"
    daylight(pocket, house)
    pocket.passes(60)
    pocket.sync()
    assert house.visits[visit]["status"] == "closed"


def test_a_start_whose_answer_came_again_is_never_gone_from_the_screen(
    pocket: Pocket, house: House
) -> None:
    """The server has it, and it cannot be read anew."""
    pocket.sync()
    house.faults.append("lost")
    house.unreadable = True
    pocket.phone.today.start(PLACE, 30)
    pocket.sync()
    pocket.passes(5)
    pocket.sync()
    assert pocket.visit().place == PLACE
    assert pocket.visit().phase == "open"
