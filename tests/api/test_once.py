"""P6: repeats are harmless."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from server.store.house import Request
from server.store.log import entries_of_visit
from shared.wire.mark import API_VERSION, MARK
from tests.api.phone import Phone, ok, refused
from tests.support.clock import ManualClock
from tests.support.digits import holds
from tests.support.people import AMY, Org, reading, writing

MANY = 20


def replayed(answer: TestResponse) -> bool:
    return answer.headers.get("Wayhome-Replay") == "1"


def many_at_once(app: Flask, who: Phone, path: str, body: Any) -> list[TestResponse]:
    """The same request from twenty threads that set off together."""
    barrier = Barrier(MANY)

    def ask(_: int) -> TestResponse:
        phone = Phone(app, who.owner)
        barrier.wait(timeout=30)
        return phone.send(path, body)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(ask, range(MANY)))


def test_the_same_request_gets_the_same_answer_byte_for_byte(
    amy: Phone, clock: ManualClock
) -> None:
    body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30}
    first = amy.send("/visits", body)
    clock.forward(minutes=5)
    again = amy.send("/visits", dict(reversed(body.items())))
    assert (first.status_code, replayed(first)) == (201, False)
    assert (again.status_code, replayed(again)) == (201, True)
    assert again.data == first.data
    assert again.content_type == first.content_type


def test_an_answer_without_a_body_is_repeated_too(amy: Phone, clock: ManualClock) -> None:
    visit, at = amy.start(), clock.now().isoformat()
    body = {"id": amy.new_id(), "at": at, "position": {"lat": 51.5, "lon": -0.1}}
    for seen in (False, True):
        answer = amy.send(f"/visits/{visit['id']}/position", body)
        assert (answer.status_code, answer.data, replayed(answer)) == (204, b"", seen)


def test_every_answer_carries_the_mark_by_which_a_phone_knows_it(amy: Phone) -> None:
    visit = amy.start()
    answers = [
        amy.send("/visits", {"id": amy.new_id(), "place": "7 Orchard Way", "minutes": 30}),
        amy.send(f"/visits/{visit['id']}/position", {"id": amy.new_id()}),
        amy.send("/visits", {"id": "no"}),
        amy.get("/me"),
        amy.get("/visits/none"),
    ]
    assert {answer.headers.get(MARK) for answer in answers} == {API_VERSION}


def test_an_answer_is_repeated_after_things_went_on(
    app: Flask, amy: Phone, clock: ManualClock
) -> None:
    """A start whose answer was lost is not refused because its visit is over by now, nor because
    the event has grown older than 72 hours."""
    at = clock.now() - timedelta(hours=71)
    body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30, "at": at.isoformat()}
    first = amy.send("/visits", body)
    ok(amy.post(f"/visits/{body['id']}/close", pin=AMY.pin))
    clock.forward(minutes=24 * 60)
    again = amy.send("/visits", body)
    assert (again.status_code, again.data, replayed(again)) == (201, first.data, True)


def test_the_same_id_with_another_body_is_409(amy: Phone) -> None:
    body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30}
    ok(amy.send("/visits", body), 201)
    for other in ({**body, "minutes": 31}, {**body, "note": None}):
        refused(amy.send("/visits", other), 409, "id-reused")
    visit = f"/visits/{body['id']}"
    refused(amy.send(f"{visit}/close", {"id": body["id"]}), 409, "id-reused")
    assert len(ok(amy.get("/visits"))["items"]) == 1


def test_the_same_body_at_another_address_is_another_request(amy: Phone) -> None:
    one, two = amy.start(), amy.start(kind="home")
    body = {"id": amy.new_id()}
    ok(amy.send(f"/visits/{one['id']}/check-in", body))
    refused(amy.send(f"/visits/{two['id']}/check-in", body), 409, "id-reused")


def test_ids_belong_to_a_person(amy: Phone, ben: Phone) -> None:
    body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30}
    first, second = amy.send("/visits", body), ben.send("/visits", body)
    assert (ok(first, 201)["id"], ok(second, 201)["id"]) == (body["id"], body["id"])
    assert not replayed(second)
    assert amy.visit(body)["log"][0]["by_whom"] == "Amy Okafor"
    assert ben.visit(body)["log"][0]["by_whom"] == "Ben Hughes"
    ok(ben.post(f"/visits/{body['id']}/close"))
    assert amy.visit(body)["status"] == "open"


def test_two_people_with_one_id_and_nobody_sees_two_visits_under_it(
    amy: Phone, ben: Phone, cat: Phone, dan: Phone
) -> None:
    """P6, decision 8. Ben watches over Amy, and Ben's phone makes the very id that hers made."""
    body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30}
    hers = ok(amy.send("/visits", body), 201)
    assert ok(ben.get("/watching"))["items"][0]["visit"]["id"] == hers["id"]
    his = ok(ben.send("/visits", {**body, "place": "The Willows"}), 201)
    assert his["id"] == hers["id"] == body["id"], "each phone calls its own visit what it asked for"
    (watched,) = ok(ben.get("/watching"))["items"]
    other = watched["visit"]["id"]
    assert other != his["id"]
    assert ben.visit(his)["place"] == "The Willows"
    assert ben.visit({"id": other})["place"] == "12 High St"
    assert ok(ben.post(f"/watching/{other}/accept"))["id"] == other
    ok(ben.post(f"/visits/{other}/close", spoke_to_her=True))
    assert (amy.visit(hers)["status"], ben.visit(his)["status"]) == ("closed", "open")
    seen = {cat.visit({"id": hers["id"]})["place"]}
    seen |= {item["visit"]["place"] for item in ok(dan.get("/watching"))["items"]}
    assert "12 High St" in seen


def test_two_alarms_with_one_id_are_told_apart_by_whoever_made_the_second(
    amy: Phone, ben: Phone, cat: Phone
) -> None:
    body = {"id": amy.new_id(), "kind": "sos"}
    hers, his = ok(amy.send("/alarms", body), 201), ok(ben.send("/alarms", body), 201)
    assert hers["id"] == his["id"] == body["id"]
    by_worker = {alarm["worker"]["name"]: alarm["id"] for alarm in ben.alarms()}
    assert by_worker["Ben Hughes"] == body["id"] != by_worker["Amy Okafor"]
    owned = ok(ben.post(f"/alarms/{by_worker['Amy Okafor']}/own"))
    assert (owned["worker"]["name"], owned["status"]) == ("Amy Okafor", "owned")
    assert len({alarm["id"] for alarm in cat.alarms()}) == 2


def test_a_refused_request_uses_up_nothing(amy: Phone, clock: ManualClock) -> None:
    visit = amy.start()
    close = f"/visits/{visit['id']}/close"
    body = {"id": amy.new_id(), "pin": "1111"}
    refused(amy.send(close, body), 403, "pin-wrong")
    answer = amy.send(close, {**body, "pin": AMY.pin})
    assert ok(answer)["status"] == "closed"
    assert not replayed(answer)


def test_the_same_wrong_pin_in_the_same_request_counts_once(
    app: Flask, org: Org, amy: Phone, ben: Phone
) -> None:
    """Contract 4: five in a row raise a hidden alarm; one that a dead spot repeats does not, and
    guessing under one id does."""
    close = f"/visits/{amy.start()['id']}/close"
    body = {"id": amy.new_id(), "pin": "1111"}
    for _ in range(6):
        refused(amy.send(close, body), 403, "pin-wrong")
    assert ben.alarms() == []
    for guess in ("1112", "1113", "1114", "1115"):
        refused(amy.send(close, {**body, "pin": guess}), 403, "pin-wrong")
    assert [alarm["kind"] for alarm in ben.alarms()] == ["duress"]


def test_no_pin_is_kept(app: Flask, org: Org, amy: Phone) -> None:
    ok(amy.post(f"/visits/{amy.start()['id']}/close", pin=AMY.pin))
    kept = reading(app, lambda s: [(r.body, r.fingerprint) for r in s.query(Request)])
    assert len(kept) == 2
    for body, fingerprint in kept:
        assert not holds(body, amy.owner.pin)
        assert len(fingerprint) == 64


def test_twenty_same_starts_are_one(app: Flask, amy: Phone) -> None:
    body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30}
    answers = many_at_once(app, amy, "/visits", body)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert sum(not replayed(answer) for answer in answers) == 1
    assert len(ok(amy.get("/visits"))["items"]) == 1
    assert len(amy.visit(body)["log"]) == 1


def test_twenty_same_closes_are_one(app: Flask, amy: Phone) -> None:
    visit = amy.start()
    body = {"id": amy.new_id(), "pin": AMY.pin}
    answers = many_at_once(app, amy, f"/visits/{visit['id']}/close", body)
    assert len({(answer.status_code, answer.data) for answer in answers}) == 1
    assert sum(not replayed(answer) for answer in answers) == 1
    assert [line["what"] for line in amy.visit(visit)["log"]] == ["started", "closed"]


def test_twenty_same_cries_are_one(app: Flask, amy: Phone, ben: Phone) -> None:
    body = {"id": amy.new_id(), "kind": "sos"}
    answers = many_at_once(app, amy, "/alarms", body)
    assert len({(answer.status_code, answer.data) for answer in answers}) == 1
    assert sum(not replayed(answer) for answer in answers) == 1
    assert len(ben.alarms()) == 1


def test_twenty_different_closes_close_once(app: Flask, amy: Phone) -> None:
    """Not the same request: all are answered with the one close."""
    visit = amy.start()
    path, barrier = f"/visits/{visit['id']}/close", Barrier(MANY)
    ids = [amy.new_id() for _ in range(MANY)]

    def ask(request_id: str) -> dict[str, Any]:
        phone = Phone(app, amy.owner)
        barrier.wait(timeout=30)
        return ok(phone.send(path, {"id": request_id}))

    with ThreadPoolExecutor(MANY) as pool:
        closed = {(a["status"], a["closed_at"], a["closed_how"]) for a in pool.map(ask, ids)}
    assert len(closed) == 1
    entries = reading(app, lambda s: [e.what for e in entries_of_visit(s, UUID(visit["id"]))])
    assert sorted(entries) == ["closed", *["closed_again"] * (MANY - 1), "started"]


def test_after_an_answer_is_forgotten_its_id_is_still_taken(
    app: Flask, amy: Phone, ben: Phone
) -> None:
    """Answers are kept for 30 days; a start that comes again after that is no second visit, and an
    SOS is still the same alarm."""
    body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30}
    cry = {"id": amy.new_id(), "kind": "sos"}
    ok(amy.send("/visits", body), 201)
    alarm = ok(amy.send("/alarms", cry), 201)
    writing(app, lambda session: session.query(Request).delete())
    refused(amy.send("/visits", body), 409, "id-reused")
    again = amy.send("/alarms", cry)
    assert (ok(again, 201)["id"], replayed(again)) == (alarm["id"], True)
    assert len(ben.alarms()) == 1
