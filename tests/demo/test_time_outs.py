"""Time-outs, leases and the judgement of gaps stay in real time, however fast the ladder runs."""

from datetime import timedelta

from server.acts import monitoring
from server.store import house
from tests.demo.stage import Life, Stage
from tests.support.people import reading, running_in


def test_a_slow_machine_is_no_gap_at_the_highest_speed(stage: Stage, life: Life) -> None:
    stage.demo.pace.run_at(60)
    for seconds in (0.25, 0.25, 3, 14, 0.25):
        stage.step(seconds)
    assert stage.entries("gap") == 0


def test_a_real_gap_is_written_down(stage: Stage, life: Life) -> None:
    stage.demo.pace.run_at(60)
    stage.step()
    stage.step(16)
    assert stage.entries("gap") == 1


def test_a_lease_lasts_at_least_its_seconds_of_life(stage: Stage) -> None:
    desk = running_in(stage.app).desk
    assert desk.in_life(timedelta(seconds=45)) >= timedelta(seconds=45) * stage.player.speed


def test_the_engine_counts_as_alive_between_two_strokes(stage: Stage, life: Life) -> None:
    stage.demo.pace.run_at(60)
    stage.step()
    life.seconds += 5
    now, desk = stage.demo.clock.now(), running_in(stage.app).desk
    assert reading(stage.app, lambda session: monitoring.judge(session, desk, now)).alive
    life.seconds += 10
    now = stage.demo.clock.now()
    assert not reading(stage.app, lambda session: monitoring.judge(session, desk, now)).alive


def test_the_night_between_two_days_is_no_gap(stage: Stage) -> None:
    stage.player.start_again()
    day = stage.player.began
    stage.until(lambda: stage.player.began > day, "a second day")
    for _ in range(5):
        stage.step(0.25)
    assert stage.player.began.date() - day.date() == timedelta(days=1)
    assert stage.entries("gap") == 0
    round_at = reading(stage.app, lambda session: house.the_house(session).round_at)
    assert round_at is not None
    assert round_at >= stage.player.began
