"""P8, P10: the phone's time is the server's, through sleep, restarts and a wrong clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobile.core.clock import DRIFT, PhoneClock, boot_id, boot_ticks
from tests.mobile.hands import NOON, Hands

DAY_S = 86_400.0


def test_before_anything_is_heard_it_is_the_phones_own_time_and_not_sure() -> None:
    hands = Hands()
    clock = hands.clock()
    assert clock.now() == NOON
    assert not clock.sure


@pytest.mark.parametrize("wrong_s", [-DAY_S, DAY_S, 3 * 365 * DAY_S])
def test_a_wrong_phone_clock_does_not_matter_once_the_server_was_heard(wrong_s: float) -> None:
    hands = Hands(wall_off_s=wrong_s)
    clock = hands.clock()
    hands.hear(clock)
    hands.passes(3600)
    assert clock.now() == NOON + timedelta(hours=1)
    hands.wall_off_s -= 999_999
    assert clock.now() == NOON + timedelta(hours=1)
    assert clock.sure


def test_a_slow_answer_does_not_spoil_a_good_one_and_a_better_one_is_taken() -> None:
    hands = Hands()
    clock = hands.clock()
    assert hands.hear(clock, took_s=2.0, server_at=0.0)
    assert hands.hear(clock, took_s=0.2)
    assert not hands.hear(clock, took_s=8.0, server_at=1.0)
    assert abs(clock.now() - hands.true_now()) <= timedelta(seconds=0.1)


def test_drift_makes_it_listen_again() -> None:
    hands = Hands()
    clock = hands.clock()
    hands.hear(clock, took_s=0.1)
    hands.passes(0.2 / DRIFT)
    assert hands.hear(clock, took_s=0.3)


def test_a_server_that_moved_is_followed_at_once() -> None:
    hands = Hands()
    clock = hands.clock()
    hands.hear(clock, took_s=0.01)
    hands.true_s += 600
    assert hands.hear(clock, took_s=4.0)
    assert abs(clock.now() - hands.true_now()) <= timedelta(seconds=2)


def test_an_answer_before_its_question_is_nonsense() -> None:
    hands = Hands()
    assert not hands.clock().discipline(NOON, 100.0, 99.0)


def test_another_process_and_the_next_start_of_the_app_know_it_too() -> None:
    hands = Hands(wall_off_s=-DAY_S)
    clock = hands.clock()
    hands.hear(clock)
    kept = clock.bearing()
    assert kept
    hands.passes(5000)
    later = hands.clock()
    later.take_bearing(kept)
    assert later.sure
    assert later.now() == hands.true_now()


def test_after_a_restart_of_the_phone_its_clock_is_put_right_but_not_sure() -> None:
    hands = Hands(wall_off_s=-DAY_S)
    clock = hands.clock()
    hands.hear(clock)
    kept = clock.bearing()
    assert kept
    hands.restart()
    later = hands.clock()
    later.take_bearing(kept)
    assert not later.sure
    assert later.now() == hands.true_now()


@pytest.mark.parametrize("restarts", [False, True])
def test_where_the_system_names_no_boot_a_restart_shows_all_the_same(restarts: bool) -> None:
    hands = Hands(boot="")
    clock = hands.clock()
    hands.hear(clock)
    kept = clock.bearing()
    assert kept
    hands.passes(400)
    if restarts:
        hands.restart(boot="")
    later = hands.clock()
    later.take_bearing(kept)
    assert later.sure is not restarts


@pytest.mark.parametrize("kept", [{}, {"offset_s": "x"}, {"offset_s": None}])
def test_a_broken_bearing_changes_nothing(kept: dict[str, object]) -> None:
    clock = Hands().clock()
    clock.take_bearing(kept)
    assert clock.bearing() is None


def test_an_older_bearing_does_not_replace_a_newer_one() -> None:
    hands = Hands()
    clock = hands.clock()
    hands.hear(clock)
    old = clock.bearing()
    hands.passes(50_000)
    hands.hear(clock)
    new = clock.bearing()
    assert old
    clock.take_bearing(old)
    assert clock.bearing() == new


def test_a_moment_without_signal_gets_its_true_time_when_the_server_is_heard() -> None:
    hands = Hands(wall_off_s=-DAY_S)
    clock = hands.clock()
    stamp = clock.stamp()
    assert clock.resolve(stamp) is None
    hands.passes(1800)
    hands.hear(clock)
    assert clock.resolve(stamp) == NOON


def test_a_sure_moment_keeps_its_time_through_a_restart() -> None:
    hands = Hands()
    clock = hands.clock()
    hands.hear(clock)
    stamp = clock.stamp()
    hands.restart()
    assert hands.clock().resolve(stamp) == NOON


def test_an_unsure_moment_of_an_earlier_start_is_put_right_by_what_the_clock_is_off() -> None:
    hands = Hands(wall_off_s=-DAY_S)
    stamp = hands.clock().stamp()
    hands.restart()
    clock = hands.clock()
    hands.passes(60)
    hands.hear(clock)
    assert clock.resolve(stamp) == NOON


def test_a_guess_that_cannot_be_true_is_left_out() -> None:
    hands = Hands()
    clock = hands.clock()
    hands.hear(clock)
    stamp = replace(clock.stamp(), boot="another", sure=False)
    assert clock.resolve(replace(stamp, wall=stamp.wall + DAY_S)) is None
    assert clock.resolve(replace(stamp, wall=stamp.wall - 4 * DAY_S)) is None


@given(
    wrong_s=st.floats(-5e7, 5e7),
    waits=st.lists(st.floats(0, 1e5), min_size=2, max_size=8),
    took_s=st.floats(0.01, 5),
)
def test_moments_keep_their_order_and_distance(
    wrong_s: float, waits: list[float], took_s: float
) -> None:
    hands = Hands(wall_off_s=wrong_s)
    clock = hands.clock()
    stamps = []
    for wait_s in waits:
        stamps.append((clock.stamp(), hands.true_now()))
        hands.passes(wait_s)
    hands.hear(clock, took_s=took_s, server_at=took_s * 0.9)
    for stamp, true in stamps:
        found = clock.resolve(stamp)
        assert found is not None
        assert abs(found - true) <= timedelta(seconds=took_s / 2 + 0.001)


def test_the_real_ticks_run_and_the_real_boot_has_a_name(tmp_path: object) -> None:
    assert boot_ticks() <= boot_ticks()
    assert boot_id() == boot_id()
    assert boot_id(f"{tmp_path}/nothing") == ""
    assert PhoneClock().now() > datetime(2026, 1, 1, tzinfo=UTC)
