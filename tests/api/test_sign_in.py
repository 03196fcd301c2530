"""Tokens and the codes they come from."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.acts.base import Turn
from server.acts.enrolling import issue_code
from server.store.people import Device, Enrolment, Person
from shared.states import Means
from tests.api.phone import API, Phone, ok, refused, wrong
from tests.support.clock import ManualClock
from tests.support.people import Org, open_app, reading, running_in, settle, writing


def code_for(app: Flask, who: Any, clock: ManualClock) -> str:
    def issue(session: Any) -> str:
        turn = Turn(session, running_in(app).desk, clock.now(), clock.now(), Means.COMMAND)
        return issue_code(turn, session.get(Person, who.id))

    return writing(app, issue)


def enrol(
    app: Flask, code: Any, device: Any = "Amy's phone", ip: str = "192.0.2.1"
) -> TestResponse:
    return app.test_client().post(
        f"{API}/enrolments",
        json={"code": code, "device": device},
        environ_base={"REMOTE_ADDR": ip},
    )


def me(app: Flask, token: str) -> TestResponse:
    return app.test_client().get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})


def test_a_code_makes_a_phone_hers_once(
    app: Flask, org: Org, amy: Phone, clock: ManualClock
) -> None:
    code = code_for(app, org["amy"], clock)
    answer = ok(enrol(app, code), 201)
    assert list(answer) == ["token", "person", "server_time"]
    assert answer["person"]["name"] == "Amy Okafor"
    assert answer["server_time"] == clock.now().isoformat()
    assert ok(me(app, answer["token"]))["person"] == answer["person"]
    refused(enrol(app, code), 400, "code-refused")
    assert amy.get("/me").status_code == 200, "a second phone leaves the first valid"
    kept = reading(app, lambda s: [d.token_hash for d in s.query(Device)])
    assert answer["token"] not in kept


def test_a_code_may_be_typed_as_people_type(app: Flask, org: Org, clock: ManualClock) -> None:
    code = code_for(app, org["amy"], clock)
    typed = f"  {code.replace('-', ' ').lower().replace('0', 'o').replace('1', 'l')} "
    assert enrol(app, typed).status_code == 201


def test_wrong_used_and_old_codes_get_the_same_answer(
    app: Flask, org: Org, clock: ManualClock
) -> None:
    used, old = code_for(app, org["amy"], clock), code_for(app, org["ben"], clock)
    ok(enrol(app, used), 201)
    clock.forward(minutes=24 * 60)
    answers = [enrol(app, code) for code in ("ABCD-EFGH-JKMN", used, old, "?", "😀")]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.data for answer in answers}) == 1


def test_a_code_works_for_24_hours(app: Flask, org: Org, clock: ManualClock) -> None:
    code = code_for(app, org["amy"], clock)
    clock.forward(minutes=24 * 60 - 1)
    assert enrol(app, code).status_code == 201


def test_nobody_who_left_is_enrolled(app: Flask, org: Org, clock: ManualClock) -> None:
    code = code_for(app, org["amy"], clock)
    writing(app, lambda s: setattr(s.get(Person, org["amy"].id), "left_at", clock.now()))
    refused(enrol(app, code), 400, "code-refused")


def test_an_enrolment_is_read_strictly(app: Flask, org: Org) -> None:
    wrong(enrol(app, None), "code")
    wrong(enrol(app, "ABCD", device=""), "device")
    wrong(enrol(app, "ABCD", device="a\x00"), "device")
    answer = app.test_client().post(f"{API}/enrolments", data=b"{", content_type="text/plain")
    refused(answer, 415, "not-json-type")


def test_ten_wrong_codes_an_hour_from_one_address(app: Flask, org: Org, clock: ManualClock) -> None:
    right = code_for(app, org["amy"], clock)
    for n in range(10):
        refused(enrol(app, f"{n:04d}-AAAA-AAAA"), 400, "code-refused")
    for code in ("ZZZZ-AAAA-AAAA", right):
        answer = enrol(app, code)
        problem = refused(answer, 429, "too-many-tries")
        assert answer.headers["Retry-After"] == "360" == str(problem["retry_after_s"])
    assert enrol(app, right, ip="192.0.2.2").status_code == 201
    clock.forward(seconds=360)
    refused(enrol(app, "ZZZZ-AAAA-AAAA"), 400, "code-refused")
    refused(enrol(app, "ZZZZ-AAAA-AAAA"), 429, "too-many-tries")


def test_five_wrong_codes_an_hour_with_one_beginning(
    app: Flask, org: Org, clock: ManualClock
) -> None:
    for n in range(5):
        refused(enrol(app, f"ABCD-0000-000{n}", ip=f"192.0.2.{n}"), 400, "code-refused")
    refused(enrol(app, "abcd 0000 0009", ip="192.0.2.9"), 429, "too-many-tries")


def test_enrolling_a_whole_team_from_one_office_is_no_guessing(
    app: Flask, org: Org, clock: ManualClock
) -> None:
    for _ in range(6):
        for ref in ("amy", "ben", "cat"):
            assert enrol(app, code_for(app, org[ref], clock)).status_code == 201


def test_limits_can_be_off(database_url: str, tmp_path: Any, clock: ManualClock) -> None:
    app = open_app(database_url, tmp_path, clock, rate_limits=False)
    settle(app, clock)
    for _ in range(12):
        refused(enrol(app, "ABCD-EFGH-JKMN"), 400, "code-refused")


def test_a_token_lives_a_year_from_its_last_use(
    app: Flask, amy: Phone, org: Org, clock: ManualClock
) -> None:
    clock.forward(minutes=364 * 24 * 60)
    assert amy.get("/me").status_code == 200
    clock.forward(minutes=364 * 24 * 60)
    assert amy.get("/me").status_code == 200
    clock.forward(minutes=365 * 24 * 60)
    refused(amy.get("/me"), 401, "unauthorized")


def test_using_a_token_is_written_down_at_most_hourly(
    app: Flask, amy: Phone, clock: ManualClock
) -> None:
    def used() -> Any:
        return reading(
            app, lambda s: s.query(Device).filter_by(person_id=amy.owner.id).one().used_at
        )

    start = used()
    clock.forward(minutes=59)
    ok(amy.get("/me"))
    assert used() == start
    clock.forward(minutes=1)
    ok(amy.get("/me"))
    assert used() == clock.now()


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer wrong", "Bearer " + "x" * 5000, "wh1_x"],
)
def test_without_a_token_nothing_opens(app: Flask, org: Org, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answers = [
        app.test_client().open(API + path, method=method, headers=headers, json={})
        for method, path in (("GET", "/me"), ("POST", "/visits"), ("DELETE", "/devices/current"))
    ]
    for answer in answers:
        refused(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="wayhome"'
    assert len({answer.data for answer in answers}) == 1


def test_a_phone_signs_itself_out(app: Flask, org: Org, amy: Phone, clock: ManualClock) -> None:
    other = ok(enrol(app, code_for(app, org["amy"], clock)), 201)["token"]
    visit = amy.start()
    assert (amy.delete("/devices/current").status_code, amy.get("/me").status_code) == (204, 401)
    assert me(app, other).status_code == 200
    answer = app.test_client().get(
        f"{API}/visits/{visit['id']}", headers={"Authorization": f"Bearer {other}"}
    )
    assert ok(answer)["status"] == "open", "her visit stays watched"


def test_an_ended_or_left_phone_opens_nothing(
    app: Flask, org: Org, amy: Phone, ben: Phone, clock: ManualClock
) -> None:
    def end(session: Any) -> None:
        session.query(Device).filter_by(person_id=org["amy"].id).one().revoked_at = clock.now()
        session.get(Person, org["ben"].id).left_at = clock.now()

    writing(app, end)
    for phone in (amy, ben):
        refused(phone.get("/me"), 401, "unauthorized")
        refused(phone.post("/visits", place="x", minutes=5), 401, "unauthorized")


def test_codes_are_kept_hashed(app: Flask, org: Org, clock: ManualClock) -> None:
    code = code_for(app, org["amy"], clock)
    kept = reading(app, lambda s: s.query(Enrolment).one())
    assert code.replace("-", "") not in kept.code_hash
    assert kept.expires_at - clock.now() == timedelta(hours=24)
