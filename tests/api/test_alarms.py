"""Contract 5, the rows about alarms that were raised, and about watching over others."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.api.phone import Phone, ok, refused, wrong
from tests.support.clock import ManualClock
from tests.support.people import AMY, BEN, Org
from tests.support.town import Town

FIELDS = [
    *("id", "kind", "status", "visit", "worker", "raised_at", "owner", "owner_until"),
    *("outcome", "resolved_at", "unverified", "ring", "place", "next_step"),
    *("due_at", "heard_at", "said"),
]


@pytest.fixture
def visit(amy: Phone, town: Town) -> dict[str, Any]:
    """A visit of Amy's that is overdue; its alarm was raised this moment."""
    started = amy.start()
    town.forward(minutes=40)
    return started


@pytest.fixture
def alarm(visit: dict[str, Any], ben: Phone) -> dict[str, Any]:
    """Its alarm, as Ben sees it."""
    (found,) = ben.alarms()
    return found


def post(phone: Phone, alarm: dict[str, Any], act: str, **body: Any) -> Any:
    return phone.post(f"/alarms/{alarm['id']}/{act}", **body)


def test_an_alarm_has_the_fields_of_the_contract(
    visit: dict[str, Any], alarm: dict[str, Any], org: Org, clock: ManualClock
) -> None:
    assert list(alarm) == FIELDS
    assert alarm == {
        "id": alarm["id"],
        "kind": "overdue",
        "status": "raised",
        "visit": visit["id"],
        "worker": {"id": str(org["amy"].id), "name": "Amy Okafor"},
        "raised_at": clock.now().isoformat(),
        "owner": None,
        "owner_until": None,
        "outcome": None,
        "resolved_at": None,
        "unverified": False,
        "ring": AMY.mobile,
        "place": "12 High St",
        "next_step": {
            "at": (clock.now() + timedelta(minutes=3)).isoformat(),
            "who": "Ben Hughes",
            "by": "text",
            "why": "buddy; number proven 10 Mar 2026",
        },
        "due_at": visit["due_at"],
        "heard_at": visit["starts_at"],
        "said": [],
    }


def test_what_came_from_her_since_is_told_to_those_told_and_not_to_herself(
    amy: Phone, ben: Phone, visit: dict[str, Any], alarm: dict[str, Any], clock: ManualClock
) -> None:
    """P4: her close without a PIN stops nothing, and whoever was alarmed hears of it."""
    clock.forward(minutes=1)
    ok(amy.post(f"/visits/{visit['id']}/close"))
    (seen,) = ben.alarms()
    (said,) = seen["said"]
    assert said.startswith("Amy Okafor's phone says")
    assert said.endswith("no PIN: speak to her.")
    assert seen["heard_at"] == clock.now().isoformat()
    (hers,) = amy.alarms()
    assert (hers["due_at"], hers["heard_at"], hers["said"], hers["ring"]) == (None, None, [], None)
    done = ok(post(ben, alarm, "resolve", outcome="safe"))
    assert (done["due_at"], done["heard_at"], done["said"]) == (None, None, [])


def test_her_visit_shows_her_alarm_and_its_climb(
    amy: Phone, visit: dict[str, Any], alarm: dict[str, Any]
) -> None:
    unsaid = dict.fromkeys(("ring", "place", "due_at", "heard_at"))
    seen, hers = amy.visit(visit), {**alarm, **unsaid}
    assert seen["alarms"] == [hers]
    assert seen["safety_chain"][0] == alarm["next_step"]
    assert amy.alarms() == [hers]


def test_the_log_says_who_was_told_and_how(amy: Phone, visit: dict[str, Any]) -> None:
    """P9."""
    lines = amy.get(f"/visits/{visit['id']}").json["log"]  # type: ignore[index]
    (told,) = [line["told"] for line in lines if line["what"] == "told"]
    assert told == [{"who": "Ben Hughes", "by": "text"}]


def test_taking_charge(
    ben: Phone, cat: Phone, alarm: dict[str, Any], org: Org, clock: ManualClock
) -> None:
    owned = ok(post(ben, alarm, "own"))
    assert owned["status"] == "owned"
    assert owned["owner"] == {"id": str(org["ben"].id), "name": "Ben Hughes"}
    assert owned["owner_until"] == (clock.now() + timedelta(seconds=600)).isoformat()
    problem = refused(post(cat, alarm, "own"), 409, "alarm-owned")
    assert problem["owner"] == str(org["ben"].id)
    assert "Ben Hughes" in problem["detail"]
    assert ok(post(cat, alarm, "own", take_over=True))["owner"]["name"] == "Cat Lin"


def test_a_note_and_a_second_tap_renew_the_charge(
    ben: Phone, alarm: dict[str, Any], clock: ManualClock
) -> None:
    first = ok(post(ben, alarm, "own"))
    clock.forward(minutes=4)
    noted = ok(post(ben, alarm, "note", text="Rang her. No answer."))
    assert noted["owner_until"] > first["owner_until"]
    clock.forward(minutes=4)
    assert ok(post(ben, alarm, "own"))["owner_until"] > noted["owner_until"]
    wrong(post(ben, alarm, "note"), "text")
    wrong(post(ben, alarm, "note", text=" "), "text")


def test_giving_it_back_sends_the_next_step_at_once(
    ben: Phone, cat: Phone, alarm: dict[str, Any], clock: ManualClock
) -> None:
    ok(post(ben, alarm, "own"))
    refused(post(cat, alarm, "release"), 409, "conflict")
    released = ok(post(ben, alarm, "release"))
    assert (released["status"], released["owner"]) == ("raised", None)


def test_resolving_closes_the_visit(
    amy: Phone, ben: Phone, visit: dict[str, Any], alarm: dict[str, Any], clock: ManualClock
) -> None:
    wrong(post(ben, alarm, "resolve"), "outcome")
    wrong(post(ben, alarm, "resolve", outcome="fine"), "outcome")
    done = ok(post(ben, alarm, "resolve", outcome="safe", note="Spoke to her."))
    assert (done["status"], done["outcome"]) == ("resolved", "safe")
    assert (done["resolved_at"], done["next_step"]) == (clock.now().isoformat(), None)
    seen = amy.visit(visit)
    assert (seen["status"], seen["closed_how"]) == ("closed", "alarm_resolved")
    problem = refused(post(ben, alarm, "resolve", outcome="safe"), 409, "conflict")
    assert problem["outcome"] == "safe"
    assert ben.alarms() == []
    assert ben.alarms(status="resolved") == [done]


def test_resolving_until_watches_on(
    amy: Phone, ben: Phone, visit: dict[str, Any], alarm: dict[str, Any], clock: ManualClock
) -> None:
    wrong(post(ben, alarm, "resolve", outcome="safe", until=clock.now()), "until")
    later = clock.now() + timedelta(minutes=30)
    ok(post(ben, alarm, "resolve", outcome="safe", until=later))
    seen = amy.visit(visit)
    assert (seen["status"], seen["ends_at"]) == ("open", later.isoformat())


def test_a_resolver_needs_no_pin_but_a_wrong_one_is_refused(
    ben: Phone, alarm: dict[str, Any]
) -> None:
    refused(post(ben, alarm, "resolve", outcome="safe", pin="0000"), 403, "pin-wrong")
    assert ok(post(ben, alarm, "resolve", outcome="safe", pin=BEN.pin))["status"] == "resolved"


def test_nobody_takes_charge_of_her_own_alarm(amy: Phone, alarm: dict[str, Any]) -> None:
    """P4."""
    for act, body in (
        ("own", {}),
        ("own", {"take_over": True}),
        ("release", {}),
        ("note", {"text": "All fine."}),
        ("resolve", {"outcome": "safe"}),
        ("resolve", {"outcome": "safe", "pin": AMY.pin}),
    ):
        refused(post(amy, alarm, act, **body), 403, "forbidden")


def test_her_own_all_clear(
    amy: Phone, ben: Phone, visit: dict[str, Any], alarm: dict[str, Any]
) -> None:
    refused(post(amy, alarm, "stand-down"), 403, "pin-required")
    refused(post(amy, alarm, "stand-down", pin="0000"), 403, "pin-wrong")
    refused(post(ben, alarm, "stand-down", pin=BEN.pin), 403, "forbidden")
    done = ok(post(amy, alarm, "stand-down", pin=AMY.pin))
    assert (done["status"], done["outcome"]) == ("resolved", "false_alarm")
    assert amy.visit(visit)["status"] == "closed"
    refused(post(amy, alarm, "stand-down", pin=AMY.pin), 409, "conflict")


def test_who_sees_an_alarm(
    amy: Phone, ben: Phone, cat: Phone, dan: Phone, alarm: dict[str, Any]
) -> None:
    """P7: told, watching, managing, or its subject; nobody else until told."""
    for phone in (amy, ben, cat):
        assert [one["id"] for one in phone.alarms()] == [alarm["id"]] or phone is ben
        assert ok(phone.get(f"/alarms/{alarm['id']}"))["id"] == alarm["id"]
    assert dan.alarms() == []
    refused(dan.get(f"/alarms/{alarm['id']}"), 404, "not-found")


def test_alarms_are_listed_the_newest_first(
    ben: Phone, amy: Phone, alarm: dict[str, Any], clock: ManualClock
) -> None:
    for _ in range(3):
        clock.forward(minutes=1)
        cry_out_and_end_it(amy)
    ok(amy.post("/alarms", kind="sos"), 201)
    assert [one["kind"] for one in ben.alarms()] == ["sos", "overdue"]
    ok(post(ben, alarm, "own"))
    assert [one["kind"] for one in ben.alarms(status="owned")] == ["overdue"]
    everything = ben.alarms(status="raised,owned,resolved")
    assert [one["kind"] for one in everything] == ["sos", "sos", "sos", "sos", "overdue"]


def cry_out_and_end_it(phone: Phone) -> str:
    alarm = ok(phone.post("/alarms", kind="sos"), 201)
    ok(phone.post(f"/alarms/{alarm['id']}/stand-down", pin=AMY.pin))
    return str(alarm["id"])


def test_alarms_come_a_page_at_a_time(amy: Phone, ben: Phone, clock: ManualClock) -> None:
    made = []
    for _ in range(52):
        clock.forward(seconds=1)
        made.append(cry_out_and_end_it(amy))
    first = ok(ben.get("/alarms", status="resolved"))
    second = ok(ben.get("/alarms", status="resolved", cursor=first["next"]))
    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


def test_watching(amy: Phone, ben: Phone, cat: Phone, dan: Phone) -> None:
    visit = amy.start()
    (item,) = ok(ben.get("/watching"))["items"]
    assert item["worker"]["name"] == "Amy Okafor"
    assert (item["part"], item["answer"], item["alarms"]) == ("buddy", None, [])
    assert item["visit"] == ben.visit(visit)
    (covered,) = ok(cat.get("/watching"))["items"]
    assert covered["part"] == "cover"
    assert ok(dan.get("/watching")) == {"items": [], "next": None}
    assert ok(amy.get("/watching"))["items"] == []


def test_accepting_and_declining(amy: Phone, ben: Phone, cat: Phone, dan: Phone) -> None:
    visit = amy.start()
    path = f"/watching/{visit['id']}"
    assert ok(ben.post(f"{path}/accept"))["buddy"]["name"] == "Ben Hughes"
    assert ok(ben.get("/watching"))["items"][0]["answer"] == "accepted"
    assert ok(ben.post(f"{path}/decline"))["buddy"]["name"] == "Cat Lin"
    assert ok(ben.get("/watching"))["items"][0]["answer"] == "declined"
    assert amy.visit(visit)["buddy"]["name"] == "Cat Lin"
    assert amy.visit(visit)["safety_chain"][3]["who"] == "Cat Lin"
    for phone in (amy, dan):
        refused(phone.post(f"{path}/accept"), 404, "not-found")
    ok(amy.post(f"/visits/{visit['id']}/close"))
    assert amy.visit(visit)["buddy"]["name"] == "Cat Lin"
    refused(ben.post(f"{path}/accept"), 409, "conflict")


def test_watching_shows_a_cry_without_a_visit(amy: Phone, ben: Phone) -> None:
    cry = ok(amy.post("/alarms", kind="sos"), 201)
    (item,) = ok(ben.get("/watching"))["items"]
    assert (item["visit"], [alarm["id"] for alarm in item["alarms"]]) == (None, [cry["id"]])


def test_a_planned_visit_is_watched_from_the_day_before(
    app: Flask, amy: Phone, ben: Phone, clock: ManualClock
) -> None:
    visit = amy.start(starts_at=clock.now() + timedelta(hours=25))
    assert ok(ben.get("/watching"))["items"] == []
    clock.forward(minutes=61)
    assert ok(ben.get("/watching"))["items"][0]["visit"]["id"] == visit["id"]
    ok(ben.post(f"/watching/{visit['id']}/accept"))


def test_an_alarm_without_a_visit_cannot_be_watched_on(amy: Phone, ben: Phone) -> None:
    alarm = ok(amy.post("/alarms", kind="sos"), 201)
    later = "2026-03-10T18:00:00+00:00"
    for pin in (BEN.pin, None):
        answer = ben.post(f"/alarms/{alarm['id']}/resolve", outcome="safe", until=later, pin=pin)
        wrong(answer, "until")
    assert len(ben.alarms()) == 1


@pytest.mark.parametrize("kind", ["sos", "duress"])
def test_what_leaves_its_visit_watched_takes_no_other_end(
    kind: str, amy: Phone, ben: Phone, town: Town, clock: ManualClock
) -> None:
    visit = amy.start()
    ok(amy.post("/alarms", kind=kind, visit=visit["id"]), 201)
    town.round()
    (alarm,) = ben.alarms()
    later = clock.now() + timedelta(hours=2)
    errors = wrong(post(ben, alarm, "resolve", outcome="safe", until=later), "until")
    assert "to its own end" in errors["until"][0]
    assert ok(post(ben, alarm, "resolve", outcome="safe"))["status"] == "resolved"
    assert amy.visit(visit)["ends_at"] == visit["ends_at"]


def test_the_longest_a_visit_may_be_is_said(amy: Phone) -> None:
    errors = wrong(amy.post("/visits", place="12 High St", minutes=10_000), "minutes")
    assert "from 1 to 720" in errors["minutes"][0]
