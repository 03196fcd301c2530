"""The watch goes on when the app is gone: sends, reminds, says where she is, and then ends."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mobile.core.reminders import KIND
from mobile.core.tracking import EVERY
from mobile.platform.fake import FakeDevice
from mobile.ports import Fix, Signal
from mobile.service.watch import IDLE_TURNS, Watch
from tests.mobile.hands import NOON, Hands
from tests.mobile.house import House, Served
from tests.mobile.phone import Pocket

MIN = timedelta(minutes=1)


class Night:
    """Amy's phone with its app gone: only the watch runs. Turns and senders are run by hand."""

    def __init__(self, folder: Path, hands: Hands, url: str) -> None:
        self.hands = hands
        self.device = FakeDevice()
        self.folder = folder
        self.looking = False
        self.watch = self.begin()
        self.url = url

    def begin(self) -> Watch:
        """As Android starts it, the first time or anew: with nothing."""
        return Watch(self.folder, self.device.ports, lambda: self.looking, self.hands.clock())

    def turn(self) -> bool:
        """A turn, and what the two threads would do then."""
        goes_on = self.watch.turn()
        self.watch.sync.send_sos()
        self.watch.sync.round(screen_on=self.watch.worker.screen_on)
        return self.watch.turn() and goes_on

    def passes(self, seconds: float) -> bool:
        """Time goes by."""
        self.hands.passes(seconds)
        return self.turn()


Start = Callable[..., str]


@pytest.fixture
def start(tmp_path: Path, hands: Hands, served: Served) -> Start:
    """She starts a visit, and the app is killed."""

    def begin(minutes: int = 30, *, sent: bool = True) -> str:
        pocket = Pocket(tmp_path, hands, served.url)
        assert pocket.enrol().done
        pocket.sync()
        visit = pocket.phone.acts.start("12 High St", minutes)
        if sent:
            pocket.sync()
        pocket.phone.refresh()
        pocket.close()
        return visit

    return begin


@pytest.fixture
def night(tmp_path: Path, hands: Hands, served: Served) -> Iterator[Night]:
    found = Night(tmp_path, hands, served.url)
    yield found
    found.watch.close()


def test_what_the_app_left_behind_is_sent(start: Start, night: Night, house: House) -> None:
    visit = start(sent=False)
    assert house.visits == {}
    assert night.turn()
    assert list(house.visits) == [visit]
    assert night.device.notifier.shown["visit"].title == "Until 12:30"
    assert [each.in_s for each in night.device.alarms.armed] == [1500, 1800, 2100]


def test_started_anew_it_knows_everything(start: Start, night: Night) -> None:
    start()
    night.turn()
    armed = night.device.alarms.armed
    night.watch.close()
    night.device = FakeDevice()
    night.watch = night.begin()
    night.passes(60)
    assert [each.key for each in night.device.alarms.armed] == [each.key for each in armed]
    assert night.device.notifier.shown["visit"].actions == ("extend", "safe", "sos")


def test_the_notification_is_renewed_while_she_may_look_and_dated_while_she_does_not(
    start: Start, night: Night, house: House
) -> None:
    start()
    night.looking = True
    night.passes(30)
    assert night.device.notifier.shown["visit"].text == "Connected 12:00"
    asked = len(house.asked)
    night.looking = False
    night.passes(5 * 60)
    assert night.device.notifier.shown["visit"].text == "Last connected 12:00"
    assert len(house.asked) == asked, "nothing is asked while the screen is off"
    night.looking = True
    night.passes(1)
    night.passes(1)
    assert night.device.notifier.shown["visit"].text == "Connected 12:05"


def test_it_does_not_ask_what_the_app_has_just_asked(
    start: Start, night: Night, house: House
) -> None:
    start()
    night.looking = True
    asked = len(house.asked)
    night.watch.turn()
    assert not night.watch.worker.screen_on
    night.watch.sync.round(screen_on=night.watch.worker.screen_on)
    assert len(house.asked) == asked


def test_where_exact_alarms_are_denied_it_rings_itself_and_once(start: Start, night: Night) -> None:
    visit = start()
    night.device.alarms.is_exact = False
    night.turn()
    night.passes(1799)
    shown = night.device.notifier.shown
    assert [n.title for key, n in shown.items() if key.startswith(visit)] == [
        "Your 12:30 booking ends soon"
    ]
    night.passes(1)
    (due,) = [n for key, n in shown.items() if key.endswith("/1")]
    assert (due.title, due.urgent) == ("Your 12:30 booking is up", True)
    night.device.notifier.withdraw(due.key)
    night.passes(10)
    assert due.key not in shown, "what she has swept away stays away"


def test_where_exact_alarms_work_only_the_device_rings(start: Start, night: Night) -> None:
    visit = start()
    night.turn()
    night.passes(1900)
    assert not [key for key in night.device.notifier.shown if key.startswith(visit)]


def test_a_reminder_that_stands_goes_when_she_has_more_time_and_not_when_the_watch_restarts(
    start: Start, night: Night
) -> None:
    visit = start()
    night.device.alarms.is_exact = False
    night.turn()
    night.passes(1801)
    stands = [key for key in night.device.notifier.shown if key.startswith(visit)]
    assert len(stands) == 2
    night.watch.close()
    night.watch = night.begin()
    night.turn()
    assert set(stands) <= set(night.device.notifier.shown)
    night.watch.worker.ring()
    pocket = Pocket(night.folder, night.hands, night.url, FakeDevice())
    pocket.phone.acts.extend(visit)
    pocket.close()
    night.turn()
    night.turn()
    assert not set(stands) & set(night.device.notifier.shown)
    assert [each.in_s > 0 for each in night.device.alarms.armed] == [True] * 3
    assert len(night.watch.sync.memory.all(KIND)) == 3


def test_it_says_every_five_minutes_where_she_is_and_never_the_same_twice(
    start: Start, night: Night, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = start()
    monkeypatch.setattr(night.watch._telling, "_wall", lambda: night.hands.true_s)
    fix = Fix(51.5, -0.12, 10.0, NOON)
    night.device.location.fix = fix
    night.turn()
    night.passes(EVERY.total_seconds())
    assert positions(house, visit) == [51.5]
    night.device.location.fix = replace(fix, lat=52.0, at=NOON + EVERY - MIN)
    night.passes(1)
    assert positions(house, visit) == [51.5, 52.0]
    night.device.location.fix = replace(fix, lat=53.0, at=NOON + EVERY)
    night.passes(EVERY.total_seconds() + 1)
    assert positions(house, visit) == [51.5, 52.0], "one that is minutes old is no news"


def positions(house: House, visit: str) -> list[float]:
    done = [body for path, body in house.done if path == f"/visits/{visit}/position"]
    return [body["position"]["lat"] for body in done]


def test_it_looks_for_her_during_a_visit_and_stops_after_it(
    start: Start, night: Night, house: House
) -> None:
    visit = start()
    night.turn()
    assert night.device.location.running
    house.close(house.visits[visit], {"pin": house.pin})
    night.looking = True
    night.passes(15)
    night.turn()
    assert not night.device.location.running


def test_it_ends_when_there_is_nothing_left_to_do(start: Start, night: Night, house: House) -> None:
    visit = start()
    assert all(night.passes(60) for _ in range(IDLE_TURNS + 2))
    night.watch.worker.ring()
    house.close(house.visits[visit], {"pin": house.pin})
    night.looking = True
    night.passes(15)
    turns = [night.watch.turn() for _ in range(IDLE_TURNS + 1)]
    assert turns[0]
    assert not turns[-1]
    assert "visit" not in night.device.notifier.shown


def test_it_does_not_end_while_something_waits_to_be_sent(
    start: Start, night: Night, house: House
) -> None:
    start(sent=False)
    house.always = "500"
    assert all(night.passes(60) for _ in range(IDLE_TURNS * 2))


def test_signal_wakes_it(start: Start, night: Night, house: House) -> None:
    start()
    house.always = "nothing"
    night.watch.sync.round(screen_on=False, wanted=True)
    night.device.net.becomes(Signal.NONE)
    house.always = ""
    night.device.net.becomes(Signal.DATA)
    assert night.watch.sync.wait_s(screen_on=True) == 0.0


def test_run_goes_on_after_a_fault_and_closes_everything_at_the_end(
    tmp_path: Path, hands: Hands, served: Served, start: Start
) -> None:
    del served
    start()
    device = FakeDevice()
    turns: list[int] = []
    watch = Watch(tmp_path, device.ports, lambda: False, hands.clock())

    def turn() -> bool:
        turns.append(threading.active_count())
        watch._bell.set()
        if len(turns) == 1:
            raise RuntimeError("one bad turn")
        return len(turns) < 3

    watch.turn = turn  # type: ignore[method-assign]
    device.location.running = True
    watch.run()
    assert len(turns) == 3
    assert not device.location.running
    assert all(not thread.is_alive() for thread in watch.worker._threads)
