"""P7: to everyone else it does not exist; and the worker sees who looked."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from server.store.house import Look
from tests.api.phone import Phone, ok, refused
from tests.support.clock import ManualClock
from tests.support.people import Org, reading
from tests.support.town import Town

MISSING = "2d3f0c9e-5b7a-4a57-9d6e-0a7f6f6f2c11"
CANARY = "Canary Wharf Road"
VISIT_ACTS: dict[str, dict[str, Any]] = {
    "start": {},
    "check-in": {},
    "extend": {"minutes": 5},
    "close": {"spoke_to_her": True},
    "cancel": {},
    "position": {"at": "2026-03-10T14:00:00Z", "position": {"lat": 1, "lon": 1}},
}
ALARM_ACTS: dict[str, dict[str, Any]] = {
    "stand-down": {"pin": "4821"},
    "own": {"take_over": True},
    "release": {},
    "note": {"text": "Hello."},
    "resolve": {"outcome": "safe"},
}


@pytest.fixture
def strangers(app: Flask, dan: Phone, lakeside: Org) -> list[Phone]:
    """Somebody of her own team with no part in it, and people of another organisation."""
    return [dan, Phone(app, lakeside["amy"]), Phone(app, lakeside["cat"])]


def test_somebody_elses_visit_and_alarm_are_like_missing_ones(
    amy: Phone, town: Town, strangers: list[Phone], subtests: pytest.Subtests
) -> None:
    visit = amy.start(place=CANARY)
    town.forward(minutes=41)
    (alarm,) = amy.alarms()
    for stranger in strangers:
        for thing, acts in ((visit, VISIT_ACTS), (alarm, ALARM_ACTS)):
            kind = "visits" if thing is visit else "alarms"
            with subtests.test(who=stranger.owner.token, kind=kind):
                hers = stranger.get(f"/{kind}/{thing['id']}")
                missing = stranger.get(f"/{kind}/{MISSING}")
                refused(hers, 404, "not-found")
                assert hers.data == missing.data
                for act, body in acts.items():
                    hers = stranger.post(f"/{kind}/{thing['id']}/{act}", **body)
                    missing = stranger.post(f"/{kind}/{MISSING}/{act}", **body)
                    refused(hers, 404, "not-found")
                    assert hers.data == missing.data
        for answer in ("accept", "decline"):
            refused(stranger.post(f"/watching/{visit['id']}/{answer}"), 404, "not-found")
    assert amy.visit(visit)["status"] == "open"
    assert amy.alarms() == [alarm]


def test_no_list_shows_what_is_somebody_elses(
    amy: Phone, town: Town, strangers: list[Phone]
) -> None:
    amy.start(place=CANARY)
    town.forward(minutes=41)
    for stranger in strangers:
        for path in ("/me", "/visits", "/alarms", "/alarms?status=resolved", "/watching"):
            answer = stranger.get(path)
            assert CANARY.encode() not in answer.data
            if path != "/me":
                assert ok(answer)["items"] == []


def test_nobody_of_another_organisation_can_be_a_buddy_or_be_started_for(
    amy: Phone, lakeside: Org, org: Org
) -> None:
    for ref in ("ben", "cat"):
        theirs = str(lakeside[ref].id)
        answer = amy.post("/visits", place="x", minutes=5, buddy=theirs)
        missing = amy.post("/visits", place="x", minutes=5, buddy=MISSING)
        assert (answer.status_code, answer.data) == (422, missing.data)
        for_them = amy.post("/visits", place="x", minutes=5, for_=theirs)
        for_nobody = amy.post("/visits", place="x", minutes=5, for_=MISSING)
        assert (for_them.status_code, for_them.data) == (404, for_nobody.data)
    itself = amy.post("/visits", place="x", minutes=5, buddy=str(org["amy"].id))
    assert itself.status_code == 422


def looks(app: Flask) -> list[tuple[str, str]]:
    def find(session: Any) -> list[tuple[str, str]]:
        return [(str(look.viewer_id), look.what) for look in session.query(Look).order_by(Look.at)]

    return reading(app, find)


def test_she_sees_who_looked(
    app: Flask, amy: Phone, ben: Phone, cat: Phone, clock: ManualClock, town: Town
) -> None:
    visit = amy.start()
    amy.visit(visit)
    ok(amy.get("/visits"))
    assert looks(app) == []
    for _ in range(5):
        ben.visit(visit)
        ok(ben.get("/watching"))
        clock.forward(seconds=15)
    assert looks(app) == [(str(ben.owner.id), "visit")]
    clock.forward(minutes=10)
    ok(ben.get("/watching"))
    cat.visit(visit)
    assert len(looks(app)) == 3
    town.forward(minutes=41)
    (alarm,) = cat.alarms()
    ok(cat.get(f"/alarms/{alarm['id']}"))
    assert looks(app)[-1] == (str(cat.owner.id), "alarm")
    assert len(looks(app)) == 4


def test_who_was_told_of_an_alarm_sees_the_visit(
    amy: Phone, dan: Phone, town: Town, clock: ManualClock
) -> None:
    """A broadcast brings in the whole team; before it Dan had no part in it."""
    visit = amy.start()
    town.forward(minutes=49)
    refused(dan.get(f"/visits/{visit['id']}"), 404, "not-found")
    town.forward(minutes=2)
    assert dan.visit(visit)["id"] == visit["id"]
    (alarm,) = dan.alarms()
    assert ok(dan.post(f"/alarms/{alarm['id']}/own"))["owner"]["name"] == "Dan Price"


def test_acting_for_her_is_written_down(amy: Phone, cat: Phone) -> None:
    visit = amy.start()
    ok(cat.post(f"/visits/{visit['id']}/extend", minutes=10))
    assert amy.visit(visit)["log"][-1] | {"at": "", "received_at": ""} == {
        "at": "",
        "received_at": "",
        "what": "extended",
        "by_whom": "Cat Lin",
        "by": "app",
        "told": [],
    }


def test_late_news_keeps_both_times(amy: Phone, clock: ManualClock) -> None:
    """P9: when it happened, and when it was received."""
    visit = amy.start(minutes=60)
    clock.forward(minutes=20)
    happened = clock.now() - timedelta(minutes=5)
    ok(amy.post(f"/visits/{visit['id']}/check-in", at=happened))
    line = amy.visit(visit)["log"][-1]
    assert line["at"] == happened.isoformat()
    assert line["received_at"] == clock.now().isoformat()
