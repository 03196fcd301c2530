"""Contract 5, the rows about visits: what each request does and answers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from server.store.visits import visit as stored_visit
from shared.wire.objects import VisitSchema
from tests.api.phone import Phone, ok, refused, wrong
from tests.support.clock import ManualClock
from tests.support.people import AMY, Org, reading, settle
from tests.support.town import Town

FIELDS = [
    *("id", "kind", "status", "place", "starts_at", "ends_at", "due_at", "raise_at", "risk"),
    *("buddy", "closed_at", "closed_how", "alarms", "safety_chain", "log"),
]


def at(clock: ManualClock, **span: float) -> str:
    return (clock.now() + timedelta(**span)).isoformat()


def whats(visit: dict[str, Any]) -> list[str]:
    return [line["what"] for line in visit["log"]]


def post(phone: Phone, visit: dict[str, Any], act: str, **body: Any) -> Any:
    return phone.post(f"/visits/{visit['id']}/{act}", **body)


def test_a_visit_has_the_fields_of_the_contract(amy: Phone, org: Org, clock: ManualClock) -> None:
    visit = amy.start()
    assert list(visit) == FIELDS
    assert visit["due_at"] == visit["ends_at"] == at(clock, minutes=30)
    assert visit["raise_at"] == at(clock, minutes=40)
    assert visit["buddy"] == {"id": str(org["ben"].id), "name": "Ben Hughes"}
    assert (visit["status"], visit["kind"], visit["risk"]) == ("open", "visit", "standard")
    assert visit["log"] == [
        {
            "at": at(clock),
            "received_at": at(clock),
            "what": "started",
            "by_whom": "Amy Okafor",
            "by": "app",
            "told": [],
        }
    ]
    assert amy.visit(visit) == visit


def test_what_the_server_writes_a_phone_reads(amy: Phone, town: Town) -> None:
    visit = amy.start(risk="high")
    town.forward(minutes=60)
    seen = amy.visit(visit)
    assert seen["alarms"]
    schema = VisitSchema()
    assert schema.dump(schema.load({**seen, "from_a_newer_server": 1})) == seen


def test_a_start_may_say_everything(amy: Phone, org: Org, app: Flask, clock: ManualClock) -> None:
    visit = amy.start(
        ends_at=at(clock, minutes=45),
        kind="travel",
        record_ref="RC 123/4",
        note="Dog in the yard 🐕",
        risk="high",
        buddy=str(org["cat"].id),
        position={"lat": 51.5, "lon": -0.12, "accuracy_m": 8.5},
        at=at(clock, minutes=-2),
    )
    assert visit["starts_at"] == at(clock, minutes=-2)
    assert visit["ends_at"] == at(clock, minutes=45)
    assert visit["due_at"] == at(clock, minutes=28), "high risk owes a check-in every 30 minutes"
    assert visit["buddy"]["name"] == "Cat Lin"
    kept = reading(app, lambda s: stored_visit(s, UUID(visit["id"])))
    assert (kept.lat, kept.lon, kept.accuracy_m) == (51.5, -0.12, 8.5)
    assert (kept.record_ref, kept.note) == ("RC 123/4", "Dog in the yard 🐕")


def test_minutes_have_bounds(amy: Phone, clock: ManualClock) -> None:
    for minutes, kind in ((1, "visit"), (720, "travel"), (960, "home")):
        assert ok(amy.post("/visits", place="x", minutes=minutes, kind=kind), 201)
    wrong(amy.post("/visits", place="x", minutes=721, kind="travel"), "minutes")
    wrong(amy.post("/visits", place="x", minutes=961, kind="home"), "minutes")
    wrong(amy.post("/visits", place="x", ends_at=at(clock, minutes=721)), "ends_at")


def test_a_visit_may_be_planned_and_started(amy: Phone, clock: ManualClock) -> None:
    visit = amy.start(minutes=20, starts_at=at(clock, hours=1))
    assert (visit["status"], visit["raise_at"]) == ("planned", None)
    clock.forward(minutes=75)
    started = ok(post(amy, visit, "start"))
    assert started["status"] == "open"
    assert (started["starts_at"], started["ends_at"]) == (at(clock), at(clock, minutes=20))


def test_a_planned_visit_can_be_called_off_and_an_open_one_cannot(
    amy: Phone, clock: ManualClock
) -> None:
    planned = amy.start(starts_at=at(clock, hours=1))
    assert ok(post(amy, planned, "cancel"))["status"] == "cancelled"
    opened = amy.start()
    problem = refused(post(amy, opened, "cancel"), 409, "conflict")
    assert "close it instead" in problem["detail"]
    assert amy.visit(opened)["status"] == "open"


def test_starting_another_closes_the_first_as_moved_on(amy: Phone) -> None:
    home, first = amy.start(place="Home", kind="home"), amy.start()
    amy.start(place="3 Low Rd")
    assert amy.visit(first)["closed_how"] == "moved_on"
    assert amy.visit(home)["status"] == "open"


def test_where_a_close_needs_a_pin_starting_another_does_too(
    app: Flask, clock: ManualClock
) -> None:
    org = settle(app, clock, policy={"pin": "always"})
    amy = Phone(app, org["amy"])
    first = amy.start()
    problem = refused(amy.post("/visits", place="3 Low Rd", minutes=20), 409, "visit-open")
    assert problem["visit"] == first["id"]
    refused(amy.post("/visits", place="3 Low Rd", minutes=20, pin="1111"), 403, "pin-wrong")
    second = amy.start(place="3 Low Rd", pin=AMY.pin)
    assert amy.visit(first)["closed_how"] == "moved_on"
    planned = amy.start(starts_at=at(clock, minutes=1), place="Clinic")
    assert refused(post(amy, planned, "start"), 409, "visit-open")["visit"] == second["id"]
    refused(post(amy, planned, "start", pin="1111"), 403, "pin-wrong")
    assert amy.visit(planned)["status"] == "planned"
    assert ok(post(amy, planned, "start", pin=AMY.pin))["status"] == "open"
    assert amy.visit(second)["closed_how"] == "moved_on"


def test_a_buddy_starts_a_visit_on_her_behalf(amy: Phone, ben: Phone, dan: Phone, org: Org) -> None:
    visit = ben.start(for_=str(org["amy"].id), position={"lat": 1, "lon": 1})
    seen = amy.visit(visit)
    assert seen["log"][0]["by_whom"] == "Ben Hughes"
    refused(dan.post("/visits", for_=str(org["amy"].id), place="x", minutes=5), 404, "not-found")


def test_her_own_place_is_told_by_her_own_phone_only(
    app: Flask, amy: Phone, ben: Phone, org: Org, clock: ManualClock
) -> None:
    here, there = {"lat": 51.5, "lon": -0.1}, {"lat": 1.0, "lon": 1.0}
    visit = ben.start(for_=str(org["amy"].id), position=there)
    ok(post(ben, visit, "check-in", position=there))
    refused(post(ben, visit, "position", at=at(clock), position=there), 403, "forbidden")
    assert reading(app, lambda s: stored_visit(s, UUID(visit["id"])).lat) is None
    assert post(amy, visit, "position", at=at(clock), position=here).status_code == 204
    assert reading(app, lambda s: stored_visit(s, UUID(visit["id"])).lat) == 51.5


def test_no_position_is_in_any_answer(amy: Phone, ben: Phone, clock: ManualClock) -> None:
    here = {"lat": 51.512345, "lon": -0.123456}
    visit = amy.start(position=here)
    post(amy, visit, "position", at=at(clock), position=here)
    for phone in (amy, ben):
        for path in (f"/visits/{visit['id']}", "/visits", "/watching"):
            assert b"51.51" not in phone.get(path).data


def test_a_check_in_moves_what_is_due(amy: Phone, clock: ManualClock) -> None:
    visit = amy.start(minutes=60, risk="high")
    clock.forward(minutes=20)
    assert ok(post(amy, visit, "check-in"))["due_at"] == at(clock, minutes=30)
    clock.forward(minutes=25)
    assert ok(post(amy, visit, "check-in"))["due_at"] == visit["ends_at"]


def test_a_check_in_in_grace_gives_one_more_grace_once(amy: Phone, clock: ManualClock) -> None:
    visit = amy.start(minutes=30)
    clock.forward(minutes=32)
    first = ok(post(amy, visit, "check-in"))
    assert first["raise_at"] == at(clock, minutes=18)
    clock.forward(minutes=2)
    second = ok(post(amy, visit, "check-in"))
    assert second["raise_at"] == first["raise_at"]


def test_an_extension_moves_the_end(amy: Phone, clock: ManualClock) -> None:
    visit = amy.start(minutes=30)
    assert ok(post(amy, visit, "extend", minutes=15))["ends_at"] == at(clock, minutes=45)
    clock.forward(minutes=50)
    assert ok(post(amy, visit, "extend", minutes=15))["ends_at"] == at(clock, minutes=15)
    wrong(post(amy, visit, "extend", minutes=0), "minutes")
    wrong(post(amy, visit, "extend"), "minutes")
    long = ok(post(amy, visit, "extend", minutes=900))
    started = datetime.fromisoformat(visit["starts_at"])
    assert long["ends_at"] == (started + timedelta(hours=12)).isoformat()
    wrong(post(amy, visit, "extend", minutes=1), "minutes")


def test_a_close_is_kept_as_it_was(amy: Phone, clock: ManualClock) -> None:
    visit = amy.start()
    clock.forward(minutes=10)
    closed = ok(post(amy, visit, "close", outcome="uneasy", note="Man at the gate."))
    assert (closed["closed_at"], closed["closed_how"]) == (at(clock), "worker")
    assert whats(closed) == ["started", "note", "closed"]
    assert closed["safety_chain"] == []
    clock.forward(minutes=1)
    again = ok(post(amy, visit, "close"))
    assert (again["closed_at"], again["closed_how"]) == (closed["closed_at"], "worker")


def test_a_pin_asked_for_and_missing_is_403(app: Flask, clock: ManualClock) -> None:
    org = settle(app, clock, policy={"pin": "always"})
    amy = Phone(app, org["amy"])
    visit = amy.start()
    refused(post(amy, visit, "close"), 403, "pin-required")
    refused(post(amy, visit, "extend", minutes=5), 403, "pin-required")
    assert ok(post(amy, visit, "close", pin=AMY.pin))["status"] == "closed"


def test_a_wrong_pin_is_403_also_where_none_is_asked(amy: Phone) -> None:
    visit = amy.start()
    refused(post(amy, visit, "close", pin="0000"), 403, "pin-wrong")
    assert amy.visit(visit)["status"] == "open"


def test_a_buddy_closes_only_after_speaking_to_her(amy: Phone, ben: Phone) -> None:
    visit = amy.start()
    wrong(post(ben, visit, "close"), "spoke_to_her")
    wrong(post(ben, visit, "close", spoke_to_her=False), "spoke_to_her")
    assert ok(post(ben, visit, "close", spoke_to_her=True))["closed_how"] == "on_behalf"


def test_on_a_closed_visit_old_news_is_kept_and_anything_else_refused(
    amy: Phone, clock: ManualClock
) -> None:
    """P10."""
    visit = amy.start()
    clock.forward(minutes=10)
    ok(post(amy, visit, "close"))
    clock.forward(minutes=1)
    late = ok(post(amy, visit, "check-in", at=at(clock, minutes=-5)))
    assert (late["status"], whats(late)[-1]) == ("closed", "late_news")
    for act, body in (("check-in", {}), ("extend", {"minutes": 5}), ("cancel", {})):
        problem = refused(post(amy, visit, act, **body), 409, "visit-closed")
        assert problem["detail"].startswith("This visit is over")


def test_an_old_start_is_accepted_and_nudged_before_it_is_raised(
    amy: Phone, ben: Phone, town: Town, clock: ManualClock
) -> None:
    """P10."""
    visit = amy.start(minutes=30, at=at(clock, hours=-3))
    assert visit["raise_at"] == at(clock, seconds=60)
    town.forward(seconds=59)
    assert ben.alarms() == []
    town.forward(seconds=1)
    assert [alarm["kind"] for alarm in ben.alarms()] == ["overdue"]


def test_after_a_raise_a_close_without_a_pin_stops_nothing(
    amy: Phone, ben: Phone, town: Town
) -> None:
    """P4."""
    visit = amy.start()
    town.forward(minutes=41)
    still = ok(post(amy, visit, "close"))
    assert (still["status"], whats(still)[-1]) == ("open", "close_without_pin")
    assert [alarm["status"] for alarm in ben.alarms()] == ["raised"]
    assert ok(post(amy, visit, "close", pin=AMY.pin))["status"] == "closed"
    assert ben.alarms() == []


def test_visits_come_a_page_at_a_time_the_newest_first(amy: Phone, clock: ManualClock) -> None:
    made = []
    for _ in range(53):
        made.append(amy.start()["id"])
        clock.forward(minutes=1)
    first = ok(amy.get("/visits"))
    second = ok(amy.get("/visits", cursor=first["next"]))
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 3, None)
    listed = [visit["id"] for visit in first["items"] + second["items"]]
    assert listed == made[::-1]


def test_visits_are_listed_by_status_and_span(amy: Phone, clock: ManualClock) -> None:
    amy.start(starts_at=at(clock, hours=2), place="planned")
    amy.start(place="first")
    clock.forward(minutes=10)
    amy.start(place="second")

    def places(**query: str) -> list[str]:
        return [visit["place"] for visit in ok(amy.get("/visits", **query))["items"]]

    assert places() == ["planned", "second", "first"]
    assert places(status="open") == ["second"]
    assert places(status="closed,planned") == ["planned", "first"]


def test_the_list_takes_from_and_to(amy: Phone, clock: ManualClock) -> None:
    amy.start(place="first")
    clock.forward(minutes=10)
    amy.start(place="second")
    found = ok(amy.get("/visits", **{"from": at(clock), "to": at(clock, hours=1)}))["items"]
    assert [visit["place"] for visit in found] == ["second"]
    before = ok(amy.get("/visits", to=at(clock)))["items"]
    assert [visit["place"] for visit in before] == ["first"]


def test_a_visit_whose_id_another_organisation_uses_is_hers_all_the_same(
    app: Flask, amy: Phone, lakeside: Org
) -> None:
    """P6: ids belong to a person; P7: nothing tells her that somebody else has it."""
    other = Phone(app, lakeside["amy"])
    request_id = str(uuid4())
    mine = ok(amy.post("/visits", id=request_id, place="mine", minutes=30), 201)
    theirs = ok(other.post("/visits", id=request_id, place="theirs", minutes=30), 201)
    assert mine["id"] == theirs["id"] == request_id
    assert (amy.visit(mine)["place"], other.visit(theirs)["place"]) == ("mine", "theirs")
    assert ok(post(other, theirs, "close"))["status"] == "closed"
    assert amy.visit(mine)["status"] == "open"


def test_the_safety_chain_is_what_then_happens(amy: Phone, town: Town, clock: ManualClock) -> None:
    """Design 1: the plan that is shown is the plan that is run."""
    visit = amy.start()
    chain = visit["safety_chain"]
    yours = [step["at"] for step in chain if step["who"] == "you"]
    assert yours == [at(clock, minutes=m) for m in (25, 30, 35)]
    town.forward(minutes=51)
    lines = amy.visit(visit)["log"]
    told = {line["at"] for line in lines if line["what"] in ("told", "broadcast")}
    assert told == {step["at"] for step in chain if step["who"] != "you"}
