"""`wayhome import` while people are out: policies, numbers and leavers (contract 4)."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from server.acts.base import perform
from server.acts.closing import close
from server.acts.importing import BadImport, Options, import_file
from server.acts.owning import own
from server.acts.starting import NewVisit, start
from server.store import db
from server.store import devices as phones
from server.store.alarms import Alarm
from server.store.log import Audience, Entry
from server.store.people import Device
from server.store.visits import Visit
from shared.states import AlarmStatus, Means, Risk, VisitStatus
from tests.support.clock import ManualClock
from tests.support.people import Org, open_app, reading, running_in, settle
from tests.support.postbox import Postbox
from tests.support.town import Town


class Day:
    """A day in Riverside, into which files are imported."""

    def __init__(self, url: str, folder: Path) -> None:
        self.clock = ManualClock()
        self.postbox = Postbox(self.clock.now)
        self.app = open_app(url, folder, self.clock, ways_out=[self.postbox])
        self.riverside: Org = settle(self.app, self.clock)
        self.town = Town(self.app, self.clock)
        self.town.round()

    def bring_in(self, **sections: Any) -> None:
        data = json.dumps({"organisation": {"slug": "riverside"}, **sections}).encode()
        with self.app.app_context():
            import_file(
                running_in(self.app).desk, data, Options(), as_csv=False, now=self.clock.now()
            )

    def policy(self, **fields: Any) -> None:
        self.bring_in(teams=[{"slug": "ot-north", "policy": fields}])

    def act(self, ref: str, work: Callable[[Any], Any]) -> Any:
        """What somebody does with her phone."""
        worker = {self.riverside[name].id for name in ("amy", "ben")}
        with self.app.app_context():
            return perform(
                running_in(self.app).desk,
                work,
                now=self.clock.now(),
                by=Means.APP,
                actor_id=self.riverside[ref].id,
                lock=lambda _: worker,
            )

    def goes_out(self, ref: str, minutes: int = 45, **more: Any) -> None:
        wanted = NewVisit(ref=uuid4(), place="12 High St", minutes=minutes, **more)
        self.act(ref, lambda turn: start(turn, turn.actor, wanted))

    def visit(self) -> Visit:
        return reading(self.app, lambda session: session.scalars(select(Visit)).unique().one())

    def alarm(self) -> Alarm:
        return reading(self.app, lambda session: session.scalars(select(Alarm)).unique().one())

    def entries(self, what: str) -> list[Entry]:
        query = select(Entry).where(Entry.what == what)
        return reading(self.app, lambda session: list(session.scalars(query)))


@pytest.fixture
def day(database_url: str, tmp_path: Path) -> Day:
    return Day(database_url, tmp_path)


def after(visit: Visit, at: datetime | None) -> float:
    assert at is not None
    return (at - visit.starts_at).total_seconds() / 60


def test_a_longer_grace_never_moves_an_open_visit_later(day: Day) -> None:
    day.goes_out("amy")
    before = day.visit().raise_at
    day.policy(grace_s=3600)
    assert day.visit().raise_at == before
    assert day.entries("policy_adopted") == []


def test_a_shorter_grace_counts_for_open_visits_too(day: Day) -> None:
    day.goes_out("amy")
    day.policy(grace_s=120)
    assert after(day.visit(), day.visit().raise_at) == 47
    assert len(day.entries("policy_adopted")) == 1
    day.town.forward(minutes=46.9)
    assert day.entries("overdue_raised") == []
    day.town.forward(minutes=0.2)
    assert len(day.entries("overdue_raised")) == 1


def test_a_grace_that_is_over_by_the_new_rule_leaves_her_a_minute_and_a_nudge(day: Day) -> None:
    day.policy(nudges=1)
    day.goes_out("amy")
    day.town.forward(minutes=50)
    day.postbox.new_to(day.riverside["amy"].mobile)
    day.policy(grace_s=60, nudges=2)
    assert after(day.visit(), day.visit().raise_at) == 51
    day.town.forward(minutes=0.5)
    assert day.postbox.new_to(day.riverside["amy"].mobile) != []
    assert day.entries("overdue_raised") == []
    day.town.forward(minutes=0.6)
    assert len(day.entries("overdue_raised")) == 1


def test_check_ins_asked_for_from_now_on_count_from_now(day: Day) -> None:
    day.goes_out("amy", minutes=300)
    day.town.forward(minutes=100)
    day.policy(check_in_every_s={"standard": 3600})
    assert after(day.visit(), day.visit().due_at) == 160
    assert after(day.visit(), day.visit().raise_at) == 170
    day.policy(check_in_every_s={"standard": None})
    assert after(day.visit(), day.visit().due_at) == 160


def test_only_the_visits_it_is_about_move(day: Day) -> None:
    day.goes_out("amy", risk=Risk.HIGH)
    before = day.visit().raise_at
    day.policy(grace_s=60)
    assert day.visit().raise_at == before
    day.policy(grace_high_risk_s=60)
    assert day.visit().raise_at != before


def test_a_new_warning_is_given_to_whoever_is_out(day: Day) -> None:
    day.policy(warn_before_s=0)
    day.goes_out("amy")
    day.policy(warn_before_s=1200)
    day.town.forward(minutes=24)
    assert day.postbox.texts_to(day.riverside["amy"].mobile) == []
    day.town.forward(minutes=2)
    [warning] = day.postbox.texts_to(day.riverside["amy"].mobile)
    assert "20 min" in warning


def test_an_open_alarm_keeps_its_rungs_and_finds_its_people_afresh(day: Day) -> None:
    day.goes_out("amy")
    day.town.forward(minutes=55.1)
    rungs = day.alarm().ladder_json
    day.policy(rungs=[{"after_s": 0, "to": ["managers"], "by": ["text"]}])
    day.bring_in(people=[{"ref": "cat", "mobile": "07700 900177"}])
    assert day.alarm().ladder_json == rungs
    day.town.forward(minutes=4)
    assert day.postbox.texts_to("+447700900177") != []


def test_a_watch_over_planned_visits_begins_with_those_ahead(day: Day) -> None:
    ahead = day.clock.now() + timedelta(minutes=30)
    day.goes_out("amy", starts_at=ahead)
    day.policy(watch_not_started=True)
    assert day.visit().next_at == ahead + timedelta(minutes=15)
    day.policy(watch_not_started=False)
    assert day.visit().next_at is None
    day.town.forward(minutes=60)
    day.policy(watch_not_started=True)
    assert day.visit().next_at is None


def test_a_policy_says_nothing_to_a_worker_under_duress(day: Day) -> None:
    day.goes_out("amy")
    pin = day.riverside["amy"].duress_pin
    day.act("amy", lambda turn: close(turn, _only_visit(turn), pin=pin))
    day.policy(grace_s=60)
    assert [entry.audience for entry in day.entries("policy_adopted")] == [Audience.NOT_SUBJECT]


def _only_visit(turn: Any) -> Visit:
    found: Visit = turn.session.scalars(select(Visit)).unique().one()
    return found


def _only_alarm(turn: Any) -> Alarm:
    found: Alarm = turn.session.scalars(select(Alarm)).unique().one()
    return found


def test_leaving_ends_sign_in(day: Day) -> None:
    day.bring_in(people=[{"ref": "ben", "left": True}])
    ben = day.riverside["ben"].id

    def devices(session: Any) -> list[datetime | None]:
        query = select(Device.revoked_at).where(Device.person_id == ben)
        return list(session.scalars(query))

    assert reading(day.app, devices) == [day.clock.now()]
    assert reading(day.app, lambda session: phones.live_devices(session, ben)) == []


def test_the_open_visit_of_somebody_who_left_is_watched_to_its_end(day: Day) -> None:
    day.goes_out("amy")
    day.bring_in(people=[{"ref": "amy", "left": True}])
    assert day.visit().status == VisitStatus.OPEN
    day.town.forward(minutes=56)
    assert day.alarm().status == AlarmStatus.RAISED
    assert day.postbox.texts_to(day.riverside["ben"].mobile) != []


def test_alarms_she_owned_are_released_and_the_climb_goes_on_at_once(day: Day) -> None:
    day.goes_out("amy")
    day.town.forward(minutes=55.1)
    day.act("ben", lambda turn: own(turn, _only_alarm(turn)))
    assert day.alarm().status == AlarmStatus.OWNED
    day.bring_in(people=[{"ref": "ben", "left": True}])
    assert day.alarm().status == AlarmStatus.RAISED
    day.town.forward(seconds=5)
    assert any("Amy" in text for text in day.postbox.texts_to(day.riverside["cat"].mobile))
    assert len(day.entries("released")) == 1


def test_visits_she_had_planned_are_called_off(day: Day) -> None:
    day.policy(watch_not_started=True)
    day.goes_out("amy", starts_at=day.clock.now() + timedelta(hours=2))
    day.bring_in(people=[{"ref": "amy", "left": True}])
    assert day.visit().status == VisitStatus.CANCELLED
    day.town.forward(minutes=180)
    assert day.entries("not_started_raised") == []


def test_the_number_of_somebody_still_out_is_not_given_away(day: Day) -> None:
    day.goes_out("amy")
    day.bring_in(people=[{"ref": "amy", "left": True}])
    number = {"ref": "eve", "mobile": day.riverside["amy"].mobile}
    eve = {**number, "name": "Eve", "team": "ot-north", "roles": ["worker"]}
    with pytest.raises(BadImport, match="amy's number already"):
        day.bring_in(people=[eve])
    day.town.forward(minutes=1)
    with day.app.app_context():
        db.write(lambda session: _close_by_hand(session))
    day.bring_in(people=[eve])


def _close_by_hand(session: Any) -> None:
    visit = session.scalars(select(Visit)).unique().one()
    visit.status, visit.next_at = VisitStatus.CLOSED.value, None
