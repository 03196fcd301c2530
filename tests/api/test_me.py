"""`/me`, the safety chain before a visit (P8), and what a person says about herself."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.gateways import TwilioSettings
from server.store.house import the_house
from server.store.people import Membership, NumberProof, Person
from server.store.providers import note_failure, note_success
from tests.api.phone import Phone, ok, refused, wrong
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.digits import holds
from tests.support.people import AMY, EVERYBODY, Org, open_app, reading, settle, writing
from tests.support.town import Town

pytestmark = sqlite_only
NEW = {"pin": "5937", "duress_pin": "8264"}


def test_me(amy: Phone, org: Org, clock: ManualClock, town: Town) -> None:
    town.round()
    found = ok(amy.get("/me"))
    assert list(found) == [
        *("person", "team", "roles", "buddies", "policy", "safety_chain", "server_time"),
        *("monitoring", "notice", "text_to"),
    ]
    assert found["person"] == {
        "id": str(org["amy"].id),
        "name": "Amy Okafor",
        "mobile": "+447700900101",
        "email": "amy@example.org",
        "has_pins": True,
        "away_from": None,
        "away_until": None,
        "usual_minutes": None,
    }
    assert found["team"]["slug"] == "ot-north"
    assert found["roles"] == ["worker", "buddy"]
    assert [buddy["name"] for buddy in found["buddies"]] == ["Ben Hughes", "Cat Lin"]
    assert found["policy"]["grace_s"] == 600
    assert found["server_time"] == clock.now().isoformat()
    assert found["monitoring"] == {"alive": True, "lag_s": 0.0, "way_out": "ok"}
    assert found["notice"] is None


def test_the_chain_before_a_visit_is_that_of_the_visit(amy: Phone) -> None:
    before = ok(amy.get("/me"))["safety_chain"]
    assert before == amy.start(minutes=60)["safety_chain"]
    assert [step["who"] for step in before][:5] == ["you"] * 3 + ["Ben Hughes", "Ben Hughes"]
    assert before[3]["why"] == "buddy; number proven 10 Mar 2026"


def test_a_chain_says_when_nobody_else_can_be_told(app: Flask, clock: ManualClock) -> None:
    """P8, and contract 5: it is 201 all the same."""
    amy = Phone(app, settle(app, clock, [replace(AMY, buddies=())])["amy"])
    first = ok(amy.get("/me"))["safety_chain"][0]
    assert (first["who"], first["by"], first["at"]) == ("nobody", "", clock.now().isoformat())
    assert first["why"].startswith("NOT covered: nobody but you can be told")
    assert amy.start()["safety_chain"][0] == first


@pytest.mark.parametrize(("proof", "covered"), [("none", False), ("trusted", True)])
def test_unproven_numbers_are_no_cover(
    app: Flask, clock: ManualClock, proof: str, covered: bool
) -> None:
    """Contract 4."""
    amy = Phone(app, settle(app, clock, proof=NumberProof(proof))["amy"])
    chain = ok(amy.get("/me"))["safety_chain"]
    assert chain[0]["why"].startswith("NOT covered") is not covered
    assert any(step["who"] == "Ben Hughes" for step in chain), "told all the same"
    assert not any("number proven" in step["why"] for step in chain)


def test_a_rehearsal_says_so_and_never_covers(
    database_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    """Contract 3."""
    app = open_app(database_url, tmp_path, clock, demo=False)
    amy = Phone(app, settle(app, clock)["amy"])
    Town(app, clock).round()
    found = ok(amy.get("/me"))
    assert found["notice"] == "REHEARSAL: nobody will be told"
    assert found["monitoring"] == {"alive": True, "lag_s": 0.0, "way_out": "none"}
    assert found["safety_chain"][0]["why"] == "REHEARSAL: nobody will be told"
    assert amy.start()["safety_chain"][0]["why"] == "REHEARSAL: nobody will be told"


@pytest.mark.parametrize(
    ("sender", "text_to"),
    [
        *[("+447700900999", "+447700900999"), ("60777", "60777")],
        *[("Wayhome", None), ("MG0123456789", None), (None, None)],
    ],
)
def test_the_number_that_commands_are_texted_to(
    database_url: str, tmp_path: Path, clock: ManualClock, sender: str | None, text_to: str | None
) -> None:
    """A name or a pool of numbers cannot be texted, and a rehearsal has nobody to answer."""
    twilio = TwilioSettings("AC1", "token", sender, "https://wayhome.example") if sender else None
    app = open_app(database_url, tmp_path, clock, twilio=twilio, pretend=not sender)
    assert ok(Phone(app, settle(app, clock)["amy"]).get("/me"))["text_to"] == text_to


def test_without_a_team_she_is_not_covered(app: Flask, amy: Phone) -> None:
    def leave_team(session: Any) -> None:
        session.query(Membership).filter_by(person_id=amy.owner.id).delete()

    writing(app, leave_team)
    found = ok(amy.get("/me"))
    assert found["team"] is None
    assert found["safety_chain"][0]["why"].startswith("NOT covered")
    refused(amy.post("/visits", place="x", minutes=5), 409, "conflict")


def monitoring(phone: Phone) -> Any:
    return ok(phone.get("/me"))["monitoring"]


def test_the_engine_is_alive_for_ten_seconds_after_a_round(
    app: Flask, amy: Phone, clock: ManualClock, town: Town
) -> None:
    assert monitoring(amy)["alive"] is False
    town.round()
    clock.forward(seconds=10)
    assert monitoring(amy)["alive"] is True
    clock.forward(seconds=1)
    assert monitoring(amy)["alive"] is False
    writing(app, lambda s: setattr(the_house(s), "round_at", clock.now() + timedelta(seconds=1)))
    assert monitoring(amy)["alive"] is True


def test_lag_is_how_far_decisions_are_behind(amy: Phone, clock: ManualClock) -> None:
    amy.start(minutes=30)
    clock.forward(minutes=25, seconds=7.5)
    assert monitoring(amy)["lag_s"] == 7.5


def test_the_way_out(app: Flask, amy: Phone, clock: ManualClock) -> None:
    def fails(name: str, *, account_wide: bool = False) -> None:
        writing(
            app,
            lambda s: note_failure(s, name, clock.now(), account_wide=account_wide, why="503"),
        )

    assert monitoring(amy)["way_out"] == "ok"
    fails("twilio")
    assert monitoring(amy)["way_out"] == "degraded"
    fails("twilio")
    fails("twilio")
    assert monitoring(amy)["way_out"] == "none"
    writing(app, lambda s: note_success(s, "notify", clock.now()))
    assert monitoring(amy)["way_out"] == "degraded"
    fails("notify", account_wide=True)
    assert monitoring(amy)["way_out"] == "none"
    writing(app, lambda s: note_success(s, "twilio", clock.now()))
    writing(app, lambda s: note_success(s, "notify", clock.now()))
    assert monitoring(amy)["way_out"] == "ok"


def test_pins_are_changed_knowing_the_old_one(amy: Phone) -> None:
    refused(amy.post("/me/pins", **NEW), 403, "pin-required")
    refused(amy.post("/me/pins", old="0000", **NEW), 403, "pin-wrong")
    answer = amy.post("/me/pins", old=AMY.pin, **NEW)
    assert (answer.status_code, answer.data) == (204, b"")
    close = f"/visits/{amy.start()['id']}/close"
    refused(amy.post(close, pin=AMY.pin), 403, "pin-wrong")
    ok(amy.post(close, pin=NEW["pin"]))


def test_first_pins_need_no_old_one(app: Flask, clock: ManualClock) -> None:
    plain = [replace(who, pin=None, duress_pin=None) for who in EVERYBODY]
    amy = Phone(app, settle(app, clock, plain)["amy"])
    assert ok(amy.get("/me"))["person"]["has_pins"] is False
    assert amy.post("/me/pins", **NEW).status_code == 204
    assert ok(amy.get("/me"))["person"]["has_pins"] is True


def test_pins_have_to_be_unlike(amy: Phone) -> None:
    for pin, duress_pin in (("1234", "1234"), ("1234", "1235")):
        answer = amy.post("/me/pins", old=AMY.pin, pin=pin, duress_pin=duress_pin)
        wrong(answer, "duress_pin")
    wrong(amy.post("/me/pins", old=AMY.pin, pin="123", duress_pin="abcd"), "pin", "duress_pin")


def test_changing_pins_with_the_duress_pin_changes_nothing(amy: Phone, ben: Phone) -> None:
    answer = amy.post("/me/pins", old=AMY.duress_pin, **NEW)
    assert (answer.status_code, answer.data) == (204, b"")
    assert [alarm["kind"] for alarm in ben.alarms()] == ["duress"]


def test_away_and_back(amy: Phone, ben: Phone, clock: ManualClock) -> None:
    until = (clock.now() + timedelta(hours=3)).isoformat()
    since = (clock.now() + timedelta(hours=1)).isoformat()
    away = ok(ben.post("/me/away", **{"from": since, "until": until}))
    assert (away["away_from"], away["away_until"]) == (since, until)
    ok(ben.post("/me/away", until=until))
    assert amy.start()["safety_chain"][3]["who"] == "Cat Lin", "the absent are skipped"
    assert ok(ben.post("/me/away", until=None))["away_until"] is None
    wrong(ben.post("/me/away"), "until")
    wrong(ben.post("/me/away", until=clock.now()), "until")
    wrong(ben.post("/me/away", **{"from": until, "until": since}), "from")


def test_a_person_is_shown_nothing_about_her_pins(app: Flask, amy: Phone) -> None:
    hashes = reading(app, lambda s: [p.pin_hash for p in s.query(Person)])
    for path in ("/me", "/visits"):
        text = amy.get(path).text
        assert not any(found in text for found in hashes if found)
        assert not holds(text, amy.owner.pin)
