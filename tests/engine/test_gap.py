"""A time in which the house could not have raised an alarm is written into the log by itself, once,
and whoever had charge of an alarm meanwhile is asked again before it goes on (P9, P5)."""

from dataclasses import replace
from datetime import datetime

import pytest

from server.gateways.base import Fate, Handover
from tests.engine.fixtures import NewNight
from tests.engine.night import Night
from tests.support.people import BEN, DAN, settle

BEN_ALONE = replace(BEN, buddies=())
DOWN = Handover(Fate.TEMPORARY, None, None, "nobody answers")


def test_rounds_that_follow_each_other_leave_no_gap(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=120)
    assert night.log("gap") == []


@pytest.mark.parametrize(("away_s", "written"), [(10, 0), (15, 0), (16, 1), (3600, 1)])
def test_a_gap_is_written_down_from_15_seconds_on(
    night: Night, away_s: float, written: int
) -> None:
    night.forward(minutes=1)
    since = night.now
    night.away(seconds=away_s)
    assert len(night.log("gap")) == written
    if written:
        said = night.said("gap")[0]
        assert said["until"] == night.now.isoformat()
        assert abs(since.timestamp() - _instant(said["since"])) <= 1


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_every_organisation_reads_of_the_gap_in_its_own_log(night: Night) -> None:
    other = settle(night.app, night.clock, (DAN, BEN_ALONE), slug="lakeside")
    night.away(minutes=5)
    assert {entry.org_id for entry in night.log("gap")} == {night.org.id, other.id}


def test_an_engine_that_starts_beside_a_running_one_finds_no_gap(night: Night) -> None:
    night.forward(minutes=5)
    night.town.restart()
    night.town.round()
    assert night.log("gap") == []


def test_an_owner_whose_time_ran_out_in_a_gap_is_asked_before_the_climb_goes_on(
    night: Night,
) -> None:
    night.start("amy", 45)
    night.forward(minutes=55)
    night.own("ben")
    night.forget()
    night.away(minutes=60)
    assert ["still with" in text for text in night.new("ben")] == [True]
    assert night.alarm().status == "owned"
    night.forward(minutes=4)
    night.own("ben")
    assert night.alarm().status == "owned"
    night.forward(minutes=11)
    assert night.alarm().status == "raised"


def test_an_owner_who_says_nothing_after_the_gap_loses_her_charge(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=55)
    night.own("ben")
    night.away(minutes=60)
    night.forward(minutes=5)
    assert night.alarm().status == "raised"
    assert night.new("cat") != []


def test_a_time_without_any_way_out_is_written_down_with_its_end(new_night: NewNight) -> None:
    night = new_night()
    night.start("amy", 45)
    night.forward(minutes=39)
    night.gateway(DOWN)
    night.forward(minutes=10)
    assert len(night.log("way_out_lost")) == 1
    assert night.log("way_out_back") == []
    night.gateway(None)
    night.forward(minutes=2)
    assert len(night.log("way_out_back")) == 1
    assert night.said("way_out_back")[0]["since"] == night.said("way_out_lost")[0]["since"]
    night.may_log |= {"audit"}
