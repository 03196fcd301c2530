"""Killed at any named moment and started again, the house loses nothing; a text comes twice only
where it was handed over, not written down, and the gateway could not be asked (P1, P3)."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from server import points
from tests.engine.fixtures import NewNight
from tests.engine.night import Night

MOMENTS = (
    "visits.before_commit",
    "visits.after_commit",
    "alarms.before_commit",
    "alarms.after_commit",
    "dispatch.claimed",
    "dispatch.before_call",
    "dispatch.after_call",
    "dispatch.recorded",
    "round.done",
)
POLICY = {"broadcast_every_s": 1800, "warn_before_s": 0, "nudges": 1}


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing catches it."""


class Killer:
    """Kills at the nth time a moment comes; from then on nothing of that process goes on."""

    def __init__(self, moment: str, nth: int) -> None:
        self.moment, self.left, self.struck = moment, nth, False

    def __call__(self, name: str) -> None:
        self.left -= name == self.moment
        self.struck = self.left <= 0
        if self.struck:
            raise Killed


@pytest.fixture(autouse=True)
def _nobody_watches_afterwards() -> Iterator[None]:
    yield
    points.watcher = None


def play(night: Night, killer: Killer | None) -> None:
    """Amy goes silent for an hour; after a kill the house is up again within 30 s."""
    night.start("amy", 10)
    points.watcher = killer
    for _ in range(12):
        try:
            night.forward(minutes=5)
        except Killed:
            night.town.settle()
        if killer is not None and killer.struck:
            points.watcher = killer = None
            night.town.restart()
            night.clock.forward(seconds=30)
    points.watcher = None


def everybody_was_told(night: Night) -> None:
    assert len(night.alarms()) == 1
    for who in ("ben", "cat"):
        assert any("Amy Okafor is overdue" in text for text in night.texts(who))
    assert [step.rung for step in night.steps()][:6] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", [1, 2])
def test_wherever_it_is_killed_every_alarm_reaches_its_people(
    new_night: NewNight, moment: str, nth: int
) -> None:
    night = new_night(policy=POLICY)
    killer = Killer(moment, nth)
    play(night, killer)
    assert killer.struck
    everybody_was_told(night)
    sids = {posted.sid for posted in night.postbox.posted}
    known = {message.sid for message in night.messages() if message.sid}
    assert sids == known, "a text was handed over that no message knows of"


def kill_after_the_call(night: Night) -> None:
    """The gateway has the first text to Ben, and nobody wrote that down."""
    points.watcher = Killer("dispatch.after_call", 1)
    with suppress(Killed):
        night.forward(minutes=1)
    night.town.settle()
    points.watcher = None
    night.town.restart()


def test_a_text_comes_twice_only_where_the_gateway_cannot_be_asked(new_night: NewNight) -> None:
    night = new_night(policy=POLICY)
    night.postbox.can_ask = False
    night.start("amy", 10)
    night.forward(minutes=19)
    kill_after_the_call(night)
    night.forward(seconds=50)
    assert night.times("ben") == [20 * 60, 20 * 60 + 45]


def test_where_it_can_be_asked_a_text_that_was_handed_over_is_not_sent_again(
    new_night: NewNight,
) -> None:
    night = new_night(policy=POLICY)
    night.start("amy", 10)
    night.forward(minutes=19)
    kill_after_the_call(night)
    night.forward(seconds=50)
    assert night.times("ben") == [20 * 60]
    assert night.postbox.asked == 1
