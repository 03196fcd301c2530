"""P1: once a start was answered, an alarm is raised at `raise_at` unless she was heard of, whatever
failed meanwhile; what fell due while nobody watched is nudged first and raised soon after."""

from typing import Any

import pytest

from server.store.messages import Purpose
from shared.states import Risk
from tests.engine.fixtures import NewNight
from tests.engine.night import Night

MIN = 60.0
DAY = 24 * 60 * MIN


def test_a_silent_worker_is_raised_at_exactly_raise_at_and_her_buddy_is_told_once(
    night: Night,
) -> None:
    night.start("amy", 45)
    night.forward(minutes=54, seconds=59)
    assert night.alarms() == []
    night.forward(seconds=1)
    alarm = night.alarm()
    assert alarm.raised_at == night.visit("amy").raise_at == night.now
    assert night.times("ben") == [55 * MIN]
    assert night.texts("ben") == [
        "Amy Okafor is overdue at 12 High St: due 14:45, last heard 14:00. Ring her on"
        " 07700 900101. No answer: 999. Reply 1 to take charge."
    ]
    assert night.texts("cat") + night.texts("dan") == []


def test_a_visit_and_due_time_raise_once_however_often_the_engine_looks(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=55)
    for _ in range(5):
        night.town.round()
        night.town.restart()
    assert len(night.alarms()) == 1
    assert len(night.texts("ben")) == 1


def test_every_worker_has_her_own_alarm(night: Night) -> None:
    for who in ("amy", "ben", "dan"):
        night.start(who, 45)
    night.forward(minutes=55)
    assert {alarm.worker_id for alarm in night.alarms()} == {
        night.org[who].id for who in ("amy", "ben", "dan")
    }


@pytest.mark.parametrize("away_s", [14, 30, 59])
def test_after_a_short_gap_the_alarm_goes_at_once(night: Night, away_s: int) -> None:
    night.start("amy", 45)
    night.forward(minutes=54, seconds=55)
    night.away(seconds=away_s)
    assert night.times("ben") == [55 * MIN - 5 + away_s]


@pytest.mark.parametrize("away_s", [61, 3600, DAY])
def test_what_fell_due_in_a_gap_is_nudged_first_and_raised_two_minutes_later(
    night: Night, away_s: float
) -> None:
    night.start("amy", 45)
    night.forward(minutes=44, seconds=55)
    night.forget()
    night.away(seconds=away_s)
    back = 45 * MIN - 5 + away_s
    assert len(night.new("amy")) == 1
    raise_at = max(back + 120, 55 * MIN)
    night.forward(seconds=raise_at - back - 1)
    assert night.alarms() == []
    night.forward(seconds=1)
    assert night.times("ben") == [raise_at]


@pytest.mark.parametrize(
    ("policy", "risk", "wait_s"),
    [
        ({"grace_s": 0}, Risk.STANDARD, 0),
        ({"grace_s": 45}, Risk.STANDARD, 45),
        ({"grace_s": 120}, Risk.STANDARD, 120),
        ({"grace_s": 3600}, Risk.STANDARD, 120),
        ({"grace_high_risk_s": 60}, Risk.HIGH, 60),
    ],
)
def test_after_a_gap_she_has_two_minutes_or_her_grace_if_that_is_less(
    new_night: NewNight, policy: dict[str, Any], risk: Risk, wait_s: float
) -> None:
    night = new_night(policy=policy | {"check_in_every_s": {"high": None}})
    night.start("amy", 45, risk=risk)
    night.forward(minutes=40)
    night.away(minutes=180)
    night.forward(seconds=wait_s)
    assert night.times("ben")[:1] == [220 * MIN + wait_s]


def test_what_fell_due_before_the_gap_has_been_nudged_and_is_raised_at_once(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=46)
    night.away(minutes=60)
    assert night.times("ben") == [106 * MIN]


def test_a_close_that_came_while_only_the_web_was_there_is_no_miss(night: Night) -> None:
    night.rounds_follow = False
    night.start("amy", 45)
    night.clock.forward(minutes=50)
    night.close("amy")
    night.away(minutes=60)
    assert night.alarms() == []
    assert night.texts("ben") == []


def test_a_close_after_the_gap_and_before_the_late_raise_is_in_time(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=40)
    night.away(minutes=180)
    night.forward(seconds=100)
    night.close("amy")
    night.forward(minutes=60)
    assert night.alarms() == []


def test_a_second_gap_right_after_the_first_does_not_put_the_raise_off_for_ever(
    night: Night,
) -> None:
    """An engine that keeps dying still raises: only what falls due in a gap waits for a nudge."""
    night.start("amy", 45)
    night.forward(minutes=40)
    for _ in range(3):
        night.away(minutes=90)
    assert night.times("ben")[0] == (40 + 2 * 90) * MIN


@pytest.mark.parametrize("minutes", [1, 61, 24 * 60])
def test_an_alarm_that_was_climbing_tells_each_person_once_when_the_house_returns(
    night: Night, minutes: float
) -> None:
    night.start("amy", 45)
    night.forward(minutes=55)
    night.forget()
    night.away(minutes=minutes)
    assert len(night.new("ben")) <= 1
    assert len(night.new("cat")) <= 1
    if minutes > 60:
        decided = night.messages("cat", Purpose.ALARM, Purpose.BROADCAST)
        assert [m.purpose for m in decided if m.status == "accepted"] == ["broadcast"]


def test_a_night_of_visits_across_a_gap_of_a_day(night: Night) -> None:
    """One closed, one extended beyond the gap, one forgotten: only the forgotten one is raised."""
    night.start("ben", 30)
    night.start("dan", 700)
    night.start("amy", 45)
    night.forward(minutes=20)
    night.close("ben")
    night.away(minutes=600)
    night.forward(minutes=10)
    assert [alarm.worker_id for alarm in night.alarms()] == [night.org["amy"].id]
    night.away(minutes=24 * 60)
    night.forward(minutes=10)
    raised = {alarm.worker_id for alarm in night.alarms()}
    assert raised == {night.org["amy"].id, night.org["dan"].id}


def test_a_start_is_watched_though_no_engine_was_there_when_it_came(night: Night) -> None:
    night.rounds_follow = False
    night.start("amy", 45)
    night.clock.forward(minutes=30)
    night.town.restart()
    night.forward(minutes=25)
    assert night.times("ben") == [55 * MIN]
