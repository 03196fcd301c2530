"""P10: events made without signal carry their own time, come in whatever order, and are weighed:
an old start is watched, only what would stop an alarm now stops it, and late news moves nothing
backwards."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from server.acts import during
from server.acts.starting import Position
from server.domain.refusals import AlreadyClosed, BadField
from shared.states import Risk
from tests.engine.fixtures import NewNight
from tests.engine.night import Night, bodies

SAFE = "4821"
MIN = 60.0


def ago(night: Night, minutes: float) -> dict[str, Any]:
    """When something happened, as a phone without signal says it."""
    return {"at": night.now - timedelta(minutes=minutes)}


def test_an_old_start_is_watched_as_if_it_had_come_in_time(night: Night) -> None:
    night.start("amy", 45, **ago(night, 30))
    visit = night.visit("amy")
    assert visit.ends_at == night.now + timedelta(minutes=15)
    night.forward(minutes=25)
    assert night.times("amy") == [10 * MIN, 15 * MIN, 20 * MIN]
    assert night.times("ben") == [25 * MIN]


@pytest.mark.parametrize("minutes_ago", [56, 300, 72 * 60])
def test_a_start_that_comes_after_its_raise_at_is_nudged_first_and_raised_a_minute_later(
    night: Night, minutes_ago: float
) -> None:
    night.start("amy", 45, **ago(night, minutes_ago))
    assert len(night.new("amy")) == 1
    night.forward(seconds=59)
    assert night.alarms() == []
    night.forward(seconds=1)
    assert night.times("ben") == [MIN]


def test_a_start_that_comes_in_its_grace_keeps_what_is_left_of_it(night: Night) -> None:
    night.start("amy", 45, **ago(night, 48))
    assert len(night.new("amy")) == 1
    night.forward(minutes=7)
    assert night.times("ben") == [7 * MIN]


def test_a_start_and_its_end_that_come_together_alarm_nobody(night: Night) -> None:
    start, end = ago(night, 300), ago(night, 250)
    night.start("amy", 45, **start)
    night.close("amy", **end)
    night.forward(minutes=30)
    assert night.alarms() == []
    assert night.visit("amy").closed_at == end["at"]


def test_news_older_than_three_days_is_refused_by_field(night: Night) -> None:
    with pytest.raises(BadField) as refused:
        night.start("amy", 45, **ago(night, 72 * 60 + 1))
    assert refused.value.field == "at"
    with pytest.raises(BadField) as refused:
        night.start("amy", 45, starts_at=night.now - timedelta(days=30))
    assert refused.value.field == "starts_at"


@pytest.mark.parametrize("ahead_s", [30, 61, 86_400])
def test_a_phone_whose_clock_is_ahead_speaks_of_now(night: Night, ahead_s: float) -> None:
    night.start("amy", 45, at=night.now + timedelta(seconds=ahead_s))
    assert night.visit("amy").starts_at == night.now


def test_an_old_check_in_never_brings_a_due_time_forward(night: Night) -> None:
    night.start("amy", 240, risk=Risk.HIGH)
    early = night.now + timedelta(minutes=5)
    night.forward(minutes=25)
    night.check_in("amy")
    due = night.visit("amy").due_at
    night.forward(minutes=5)
    night.check_in("amy", at=early)
    assert night.visit("amy").due_at == due


def test_an_old_check_in_in_the_grace_takes_nothing_of_the_second_grace(night: Night) -> None:
    night.start("amy", 45)
    early = night.now + timedelta(minutes=20)
    night.forward(minutes=48)
    night.check_in("amy")
    raise_at = night.visit("amy").raise_at
    night.forward(minutes=9)
    night.check_in("amy", at=early)
    assert night.visit("amy").raise_at == raise_at


def test_an_old_check_in_after_a_gap_does_not_raise_her_at_once(night: Night) -> None:
    """She owed a call at 14:30; the house was away until 15:10, and hears now of 14:20."""
    night.start("amy", 240, risk=Risk.HIGH)
    early = night.now + timedelta(minutes=20)
    night.forward(minutes=25)
    night.away(minutes=45)
    raise_at = night.visit("amy").raise_at
    night.check_in("amy", at=early)
    assert night.visit("amy").raise_at == raise_at
    assert night.alarms() == []


def test_a_check_in_after_a_gap_gives_one_more_grace_from_then(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=40)
    night.away(minutes=120)
    night.forward(seconds=30)
    assert night.check_in("amy") == "grace"
    night.forward(minutes=9)
    assert night.alarms() == []
    night.forward(minutes=3)
    assert len(night.alarms()) == 1


def test_an_old_extension_counts_from_when_it_was_asked_for(night: Night) -> None:
    night.start("amy", 45)
    asked = night.now + timedelta(minutes=40)
    night.forward(minutes=50)
    night.extend("amy", 30, at=asked)
    assert night.visit("amy").ends_at == asked + timedelta(minutes=35)
    assert night.visit("amy").due_at == night.visit("amy").ends_at


def test_an_old_extension_whose_end_has_passed_too_is_nudged_and_raised_a_minute_later(
    night: Night,
) -> None:
    night.start("amy", 45)
    asked = night.now + timedelta(minutes=47)
    night.forward(minutes=57)
    night.forget()
    night.extend("amy", 5, SAFE, at=asked)
    assert bodies(night.new("ben"), "All clear")
    assert night.visit("amy").ends_at == asked + timedelta(minutes=5)
    night.forward(seconds=119)
    assert len(night.alarms()) == 1
    night.forward(minutes=4)
    assert len(night.alarms()) == 2


def test_after_a_raise_old_news_without_pin_is_told_with_its_own_time(night: Night) -> None:
    night.start("amy", 45)
    done = night.now + timedelta(minutes=44)
    night.forward(minutes=57)
    night.forget()
    night.close("amy", at=done)
    assert night.new("ben") == [
        "Amy Okafor's phone says she is finished at 14:44, no PIN: speak to her."
    ]
    assert night.alarm().is_open


def test_after_a_raise_an_old_close_with_her_safe_pin_ends_it(night: Night) -> None:
    night.start("amy", 45)
    done = night.now + timedelta(minutes=44)
    night.forward(minutes=57)
    night.close("amy", SAFE, at=done)
    assert not night.alarm().is_open
    assert night.visit("amy").closed_at == done


def test_on_a_closed_visit_what_was_before_is_late_and_what_is_after_is_refused(
    night: Night,
) -> None:
    night.start("amy", 45)
    before = night.now + timedelta(minutes=10)
    night.forward(minutes=30)
    night.close("amy")
    ends_at = night.visit("amy").ends_at
    there = Position(51.5, -0.1, 10.0)
    assert night.check_in("amy", at=before) == "nothing"
    night.extend("amy", 15, at=before)
    night._on_visit("amy", lambda t, v: during.report_position(t, v, there), at=before)
    assert len(night.log("late_news")) == 3
    assert night.visit("amy").ends_at == ends_at
    for act in (
        lambda: night.check_in("amy"),
        lambda: night.extend("amy", 15),
        lambda: night._on_visit("amy", lambda t, v: during.report_position(t, v, there)),
    ):
        with pytest.raises(AlreadyClosed, match="over: you closed it"):
            act()


@pytest.mark.parametrize("order", list(permutations(["check-in", "extend", "position"])))
def test_events_in_whatever_order_end_in_the_same_watch(
    night: Night, order: tuple[str, ...]
) -> None:
    night.start("amy", 120, risk=Risk.HIGH)
    start = night.now
    night.forward(minutes=29)
    deeds: dict[str, Callable[[], object]] = {
        "check-in": lambda: night.check_in("amy", at=start + timedelta(minutes=20)),
        "extend": lambda: night.extend("amy", 30, at=start + timedelta(minutes=25)),
        "position": lambda: night._on_visit(
            "amy",
            lambda t, v: during.report_position(t, v, Position(51.5, -0.1, None)),
            at=start + timedelta(minutes=28),
        ),
    }
    for name in order:
        deeds[name]()
    visit = night.visit("amy")
    assert visit.ends_at == start + timedelta(minutes=150)
    assert visit.due_at == start + timedelta(minutes=55)
    assert visit.heard_at == start + timedelta(minutes=25)
    assert visit.position_at == start + timedelta(minutes=28)


def test_the_start_of_an_earlier_visit_that_comes_late_does_not_end_the_later_one(
    new_night: NewNight,
) -> None:
    night = new_night(policy={"pin": "never"})
    night.forward(minutes=120)
    later = night.start("amy", 45, place="3 Low St")
    night.start("amy", 30, place="12 High St", **ago(night, 90))
    assert night.visit(later).status == "open"
    night.forward(minutes=2)
    assert bodies(night.texts("ben"), "overdue at 12 High St")
    night.forward(minutes=50)
    assert night.visit(later).status == "open"


def test_an_sos_of_an_hour_ago_says_when_it_was_made(night: Night) -> None:
    night.forward(minutes=90)
    night.sos("amy", **ago(night, 60))
    assert bodies(night.texts("ben"), "SOS from Amy Okafor", "14:30")
    assert night.alarm().raised_at == night.now


def test_nothing_in_a_visit_is_before_its_start(night: Night) -> None:
    """A phone whose clock is behind: it counts as the start, and the log keeps what was said."""
    night.start("amy", 45)
    begun = night.now
    night.forward(minutes=10)
    early = ago(night, 93)
    night.check_in("amy", **early)
    night.extend("amy", 10, **early)
    night.close("amy", **early)
    visit = night.visit("amy")
    assert visit.closed_at == visit.starts_at == begun
    lines = night.log()
    assert [entry.what for entry in lines if entry.at < begun] == []
    assert [entry.what for entry in lines].count("said_before_start") == 3
