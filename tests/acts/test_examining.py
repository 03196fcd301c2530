"""What the house finds wanting in itself, and that a healthy one finds nothing."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.acts.base import Turn, perform
from server.acts.examining import examine, span_words
from server.acts.starting import NewVisit, start
from server.domain.findings import Finding, Gravity
from server.store.alarms import Alarm
from server.store.house import Beat, House
from server.store.log import Entry
from server.store.messages import Fate, Message
from server.store.people import Pairing, Person
from server.store.providers import note_failure
from server.store.visits import Visit
from shared.states import Means
from tests.support.clock import ManualClock
from tests.support.people import open_app, reading, running_in, settle, writing
from tests.support.postbox import Postbox
from tests.support.town import Town


@dataclass
class Ward:
    """Riverside with an engine, examined."""

    url: str
    folder: Path

    def __post_init__(self) -> None:
        self.clock = ManualClock()
        self.app = open_app(self.url, self.folder, self.clock, ways_out=[Postbox(self.clock.now)])
        self.riverside = settle(self.app, self.clock)
        self.town = Town(self.app, self.clock)
        self.town.round()

    def found(self) -> list[Finding]:
        now, desk = self.clock.now(), running_in(self.app).desk
        return reading(self.app, lambda session: examine(session, desk, now))

    def about(self, gravity: Gravity) -> list[str]:
        return [finding.about for finding in self.found() if finding.gravity is gravity]

    def sentence(self, about: str) -> str:
        [finding] = [finding for finding in self.found() if finding.about == about]
        return finding.sentence

    def change(self, statement: Any) -> None:
        writing(self.app, lambda session: session.execute(statement))

    def goes_out(self, minutes: int = 45) -> None:
        def out(turn: Turn) -> None:
            assert turn.actor is not None
            start(turn, turn.actor, NewVisit(ref=uuid4(), place="12 High St", minutes=minutes))

        with self.app.app_context():
            perform(
                running_in(self.app).desk,
                out,
                now=self.clock.now(),
                by=Means.APP,
                actor_id=self.riverside["amy"].id,
            )


@pytest.fixture
def ward(database_url: str, tmp_path: Path) -> Ward:
    return Ward(database_url, tmp_path)


def test_a_healthy_house_has_no_hole(ward: Ward) -> None:
    assert ward.about(Gravity.HOLE) == []
    assert ward.about(Gravity.FINE) == ["engine"]
    assert "drill" in ward.about(Gravity.NOTE)


def test_a_team_without_a_manager_is_a_hole(ward: Ward) -> None:
    ward.change(update(Person).where(Person.ref == "cat").values(roles=["buddy"]))
    assert "no-manager" in ward.about(Gravity.HOLE)


def test_a_day_at_work_leaves_no_hole(ward: Ward) -> None:
    ward.goes_out()
    ward.town.forward(minutes=56)
    assert ward.about(Gravity.HOLE) == []


def test_a_dead_engine(ward: Ward) -> None:
    ward.clock.forward(minutes=12)
    assert ward.about(Gravity.HOLE) == ["engine"]
    assert ward.sentence("engine") == (
        "No engine has run for 12 min, so no alarm is raised: start wayhome serve."
    )


def test_an_engine_that_is_late_and_a_visit_nobody_watches(ward: Ward) -> None:
    ward.goes_out()
    late = ward.clock.now() - timedelta(seconds=30)
    ward.change(update(Visit).values(due_at=late, raise_at=late, next_at=late))
    assert ward.about(Gravity.HOLE) == ["lateness", "unwatched"]
    assert ward.sentence("lateness") == "The engine is 30 s behind with what is due."


def test_a_clock_that_was_set_back_under_the_engine(ward: Ward) -> None:
    ward.change(update(Beat).values(clock_behind_s=600.0, host="pear"))
    assert ward.about(Gravity.HOLE) == ["clock"]
    assert ward.sentence("clock").startswith(
        "The clock of pear was set back by 600 s: put it right"
    )


def test_a_clock_that_was_set_back_since(ward: Ward) -> None:
    ward.change(update(House).values(round_at=ward.clock.now() + timedelta(minutes=10)))
    assert ward.about(Gravity.HOLE) == ["clock"]
    assert "10 min ahead" in ward.sentence("clock")


def test_engines_of_two_versions(ward: Ward) -> None:
    def another(session: Session) -> None:
        now = ward.clock.now()
        session.add(Beat(host="fig", pid=1, version="0.0.9", started_at=now, beat_at=now))

    writing(ward.app, another)
    assert "versions" in ward.about(Gravity.NOTE)


def test_a_way_out_that_refuses(ward: Ward) -> None:
    refused = ward.clock.now() - timedelta(minutes=5)
    why = "The account is closed."
    writing(
        ward.app,
        lambda s: note_failure(s, "postbox", refused, account_wide=True, why=why),
    )
    assert ward.about(Gravity.HOLE) == ["way-out"]
    assert ward.sentence("way-out") == (
        "postbox has accepted nothing for 5 min. The account is closed."
    )


def test_an_alarm_that_stands_still_and_a_message_that_waits(ward: Ward) -> None:
    ward.goes_out()
    ward.town.forward(minutes=55.1)
    past = ward.clock.now() - timedelta(minutes=2)
    ward.change(update(Alarm).values(next_at=past))
    ward.change(update(Message).values(status=Fate.PENDING.value, lane=0, next_at=past))
    assert ward.about(Gravity.HOLE) == ["lateness", "alarms-behind", "stuck-messages"]


def test_an_alarm_nobody_takes_charge_of(ward: Ward) -> None:
    ward.goes_out()
    ward.town.forward(minutes=55.1)
    assert ward.about(Gravity.HOLE) == []
    ward.town.forward(minutes=16)
    assert ward.about(Gravity.HOLE) == ["unowned-alarms"]
    assert ward.sentence("unowned-alarms") == (
        "Alarms over 15 min old that nobody has charge of: 1. Ring the managers."
    )
    assert "amy" not in ward.sentence("unowned-alarms").lower()


def test_a_log_nobody_chains(ward: Ward) -> None:
    ward.goes_out()
    old = ward.clock.now() - timedelta(minutes=2)
    ward.change(update(Entry).values(seq=None, received_at=old))
    assert ward.about(Gravity.HOLE) == ["log-unchained"]


def of(ward: Ward, ref: str) -> Any:
    return update(Person).where(Person.id == ward.riverside[ref].id)


def test_somebody_away_is_not_on_duty(ward: Ward) -> None:
    until = ward.clock.now() + timedelta(hours=4)
    ward.change(of(ward, "cat").values(away_until=until))
    assert ward.about(Gravity.HOLE) == ["thin-ladder", "thin-ladder"]
    ward.clock.move_to(until)
    ward.town.round()
    assert "thin-ladder" not in ward.about(Gravity.HOLE)


def test_dan_has_fewer_than_two_others_once_cat_is_no_manager(ward: Ward) -> None:
    ward.change(of(ward, "cat").values(roles=["worker"]))
    ward.change(of(ward, "amy").values(roles=["worker"]))
    [exposed] = [finding for finding in ward.found() if finding.about == "exposed"]
    assert exposed.who == ("dan",)


def test_the_numbers_nobody_vouches_for_are_no_cover(ward: Ward) -> None:
    ward.change(update(Person).values(number_proof="none"))
    found = {finding.about: finding for finding in ward.found()}
    assert found["unproven"].who == ("amy", "ben", "cat", "dan")
    assert found["exposed"].who == ("amy", "ben", "dan")
    assert found["thin-ladder"].who == ()
    assert found["thin-ladder"].sentence == (
        "People on duty in ot-north's urgent ladder: 0. It needs 3."
    )


def test_a_worker_without_a_buddy_is_noted(ward: Ward) -> None:
    ward.change(delete(Pairing).where(Pairing.worker_id == ward.riverside["dan"].id))
    assert "without-buddy" in ward.about(Gravity.NOTE)


def test_nothing_is_changed_by_looking(ward: Ward) -> None:
    def people(session: Session) -> list[Any]:
        return [tuple(row) for row in session.execute(select(Person.__table__).order_by("ref"))]

    before = reading(ward.app, people)
    ward.found()
    assert reading(ward.app, people) == before


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=0.4), "0 s"),
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_spans_are_said_in_the_largest_unit_that_fits(span: timedelta, words: str) -> None:
    assert span_words(span) == words
