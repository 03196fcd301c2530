"""Before anybody else hears of it: warned, nudged, asked to check in; and what puts it off."""

from typing import Any

import pytest

from shared.states import Risk
from tests.engine.fixtures import NewNight
from tests.engine.night import Night

MIN = 60.0
WARN = "Your 14:45 booking is up in 5 min. Reply DONE and your PIN or MORE 15 and your PIN."
NUDGE = "Your 14:45 booking is up. Reply DONE and your PIN or, for longer, MORE 15 and your PIN."


def test_she_is_warned_and_nudged_twice_and_nobody_else_hears_of_it(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=54, seconds=59)
    assert night.texts("amy") == [WARN, NUDGE, NUDGE]
    assert night.times("amy") == [40 * MIN, 45 * MIN, 50 * MIN]
    assert night.texts("ben") + night.texts("cat") + night.texts("dan") == []


def test_closed_in_grace_nobody_else_ever_hears_of_it(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=47)
    night.close("amy")
    night.forward(minutes=300)
    assert night.times("amy") == [40 * MIN, 45 * MIN]
    assert night.texts("ben") + night.texts("cat") == []
    assert night.alarms() == []


def test_closed_early_there_is_not_even_a_warning(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=39)
    night.close("amy")
    night.forward(minutes=300)
    assert night.texts("amy") == []


@pytest.mark.parametrize(
    ("policy", "moments"),
    [
        ({"nudges": 0}, [40]),
        ({"nudges": 1}, [40, 45]),
        ({"nudges": 5}, [40, 45, 47, 49, 51, 53]),
        ({"warn_before_s": 0}, [45, 50]),
        ({"warn_before_s": 3600}, [45, 50]),
        ({"warn_before_s": 2700}, [45, 50]),
        ({"warn_before_s": 2699}, [1 / MIN, 45, 50]),
        ({"warn_before_s": 0, "nudges": 0}, []),
    ],
)
def test_every_setting_of_the_reminders_at_its_bounds(
    new_night: NewNight, policy: dict[str, Any], moments: list[float]
) -> None:
    night = new_night(policy=policy)
    night.start("amy", 45)
    night.forward(minutes=54)
    assert night.times("amy") == pytest.approx([m * MIN for m in moments])
    assert night.alarms() == []
    night.forward(minutes=1)
    assert night.times("ben") == [55 * MIN]


@pytest.mark.parametrize("grace_s", [0, 1, 3600])
def test_grace_at_its_bounds(new_night: NewNight, grace_s: int) -> None:
    night = new_night(policy={"grace_s": grace_s, "nudges": 2})
    night.start("amy", 45)
    night.forward(minutes=45 + 60)
    assert night.times("ben")[0] == 45 * MIN + grace_s
    expected = [40 * MIN, 45 * MIN, 45 * MIN + grace_s / 2] if grace_s else [40 * MIN]
    assert night.times("amy") == expected


def test_reminders_that_were_missed_come_once_and_not_in_bulk(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=39)
    night.away(minutes=11, seconds=30)
    assert night.times("amy") == [50.5 * MIN]
    assert night.new("amy") == [NUDGE]


def test_a_missed_warning_is_not_sent_after_the_end(night: Night) -> None:
    """A gap of less than 60 s over the moment of the warning: late, but still before the end."""
    night.start("amy", 45)
    night.forward(minutes=39, seconds=50)
    night.away(seconds=40)
    assert night.new("amy") == [WARN.replace("5 min", "4 min")]
    night.forward(minutes=4)
    assert night.new("amy") == []


def test_an_extension_starts_everything_anew(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=46)
    night.extend("amy", 30)
    night.forward(minutes=29)
    assert night.times("amy") == [40 * MIN, 45 * MIN, 71 * MIN]
    night.forward(minutes=11)
    assert night.times("ben") == [86 * MIN]


def test_an_extension_before_the_end_counts_from_the_end(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=30)
    night.extend("amy", 15)
    night.forward(minutes=39)
    assert night.texts("ben") == []
    night.forward(minutes=1)
    assert night.times("ben") == [70 * MIN]
    assert night.times("amy") == [55 * MIN, 60 * MIN, 65 * MIN]


def test_a_check_in_in_grace_gives_one_more_grace_once(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=48)
    assert night.check_in("amy") == "grace"
    night.forward(minutes=14)
    assert night.check_in("amy") == "nothing"
    night.forward(minutes=2, seconds=59)
    assert night.texts("ben") == []
    night.forward(seconds=1)
    assert night.times("ben") == [65 * MIN]


def test_a_new_end_earns_a_new_grace(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=48)
    night.check_in("amy")
    night.extend("amy", 10)
    night.forward(minutes=12)
    assert night.check_in("amy") == "grace"
    night.forward(minutes=17, seconds=59)
    assert night.texts("ben") == []
    night.forward(seconds=1)
    assert night.times("ben") == [78 * MIN]


def test_high_risk_visits_owe_a_check_in_every_half_hour_without_a_warning(night: Night) -> None:
    night.start("amy", 120, risk=Risk.HIGH)
    night.forward(minutes=29)
    assert night.texts("amy") == []
    night.forward(minutes=2)
    assert night.new("amy") == ["Your 14:30 call is due. Reply OK."]
    assert night.check_in("amy") == "moved"
    night.forward(minutes=29)
    assert night.new("amy") == []
    night.forward(minutes=6)
    assert night.times("ben")[0] == 66 * MIN


def test_the_last_check_in_is_the_end_itself_with_its_warning(night: Night) -> None:
    night.start("amy", 45, risk=Risk.HIGH)
    night.forward(minutes=25)
    night.check_in("amy")
    assert night.visit("amy").due_at == night.visit("amy").ends_at
    night.forward(minutes=18)
    assert night.new("amy") == [WARN]
    night.forward(minutes=7)
    assert night.times("ben")[0] == 50 * MIN


def test_check_ins_may_come_as_early_and_as_often_as_she_likes(night: Night) -> None:
    night.start("amy", 240, risk=Risk.HIGH)
    for _ in range(20):
        night.forward(minutes=11)
        assert night.check_in("amy") == "moved"
    assert night.texts("amy") == []
