"""Time in the demo: faster than life, slower, still, and never backwards."""

from datetime import UTC, datetime, timedelta

import pytest

from server.clock import FASTEST, FastClock
from tests.demo.stage import Life

START = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
A_BIT = timedelta(milliseconds=1)


def passed(clock: FastClock) -> float:
    return round((clock.now() - START).total_seconds(), 3)


def test_it_runs_as_many_times_faster_as_it_is_told(life: Life) -> None:
    clock = FastClock(30, START)
    life.seconds += 10
    assert passed(clock) == 300
    clock.run_at(4)
    life.seconds += 10
    assert passed(clock) == 340


def test_time_stands_still_but_no_instant_comes_twice(life: Life) -> None:
    clock = FastClock(30, START)
    clock.run_at(0)
    instants = [clock.now() for _ in range(1000)]
    assert instants == sorted(set(instants))
    assert instants[-1] - START < 2 * A_BIT
    clock.run_at(30)
    life.seconds += 1
    assert passed(clock) == pytest.approx(30, abs=0.01)


def test_it_skips_forwards_only(life: Life) -> None:
    clock = FastClock(30, START)
    clock.skip_to(START + timedelta(hours=24))
    assert passed(clock) == 86400
    clock.skip_to(START)
    life.seconds += 1
    assert passed(clock) == 86430


@pytest.mark.parametrize("speed", [-1, FASTEST + 1])
def test_speeds_out_of_bounds_are_a_fault_of_the_program(speed: float) -> None:
    with pytest.raises(ValueError, match="a speed is 0 to 60"):
        FastClock(speed)
