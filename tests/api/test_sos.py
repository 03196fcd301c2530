"""`POST /alarms`: never refused for what it carries, never throttled, never 409 (contract 5)."""

import io
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from server.store.alarms import alarm as stored_alarm
from server.store.log import Payload, entries_of_alarm, payloads
from server.store.messages import Message
from server.store.people import Device, Person
from tests.api.phone import Phone, ok, refused
from tests.support.clock import ManualClock
from tests.support.digits import holds
from tests.support.people import AMY, Org, reading, writing
from tests.support.town import Town

UNKNOWN = "2d3f0c9e-5b7a-4a57-9d6e-0a7f6f6f2c11"


def unreadable(app: Flask, alarm: dict[str, Any]) -> list[str]:
    """What the log says could not be read."""

    def look(session: Any) -> list[str]:
        found = entries_of_alarm(session, UUID(alarm["id"]))
        noted = [entry for entry in found if entry.what == "sos_unreadable"]
        said = payloads(session, [entry.id for entry in noted])
        return [part for entry in noted for part in said[entry.id]["parts"]]

    return reading(app, look)


def cry(phone: Phone, body: Any, status: int = 201) -> dict[str, Any]:
    return ok(phone.send("/alarms", body), status)


def test_an_sos_is_an_alarm_on_the_visit_she_is_at(
    amy: Phone, ben: Phone, app: Flask, clock: ManualClock
) -> None:
    visit = amy.start()
    alarm = ok(amy.post("/alarms", kind="sos"), 201)
    assert (alarm["kind"], alarm["status"], alarm["visit"]) == ("sos", "raised", visit["id"])
    assert (alarm["raised_at"], alarm["unverified"]) == (clock.now().isoformat(), False)
    assert unreadable(app, alarm) == []
    assert [one["id"] for one in ben.alarms()] == [alarm["id"]]
    assert amy.visit(visit)["alarms"][0]["id"] == alarm["id"]


def test_the_alarm_is_called_by_the_requests_id(amy: Phone) -> None:
    body = {"id": UNKNOWN, "kind": "sos"}
    assert cry(amy, body)["id"] == UNKNOWN
    assert ok(amy.get(f"/alarms/{UNKNOWN}"))["kind"] == "sos"
    ok(amy.post(f"/alarms/{UNKNOWN}/stand-down", pin=AMY.pin))


UNREADABLE: list[tuple[dict[str, Any], list[str]]] = [
    ({"shoe_size": 38, "mood": "bad"}, ["shoe_size", "mood"]),
    ({"visit": UNKNOWN}, ["visit"]),
    ({"visit": 7}, ["visit"]),
    ({"visit": "the one in High St"}, ["visit"]),
    ({"position": {"lat": 99, "lon": 0}}, ["position"]),
    ({"position": [51.5, -0.1]}, ["position"]),
    ({"position": {"lat": "51.5", "lon": "0"}}, ["position"]),
    ({"at": "just now"}, ["at"]),
    ({"at": "2020-01-01T00:00:00Z"}, ["at"]),
    ({"at": "2026-03-10T14:00:00"}, ["at"]),
    ({"age_s": "long"}, ["age_s"]),
    ({"age_s": -1}, ["age_s"]),
    ({"age_s": 72 * 3600 + 1}, ["age_s"]),
    ({"age_s": True}, ["age_s"]),
    ({"kind": "help"}, ["kind"]),
    ({"kind": None}, ["kind"]),
    ({"id": "not a uuid"}, ["id"]),
    ({"id": None}, ["id"]),
    ({"visit_snapshot": "12 High St"}, ["visit_snapshot"]),
    ({"nul \x00": 1, "half \ud83c": 2}, ["nul ?", "half ?"]),
]


def test_what_cannot_be_read_is_noted_and_not_refused(
    app: Flask, amy: Phone, ben: Phone, subtests: pytest.Subtests
) -> None:
    for extra, noted in UNREADABLE:
        with subtests.test(str(extra)):
            alarm = cry(amy, {"id": amy.new_id(), "kind": "sos", **extra})
            assert alarm["kind"] == "sos"
            assert unreadable(app, ben.alarms()[0]) == noted
            over(ben, alarm)


def over(phone: Phone, alarm: dict[str, Any]) -> None:
    """Somebody ends it, so that the next cry is an alarm of its own."""
    (known,) = phone.alarms()
    assert known["id"] == alarm["id"]
    ok(phone.post(f"/alarms/{alarm['id']}/resolve", outcome="safe"))


BROKEN: list[tuple[bytes, str | None]] = [
    (b"", "application/json"),
    (b"", None),
    (b"{", "application/json"),
    (b"HELP", "text/plain"),
    (b"\xff\x00\xfe", "application/json"),
    (b"null", "application/json"),
    (b"[]", "application/json"),
    (b'{"kind": "sos", "at": NaN}', "application/json"),
    (b'{"kind": "sos", "kind": "sos"}', "application/json"),
    (b"[" * 60_000, "application/json"),
    (b'{"kind": "sos", "note": "' + b"x" * 100_000 + b'"}', "application/json"),
    (b"x" * (9 << 20), "application/octet-stream"),
    (b"kind=sos", "application/x-www-form-urlencoded"),
]


def test_a_broken_body_is_an_alarm(
    app: Flask, amy: Phone, ben: Phone, subtests: pytest.Subtests
) -> None:
    for data, kind in BROKEN:
        with subtests.test(repr(data[:30]), kind=kind):
            alarm = ok(amy.send_bytes("/alarms", data, kind=kind), 201)
            assert (alarm["kind"], alarm["status"]) == ("sos", "raised")
            assert unreadable(app, ben.alarms()[0]) == ["body"]
            over(ben, alarm)


ODD = [data for data, _ in BROKEN[:4]] + [b'{"kind": "sos", "id": 7}', b'{"id": null}', b"{}"]


def test_odd_bodies_one_after_the_other_are_one_alarm_and_one_false_ends_it(
    app: Flask, amy: Phone, ben: Phone, clock: ManualClock, town: Town
) -> None:
    """Nobody can tell a repeat without an id from a second cry: it joins the first, and what could
    not be read is noted each time."""
    amy.start()
    for data in ODD:
        ok(amy.send_bytes("/alarms", data), 201)
        clock.forward(seconds=5)
    (alarm,) = ben.alarms()
    assert len(unreadable(app, alarm)) >= len(ODD)
    town.round()
    ok(amy.post(f"/alarms/{alarm['id']}/stand-down", pin=AMY.pin))
    told = reading(app, lambda s: [m.body for m in s.query(Message) if m.purpose == "stand_down"])
    assert len(told) == len(set(told)) * 2, "Ben and Cat, once each"
    assert all("Her visit is watched until" in body for body in told)


@pytest.mark.parametrize("new", ["nothing", "visit", "place", "later"])
def test_an_odd_cry_is_passed_on_where_it_says_something_new(
    app: Flask, amy: Phone, ben: Phone, clock: ManualClock, town: Town, new: str
) -> None:
    first = cry(amy, {"kind": "sos"})
    town.round()
    body: dict[str, Any] = {"kind": "sos"}
    if new == "visit":
        amy.start()
    elif new == "place":
        body["visit_snapshot"] = {"place": "3 Mill Lane"}
    elif new == "later":
        clock.forward(minutes=11)
    assert cry(amy, body)["id"] == first["id"]
    assert len(told_again(app, ben.owner)) == (new != "nothing")


@pytest.mark.parametrize("new", ["ended", "surer"])
def test_p5_an_sos_does_not_join_one_that_is_over_for_her_or_in_doubt(
    app: Flask, amy: Phone, ben: Phone, new: str
) -> None:
    first = cry(amy, {"kind": "sos"})
    body: dict[str, Any] = {"kind": "sos"}
    if new == "ended":
        ok(amy.post(f"/alarms/{first['id']}/stand-down", pin=AMY.duress_pin))
    else:
        writing(app, lambda s: setattr(stored_alarm(s, UUID(first["id"])), "unverified", True))
    second = cry(amy, body)
    assert second["id"] != first["id"]
    assert {first["id"], second["id"]} <= {alarm["id"] for alarm in ben.alarms()}


def test_where_she_is_now_is_kept_with_the_alarm_that_an_odd_cry_joins(
    app: Flask, amy: Phone
) -> None:
    first = cry(amy, {"kind": "sos"})
    assert cry(amy, {"kind": "sos", "position": {"lat": 51.5, "lon": -0.1}})["id"] == first["id"]
    kept = reading(app, lambda s: stored_alarm(s, UUID(first["id"])))
    assert (kept.lat, kept.lon) == (51.5, -0.1)


def test_json_is_read_whatever_it_is_called(amy: Phone, ben: Phone) -> None:
    body = json.dumps({"id": UNKNOWN, "kind": "sos"}).encode()
    assert ok(amy.send_bytes("/alarms", body, kind="text/plain"), 201)["id"] == UNKNOWN


def test_a_body_cut_off_is_one_alarm_however_often_it_comes(amy: Phone, ben: Phone) -> None:
    whole = json.dumps({"id": UNKNOWN, "kind": "sos", "position": {"lat": 51.5, "lon": 0}})
    for length in (60, 75, len(whole)):
        answer = amy.send_bytes("/alarms", whole[:length].encode())
        assert ok(answer, 201)["id"] == UNKNOWN
    assert len(ben.alarms()) == 1


class Dying(io.RawIOBase):
    """A connection that breaks while a body arrives."""

    def __init__(self, arrived: bytes) -> None:
        self._arrived = arrived

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece, self._arrived = self._arrived[:40], self._arrived[40:]
        if not piece:
            raise ConnectionResetError
        buffer[: len(piece)] = piece
        return len(piece)


def test_a_connection_that_breaks_half_way_has_said_enough(
    app: Flask, amy: Phone, ben: Phone
) -> None:
    body = json.dumps({"id": UNKNOWN, "kind": "sos", "visit_snapshot": {"place": "x" * 500}})
    answer = app.test_client().post(
        "/api/v1/alarms",
        environ_overrides={
            "wsgi.input": Dying(body[:100].encode()),
            "CONTENT_LENGTH": str(len(body)),
        },
        headers=amy.owner.headers,
    )
    assert ok(answer, 201)["id"] == UNKNOWN
    assert unreadable(app, ben.alarms()[0]) == ["body"]


def test_the_same_id_is_the_same_alarm_whatever_the_body(
    amy: Phone, ben: Phone, clock: ManualClock
) -> None:
    first = amy.send("/alarms", {"id": UNKNOWN, "kind": "sos"})
    clock.forward(minutes=2)
    for extra in ({}, {"position": {"lat": 51.5, "lon": 0}}, {"x": 1}):
        again = amy.send("/alarms", {"id": UNKNOWN, "kind": "sos", **extra})
        assert (again.status_code, again.data) == (201, first.data)
        assert again.headers["Wayhome-Replay"] == "1"
    assert len(ben.alarms()) == 1


def test_an_id_used_for_something_else_is_no_reason_to_refuse(amy: Phone, ben: Phone) -> None:
    visit = amy.start()
    alarm = cry(amy, {"id": visit["id"], "kind": "sos"})
    assert alarm["visit"] == visit["id"]
    again = amy.send("/alarms", {"id": visit["id"], "kind": "sos"})
    assert (ok(again, 201)["id"], again.headers["Wayhome-Replay"]) == (alarm["id"], "1")
    assert len(ben.alarms()) == 1


def test_another_organisations_visit_is_as_good_as_unheard_of(
    app: Flask, amy: Phone, ben: Phone, lakeside: Org
) -> None:
    theirs = Phone(app, lakeside["amy"]).start(place="Secret Lane")
    alarm = cry(amy, {"id": UNKNOWN, "kind": "sos", "visit": theirs["id"]})
    assert alarm["visit"] is None
    assert unreadable(app, ben.alarms()[0]) == ["visit"]


def test_a_visit_nobody_has_heard_of_is_where_the_phone_says(
    app: Flask, amy: Phone, town: Town
) -> None:
    amy.start()
    snapshot = {"place": "3 Mill Lane\x00", "started": "offline", "deep": [[[[[[[1]]]]]]]}
    body = {"id": UNKNOWN, "kind": "sos", "visit": str(UUID(int=7)), "visit_snapshot": snapshot}
    assert cry(amy, body)["visit"] is None
    texts = reading(app, lambda s: [m.body for m in s.query(Message)])
    assert any("3 Mill Lane?" in text for text in texts)
    assert not any("12 High St" in text for text in texts)


def test_her_place_is_kept_even_if_its_accuracy_is_not_right(app: Flask, amy: Phone) -> None:
    place = {"lat": 51.5, "lon": -0.1, "accuracy_m": -3, "floor": 2}
    cry(amy, {"id": UNKNOWN, "kind": "sos", "position": place})
    kept = reading(app, lambda s: stored_alarm(s, UUID(UNKNOWN)))
    assert (kept.lat, kept.lon, kept.accuracy_m) == (51.5, -0.1, None)


def test_an_sos_made_before_a_close_and_arriving_after_it_is_raised(
    amy: Phone, ben: Phone, clock: ManualClock
) -> None:
    """P2."""
    visit, made = amy.start(), clock.forward(minutes=5)
    clock.forward(minutes=5)
    ok(amy.post(f"/visits/{visit['id']}/close"))
    clock.forward(minutes=5)
    alarm = ok(amy.post("/alarms", kind="sos", visit=visit["id"], at=made), 201)
    assert alarm["visit"] == visit["id"]
    assert len(ben.alarms()) == 1


def told_again(app: Flask, who: Person | Any) -> list[str]:
    """What this person was sent of cries after the first."""

    def look(session: Any) -> list[str]:
        found = session.query(Message).filter_by(purpose="news", person_id=who.id)
        return [message.body for message in found.order_by(Message.decided_at)]

    return reading(app, look)


def test_many_are_one_alarm_and_none_is_throttled(
    app: Flask, amy: Phone, ben: Phone, cat: Phone, town: Town, clock: ManualClock
) -> None:
    """One alarm that somebody can take charge of and end; whoever was told hears that she calls
    again, once a minute."""
    first = ok(amy.post("/alarms", kind="sos"), 201)
    town.round()
    for _ in range(20):
        assert ok(amy.post("/alarms", kind="sos"), 201)["id"] == first["id"]
        clock.forward(seconds=3)
    (alarm,) = ben.alarms()
    assert told_again(app, ben.owner) == ["Amy Okafor sent SOS again at 14:00."]
    assert len(told_again(app, cat.owner)) == 1
    ok(amy.post("/alarms", kind="sos"), 201)
    assert told_again(app, ben.owner)[1:] == ["Amy Okafor sent SOS again at 14:01."]
    whats = reading(app, lambda s: [e.what for e in entries_of_alarm(s, UUID(alarm["id"]))])
    assert whats.count("sos_again") == 21
    ok(ben.post(f"/alarms/{alarm['id']}/resolve", outcome="safe"))
    assert ok(amy.post("/alarms", kind="sos"), 201)["id"] != first["id"]
    assert len(ben.alarms()) == 1


def test_where_she_calls_from_now_is_passed_on(
    app: Flask, amy: Phone, ben: Phone, town: Town
) -> None:
    cry(amy, {"id": amy.new_id(), "kind": "sos"})
    town.round()
    place = {"place": "3 Mill Lane"}
    for _ in range(2):
        cry(amy, {"id": amy.new_id(), "kind": "sos", "visit_snapshot": place})
    assert told_again(app, ben.owner) == ["Amy Okafor sent SOS again at 14:00 at 3 Mill Lane."]
    assert len(ben.alarms()) == 1


def test_an_sos_that_joined_is_known_by_either_id(amy: Phone, ben: Phone) -> None:
    first = ok(amy.post("/alarms", kind="sos"), 201)
    joined = amy.send("/alarms", {"id": UNKNOWN, "kind": "sos"})
    again = amy.send("/alarms", {"id": UNKNOWN, "kind": "sos"})
    assert (again.status_code, again.data) == (201, joined.data)
    assert again.headers["Wayhome-Replay"] == "1"
    assert ok(amy.get(f"/alarms/{UNKNOWN}"))["id"] == first["id"]
    refused(ben.get(f"/alarms/{UNKNOWN}"), 404, "not-found")
    ended = ok(amy.post(f"/alarms/{UNKNOWN}/stand-down", pin=AMY.pin))
    assert (ended["id"], ended["status"]) == (first["id"], "resolved")
    assert ok(amy.send("/alarms", {"id": UNKNOWN, "kind": "sos"}), 201)["id"] == first["id"]


def test_p4_after_either_pin_the_next_sos_is_a_new_alarm(amy: Phone, ben: Phone) -> None:
    """What she seemed to end goes on for everybody else; for her eyes there is a new one."""
    made = []
    for pin in (AMY.pin, AMY.duress_pin, AMY.pin):
        alarm = ok(amy.post("/alarms", kind="sos"), 201)
        made.append(alarm["id"])
        ok(amy.post(f"/alarms/{alarm['id']}/stand-down", pin=pin))
    assert len(set(made)) == 3


def test_closing_a_visit_never_ends_an_sos(amy: Phone, ben: Phone) -> None:
    visit = amy.start()
    ok(amy.post("/alarms", kind="sos"), 201)
    ok(amy.post(f"/visits/{visit['id']}/close", pin=AMY.pin))
    assert [alarm["status"] for alarm in ben.alarms()] == ["raised"]


@pytest.mark.parametrize("days", [0, 89])
def test_a_token_that_expired_lately_is_heard_and_not_trusted(
    amy: Phone, ben: Phone, app: Flask, clock: ManualClock, days: int
) -> None:
    keep_alive(app, ben, days=400)
    clock.forward(minutes=(365 + days) * 24 * 60)
    refused(amy.get("/me"), 401, "unauthorized")
    answer = amy.send("/alarms", {"id": UNKNOWN, "kind": "sos"})
    assert ok(answer, 202)["unverified"] is True
    again = amy.send("/alarms", {"id": UNKNOWN, "kind": "sos"})
    assert (again.status_code, again.data) == (202, answer.data)
    assert [alarm["unverified"] for alarm in ben.alarms()] == [True]
    refused(amy.get("/me"), 401, "unauthorized")


def keep_alive(app: Flask, phone: Phone, days: int) -> None:
    def renew(session: Any) -> None:
        for device in session.query(Device).filter_by(person_id=phone.owner.id):
            device.expires_at += timedelta(days=days)

    writing(app, renew)


def test_a_token_that_expired_long_ago_is_not_heard(
    amy: Phone, ben: Phone, app: Flask, clock: ManualClock
) -> None:
    keep_alive(app, ben, days=400)
    clock.forward(minutes=(365 + 90) * 24 * 60)
    refused(amy.post("/alarms", kind="sos"), 401, "unauthorized")
    assert ben.alarms() == []


@pytest.mark.parametrize("how", ["revoked", "left"])
def test_an_ended_phone_is_not_heard_and_the_managers_hear_of_it_once(
    app: Flask, amy: Phone, ben: Phone, org: Org, how: str, clock: ManualClock
) -> None:
    def end(session: Any) -> None:
        if how == "left":
            session.get(Person, org["amy"].id).left_at = clock.now()
        for device in session.query(Device).filter_by(person_id=org["amy"].id):
            device.revoked_at = clock.now() if how == "revoked" else None

    writing(app, end)
    for _ in range(3):
        problem = refused(amy.post("/alarms", kind="sos"), 401, "unauthorized")
        assert "999" in problem["detail"]
    assert ben.alarms() == []
    told = reading(app, lambda s: [(m.person_id, m.body) for m in s.query(Message)])
    assert [who for who, _ in told] == [org["cat"].id]
    assert "Amy Okafor" in told[0][1]


def test_no_token_is_not_heard(app: Flask, amy: Phone) -> None:
    client = app.test_client()
    for header in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic YTpi"}):
        answer = client.post("/api/v1/alarms", json={"kind": "sos"}, headers=header)
        refused(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "body",
    [
        {"id": UNKNOWN, "kind": "duress"},
        {"id": UNKNOWN, "kind": " DURESS "},
        {"id": UNKNOWN, "kind": "duress", "visit": "?", "position": 7, "shoe_size": 38},
        '{"id": "2d3f0c9e-5b7a-4a57-9d6e-0a7f6f6f2c11", "kind": "duress", "posi',
    ],
    ids=["plain", "spelt", "strange", "cut off"],
)
def test_a_duress_is_raised_and_nothing_of_hers_shows_it(
    amy: Phone, ben: Phone, app: Flask, body: Any
) -> None:
    """P4: the answer holds nothing but what the request itself brought."""
    visit = amy.start()
    before = [amy.get(path).data for path in everything(visit)]
    data = body if isinstance(body, str) else json.dumps(body)
    answers = [amy.send_bytes("/alarms", data.encode()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert {answer.data for answer in answers} == {b'{"id":"%s"}' % UNKNOWN.encode()}
    assert answers[1].headers["Wayhome-Replay"] == "1"
    assert [amy.get(path).data for path in everything(visit)] == before
    refused(amy.get(f"/alarms/{UNKNOWN}"), 404, "not-found")
    refused(amy.post(f"/alarms/{UNKNOWN}/stand-down", pin=AMY.pin), 404, "not-found")
    (alarm,) = ben.alarms()
    assert (alarm["kind"], alarm["visit"]) == ("duress", visit["id"])


def everything(visit: dict[str, Any]) -> list[str]:
    return [
        *("/me", "/visits", "/visits?status=open", "/visits?status=closed", "/watching"),
        *("/alarms", "/alarms?status=resolved", f"/visits/{visit['id']}"),
    ]


def test_a_second_duress_joins_the_first(amy: Phone, ben: Phone) -> None:
    first, second = (ok(amy.post("/alarms", kind="duress"), 201) for _ in range(2))
    assert first.keys() == second.keys() == {"id"}
    assert len(ben.alarms()) == 1


def test_an_sos_after_a_duress_is_shown(amy: Phone, ben: Phone) -> None:
    cry(amy, {"id": UNKNOWN, "kind": "duress"})
    shown = cry(amy, {"id": UNKNOWN, "kind": "sos"})
    assert [alarm["id"] for alarm in amy.alarms()] == [shown["id"]]
    assert sorted(alarm["kind"] for alarm in ben.alarms()) == ["duress", "sos"]


def test_a_duress_with_an_expired_token_is_answered_the_same(
    amy: Phone, ben: Phone, app: Flask, clock: ManualClock
) -> None:
    keep_alive(app, ben, days=400)
    clock.forward(minutes=366 * 24 * 60)
    assert ok(amy.send("/alarms", {"id": UNKNOWN, "kind": "duress"}), 201) == {"id": UNKNOWN}
    assert [(a["kind"], a["unverified"]) for a in ben.alarms()] == [("duress", True)]


def test_a_detail_that_brings_the_act_down_is_left_out(
    amy: Phone, ben: Phone, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_turn: object, _visit: object, position: object) -> None:
        if position is not None:
            raise ZeroDivisionError

    monkeypatch.setattr("server.acts.crying_out.place", broken)
    visit = amy.start()
    here = {"lat": 51.5, "lon": 0}
    alarm = ok(amy.post("/alarms", kind="sos", visit=visit["id"], position=here), 201)
    assert alarm["status"] == "raised"
    assert unreadable(app, ben.alarms()[0]) == ["details"]


def test_no_payload_holds_what_was_thrown_away(app: Flask, amy: Phone) -> None:
    cry(amy, {"id": UNKNOWN, "kind": "sos", "pin": "4821", "shoe_size": 38})
    kept = reading(app, lambda s: json.dumps([p.data for p in s.query(Payload)]))
    assert not holds(kept, "4821")


def test_p10_a_cry_of_a_phone_without_a_time_keeps_its_own(amy: Phone, clock: ManualClock) -> None:
    """Started anew without signal, its clock a day wrong: it says how long ago she cried out."""
    visit = amy.start()
    clock.forward(minutes=14)
    alarm = cry(amy, {"id": amy.new_id(), "kind": "sos", "age_s": 180.5})
    raised = next(e for e in amy.visit(visit)["log"] if e["what"] == "sos_raised")
    then = clock.now() - timedelta(seconds=180.5)
    assert datetime.fromisoformat(raised["at"]) == then
    assert datetime.fromisoformat(alarm["raised_at"]) == clock.now()


def told_of(app: Flask, alarm: dict[str, Any], who: Person | Any) -> list[str]:
    """What this person was sent about this very alarm."""

    def look(session: Any) -> list[str]:
        found = session.query(Message).filter_by(alarm_id=UUID(alarm["id"]), person_id=who.id)
        return [message.body for message in found.order_by(Message.decided_at)]

    return reading(app, look)


@pytest.mark.parametrize("pin", [AMY.pin, AMY.duress_pin])
def test_p4_a_cry_after_a_close_says_where_she_was_with_either_pin(
    app: Flask, amy: Phone, ben: Phone, clock: ManualClock, town: Town, pin: str
) -> None:
    visit = amy.start()
    ok(amy.post(f"/visits/{visit['id']}/close", pin=pin))
    clock.forward(minutes=5)
    alarm = cry(amy, {"id": amy.new_id(), "kind": "sos"})
    town.round()
    told = told_of(app, alarm, ben.owner)
    assert told
    assert all("12 High St (last visit)" in body for body in told)


def test_long_after_a_visit_nobody_is_sent_to_its_place(
    app: Flask, amy: Phone, ben: Phone, clock: ManualClock, town: Town
) -> None:
    visit = amy.start()
    ok(amy.post(f"/visits/{visit['id']}/close", pin=AMY.pin))
    clock.forward(minutes=61)
    alarm = cry(amy, {"id": amy.new_id(), "kind": "sos"})
    town.round()
    told = told_of(app, alarm, ben.owner)
    assert told
    assert not any("High St" in body for body in told)


def test_another_cry_after_a_visit_ended_is_no_news_of_another_place(
    app: Flask, amy: Phone, ben: Phone, clock: ManualClock, town: Town
) -> None:
    visit = amy.start()
    ok(amy.post(f"/visits/{visit['id']}/close", pin=AMY.pin))
    first = cry(amy, {"id": amy.new_id(), "kind": "sos"})
    town.round()
    before = len(told_of(app, first, ben.owner))
    assert cry(amy, {"kind": "sos"})["id"] == first["id"]
    town.round()
    assert len(told_of(app, first, ben.owner)) == before
