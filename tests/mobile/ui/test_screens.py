"""What each screen says and does, against a small server on a clock turned by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from mobile.ports import Need, Pattern, Signal
from tests.mobile.hands import Hands
from tests.mobile.house import AMY, BEN, House

if TYPE_CHECKING:
    from tests.mobile.ui.conftest import NewFace
    from tests.mobile.ui.face import Face

BEN_SOS = "44444444-1111-4111-8111-111111111111"


def ben_cries(house: House, kind: str = "sos") -> dict[str, object]:
    alarm = house.raise_alarm(BEN_SOS, kind, None)
    alarm["worker"] = BEN
    return alarm


def later(face: Face, hands: Hands, seconds: float = 11) -> None:
    hands.passes(seconds)
    face.passed()


def test_two_quick_taps_do_not_press_what_comes_under_the_finger(
    face: Face, house: House, hands: Hands
) -> None:
    """A thumb that trembles undoes nothing, ends no alarm and calls nothing off."""
    face.begin()
    face.sees("Confirmed")
    face.tap_twice("I am safe")
    assert face.can("Undo (5 s)")
    hands.passes(6)
    face.passed()
    face.until(lambda: face.app.at == "today", "today")
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "sos", None)
    alarm["worker"] = BEN
    hands.passes(11)
    face.passed()
    face.tap("Ben Hughes: SOS")
    face.tap_twice("I take charge")
    face.sees("You are acting")
    assert not face.shows("How did it end?")
    face.tap("It is over")
    assert face.shows("How did it end?")


def test_a_visit_starts_in_two_taps_from_today(face: Face, house: House, hands: Hands) -> None:
    face.begin()
    face.tap("I am safe")
    hands.passes(2)
    face.phone.sync.outbox.wake()
    face.tap("Undo")
    face.tap("+15 min")
    face.sees("Until 13:00")
    house.visits.clear()
    face.phone.sync.memory.forget("visit")
    face.phone.refresh()
    face.until(lambda: face.app.at == "today", "today")
    face.tap("12 High St")
    face.tap("Start 45 min")
    face.until(lambda: len(house.visits) == 1, "a second visit")
    assert face.app.at == "visit"
    assert face.shows("44:59") or face.shows("45:00")


def test_a_short_touch_of_the_sos_bar_calls_nobody_and_a_long_one_does(
    face: Face, house: House
) -> None:
    bar = face.root.ids.sos
    assert bar.hold_s == 1.5
    # On a busy machine a frame may take longer than that.
    bar.hold_s = 60
    finger = face.down(bar)
    assert face.shows("Keep holding")
    face.until(lambda: bar.progress > 0, "progress to be seen")
    face.up(finger)
    assert Pattern.WRONG in face.device.haptics.felt
    assert not house.alarms
    assert face.app.at == "today"
    bar.hold_s = 1.5
    finger = face.down(bar)
    face.until(lambda: face.app.at == "help", "the truth")
    face.up(finger)
    assert face.device.haptics.felt.count(Pattern.TICK) >= 4
    face.sees("Office has it 12:00")
    assert not face.device.siren.loud
    assert not face.shows("High St")


def test_a_finger_that_leaves_the_bar_calls_nobody(face: Face, house: House) -> None:
    bar = face.root.ids.sos
    finger = face.down(bar)
    finger.move((0.5, 0.5))
    from kivy.base import EventLoop

    EventLoop.post_dispatch_input("update", finger)
    face.frames(2)
    assert not bar.held
    face.up(finger)
    assert not house.alarms


def test_every_screen_has_the_bar_outside_whatever_scrolls(face: Face) -> None:
    for name in ("today", "start", "watching", "history", "me", "practice", "pins", "help"):
        face.app.go(name)
        face.frames(2)
        bar = face.root.ids.sos
        above = []
        parent = bar.parent
        while parent is not None and parent is not parent.parent:
            above.append(type(parent).__name__)
            parent = parent.parent
        assert "ScrollView" not in above
        assert bar.to_window(0, bar.y)[1] == 0
        assert bar.height >= 64


def test_practising_calls_nobody(face: Face, house: House) -> None:
    face.app.go("me")
    face.tap("Practise an SOS")
    face.hold_sos()
    face.sees("You held it long enough")
    assert not house.alarms
    assert face.phone.sync.outbox.waiting() == []
    face.tap("Stop practising")
    face.hold_sos()
    face.until(lambda: house.alarms, "the alarm in earnest")


def test_practice_ends_when_the_phone_is_put_away_and_by_itself(
    face: Face, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds the bar half an hour later means it."""
    face.app.go("me")
    face.tap("Practise an SOS")
    face.sees("PRACTICE: hold the bar")
    face.app.stop_practising()
    face.sees("SOS: hold for help")
    monkeypatch.setattr("mobile.ui.screens.practice.LASTS_S", 0.0)
    face.tap("Practise an SOS")
    face.sees("SOS: hold for help")
    face.hold_sos()
    face.until(lambda: house.alarms, "the alarm in earnest")


def test_while_a_call_is_out_the_bar_says_that_another_hold_is_another_call(
    face: Face, house: House
) -> None:
    face.hold_sos()
    face.until(lambda: house.alarms, "the alarm")
    face.sees("SOS: hold again")
    face.app.home()
    face.sees("SOS: hold again")
    (alarm,) = house.alarms
    face.phone.acts.stand_down(alarm, house.pin)
    face.sees("SOS: hold for help")


def test_on_a_visit_there_is_no_practice(face: Face) -> None:
    face.begin()
    face.app.go("me")
    assert not face.shows("Practise an SOS")


def test_a_loud_sos_is_loud_until_it_is_hushed(face: Face) -> None:
    face.app.go("me")
    face.tap("Loud")
    face.hold_sos()
    assert [face.device.siren.loud, face.shows("LOUD ALARM IS ON")] == [True, True]
    face.tap("Make it quiet")
    assert [face.device.siren.loud, face.shows("LOUD")] == [False, False]


def test_a_phone_that_is_nobodys_says_that_it_can_tell_nobody(
    new_face: NewFace, hands: Hands
) -> None:
    face = new_face("http://127.0.0.1:9", hands.clock())
    assert face.app.at == "enrol"
    face.hold_sos()
    assert face.shows("This phone is not set up yet, so it can tell nobody. Ring 999")
    face.tap("Ring 999")
    assert face.device.net.dialled == ["999"]
    assert face.phone.sync.outbox.waiting() == []


def test_a_code_half_typed_is_there_after_a_look_at_another_screen(
    new_face: NewFace, hands: Hands
) -> None:
    face = new_face("https://wayhome.example.org", hands.clock())
    face.type(face.page.ids.code, "7KQ2")
    face.hold_sos()
    face.sees("This phone is not set up yet")
    face.back()
    assert face.app.at == "enrol"
    assert face.page.ids.code.text == "7KQ2"


def test_scrolled_away_the_state_stands_at_the_head(face: Face) -> None:
    face.begin()
    scroll = face.page.ids.scroll
    face.sees("12 High St")
    scroll.scroll_y = 0
    face.sees("Covered, 4")
    scroll.scroll_y = 1
    face.until(lambda: not face.shows("Covered, 4"), "the place at the head")


def test_a_signed_out_phone_takes_the_new_code(face: Face, house: House, hands: Hands) -> None:
    face.begin()
    house.token = "another"
    later(face, hands)
    face.sees("This phone is signed out.")
    face.tap("Type the new code")
    assert face.page.ids.address.text == face.phone.account.address
    face.back()
    assert face.app.at == "visit"
    face.tap("Type the new code")
    face.type(face.page.ids.code, "NEWC-ODE1")
    face.tap("Make it mine")
    face.until(lambda: face.app.at in ("today", "visit"), "the phone to be hers again")
    later(face, hands)
    face.sees("Confirmed")
    assert not face.shows("signed out")


def test_she_signs_the_phone_out_herself(face: Face, house: House) -> None:
    face.begin()
    face.sees("Confirmed")
    face.app.go("me")
    face.tap("Sign this phone out")
    assert face.shows("12 High St stays watched. End it first, or by text.")
    house.always = "nothing"
    face.tap("Sign it out")
    face.sees("No answer from Wayhome.")
    assert face.app.at == "leaving"
    house.always = ""
    face.tap("Sign it out")
    face.until(lambda: face.app.at == "enrol", "the screen to begin with")
    assert not face.shows("12 High St")
    assert not face.shows("Back")
    assert [visit["status"] for visit in house.visits.values()] == ["open"]


def test_a_planned_visit_that_ends_another_asks_for_the_pin(
    face: Face, house: House, hands: Hands
) -> None:
    house.asks_pin = True
    later(face, hands)
    face.begin("7 Orchard Way")
    name = "88888888-1111-4111-8111-111111111111"
    house.start({"id": name, "place": "Clinic, room 4", "minutes": 40})["status"] = "planned"
    later(face, hands)
    face.app.home()
    face.back()
    face.tap("Clinic, room 4")
    face.tap("Start 40 min")
    assert face.shows("This ends: 7 Orchard Way.")
    face.pin("4821")
    face.until(lambda: any(path.endswith(f"{name}/start") for path, _ in house.done), "its start")
    assert house.done[-1][1]["pin"] == "4821"


def test_how_it_was_is_said_while_a_close_can_be_undone(
    face: Face, house: House, hands: Hands
) -> None:
    face.begin()
    face.sees("Confirmed")
    face.tap("I am safe")
    hands.passes(3)
    face.tap("Felt uneasy")
    assert face.shows("Undo (5 s)")
    later(face, hands, 6)
    face.until(lambda: house.done[-1][0].endswith("/close"), "the close to arrive")
    assert house.done[-1][1]["outcome"] == "uneasy"


def test_a_code_is_scanned_and_a_wrong_one_is_said(new_face: NewFace, hands: Hands) -> None:
    face = new_face("http://127.0.0.1:9", hands.clock())
    face.device.scanner.sees = "http://127.0.0.1:9/#ABCD"
    face.tap("Scan the code")
    face.sees("Nothing answers at that address. Check it and your signal, and try again.")


def test_somebody_elses_alarm_is_on_every_screen_and_is_owned_and_ended(
    face: Face, house: House, hands: Hands
) -> None:
    alarm = ben_cries(house)
    later(face, hands)
    face.sees("Ben Hughes: SOS since 12:00. Nobody is acting yet.")
    assert face.device.notifier.shown["call"].title == "A colleague is asking for you"
    assert Pattern.ALARM in face.device.haptics.felt
    face.tap("Ben Hughes: SOS")
    face.tap("I take charge")
    face.sees("You are acting")
    assert alarm["status"] == "owned"
    face.tap("It is over")
    face.tap("Ben is safe")
    face.pin("4821")
    face.until(lambda: house.done[-1][0].endswith("/resolve"), "the end to arrive")
    assert house.done[-1][1]["outcome"] == "safe"
    assert house.done[-1][1]["pin"] == "4821"
    face.sees("the alarm ended")


def test_who_has_taken_charge_can_ring_without_looking_for_it(
    face: Face, house: House, hands: Hands
) -> None:
    from tests.mobile.ui.pilot import resize

    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", None)
    alarm |= {"worker": BEN, "owner": AMY, "status": "owned", "ring": "+447700900102"}
    alarm |= {"place": "Flat 3, The Old Mill, Canal Road", "said": ["Ben's phone says: no PIN."]}
    face.app.prefer("text_scale", 2.0)
    resize(320, 568)
    later(face, hands)
    face.until(lambda: face.phone.facts().alarms, "the alarm to be known")
    try:
        face.app.go("alarm", alarm=alarm["id"])
        face.frames(8)
        ring = next(each for each in face.walk() if getattr(each, "words", "") == "Ring Ben")
        over = next(each for each in face.walk() if getattr(each, "words", "") == "It is over")
        assert ring.to_window(0, ring.y)[1] >= over.to_window(0, over.top)[1]
    finally:
        resize(400, 800)


def test_a_watch_is_accepted_or_declined(face: Face, house: House, hands: Hands) -> None:
    visit = house.start({"id": BEN_SOS, "place": "3 Mill Lane", "minutes": 30})
    del house.visits[BEN_SOS]
    watched: dict[str, object] = {
        "worker": BEN,
        "part": "buddy",
        "answer": None,
        "visit": visit,
        "alarms": [],
    }
    house.watching = [watched]
    later(face, hands)
    face.sees("1 colleague out now")
    face.tap("Whom I look after")
    assert face.shows("No answer from you yet.")
    face.tap("I watch")
    face.until(lambda: house.done and house.done[-1][0].endswith("/accept"), "the answer to arrive")


def test_theme_and_text_size_are_worn_at_once_and_kept(face: Face) -> None:
    from kivy.core.window import Window
    from kivy.metrics import Metrics

    face.app.go("me")
    face.tap("Dark")
    face.until(lambda: Window.clearcolor[0] < 0.2, "the dark")
    face.tap("Largest")
    face.until(lambda: Metrics.fontscale == 2.0, "larger text")
    assert face.app.at == "me"
    assert face.phone.theme == "dark"
    face.back()
    assert face.app.at == "today"


def test_what_the_device_does_not_allow_is_asked_for(face: Face, hands: Hands) -> None:
    face.device.power.is_unrestricted = False
    face.device.notifier.is_allowed = False
    face.app.go("me")
    face.frames(2)
    assert face.shows("Notifications are off")
    assert face.shows("This phone may stop Wayhome to save power")
    face.tap("Allow it")
    assert face.device.permits.asked == [Need.NOTIFICATIONS]


def test_what_was_refused_stays_until_it_was_read(face: Face, house: House) -> None:
    face.begin()
    face.sees("Confirmed")
    house.faults.append("refuse")
    face.tap("+15 min")
    face.sees("12 High St: not extended. Some fields are not right.")
    face.tap("I have read it")
    assert not face.shows("not extended")


def test_a_start_that_was_refused_is_changed_and_not_typed_again(face: Face, house: House) -> None:
    house.faults.append("refuse")
    face.app.phone.acts.start("7 Orchard Way", 45, risk="high", note="Use the side door")
    face.sees("7 Orchard Way: not started. Some fields are not right.")
    face.tap("Change it and try again")
    assert face.app.at == "start"
    assert not face.shows("not started")
    assert face.page.ids.place.text == "7 Orchard Way"
    assert face.page.ids.note.text == "Use the side door"
    face.tap("Start 45 min")
    face.sees("Confirmed")
    (visit,) = house.visits.values()
    assert (visit["place"], visit["risk"]) == ("7 Orchard Way", "high")


def test_more_time_sent_as_a_text_counts_once(face: Face, house: House, hands: Hands) -> None:
    face.begin()
    face.sees("Confirmed")
    (visit,) = house.visits.values()
    before = datetime.fromisoformat(visit["ends_at"])
    house.always = "nothing"
    face.device.net.becomes(Signal.TEXTS_ONLY)
    face.tap("+15 min")
    face.sees("Not extended by 15 min yet")
    face.tap("Text it: add your PIN")
    house.extend(visit, {"minutes": 15})
    house.always = ""
    face.device.net.becomes(Signal.DATA)
    face.until(lambda: not face.app.phone.sync.outbox.waiting(), "nothing to wait")
    assert datetime.fromisoformat(visit["ends_at"]) - before == timedelta(minutes=15)


def test_an_unsent_close_offers_the_text_that_does_the_same(
    face: Face, house: House, hands: Hands
) -> None:
    face.begin()
    face.sees("Confirmed")
    house.always = "nothing"
    face.device.net.becomes(Signal.TEXTS_ONLY)
    face.tap("I am safe")
    assert face.can("Undo (5 s)")
    later(face, hands, 6)
    face.sees("Not closed yet: waiting for signal. The alarm goes at 12:55.")
    assert not face.shows("Closed")
    face.sees("Type your PIN at the end of the text before you send it.")
    face.tap("Text it: add your PIN")
    assert face.device.net.texts == [("+447700900999", "DONE ")]


def test_the_state_is_said_once(face: Face) -> None:
    face.begin()
    face.sees("Confirmed")
    assert face.texts().count("Covered") == 1


def test_a_card_that_goes_leaves_nothing_behind(face: Face, house: House) -> None:
    yellow = bytes.fromhex("ffdd66ff")
    face.begin()
    face.sees("Confirmed")
    house.always = "nothing"
    face.tap("+15 min")
    face.sees("Not extended by 15 min yet")
    face.until(lambda: yellow in face.picture()[1], "the card")
    house.always = ""
    face.phone.worker.wake()
    face.sees("Until 13:00")
    face.until(lambda: yellow not in face.picture()[1], "the card to go")


def test_a_check_in_that_is_owed_can_be_given(face: Face, house: House, hands: Hands) -> None:
    face.begin()
    face.sees("Confirmed")
    visit = next(iter(house.visits.values()))
    visit["due_at"] = "2026-03-10T12:20:00+00:00"
    later(face, hands)
    face.sees("Check in by 12:20.")
    assert face.shows("19 minutes to your check-in")
    later(face, hands, 1200)
    face.sees("Your 12:20 check-in is due: are you all right?")
    face.tap("I am all right")
    face.until(lambda: house.done[-1][0].endswith("/check-in"), "the sign of life to arrive")


def test_history_comes_from_the_server_and_says_when_it_cannot(
    face: Face, house: House, hands: Hands
) -> None:
    face.begin()
    face.sees("Confirmed")
    house.close(next(iter(house.visits.values())), {"pin": "4821"})
    later(face, hands)
    face.sees("12 High St: closed 12:00. The watch is over.")
    face.tap("My visits so far")
    face.sees("Closed by you")
    house.always = "500"
    face.back()
    face.tap("My visits so far")
    face.sees("No answer from Wayhome")
    assert face.shows("12 High St")


def test_pins_are_set_in_three_steps(face: Face, house: House) -> None:
    face.app.go("me")
    face.tap("Change my PINs")
    face.pin("4821")
    face.pin("5566")
    face.pin("5567")
    assert face.shows("Those were not the same. Once more.")
    face.pin("5566")
    face.pin("5566")
    assert face.shows("A second PIN")
    face.pin("5567")
    assert face.shows("The two PINs have to differ in at least two places.")
    face.pin("9031")
    face.until(lambda: face.app.at == "me", "the PINs to be set")
    face.sees("Your PINs were set 12:00.")
    assert house.asked[-1][1] == "/me/pins" or any(path == "/me/pins" for _, path, _ in house.asked)


def test_the_bars_of_the_system_are_left_free(face: Face) -> None:
    from mobile.ports import Inset

    face.device.insets.becomes(Inset(top=40, bottom=30))
    face.until(lambda: face.root.ids.sos.to_window(0, face.root.ids.sos.y)[1] == 30, "room below")
    assert face.page.to_window(0, face.page.top)[1] <= 800 - 40


def test_back_never_leaves_the_app_by_accident(face: Face) -> None:
    face.begin()
    face.sees("Confirmed")
    face.back()
    assert face.app.at == "today"
    face.tap("12 High St")
    assert face.app.at == "visit"
    face.app.go("me")
    face.back()
    face.back()
    assert face.app.at == "today"
    assert face.app.back() is False


@pytest.mark.parametrize(
    ("key", "outcome"),
    [("It was a false alarm", "false_alarm"), ("999 has taken over", "emergency_services"),
     ("Ben is hurt and being helped", "harmed")],
)  # fmt: skip
def test_an_alarm_ends_as_it_ended_with_what_was_done(
    face: Face, house: House, hands: Hands, key: str, outcome: str
) -> None:
    ben_cries(house)
    later(face, hands)
    face.tap("Ben Hughes: SOS")
    face.tap("I take charge")
    face.sees("You are acting")
    face.page.ids.note.text = "x" * 2001
    face.tap("Write it down")
    face.sees("Keep the note to 2,000 characters")
    assert (len(face.page.ids.note.text), house.done[-1][0].endswith("/note")) == (2001, False)
    face.page.ids.note.text = ""
    face.type(face.page.ids.note, "Rang twice")
    face.tap("Write it down")
    face.until(lambda: house.done[-1][0].endswith("/note"), "the note to arrive")
    assert (house.done[-1][1]["text"], face.page.ids.note.text) == ("Rang twice", "")
    face.tap("It is over")
    face.tap(key)
    face.pin("4821")
    face.until(lambda: house.done[-1][0].endswith("/resolve"), "the end to arrive")
    assert (house.done[-1][1]["outcome"], house.done[-1][1]["pin"]) == (outcome, "4821")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_what_is_typed_into_stays_above_the_keyboard(face: Face, scale: float) -> None:
    from mobile.ports import Inset
    from tests.mobile.ui.pilot import resize

    face.app.prefer("text_scale", scale)
    resize(320, 568)
    try:
        face.page.begin()
        face.frames(6)
        for name in ("place", "note"):
            field = face.page.ids[name]
            face.page.ids.scroll.scroll_y = 0 if name == "place" else 1
            field.focus = True
            face.device.insets.becomes(Inset(top=24, bottom=260))
            face.until(partial(is_in_view, face, field), f"{name} above the keyboard")
            face.device.insets.becomes(Inset())
            field.focus = False
    finally:
        resize(400, 800)


def is_in_view(face: Face, field: Any) -> bool:
    """Whether the whole of it lies in the part of the screen that scrolls."""
    scroll = face.page.ids.scroll
    bottom, top = scroll.to_window(0, scroll.y)[1], scroll.to_window(0, scroll.top)[1]
    low = field.to_window(0, field.y)[1]
    return bool(bottom - 1 <= low and low + field.height <= top + 1)
