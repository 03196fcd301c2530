"""How fast the demo runs, and what changes it."""

import pytest

from server.clock import FastClock
from server.demo.pace import Pace


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


def test_it_slows_down_while_an_alarm_is_open(clock: FastClock) -> None:
    pace = Pace(clock, 30)
    assert clock.speed == 30
    pace.alarm_is_open(True)
    assert clock.speed == 4
    pace.alarm_is_open(False)
    assert clock.speed == 30


def test_a_day_slower_than_that_is_not_hurried(clock: FastClock) -> None:
    pace = Pace(clock, 2)
    pace.alarm_is_open(True)
    assert clock.speed == 2


def test_a_choice_holds_for_as_long_as_things_stand_as_they_do(clock: FastClock) -> None:
    pace = Pace(clock, 30)
    pace.alarm_is_open(True)
    pace.run_at(60)
    assert clock.speed == 60
    pace.alarm_is_open(False)
    assert clock.speed == 30
    pace.run_at(1)
    pace.alarm_is_open(True)
    assert (clock.speed, pace.speed) == (60, 60)


def test_pause_holds_through_whatever_comes(clock: FastClock) -> None:
    pace = Pace(clock, 30)
    pace.pause()
    pace.alarm_is_open(True)
    assert (clock.speed, pace.paused, pace.speed) == (0, True, 4)
    pace.go_on()
    assert clock.speed == 4


def test_choosing_a_speed_ends_a_pause(clock: FastClock) -> None:
    pace = Pace(clock, 30)
    pace.pause()
    pace.run_at(4)
    assert (clock.speed, pace.paused) == (4, False)
