"""P8: the phone never lies. What it says of a visit, with its times, whatever the network does."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mobile.core.cover import CoverState
from mobile.platform.fake import FakeDevice
from mobile.ports import Pattern, Signal
from tests.mobile.hands import NOON, Hands
from tests.mobile.house import BEN, House, Served
from tests.mobile.phone import Pocket

PLACE = "12 High St"


def begin(pocket: Pocket, minutes: int = 30) -> str:
    """A confirmed visit: until 12:30, its alarm at 12:40."""
    assert pocket.phone.today.start(PLACE, minutes)
    pocket.sync()
    return pocket.visit().visit


def tunnel(pocket: Pocket, house: House, signal: Signal = Signal.NONE) -> None:
    house.always = "nothing"
    pocket.device.net.state = signal


def daylight(pocket: Pocket, house: House) -> None:
    house.always = ""
    pocket.device.net.becomes(Signal.DATA)


def test_a_confirmed_visit_is_covered_and_says_when_the_alarm_goes(pocket: Pocket) -> None:
    begin(pocket)
    state = pocket.visit()
    assert state.cover.state is CoverState.COVERED
    assert state.cover.sentence == "Confirmed 12:00. The alarm goes at 12:40 unless you close"
    assert state.cover.since == NOON
    assert (state.until, state.countdown, state.left) == ("Until 12:30", "30:00", "30 minutes left")
    assert state.who == "Ben Hughes watches over you"
    assert [line.words for line in state.chain][:1] == ["12:40 Ben Hughes gets a text"]


def test_in_a_house_without_signal_it_is_last_known_and_not_uncovered(
    pocket: Pocket, house: House
) -> None:
    begin(pocket)
    tunnel(pocket, house)
    pocket.passes(16)
    cover = pocket.visit().cover
    assert cover.state is CoverState.LAST_KNOWN
    assert cover.sentence == (
        "No signal since 12:00. Confirmed then: the alarm goes at 12:40 unless you close"
    )
    assert cover.since == NOON
    assert cover.alarm_at == NOON + timedelta(minutes=40)


def test_when_the_server_dies_it_says_so_within_15_s(pocket: Pocket, house: House) -> None:
    begin(pocket)
    house.always = "nothing"
    states = []
    for _ in range(17):
        pocket.sync()
        states.append(pocket.visit().cover.state)
        pocket.hands.passes(1)
    assert states[0] is CoverState.COVERED
    assert states[16] is CoverState.LAST_KNOWN
    assert pocket.visit().cover.sentence.startswith("No answer since 12:00. Confirmed then:")
    house.always = ""
    pocket.hands.passes(5)
    pocket.sync()
    assert pocket.visit().cover.state is CoverState.COVERED


def test_a_start_that_has_not_arrived_is_not_covered(pocket: Pocket, house: House) -> None:
    tunnel(pocket, house)
    pocket.phone.today.start(PLACE, 30)
    pocket.sync()
    state = pocket.visit()
    assert state.cover.state is CoverState.NOT_COVERED
    assert state.cover.sentence == "Not watched yet: waiting for signal"
    assert "999" in state.cover.advice
    assert state.pending == "Not started yet: waiting for signal"
    assert state.place == PLACE
    daylight(pocket, house)
    pocket.sync()
    assert pocket.visit().cover.state is CoverState.COVERED
    assert pocket.visit().pending == ""


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"alive": False}, "Wayhome is not watching just now"),
        ({"way_out": "none"}, "Wayhome can send no messages just now"),
        ({"notice": "REHEARSAL: nobody will be told"}, "REHEARSAL: nobody will be told"),
        (
            {"chain_doubt": "NOT covered: nobody but you can be told. Tell somebody."},
            "Nobody but you can be told. Tell somebody",
        ),
    ],
)
def test_where_the_house_could_not_raise_or_tell_it_is_not_covered_and_says_what_to_do(
    pocket: Pocket, house: House, fault: dict[str, object], says: str
) -> None:
    for name, value in fault.items():
        setattr(house, name, value)
    begin(pocket)
    cover = pocket.visit().cover
    assert cover.state is CoverState.NOT_COVERED
    assert cover.sentence == f"{says} (known 12:00)"
    assert cover.advice
    assert pocket.today().strip.cover == cover


def test_degraded_is_still_covered(pocket: Pocket, house: House) -> None:
    house.way_out = "degraded"
    begin(pocket)
    assert pocket.visit().cover.state is CoverState.COVERED


def test_a_close_made_offline_is_never_said_to_be_closed(pocket: Pocket, house: House) -> None:
    begin(pocket)
    tunnel(pocket, house)
    pocket.hands.passes(1200)
    pocket.phone.visit.close()
    pocket.passes(6)
    pocket.sync()
    state = pocket.visit()
    assert state.phase == "closing"
    assert state.pending == "Not closed yet: waiting for signal. The alarm goes at 12:40"
    assert "Closed" not in state.message
    daylight(pocket, house)
    pocket.sync()
    assert house.visits[state.visit]["closed_at"] == "2026-03-10T12:20:00+00:00"
    assert pocket.phone.visit.update(pocket.phone.facts()) is None


def test_a_close_can_be_taken_back_for_5_s(pocket: Pocket, house: House) -> None:
    visit = begin(pocket)
    pocket.phone.visit.close()
    assert pocket.visit().undo_s == 5
    pocket.hands.passes(3)
    pocket.sync()
    assert pocket.visit().undo_s == 2
    assert pocket.phone.visit.undo()
    pocket.hands.passes(10)
    pocket.sync()
    assert house.visits[visit]["status"] == "open"
    assert pocket.visit().phase == "open"


def test_how_it_was_may_be_said_while_a_close_can_be_taken_back(
    pocket: Pocket, house: House
) -> None:
    house.asks_pin = True
    begin(pocket)
    assert pocket.visit().outcomes == ()
    pocket.phone.visit.close(pin="4821")
    pocket.hands.passes(3)
    assert [(pick.words, pick.chosen) for pick in pocket.visit().outcomes] == [
        ("Fine", True),
        ("Left early", False),
        ("Felt uneasy", False),
    ]
    assert pocket.phone.visit.ends_as("uneasy")
    state = pocket.visit()
    assert (state.undo_s, [pick.chosen for pick in state.outcomes]) == (5, [False, False, True])
    pocket.hands.passes(3)
    pocket.sync()
    assert not house.done[-1][0].endswith("/close")
    pocket.hands.passes(3)
    pocket.sync()
    path, body = house.done[-1]
    assert path.endswith("/close")
    assert (body["outcome"], body["pin"], body["at"][:16]) == ("uneasy", "4821", "2026-03-10T12:00")


def test_how_it_was_cannot_be_said_of_a_close_that_may_be_on_its_way(
    pocket: Pocket, house: House
) -> None:
    begin(pocket)
    house.always = "nothing"
    pocket.phone.visit.close()
    pocket.hands.passes(6)
    pocket.sync()
    assert pocket.visit().outcomes == ()
    assert not pocket.phone.visit.ends_as("uneasy")
    house.always = ""
    pocket.hands.passes(60)
    pocket.sync()
    assert house.done[-1][1]["outcome"] == "safe"


def test_a_way_home_is_not_asked_how_it_was(pocket: Pocket) -> None:
    pocket.phone.acts.start("Home", 30, kind="home")
    pocket.sync()
    pocket.phone.visit.close()
    assert (pocket.visit().undo_s, pocket.visit().outcomes) == (5, ())


def test_a_close_is_sent_though_the_app_died_while_it_could_be_undone(
    tmp_path: Path, hands: Hands, house: House, served: Served
) -> None:
    device = FakeDevice()
    first = Pocket(tmp_path, hands, served.url, device)
    first.enrol()
    visit = begin(first)
    first.phone.visit.close()
    first.close()
    hands.passes(6)
    second = Pocket(tmp_path, hands, served.url, device)
    second.sync()
    assert house.visits[visit]["status"] == "closed"
    second.close()


def test_with_signal_but_no_data_the_text_is_already_written(pocket: Pocket, house: House) -> None:
    house.asks_pin = True
    begin(pocket)
    tunnel(pocket, house, Signal.TEXTS_ONLY)
    pocket.phone.visit.extend(15, pin="4821")
    text = pocket.visit().text
    assert text is not None
    assert (text.text, text.hint) == (
        "MORE 15 ",
        "Type your PIN at the end of the text before you send it.",
    )
    pocket.phone.visit.extend(30, pin="4821")
    text = pocket.visit().text
    assert text is not None
    assert text.text == "MORE 45 "
    pocket.phone.visit.close(pin="4821")
    assert pocket.visit().text is None
    pocket.passes(6)
    text = pocket.visit().text
    assert text is not None
    assert text.text == "DONE "


def test_a_text_carries_the_pin_where_only_texts_do(pocket: Pocket, house: House) -> None:
    begin(pocket)
    assert house.me()["policy"]["pin"] == "text_only"
    tunnel(pocket, house, Signal.TEXTS_ONLY)
    pocket.phone.visit.close()
    pocket.passes(6)
    state = pocket.visit()
    assert not state.asks_pin
    assert state.text is not None
    assert (state.text.text, state.text.hint) == (
        "DONE ",
        "Type your PIN at the end of the text before you send it.",
    )


@pytest.mark.parametrize("fault", ["500", "empty", "no_content", "html", "nothing"])
def test_with_signal_and_no_answer_of_wayhomes_the_text_is_offered(
    pocket: Pocket, house: House, fault: str
) -> None:
    begin(pocket)
    house.always = fault
    pocket.phone.visit.close()
    pocket.passes(6)
    pocket.sync()
    state = pocket.visit()
    assert state.pending == "Not closed yet: no answer, trying again. The alarm goes at 12:40"
    assert state.text is not None
    assert state.strip.waiting == "1 thing waits: no answer yet"
    house.always = ""
    pocket.hands.passes(60)
    pocket.sync()
    assert house.visits[state.visit]["status"] == "closed"


def test_what_is_being_sent_does_not_wait_for_signal(pocket: Pocket) -> None:
    begin(pocket)
    pocket.phone.visit.extend()
    assert pocket.visit().strip.waiting == "1 thing is being sent"


def test_today_says_how_a_visit_stands_and_offers_the_next(pocket: Pocket, house: House) -> None:
    def shown() -> tuple[str, str, bool]:
        today = pocket.today()
        return today.running[0].head, today.running[0].more, today.can_start

    house.always = "nothing"
    pocket.phone.today.start(PLACE, 30)
    pocket.device.net.state = Signal.NONE
    assert shown() == ("Not started yet", "Not started yet: waiting for signal", False)
    daylight(pocket, house)
    pocket.sync()
    assert shown() == ("Under way", "Until 12:30 - 30 minutes left", False)
    tunnel(pocket, house)
    pocket.phone.visit.close()
    pocket.passes(6)
    waiting = "Not closed yet: waiting for signal. The alarm goes at 12:40"
    assert shown() == ("Not closed yet", waiting, True)


def test_a_start_without_data_offers_its_text(pocket: Pocket, house: House) -> None:
    tunnel(pocket, house, Signal.TEXTS_ONLY)
    pocket.phone.today.start(PLACE, 30)
    pocket.passes(330)
    text = pocket.visit().text
    assert text is not None
    assert text.text == "VISIT 25 12 High St"


def test_a_refused_pin_opens_the_visit_again_with_vibration(pocket: Pocket, house: House) -> None:
    house.asks_pin = True
    begin(pocket)
    assert pocket.visit().asks_pin
    pocket.phone.visit.close(pin="1111")
    pocket.hands.passes(6)
    pocket.device.haptics.felt.clear()
    pocket.sync()
    state = pocket.visit()
    assert (state.phase, state.pending) == ("open", "")
    assert state.message == "That PIN is not right. The visit is still open."
    assert state.asks_pin
    assert Pattern.WRONG in pocket.device.haptics.felt
    pocket.phone.visit.close(pin="4821")
    pocket.hands.passes(6)
    pocket.sync()
    assert pocket.phone.visit.update(pocket.phone.facts()) is None


def test_a_pin_that_is_taken_ends_the_word_about_one_that_was_not(
    pocket: Pocket, house: House
) -> None:
    begin(pocket)
    for pin in ("1111", "4821"):
        pocket.phone.visit.extend(15, pin=pin)
        pocket.sync()
    state = pocket.visit()
    assert (state.message, state.until, state.strip.problems) == ("", "Until 12:45", ())
    assert house.visits[state.visit]["status"] == "open"


def test_time_that_was_not_added_after_a_call_for_help_is_said(
    pocket: Pocket, house: House
) -> None:
    begin(pocket)
    tunnel(pocket, house)
    for _ in range(4):
        pocket.phone.visit.extend(15)
    pocket.phone.help.sos()
    pocket.sync()
    daylight(pocket, house)
    for _ in range(3):
        pocket.passes(30)
        pocket.sync()
    state = pocket.visit()
    assert (state.until, state.asks_pin) == ("Until 12:30", True)
    assert state.message == ("Your message is out, so no time was added. Type your PIN to add it.")
    pocket.phone.visit.extend(15, pin="4821")
    pocket.sync()
    state = pocket.visit()
    assert (state.until, state.message) == ("Until 12:45", "")


def test_after_a_raise_it_asks_for_the_pin_at_once(pocket: Pocket, house: House) -> None:
    visit = begin(pocket)
    assert not pocket.visit().asks_pin
    pocket.hands.passes(2400)
    house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", visit)
    pocket.sync()
    state = pocket.visit()
    assert (state.phase, state.asks_pin) == ("alarm", True)
    assert state.message == "People are being told. Type your PIN to end it."
    assert house.visits[visit]["raise_at"] == "2026-03-10T12:40:00+00:00"
    cover = state.cover
    assert (cover.word, cover.sentence) == ("People are being told", "The alarm went at 12:40")
    assert pocket.today().running[0].head == "People are being told"
    house.alarms["44444444-1111-4111-8111-111111111111"]["owner"] = BEN
    pocket.hands.passes(11)
    pocket.sync()
    state = pocket.visit()
    assert (state.cover.word, state.message) == (
        "Ben is acting",
        "Ben is acting. Type your PIN to end it.",
    )
    assert pocket.today().running[0].head == "Ben is acting"


def test_an_alarm_that_is_out_and_not_heard_of_since_is_last_known(
    pocket: Pocket, house: House
) -> None:
    visit = begin(pocket)
    pocket.hands.passes(2400)
    house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", visit)
    pocket.sync()
    tunnel(pocket, house)
    pocket.passes(61)
    cover = pocket.visit().cover
    assert cover.state is CoverState.LAST_KNOWN
    assert cover.sentence == (
        "No signal since 12:40. The alarm went at 12:40: people were being told then"
    )


def test_a_refused_pin_for_more_time_says_that_none_was_added(pocket: Pocket) -> None:
    begin(pocket)
    pocket.phone.visit.extend(15, pin="1111")
    pocket.sync()
    assert pocket.visit().message == "That PIN is not right. No time was added."


def test_without_signal_past_the_alarms_time_it_asks_for_the_pin_too(
    pocket: Pocket, house: House
) -> None:
    begin(pocket)
    tunnel(pocket, house)
    pocket.passes(2401)
    state = pocket.visit()
    assert state.asks_pin
    assert state.cover.sentence == (
        "No signal since 12:00. The alarm was to go at 12:40: people may be told now"
    )
    assert (state.countdown, state.left) == ("-10:01", "10 minutes over")


def test_a_restarted_phone_with_a_wrong_clock_is_never_covered_before_it_has_asked(
    tmp_path: Path, house: House, served: Served
) -> None:
    hands = Hands(wall_off_s=-86_400)
    house.now = hands.true_now
    device = FakeDevice()
    first = Pocket(tmp_path, hands, served.url, device)
    first.enrol()
    begin(first)
    first.close()
    hands.restart(took_s=5)
    second = Pocket(tmp_path, hands, served.url, device)
    assert second.visit().cover.state is CoverState.LAST_KNOWN
    assert second.visit().countdown == "29:55"
    second.sync()
    assert second.visit().cover.state is CoverState.COVERED
    second.close()


def test_state_changes_are_said_and_felt(pocket: Pocket, house: House) -> None:
    begin(pocket)
    pocket.device.speech.said.clear()
    tunnel(pocket, house)
    pocket.passes(16)
    assert pocket.device.speech.said[0].startswith("Last known. No signal since 12:00.")
    pocket.passes(1)
    assert len(pocket.device.speech.said) == 1
    assert Pattern.CHANGED in pocket.device.haptics.felt


def test_a_start_on_its_way_alarms_nobody_until_it_is_late(pocket: Pocket, house: House) -> None:
    pocket.sync()
    pocket.device.haptics.felt.clear()
    house.always = "slow"
    assert pocket.phone.today.start(PLACE, 30)
    cover = pocket.visit().cover
    assert (cover.state, cover.word) == (CoverState.NOT_COVERED, "Sending")
    assert cover.sentence == "Not watched yet: sending"
    assert pocket.device.speech.said == []
    assert Pattern.CHANGED not in pocket.device.haptics.felt
    pocket.passes(10)
    cover = pocket.visit().cover
    assert (cover.state, cover.word) == (CoverState.NOT_COVERED, "Not covered")
    assert "999" in cover.advice
    assert pocket.device.speech.said[0].startswith("Not covered.")
    assert Pattern.CHANGED in pocket.device.haptics.felt


def test_where_nothing_can_be_sent_nobody_is_said_to_be_told(pocket: Pocket, house: House) -> None:
    house.way_out = "none"
    begin(pocket)
    state = pocket.visit()
    assert (state.chain, state.who) == ((), "")


def restarted(
    folder: Path, house: House, served: Served, hands: Hands, wall_off_s: float
) -> Pocket:
    """A phone on a visit that is started anew, with its clock this far off."""
    house.now = hands.true_now
    device = FakeDevice()
    first = Pocket(folder, hands, served.url, device)
    first.enrol()
    begin(first)
    first.close()
    hands.restart(took_s=5)
    hands.wall_off_s += wall_off_s
    return Pocket(folder, hands, served.url, device)


def test_a_clock_behind_what_is_known_counts_nothing_down(
    tmp_path: Path, house: House, served: Served
) -> None:
    second = restarted(tmp_path, house, served, Hands(), -172_800)
    state = second.visit()
    assert (state.countdown, state.left) == ("", "This phone's clock is wrong: go by another one")
    assert "12:30" in state.until
    second.sync()
    assert second.visit().countdown == "29:55"
    second.close()


def test_a_clock_that_may_be_ahead_is_not_gone_by_without_a_word(
    tmp_path: Path, house: House, served: Served
) -> None:
    second = restarted(tmp_path, house, served, Hands(), 86_400)
    assert second.visit().left.endswith("over, if this phone's clock is right")
    second.sync()
    state = second.visit()
    assert (state.countdown, state.left) == ("29:55", "29 minutes left")
    second.close()


def test_the_same_refusal_again_is_one_notice(pocket: Pocket, house: House) -> None:
    begin(pocket)
    for _ in range(3):
        pocket.phone.visit.extend(15, pin="1111")
        pocket.sync()
    (only,) = pocket.today().strip.problems
    pocket.phone.dismiss(only.key)
    assert pocket.today().strip.problems == ()


def test_what_was_refused_is_on_every_screen_until_it_was_read(
    pocket: Pocket, house: House
) -> None:
    visit = begin(pocket)
    house.close(house.visits[visit], {})
    pocket.phone.visit.extend()
    pocket.sync()
    problems = pocket.today().strip.problems
    assert [problem.words for problem in problems] == [
        "Earlier at 12 High St: not extended. The visit is over."
    ]
    pocket.phone.dismiss(problems[0].key)
    assert pocket.today().strip.problems == ()


def test_a_signed_out_phone_says_so_and_counts_what_waits(pocket: Pocket, house: House) -> None:
    begin(pocket)
    house.token = "another"
    pocket.phone.visit.extend()
    pocket.sync()
    strip = pocket.today().strip
    assert strip.signed_out.startswith("This phone is signed out.")
    assert strip.waiting == "1 thing waits until this phone is signed in"
    pocket.passes(20)
    assert pocket.visit().cover.state is CoverState.LAST_KNOWN
    house.token = "amys-token"
    assert pocket.enrol().done
    pocket.sync()
    assert pocket.today().strip.signed_out == ""
    assert house.done[-1][0].endswith("/extend")


def test_a_signed_out_phone_shows_nobody_elses_alarm_or_place(pocket: Pocket, house: House) -> None:
    """It may be lost, and in any hand; her own visit stays to be seen."""
    begin(pocket)
    visit = house.start({"id": BEN["id"], "place": "Mill Lane", "minutes": 40})
    del house.visits[BEN["id"]]
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", None)
    alarm["worker"] = BEN
    house.watching = [
        {"worker": BEN, "part": "buddy", "answer": None, "visit": visit, "alarms": [alarm]}
    ]
    pocket.passes(11)
    pocket.sync()
    watching = pocket.phone.watching
    assert watching.update(pocket.phone.facts()).alarms
    house.token = "another"
    pocket.passes(11)
    pocket.sync()
    state = watching.update(pocket.phone.facts())
    assert (state.alarms, state.visits, state.strip.alarm) == ((), (), "")
    assert pocket.visit().place == "12 High St"
    assert pocket.device.notifier.shown.keys().isdisjoint({"alarm", "asked"})


@pytest.mark.parametrize("kind", ["visit", "travel"])
def test_once_the_time_is_up_the_card_asks_for_an_answer(
    pocket: Pocket, house: House, kind: str
) -> None:
    """In the grace: covered still, and not calm."""
    pocket.phone.starting.reset("12 High St", 30, kind)
    assert pocket.phone.starting.start()
    pocket.sync()
    pocket.passes(29 * 60)
    pocket.sync()
    assert (pocket.visit().cover.word, pocket.visit().cover.calls) == ("Covered", False)
    pocket.passes(2 * 60)
    pocket.sync()
    cover = pocket.visit().cover
    assert (cover.state, cover.word, cover.calls) == (CoverState.COVERED, "Time is up", True)
    key = {"visit": "I am safe", "travel": "I am there"}[kind]
    assert cover.advice == f"Press '{key}', or '+15 min'."
    assert pocket.today().running[0].head == "Time is up"
    assert cover.sentence == (
        "You are covered (confirmed 12:31). The alarm goes at 12:40 unless you answer"
    )
    pocket.passes(20)
    assert pocket.visit().cover.word == "Last known"


def test_taking_the_phone_out_says_nothing_until_it_has_looked(
    pocket: Pocket, house: House
) -> None:
    begin(pocket)
    pocket.phone.set_screen(False)
    pocket.device.speech.said.clear()
    pocket.hands.passes(300)
    pocket.phone.set_screen(True)
    pocket.phone.refresh()
    assert pocket.visit().cover.state is CoverState.LAST_KNOWN
    pocket.sync()
    assert pocket.visit().cover.state is CoverState.COVERED
    assert pocket.device.speech.said == []


def test_where_that_look_is_not_answered_it_is_said(pocket: Pocket, house: House) -> None:
    begin(pocket)
    pocket.device.speech.said.clear()
    pocket.hands.passes(300)
    house.always = "nothing"
    pocket.phone.set_screen(True)
    pocket.sync()
    assert pocket.device.speech.said == []
    pocket.passes(8)
    assert pocket.device.speech.said[0].startswith("Last known. No answer since 12:00.")
    pocket.passes(1)
    assert len(pocket.device.speech.said) == 1


def test_more_time_that_waits_is_said_in_minutes(pocket: Pocket, house: House) -> None:
    begin(pocket)
    tunnel(pocket, house)
    pocket.phone.visit.extend()
    pocket.passes(2)
    pocket.phone.visit.extend()
    pocket.sync()
    said = "Not extended by 30 min yet: waiting for signal. The alarm goes at 12:40"
    assert pocket.visit().pending == said
    lines = [line.words for line in pocket.phone.me.update(pocket.phone.facts()).waiting]
    assert lines == ["12:00 Not extended by 15 min yet: waiting for signal"] * 2


def test_the_safety_chain_says_nothing_twice(pocket: Pocket, house: House) -> None:
    visit = house.visits[begin(pocket)]
    visit["safety_chain"] *= 2
    pocket.hands.passes(11)
    pocket.sync()
    said = [line.words for line in pocket.visit().chain]
    assert len(said) == len(set(said)) == 2


def test_a_visit_nobody_has_heard_of_has_no_alarm_ahead(pocket: Pocket, house: House) -> None:
    """P8: begun and ended without signal; no alarm can go for it, so none is promised."""
    pocket.sync()
    house.always = "nothing"
    pocket.phone.acts.start("12 High St", 30)
    pocket.sync()
    pocket.phone.visit.close()
    pocket.hands.passes(30)
    pocket.sync()
    state = pocket.visit()
    assert state is not None
    assert state.pending.startswith("Not closed yet: ")
    assert "alarm" not in state.pending


def test_two_colleagues_in_trouble_are_both_named(pocket: Pocket, house: House) -> None:
    """P5: one alarm never hides another; and an end of an earlier one is no all-clear."""
    begin(pocket)
    dan = {"id": "99999999-2222-4222-8222-222222222222", "name": "Dan Price"}
    ids = [f"44444444-1111-4111-8111-11111111111{n}" for n in range(3)]
    for alarm_id, worker in zip(ids, (BEN, dan, BEN), strict=True):
        house.raise_alarm(alarm_id, "sos", None)["worker"] = worker
        pocket.hands.passes(11)
        pocket.sync()
    strip = pocket.today().strip
    assert strip.alarm.startswith("Ben Hughes: SOS since")
    assert strip.alarm.endswith("ALSO: Dan Price.")
    house.alarms[ids[0]].update(status="resolved", resolved_at=house.now().isoformat())
    pocket.hands.passes(11)
    pocket.sync()
    pocket.sync()
    assert pocket.today().strip.over == ""


def test_pressed_twice_at_once_is_pressed_once(pocket: Pocket, house: House) -> None:
    """Fifteen minutes more than she meant would put her alarm later than she thinks."""
    visit = house.visits[begin(pocket)]
    before = datetime.fromisoformat(visit["ends_at"])
    assert pocket.phone.visit.extend()
    assert pocket.phone.visit.extend()
    pocket.sync()
    assert datetime.fromisoformat(visit["ends_at"]) - before == timedelta(minutes=15)
    assert pocket.phone.visit.close()
    assert not pocket.phone.visit.undo(), "the second tap on Safe lands on Undo, in its place"
    assert pocket.visit().phase == "closing"
    pocket.passes(2)
    assert pocket.phone.visit.undo()
    assert pocket.visit().phase == "open"


def test_an_i_am_safe_in_the_last_moment_is_not_held_back(pocket: Pocket, house: House) -> None:
    """Held for its five seconds it would come after the alarm, and people would be told."""
    visit = begin(pocket)
    pocket.passes(40 * 60 - 3)
    pocket.sync()
    assert pocket.phone.visit.close()
    pocket.sync()
    assert house.visits[visit]["status"] == "closed"


def test_choosing_how_it_was_holds_no_close_back_past_the_alarm(
    pocket: Pocket, house: House
) -> None:
    visit = begin(pocket)
    pocket.passes(40 * 60 - 16)
    pocket.sync()
    assert pocket.phone.visit.close()
    pocket.passes(3)
    assert pocket.phone.visit.ends_as("uneasy")
    pocket.sync()
    assert house.visits[visit]["status"] == "closed"
    assert house.done[-1][1]["outcome"] == "uneasy"
