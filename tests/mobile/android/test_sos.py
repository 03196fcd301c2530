"""An SOS from a notification goes out though Python is dead: once, and as soon as it can."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mobile.core.acts import sos_act
from mobile.core.statements import LEASE_SOS_S
from mobile.core.verdict import Verdict
from tests.mobile.android.conftest import Handset, said
from tests.mobile.hands import NOON
from tests.mobile.house import Served

SOMEBODY_ELSES = ["html", "html404", "redirect", "liar", "empty", "no_content"]
NOT_YET = ["500", "busy", "refuse", *SOMEBODY_ELSES, "nothing", "cut", "lost"]


def test_one_press_is_a_slip_and_two_are_an_sos(handset: Handset) -> None:
    visit = handset.on_a_visit()
    first = handset.tap("sos", visit)
    (asks,) = [name for name in first.notices if name.startswith("again/")]
    notice = first.notices[asks]
    assert notice["text"] == "Tap SOS again to send it. Nothing is sent yet"
    assert (notice["actions"][0]["title"], notice["for_ms"]) == ("SOS now", 15_000)
    assert notice["actions"][0]["locked_ok"]
    assert handset.waiting() == []
    after = handset.tap(notice["actions"][0]["to"]["action"], visit)
    (alarm,) = handset.house.alarms.values()
    assert alarm["visit"] == visit
    assert said(after) == "Office has it 12:00"
    assert handset.waiting() == []


def test_it_says_what_the_app_would_have_said(handset: Handset) -> None:
    visit = handset.on_a_visit()
    seen = handset.awake().phone.facts().visit(visit)
    assert seen is not None
    handset.dies()
    handset.passes(60)
    handset.tap("again", visit)
    path, body = handset.house.done[-1]
    planned = sos_act(seen.value)
    assert path == planned.path
    assert datetime.fromisoformat(body.pop("at")) == NOON + timedelta(seconds=60)
    assert body.pop("position") == {"lat": 51.5, "lon": -0.1, "accuracy_m": 12.0}
    assert body == {**planned.body, "id": body["id"]}
    assert set(handset.kept("again")) == {f"/alarms/{body['id']}", f"/visits/{visit}"}
    pocket = handset.awake()
    pocket.sync()
    assert pocket.sos().phase == "office"
    assert len(handset.house.alarms) == 1


@pytest.mark.parametrize(
    "device", [{"fix_age_ms": 901_000}, {"denied": ["where"]}], ids=["too old", "not allowed"]
)
def test_it_names_no_place_that_is_stale_or_not_hers_to_tell(
    handset: Handset, device: dict[str, Any]
) -> None:
    visit = handset.on_a_visit()
    handset.be(**device)
    handset.tap("again", visit)
    assert "position" not in handset.house.done[-1][1]


def test_it_needs_no_visit(handset: Handset) -> None:
    handset.enrolled().dies()
    handset.tap("again")
    assert [body["kind"] for _, body in handset.house.done] == ["sos"]


@pytest.mark.parametrize("fault", NOT_YET)
def test_whatever_is_not_wayhomes_answer_means_not_yet_and_nothing_is_doubled(
    handset: Handset, fault: str
) -> None:
    visit = handset.on_a_visit()
    handset.house.always = fault
    after = handset.tap("again", visit)
    handset.house.always = ""
    assert said(after) == "Kept on this phone 12:00: sending"
    (row,) = handset.waiting()
    assert (row.kind, row.tries) == ("sos", 1)
    assert after.happened("job")[0]["info"] == {
        "job": "SendJob", "network": 1, "backoff_ms": 10_000, "persisted": True, "expedited": True,
    }  # fmt: skip
    handset.passes(2)
    handset.awake().sync()
    assert list(handset.house.alarms) == [row.act.key]
    assert handset.waiting() == []


def test_both_senders_wait_equally_long(handset: Handset) -> None:
    visit = handset.on_a_visit()
    handset.house.always = "500"
    handset.tap("again", visit)
    waits = []
    for _ in range(3):
        pocket = handset.awake()
        waits.append(pocket.phone.sync.outbox.wait_s(sos_only=True))
        handset.passes(5)
        handset.dies()
        handset.tap("again", visit)
    assert waits == [2.0, 4.0, 5.0]
    assert len(handset.waiting()) == 1


def test_a_phone_that_is_signed_out_says_so_and_stops(handset: Handset) -> None:
    visit = handset.on_a_visit()
    handset.house.token = "another"
    after = handset.tap("again", visit)
    assert said(after) == "This phone is signed out. Ring 999 if you can"
    pocket = handset.awake()
    assert pocket.phone.sync.outbox.waiting() == []
    assert [e.verdict for e in pocket.phone.sync.outbox.refused()] == [Verdict.SIGNED_OUT]


def test_one_that_python_holds_is_left_to_it_until_its_lease_runs_out(handset: Handset) -> None:
    handset.on_a_visit()
    pocket = handset.awake()
    key = pocket.phone.acts.sos()
    assert pocket.phone.sync.outbox.claim(sos_only=True) is not None
    handset.dies()
    handset.tap("again")
    assert handset.house.alarms == {}
    handset.passes(LEASE_SOS_S)
    handset.tap("again")
    assert list(handset.house.alarms) == [key]


def test_the_job_sends_what_waits_whoever_put_it_there_and_ends(handset: Handset) -> None:
    handset.on_a_visit()
    pocket = handset.awake()
    key = pocket.phone.acts.sos()
    handset.dies()
    after = handset.device.do("job")
    assert list(handset.house.alarms) == [key]
    assert after.happened("job_finished")[0]["again"] is False
    assert handset.device.do("job").happened("job_finished")[0]["again"] is False


def test_nobody_there_is_no_answer_and_the_job_is_what_goes_on(handset: Handset) -> None:
    visit = handset.on_a_visit()
    sent_to = Served(handset.house)
    sent_to.close()
    pocket = handset.awake()
    identity = handset.kept("identity")[""]
    pocket.phone.sync.memory.keep("identity", "", identity | {"address": sent_to.url})
    handset.dies()
    after = handset.tap("again", visit)
    assert said(after) == "Kept on this phone 12:00: sending"
    assert after.happened("job")
    assert handset.waiting()[0].verdict == "later"


def test_only_pythons_own_statements_touch_its_file(handset: Handset) -> None:
    from mobile.android.rules import STATEMENTS

    visit = handset.on_a_visit()
    handset.tap("extend", visit)
    handset.tap("again", visit)
    handset.device.do("boot", action="android.intent.action.BOOT_COMPLETED")
    plain = ("PRAGMA ", "BEGIN EXCLUSIVE", "COMMIT", "ROLLBACK")
    others = [each for each in handset.device.statements if not each.startswith(plain)]
    assert len(set(others)) > 5
    assert set(others) <= set(STATEMENTS.values())
    # The oldest Android we run on brings SQLite 3.18.
    assert not [each for each in others if "RETURNING" in each or "ON CONFLICT" in each]
