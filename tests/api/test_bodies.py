"""What a body may be, and in which order it is refused: 401, 413, 415, 400, 404, 422, 409."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.api.phone import API, Phone, ok, refused, wrong
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only

pytestmark = sqlite_only

UNKNOWN = "2d3f0c9e-5b7a-4a57-9d6e-0a7f6f6f2c11"
FULL = 64 * 1024


def too_large(extra: int = 1) -> bytes:
    return b'"' + b"x" * (FULL + extra) + b'"'


def test_checks_come_in_their_order(app: Flask, amy: Phone) -> None:
    """Each request here has every fault from its own to the last; the first one is answered."""
    client, path = app.test_client(), f"/visits/{UNKNOWN}/close"
    nobody = client.post(API + path, data=too_large(), content_type="text/plain")
    assert refused(nobody, 401, "unauthorized")
    assert refused(amy.send_bytes(path, too_large(), kind="text/plain"), 413, "too-large")
    assert refused(amy.send_bytes(path, b"{", kind="text/plain"), 415, "not-json-type")
    assert refused(amy.send_bytes(path, b"{"), 400, "not-json")
    assert refused(amy.send(path, {"pin": 1, "shoe_size": 38}), 404, "not-found")
    visit = amy.start()
    own = f"/visits/{visit['id']}/close"
    reused = {"id": visit["id"], "shoe_size": 38}
    wrong(amy.send(own, reused), "shoe_size")
    assert refused(amy.send(own, {"id": visit["id"]}), 409, "id-reused")


def test_404_comes_before_422_for_a_worker_who_is_not_hers(amy: Phone) -> None:
    answer = amy.send("/visits", {"for": UNKNOWN, "place": 7})
    assert refused(answer, 404, "not-found")["detail"] == "There is no such person."


def test_a_body_of_64_kib_is_read_and_one_byte_more_is_not(amy: Phone) -> None:
    body = json.dumps({"id": amy.new_id(), "place": "x", "minutes": 30}).encode()
    assert amy.send_bytes("/visits", body + b" " * (FULL - len(body))).status_code == 201
    refused(amy.send_bytes("/visits", body + b" " * (FULL - len(body) + 1)), 413, "too-large")


@pytest.mark.parametrize("size", [1 << 20, (8 << 20) - 1, 9 << 20])
def test_a_large_body_is_dropped_and_refused(amy: Phone, size: int) -> None:
    refused(amy.send_bytes("/visits", b"x" * size), 413, "too-large")


def test_only_json_is_read(amy: Phone) -> None:
    for kind in ("text/plain", "application/xml", "multipart/form-data", None, ""):
        refused(amy.send_bytes("/visits", b"{}", kind=kind), 415, "not-json-type")


def test_json_may_say_how_it_is_written(amy: Phone) -> None:
    body = json.dumps({"id": amy.new_id(), "place": "Ysgol Tŷ Ffynnon 🏡", "minutes": 30})
    answer = amy.send_bytes("/visits", body.encode(), kind="application/json; charset=utf-8")
    assert ok(answer, 201)["place"] == "Ysgol Tŷ Ffynnon 🏡"


def test_a_packed_body_is_refused(amy: Phone) -> None:
    answer = amy.send_bytes("/visits", b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    refused(answer, 415, "not-json-type")


NO_JSON = [
    b"",
    b"{",
    b"{'id': 1}",
    b'{"id": NaN}',
    b'{"position": {"lat": Infinity}}',
    b'{"minutes": -Infinity}',
    b'{"id": "a", "id": "b"}',
    b'{"position": {"lat": 1, "lat": 2}}',
    b"\xff\xfe{\x00}\x00",
    b'{"place": "\xe9"}',
    b"[" * 30_000,
    b"[" * 21 + b"]" * 21,
    b'{"minutes": ' + b"9" * 5000 + b"}",
    b"\xef\xbb\xbf{}",
    b"{} {}",
]


def test_what_is_no_json_is_refused_with_one_sentence(
    amy: Phone, subtests: pytest.Subtests
) -> None:
    for body in NO_JSON:
        with subtests.test(body=body[:24]):
            refused(amy.send_bytes("/visits", body), 400, "not-json")


def test_a_body_is_an_object(amy: Phone) -> None:
    bodies: list[Any] = [[], "close", 7, None, True]
    for body in bodies:
        assert wrong(amy.send("/visits", body), "body") == {"body": ["Give a JSON object."]}


BAD_FIELDS: list[tuple[str, Any]] = [
    ("id", "1"),
    ("id", 7),
    ("id", None),
    ("id", "{7d3f0c9e-5b7a-4a57-9d6e-0a7f6f6f2c11}"),
    ("place", ""),
    ("place", "   "),
    ("place", "x" * 201),
    ("place", 12),
    ("place", ["12 High St"]),
    ("place", "12 High St\x00"),
    ("place", "\ud83c"),
    ("minutes", 0),
    ("minutes", -5),
    ("minutes", 10_000),
    ("minutes", 721),
    ("minutes", "30"),
    ("minutes", 30.5),
    ("minutes", True),
    ("starts_at", "2026-03-10T14:30:00"),
    ("starts_at", "tomorrow"),
    ("starts_at", "2026-02-30T14:30:00Z"),
    ("starts_at", "9999-12-31T23:59:59Z"),
    ("starts_at", "0001-01-01T00:00:00+14:00"),
    ("starts_at", 1_773_151_200),
    ("at", "2026-03-10"),
    ("kind", "party"),
    ("kind", ["visit"]),
    ("risk", "HIGH"),
    ("buddy", "ben"),
    ("buddy", UNKNOWN),
    ("pin", "48"),
    ("pin", 4821),
    ("pin", "48211234"),
    ("pin", "４８２１"),
    ("note", "x" * 501),
    ("note", "nul \x00 in it"),
    ("record_ref", {"a": 1}),
    ("shoe_size", 38),
]


def test_a_bad_field_is_named_with_what_would_be_right(
    amy: Phone, subtests: pytest.Subtests
) -> None:
    for field, value in BAD_FIELDS:
        body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30, field: value}
        with subtests.test(field=field, value=repr(value)[:30]):
            wrong(amy.send("/visits", body), field)
    assert ok(amy.get("/visits"))["items"] == []


BAD_POSITIONS: list[tuple[Any, str]] = [
    ({"lat": 91, "lon": 0}, "position.lat"),
    ({"lat": -90.001, "lon": 0}, "position.lat"),
    ({"lat": 0, "lon": 180.5}, "position.lon"),
    ({"lat": "51.5", "lon": 0}, "position.lat"),
    ({"lat": True, "lon": 0}, "position.lat"),
    ({"lat": None, "lon": 0}, "position.lat"),
    ({"lat": 10**400, "lon": 0}, "position.lat"),
    ({"lat": 0}, "position.lon"),
    ({"lat": 0, "lon": 0, "accuracy_m": -1}, "position.accuracy_m"),
    ({"lat": 0, "lon": 0, "height_m": 3}, "position.height_m"),
    ([51.5, 0], "position"),
    ("here", "position"),
]


def test_a_bad_position_is_named(amy: Phone, subtests: pytest.Subtests) -> None:
    for position, field in BAD_POSITIONS:
        with subtests.test(position=str(position)[:30]):
            answer = amy.post("/visits", place="12 High St", minutes=30, position=position)
            wrong(answer, field)


def test_a_number_beyond_all_numbers_is_named(amy: Phone) -> None:
    place = f'{{"id": "{amy.new_id()}", "place": "x", "minutes": 30, "position": '
    wrong(amy.send_bytes("/visits", (place + '{"lat": 1e400, "lon": 0}}').encode()), "position.lat")


def test_all_faults_are_named_at_once(amy: Phone) -> None:
    body = {"id": "x", "minutes": 0, "risk": 1, "position": {"lat": 99, "lon": 99}, "size": 1}
    wrong(amy.send("/visits", body), "id", "place", "minutes", "risk", "position.lat", "size")


def test_optional_fields_may_be_null(amy: Phone) -> None:
    names = ("ends_at", "starts_at", "kind", "at", "record_ref", "note", "risk", "buddy")
    nulls = dict.fromkeys((*names, "position", "pin", "for"))
    body = {"id": amy.new_id(), "place": "12 High St", "minutes": 30, **nulls}
    assert ok(amy.send("/visits", body), 201)["risk"] == "standard"


@pytest.mark.parametrize("body", [{}, {"minutes": 30, "ends_at": "2026-03-10T14:30:00Z"}])
def test_how_long_is_said_once(amy: Phone, body: dict[str, Any]) -> None:
    wrong(amy.post("/visits", place="12 High St", **body), "minutes")


def test_an_end_that_has_passed_is_refused(amy: Phone, clock: ManualClock) -> None:
    answer = amy.post("/visits", place="x", ends_at=clock.now() - timedelta(minutes=1))
    wrong(answer, "ends_at")


def test_an_event_may_be_72_hours_old_and_no_older(amy: Phone, clock: ManualClock) -> None:
    """P10."""
    old = clock.now() - timedelta(hours=72)
    body = {"place": "12 High St", "minutes": 30}
    wrong(amy.post("/visits", **body, at=old - timedelta(seconds=1)), "at")
    assert ok(amy.post("/visits", **body, at=old), 201)["starts_at"] == old.isoformat()


def test_a_time_ahead_of_the_server_counts_as_now(amy: Phone, clock: ManualClock) -> None:
    """P10."""
    body = {"place": "12 High St", "minutes": 30}
    ahead = amy.post("/visits", **body, at=clock.now() + timedelta(days=1))
    assert ok(ahead, 201)["starts_at"] == clock.now().isoformat()


def test_a_place_is_one_line(amy: Phone) -> None:
    assert amy.start(place=" 12 High St\r\n  Reply\t1 ")["place"] == "12 High St Reply 1"


def test_an_unknown_address_is_a_problem(app: Flask) -> None:
    for path in ("/nothing", "/visits/1/2/3", "/devices"):
        refused(app.test_client().get(API + path), 404, "not-found")


def test_an_unknown_method_says_which_there_are(app: Flask, amy: Phone) -> None:
    for method, path in [("PUT", "/me"), ("DELETE", "/visits"), ("TRACE", "/visits")]:
        answer = app.test_client().open(API + path, method=method, headers=amy.owner.headers)
        problem = refused(answer, 405, "method-not-allowed")
        assert "GET" in answer.headers["Allow"]
        assert "GET" in problem["detail"]


def test_pages_keep_their_own_errors(app: Flask) -> None:
    answer = app.test_client().get("/no/such/page")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_a_fault_of_ours_is_a_problem_too(
    app: Flask, amy: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("server.api.me.plan_from_now", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    refused(amy.get("/me"), 500, "failed")


BAD_QUERIES = [
    ("status=shut", "status"),
    ("status=open,shut,", "status"),
    ("from=yesterday", "from"),
    ("to=2026-03-10T14:00:00", "to"),
    ("cursor=x", "cursor"),
    ("cursor=MjAyNi0wMy0xMA", "cursor"),
    ("limit=5", "limit"),
    ("status=open&status=closed", "status"),
]


def test_a_query_is_read_as_strictly(amy: Phone, subtests: pytest.Subtests) -> None:
    for query, field in BAD_QUERIES:
        with subtests.test(query):
            wrong(amy.get(f"/visits?{query}"), field)


def test_every_answer_is_private(amy: Phone) -> None:
    for answer in (amy.get("/me"), amy.get("/visits/x"), amy.send_bytes("/visits", b"{")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_id_of_nothing_is_like_an_id_of_something_missing(amy: Phone) -> None:
    texts = {amy.get(f"/visits/{one}").data for one in ("x", UNKNOWN, uuid4(), "%00", "ⅷ")}
    assert len(texts) == 1
