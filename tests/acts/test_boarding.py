"""Boards show what each person may see, and the very plans the engine climbs by (P4, P7)."""

import pytest
from sqlalchemy import event, select

from server.acts import boarding, climbing, seeing
from server.acts.circles import plans_of
from server.store import people
from server.store.alarms import Alarm
from server.store.db import Session, db
from server.store.people import NumberProof, Person
from server.store.visits import Visit
from shared.states import Role
from tests.engine.fixtures import NewNight
from tests.engine.night import Night
from tests.support.database import sqlite_only
from tests.support.people import AMY, BEN, CAT, DAN, Somebody, reading, settle

ELA = Somebody(
    "ela", "Ela Novak", "+447700900111", (Role.MANAGER,), team="ot-south", pin="5173",
    duress_pin="6048",
)  # fmt: skip
FAY = Somebody("fay", "Fay Moss", "+447700900112", buddies=("amy",), team="ot-south")
EVERYBODY = (AMY, BEN, CAT, DAN, ELA, FAY)
RUNGS = {
    "rungs": [
        {"after_s": 0, "to": ["buddy"], "by": ["text"]},
        {"after_s": 120, "to": ["cover", "ela"], "by": ["call"]},
        {"after_s": 240, "to": ["managers"], "by": ["text"]},
    ]
}


@pytest.fixture
def night(new_night: NewNight) -> Night:
    """Two teams; Fay, of the other one, is watched by Amy."""
    return new_night(people=EVERYBODY, admins=["dan"], policy=RUNGS)


def viewers(session: Session, night: Night) -> list[Person]:
    return [people.person(session, one.id) for one in night.org.people.values()]


def busy(night: Night) -> None:
    """Overdue, SOS, duress, a planned visit, a chosen buddy, a no and a pass, in two teams."""
    night.start("fay", 20, place="3 Elm Rd")
    amys = night.start("amy", 10, buddy_id=night.org["dan"].id)
    night.answer_watch("dan", amys, accepted=False)
    night.start("dan", 60, starts_at=night.clock.now())
    night.start("ben", 15)
    night.forward(minutes=32)
    night.pass_on("ben", night.alarms("amy")[0].id)
    night.sos("dan")
    night.own("cat", night.alarms("dan")[0].id)
    night.close("ben", "8642")
    night.forward(minutes=1)


@sqlite_only
def test_the_plans_shown_together_are_those_shown_one_by_one(night: Night) -> None:
    busy(night)

    def compare(session: Session) -> int:
        found = session.scalars(select(Alarm).where(Alarm.status != "resolved")).unique().all()
        desk = night.running.desk
        for viewer in viewers(session, night):
            together = plans_of(session, desk, viewer, found)
            for alarm in found:
                circle = climbing.circle_around(session, desk, alarm, viewer.id)
                assert together[alarm.id] == climbing.plan_of(session, desk, alarm, circle)
        return len(found)

    assert reading(night.app, compare) >= 4


def test_everybody_sees_what_is_her_business_and_nothing_else(night: Night) -> None:
    busy(night)

    def compare(session: Session) -> None:
        visits = session.scalars(select(Visit).where(Visit.status != "closed")).unique().all()
        alarms = session.scalars(select(Alarm).where(Alarm.status != "resolved")).unique().all()
        for viewer in viewers(session, night):
            reach = boarding.reach_of(session, viewer)
            shown = {row.id for row in boarding.visits_shown(session, reach, night.now)}
            told = {a.visit_id for a in alarms if a.id in reach.told}
            may = {v.id for v in visits if seeing.may_see_visit(session, viewer, v)}
            open_to = {v.id for v in visits if seeing.see_visit(session, viewer, v).is_open}
            assert shown == (may & open_to) - (told - shown)
            raised = {a.id for a in boarding.alarms_shown(session, viewer, reach)}
            assert raised == {
                a.id
                for a in alarms
                if seeing.may_see_alarm(session, viewer, a) and seeing.see_alarm(viewer, a).is_open
            }

    reading(night.app, compare)


@sqlite_only
def test_her_own_duress_is_on_every_board_but_hers(night: Night) -> None:
    night.start("ben", 30)
    night.close("ben", "8642")

    def look(session: Session, who: str) -> tuple[int, int]:
        viewer = people.person(session, night.org[who].id)
        reach = boarding.reach_of(session, viewer)
        raised = boarding.alarms_shown(session, viewer, reach)
        return len(boarding.visits_shown(session, reach, night.now)), len(raised)

    assert reading(night.app, lambda s: look(s, "ben")) == (0, 0)
    assert reading(night.app, lambda s: look(s, "cat")) == (1, 1)
    assert reading(night.app, lambda s: look(s, "ela")) == (0, 0)


@sqlite_only
def test_another_organisation_is_on_nobodys_board(night: Night) -> None:
    night.start("amy", 30)
    other = settle(night.app, night.clock, slug="lakeside", proof=NumberProof.PROVEN)

    def look(session: Session) -> int:
        viewer = people.person(session, other["cat"].id)
        return len(boarding.visits_shown(session, boarding.reach_of(session, viewer), night.now))

    assert reading(night.app, look) == 0


@sqlite_only
def test_a_larger_board_asks_the_database_no_more_often(night: Night) -> None:
    def count(session: Session) -> int:
        asked: list[str] = []

        def note(*what: object) -> None:
            asked.append(str(what[2]))

        event.listen(db.engine, "before_cursor_execute", note)
        viewer = people.person(session, night.org["cat"].id)
        reach = boarding.reach_of(session, viewer)
        boarding.visits_shown(session, reach, night.now)
        raised = boarding.alarms_shown(session, viewer, reach)
        plans_of(session, night.running.desk, viewer, raised)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    night.start("amy", 5)
    night.forward(minutes=16)
    few = reading(night.app, count)
    for who in ("ben", "dan"):
        night.start(who, 5)
    night.sos("amy")
    night.sos("dan")
    night.forward(minutes=16)
    assert reading(night.app, count) == few
