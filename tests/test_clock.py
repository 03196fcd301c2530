"""Time never runs backwards and never stops by mistake (decision 3)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import server.clock as module
from server.clock import FASTEST, STEP_S, TICK, FastClock, SteadyClock
from tests.support.clock import A_TUESDAY

NOON_S = A_TUESDAY.timestamp()


class Host:
    """The two clocks of a host, moved by hand; `read` counts how often the wall was looked at."""

    def __init__(self) -> None:
        self.wall_s, self.mono_s, self.read = NOON_S, 1000.0, 0

    def wall(self) -> float:
        self.read += 1
        return self.wall_s

    def mono(self) -> float:
        return self.mono_s

    def live(self, seconds: float) -> None:
        """Time passes and the wall clock is right."""
        self.mono_s += seconds
        self.wall_s += seconds

    def step(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self.wall_s += seconds


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "monotonic_s", made.mono)
        yield made


def at(seconds: float) -> datetime:
    return A_TUESDAY + timedelta(seconds=seconds)


def test_it_gives_the_reference_in_utc(host: Host) -> None:
    clock = SteadyClock(host.wall)
    assert clock.now() == A_TUESDAY
    assert clock.now().tzinfo is UTC
    host.live(90)
    assert clock.now() == at(90)


@pytest.mark.parametrize("ahead_s", [0.5, 4, 600, 86400])
def test_it_follows_forwards_at_once(host: Host, ahead_s: float) -> None:
    clock = SteadyClock(host.wall)
    host.live(10)
    host.step(ahead_s)
    assert clock.now() == at(10 + ahead_s)
    host.live(1)
    assert clock.now() == at(11 + ahead_s)
    assert clock.behind_s == 0
    assert not clock.stepped_back


def test_it_never_follows_backwards_but_goes_on(host: Host) -> None:
    clock = SteadyClock(host.wall)
    host.live(10)
    assert clock.now() == at(10)
    host.step(-600)
    assert clock.now() == at(10)
    host.live(300)
    assert clock.now() == at(310)
    assert clock.behind_s == pytest.approx(600)
    assert clock.stepped_back


def test_it_follows_again_once_the_reference_has_caught_up(host: Host) -> None:
    clock = SteadyClock(host.wall)
    host.step(-600)
    host.live(5)
    clock.now()
    assert clock.behind_s == pytest.approx(600)
    host.step(601)
    assert clock.now() == at(6)
    assert not clock.stepped_back
    host.live(1)
    assert clock.now() == at(7)


@pytest.mark.parametrize(("back_s", "is_step"), [(STEP_S, False), (STEP_S + 0.5, True)])
def test_a_little_drift_is_no_step(host: Host, back_s: float, is_step: bool) -> None:
    clock = SteadyClock(host.wall)
    host.step(-back_s)
    clock.now()
    assert clock.stepped_back is is_step


def test_a_reference_that_costs_a_query_is_read_no_more_often_than_asked(host: Host) -> None:
    clock = SteadyClock(host.wall, every_s=1.0)
    host.read = 0
    for _ in range(10):
        host.live(0.125)
        clock.now()
    assert host.read == 1
    host.step(60)
    assert clock.now() == at(1.25)
    host.live(1)
    assert clock.now() == at(62.25)


MOVES = st.lists(st.tuples(st.floats(0, 1e5), st.floats(-1e6, 1e6)), max_size=30)


@given(moves=MOVES, every_s=st.sampled_from([0.0, 1.0, 30.0]))
def test_it_never_decreases_and_never_loses_time_that_passed(
    moves: list[tuple[float, float]], every_s: float
) -> None:
    host = Host()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "monotonic_s", host.mono)
        clock = SteadyClock(host.wall, every_s)
        before = clock.now()
        for passed_s, step_s in moves:
            host.live(passed_s)
            host.step(step_s)
            now = clock.now()
            assert (now - before).total_seconds() >= passed_s - 1e-4
            if every_s == 0:
                assert now.timestamp() >= host.wall_s - 1e-4
            before = now


def test_the_demos_time_runs_at_its_speed(host: Host) -> None:
    clock = FastClock(speed=20, start=A_TUESDAY)
    host.live(3)
    assert clock.now() == at(60)
    assert clock.speed == 20


def test_another_speed_counts_from_now_on(host: Host) -> None:
    clock = FastClock(speed=10, start=A_TUESDAY)
    host.live(1)
    clock.run_at(60)
    host.live(1)
    assert clock.now() == at(70)
    clock.run_at(1)
    host.live(10)
    assert abs(clock.now() - at(80)) <= 3 * TICK


def test_paused_it_stands_still_and_still_keeps_texts_apart(host: Host) -> None:
    clock = FastClock(speed=10, start=A_TUESDAY)
    host.live(1)
    clock.run_at(0)
    assert clock.speed == 0
    host.live(3600)
    given_out = [clock.now() for _ in range(5)]
    assert sorted(set(given_out)) == given_out
    assert given_out[-1] - at(10) <= 10 * TICK
    clock.run_at(1)
    host.live(5)
    assert at(15) <= clock.now() <= at(15) + 10 * TICK


def test_it_can_be_taken_to_a_later_moment_but_not_back(host: Host) -> None:
    clock = FastClock(speed=1, start=A_TUESDAY)
    clock.skip_to(at(3600))
    host.live(1)
    assert clock.now() == at(3601)
    clock.skip_to(A_TUESDAY)
    assert clock.now() >= at(3601)


@pytest.mark.parametrize("speed", [-1, FASTEST + 1, float("nan")])
def test_an_impossible_speed_is_refused_and_changes_nothing(host: Host, speed: float) -> None:
    clock = FastClock(speed=2, start=A_TUESDAY)
    with pytest.raises(ValueError, match="0 to 60"):
        clock.run_at(speed)
    host.live(1)
    assert at(2) <= clock.now() <= at(2) + 5 * TICK
    with pytest.raises(ValueError, match="0 to 60"):
        FastClock(speed=speed)


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("live"), st.floats(0, 1e4)),
        st.tuples(st.just("speed"), st.floats(0, FASTEST)),
        st.tuples(st.just("skip"), st.floats(-1e4, 1e6)),
    ),
    max_size=30,
)


@given(deeds=DEEDS)
def test_the_demos_time_never_decreases_and_never_repeats(deeds: list[tuple[str, float]]) -> None:
    host = Host()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "monotonic_s", host.mono)
        clock = FastClock(start=A_TUESDAY)
        before = clock.now()
        for deed, amount in deeds:
            if deed == "live":
                host.live(amount)
            elif deed == "speed":
                clock.run_at(amount)
            else:
                clock.skip_to(at(amount))
            now = clock.now()
            assert now > before
            before = now
