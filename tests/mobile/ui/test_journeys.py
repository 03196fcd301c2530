"""The app in her hand and a whole Wayhome at the other end: real processes, real HTTP, real pixels.

The house's clock is hers too; only the phone's idea of the time may be wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mobile.core.clock import PhoneClock
from mobile.ports import Signal
from tests.mobile.ui.tunnel import Tunnel
from tests.support.house import House
from tests.support.phone_app import ok

if TYPE_CHECKING:
    from tests.mobile.ui.conftest import NewFace
    from tests.mobile.ui.face import Face

pytestmark = pytest.mark.slow
A_DAY_S = 86_400.0
Dig = Callable[[str], Tunnel]


def clock_of(house: House, wall_off_s: float = 0.0) -> PhoneClock:
    """The phone's clocks: they go as the house's do; its wall clock may be off."""
    return PhoneClock(house.clock.monotonic, lambda: house.clock.wall() + wall_off_s, "boot")


def amys(new_face: NewFace, house: House, url: str = "", wall_off_s: float = 0.0) -> Face:
    """Amy's phone, signed up by typing her code."""
    face = new_face(url or house.url, clock_of(house, wall_off_s))
    face.enrol(str(house.row_of("amy")["enrolment_code"]))
    return face


def passes(face: Face, house: House, seconds: float = 0.0, minutes: float = 0.0) -> None:
    """Time passes with everything at work, and she looks at her phone."""
    house.forward(seconds, minutes=minutes)
    face.passed()


def long_after(face: Face, house: House, minutes: float) -> None:
    """Much time passes in which nothing falls due: at one stroke, for steps would take long."""
    house.away(minutes=minutes)
    house.settle()
    face.passed()


def test_a_day_from_the_code_to_the_last_close(new_face: NewFace, home: House) -> None:
    face = amys(new_face, home)
    face.begin()
    face.sees("Confirmed 14:00. The alarm goes at 14:47 unless you close.")
    assert face.shows("14:47 Ben Hughes gets a text")
    face.tap("+15 min")
    face.sees("The alarm goes at 15:02")
    passes(face, home, minutes=5)
    face.tap("I am safe")
    passes(face, home, seconds=2)
    face.tap("Undo")
    face.sees("Confirmed")
    face.tap("I am safe")
    passes(face, home, seconds=6)
    face.sees("12 High St: closed 14:05. The watch is over.")
    assert home.peek.rows("SELECT place, status FROM visits") == [("12 High St", "closed")]
    face.tap("My visits so far")
    face.sees("14:00 to 14:05")
    long_after(face, home, minutes=75)
    home.world.assert_quiet()


def test_through_a_tunnel_and_out_again(new_face: NewFace, home: House, tunnel_to: Dig) -> None:
    """P8, P10: started, walked and closed without signal; one visit with its true times."""
    tunnel = tunnel_to(home.url)
    face = amys(new_face, home, tunnel.url)
    tunnel.cut()
    face.device.net.becomes(Signal.NONE)
    passes(face, home, seconds=20)
    face.begin()
    face.sees("Not watched yet: waiting for signal")
    assert face.shows("Not covered")
    long_after(face, home, minutes=10)
    face.tap("I am safe")
    passes(face, home, seconds=6)
    face.sees("Not closed yet: waiting for signal.")
    assert not face.shows("closed 14")
    passes(face, home, minutes=5)
    tunnel.mend()
    face.device.net.becomes(Signal.DATA)
    face.sees("12 High St: closed 14:10. The watch is over.")
    long_after(face, home, minutes=60)
    home.world.assert_quiet()
    face.tap("My visits so far")
    face.sees("14:00 to 14:10")
    assert sum(said == "12 High St" for said in face.texts()) == 1


def test_the_server_dies_in_the_middle_of_a_visit(new_face: NewFace, home: House) -> None:
    """P8: 'last known' within 15 s, with its times; covered again once it is back."""
    face = amys(new_face, home)
    face.begin()
    face.sees("Confirmed")
    home.kill_now()
    home.away(seconds=16)
    face.passed()
    face.sees("Last known")
    assert face.shows("since 14:00. Confirmed then: the alarm goes at 14:47 unless you close.")
    assert not face.shows("Covered")
    home.restart()
    home.forward(seconds=11)
    face.passed()
    face.phone.worker.wake()
    face.sees("Covered")
    face.tap("I am safe")
    passes(face, home, seconds=6)
    face.sees("The watch is over")


def test_no_way_out_is_not_covered_and_says_what_to_do(new_face: NewFace, home: House) -> None:
    """P8: the account is refused; no text can go anywhere. On a visit, and before the next."""
    face = amys(new_face, home)
    face.begin()
    face.sees("Covered")
    home.waits_for_texts = False
    home.world.down()
    ok(home["ben"].app.sos(), 201)
    home.forward(seconds=30)
    face.phone.worker.look()
    face.sees("Not covered")
    assert face.shows("Wayhome can send no messages just now")
    assert face.shows("Tell somebody where you are and when you will be out. In danger ring 999.")
    assert face.app.at == "visit"
    face.back()
    assert face.shows("Wayhome can send no messages just now")
    home.checked = True


def test_an_sos_with_the_network_cut_is_queued_said_and_sent_on_its_return(
    new_face: NewFace, home: House, tunnel_to: Dig
) -> None:
    tunnel = tunnel_to(home.url)
    face = amys(new_face, home, tunnel.url)
    tunnel.cut()
    face.hold_sos()
    face.sees("On this phone 14:00")
    passes(face, home, seconds=12)
    face.sees("Not sent yet: no answer, trying again. Ring, or send the text")
    face.tap("Ring 999")
    assert face.device.net.dialled == ["999"]
    home.world.assert_quiet()
    tunnel.mend()
    passes(face, home, seconds=5)
    face.sees("Office has it 14:00")
    home.settle()
    home.only_told("ben dan", "SOS from Amy Okafor")
    home["ben"].phone.replies("1")
    home.settle()
    passes(face, home, seconds=11)
    face.sees("Ben Hughes is acting")
    home.told("amy", "Ben Hughes has your message in hand")
    home.only_told("dan", "has taken charge")
    face.tap("I am safe: end it")
    face.pin(home["amy"].pin)
    passes(face, home, seconds=1)
    face.sees("Ended 14:00")
    home.only_told("ben dan", "All clear")


def test_a_refused_pin_opens_the_visit_again(new_face: NewFace, home: House) -> None:
    """P4, P8: after a raise the PIN is asked for at once, and a wrong one is said."""
    face = amys(new_face, home)
    face.begin("7 Orchard Way")
    face.sees("Confirmed")
    long_after(face, home, minutes=44)
    passes(face, home, minutes=3.5)
    face.sees("People are being told. Type your PIN to end it.")
    face.tap("I am safe")
    face.pin("1111")
    face.back()
    assert face.app.at == "today"
    passes(face, home, seconds=6)
    face.sees("That PIN is not right. The visit is still open.")
    assert face.app.at == "visit"
    face.tap("I am safe")
    face.pin(home["amy"].pin)
    passes(face, home, seconds=6)
    face.sees("The watch is over")
    home.checked = True


def test_a_revoked_phone_says_so_and_an_sos_on_it_is_honest(new_face: NewFace, home: House) -> None:
    face = amys(new_face, home)
    face.begin()
    face.sees("Covered")
    code, _, errors = home.command("revoke", "amy")
    assert code == 0, errors
    passes(face, home, seconds=11)
    face.sees("This phone is signed out. Ask your manager for a new code.")
    assert face.shows("Signed out since 14:00. Confirmed then: the alarm goes at 14:47")
    assert not face.shows("Covered")
    face.tap("I am safe")
    home.away(seconds=6)
    face.passed()
    face.sees("Not closed yet: this phone is signed out. The alarm goes at 14:47.")
    face.tap("Text it: add your PIN")
    assert [text.strip() for _, text in face.device.net.texts] == ["DONE"]
    face.hold_sos()
    face.sees("This phone is signed out. Your managers are told. Ring 999 if you can")
    face.tap("Send SOS as a text")
    assert face.device.net.texts[-1][1] == "SOS"
    home.checked = True


def test_a_clock_a_day_wrong_changes_no_time_on_the_screen(new_face: NewFace, home: House) -> None:
    face = amys(new_face, home, wall_off_s=-A_DAY_S)
    face.begin()
    face.sees("Confirmed 14:00. The alarm goes at 14:47 unless you close.")
    assert face.shows("Until 14:45.")
    face.tap("I am safe")
    passes(face, home, seconds=6)
    face.sees("12 High St: closed 14:00. The watch is over.")


def test_a_journey_there_a_visit_and_the_way_home(new_face: NewFace, home: House) -> None:
    """Each starts in two taps and is watched; arriving ends the journey, and nothing else."""
    face = amys(new_face, home)
    face.tap("Start the way home")
    face.tap("Start 1 h")
    face.sees("Confirmed 14:00. The alarm goes at 15:02 unless you close.")
    face.back()
    face.tap("Start a journey")
    face.type(face.page.ids.place, "12 High St")
    face.tap("Start 30 min")
    face.sees("I am there")
    face.sees("Confirmed 14:00. The alarm goes at 14:32 unless you close.")
    face.back()
    face.tap("Start a visit")
    face.type(face.page.ids.place, "12 High St")
    assert face.shows("This ends: To 12 High St.")
    face.tap("Start 45 min")
    face.sees("Confirmed 14:00. The alarm goes at 14:47 unless you close.")
    face.tap("I am safe")
    passes(face, home, seconds=6)
    face.sees("On the way home")
    face.tap("I am home")
    passes(face, home, seconds=6)
    face.until(lambda: face.app.at == "today", "today")
    rows = home.peek.rows("SELECT kind, status, closed_how FROM visits ORDER BY kind")
    assert rows == [
        ("home", "closed", "worker"),
        ("travel", "closed", "moved_on"),
        ("visit", "closed", "worker"),
    ]
    long_after(face, home, minutes=90)
    home.world.assert_quiet()


def test_whoever_is_away_is_not_told_while_another_is_there(new_face: NewFace, home: House) -> None:
    face = new_face(home.url, clock_of(home))
    face.enrol(str(home.row_of("ben")["enrolment_code"]))
    face.app.go("away")
    face.tap("For 4 h")
    face.sees("Away until 18:00.")
    ok(home["amy"].app.sos(), 201)
    home.settle()
    home.only_told("dan", "SOS from Amy Okafor")
    face.tap("I am back")
    face.sees("You are not away.")
    home.checked = True
