"""Reminders come though the app is dead, the phone was off, or exact alarms are denied."""

import json
from pathlib import Path
from typing import Any

import pytest

from mobile.android import rules
from mobile.core.reminders import KIND
from mobile.ports import Reminder
from tests.mobile.android.conftest import Handset
from tests.mobile.android.jvm.device import After

BOOTED = "android.intent.action.BOOT_COMPLETED"
ALLOWED = rules.TEXTS["EXACT_CHANGED"]


def test_the_rules_in_java_are_pythons() -> None:
    assert rules.TARGET.read_text(encoding="utf-8") == rules.source()


def arm(handset: Handset, *reminders: dict[str, Any]) -> After:
    return handset.device.do("arm", text=json.dumps(reminders))


def reminder(number: int, in_s: float, loudness: int = 0) -> dict[str, Any]:
    return {"key": f"v/1/{number}", "in_s": in_s, "title": "Your 12:30 booking ends soon",
            "text": "More time, or done?", "visit": "v", "loudness": loudness}  # fmt: skip


def test_they_are_armed_in_ticks_and_a_new_set_takes_the_old_ones_place(handset: Handset) -> None:
    after = arm(handset, reminder(0, 1500), reminder(1, 1800.5))
    assert [(each["how"], each["type"], each["at_ms"]) for each in after.alarms] == [
        ("exact", 2, 1_000_000 + 1_500_000),
        ("exact", 2, 1_000_000 + 1_800_500),
    ]
    assert [each["to"] for each in after.alarms] == ["ReminderReceiver"] * 2
    after = arm(handset, reminder(2, 60))
    assert [each["at_ms"] for each in after.alarms] == [1_060_000]
    assert arm(handset).alarms == []


@pytest.mark.parametrize(
    ("device", "how"),
    [
        ({"sdk": 36, "exact": True}, "exact"),
        ({"sdk": 36, "exact": False}, "inexact"),
        ({"sdk": 36, "exact": True, "exact_taken_back": True}, "inexact"),
        ({"sdk": 30, "exact": False}, "exact"),
    ],
)
def test_where_exact_ones_are_denied_they_come_a_little_later_but_come(
    handset: Handset, device: dict[str, Any], how: str
) -> None:
    handset.be(**device)
    assert [each["how"] for each in arm(handset, reminder(0, 60)).alarms] == [how]


def ring(handset: Handset, visit: str, loudness: int = 1) -> dict[str, Any]:
    text = json.dumps(reminder(0, 0, loudness) | {"visit": visit})
    shown: dict[str, Any] = handset.device.do("ring", reminder=text).notices["v/1/0"]
    return shown


def test_a_reminder_rings_with_python_dead_and_has_the_three_buttons(handset: Handset) -> None:
    visit = handset.on_a_visit()
    notice = ring(handset, visit)
    assert (notice["channel"], notice["once"], notice["visibility"]) == ("due", True, 1)
    assert [each["title"] for each in notice["actions"]] == ["+15 min", "Done", "SOS"]
    assert [each["to"]["kind"] for each in notice["actions"]] == ["broadcast"] * 3
    assert notice["actions"][0]["to"]["extras"] == {"key": "v/1/0", "visit": visit}
    # Done is the one that ends the watch: not by whoever picks up a locked phone.
    assert [each["locked_ok"] for each in notice["actions"]] == [True, False, True]
    assert "High St" not in json.dumps(notice)


def test_once_a_pin_may_be_asked_for_its_buttons_open_the_app(handset: Handset) -> None:
    visit = handset.on_a_visit()
    handset.passes(2400)
    notice = ring(handset, visit)
    kinds = [each["to"]["kind"] for each in notice["actions"]]
    assert kinds == ["activity", "activity", "broadcast"]


def test_a_store_that_cannot_be_read_is_no_reason_to_be_silent(handset: Handset) -> None:
    visit = handset.on_a_visit()
    Path(handset.device.database).write_bytes(b"not a database, but longer than a header" * 20)
    notice = ring(handset, visit, loudness=0)
    assert notice["channel"] == "reminder"
    assert [each["to"]["kind"] for each in notice["actions"]][:2] == ["activity"] * 2


def test_channels_are_our_own_and_only_the_last_makes_a_sound(handset: Handset) -> None:
    after = handset.device.do("show", text='{"key": "visit", "title": "t", "text": "x"}')
    found = {name: (each["importance"], each["vibrates"], each["sound"])
             for name, each in after.channels.items()}  # fmt: skip
    assert found == {"visit": (2, False, False), "reminder": (4, True, False),
                     "due": (4, True, True)}  # fmt: skip
    assert {each["visibility"] for each in after.channels.values()} == {1}


def test_after_a_restart_the_alarms_are_armed_again_and_she_is_asked_to_go_on(
    handset: Handset,
) -> None:
    handset.on_a_visit(minutes=30)
    kept = handset.kept(KIND)
    assert len(kept) == 3
    handset.hands.restart(took_s=60)
    handset.be(anew=True)
    shift_s = rewrite_bearing(handset)
    after = handset.device.do("boot", action=BOOTED)
    ahead = [(each["at_ms"] - 5000) / 1000 + shift_s for each in after.alarms]
    assert ahead == pytest.approx([1500 - 60, 1800 - 60, 2100 - 60], abs=5)
    resume = after.notices["resume"]
    assert (resume["title"], resume["text"]) == (
        "Until 12:30", "Your booking may still be running. Tap to go on",
    )  # fmt: skip
    assert resume["opens"]["kind"] == "activity"
    assert [each["title"] for each in resume["actions"]] == ["SOS"]


def rewrite_bearing(handset: Handset) -> float:
    """The JVM's own clock stands for the phone's after a restart: it is off by a known amount."""
    from mobile.core.clock import wall_s
    from mobile.core.database import Database
    from mobile.core.memory import Memory

    db = Database(handset.device.database)
    memory = Memory(db)
    known = memory.get("clock")
    assert known is not None
    off_s = handset.hands.true_s - wall_s()
    memory.keep("clock", "", known.value | {"boot": "an earlier one", "wall_off_s": off_s})
    db.close()
    return 0.0


def test_what_fell_due_while_the_phone_was_off_is_shown_when_it_comes_on(handset: Handset) -> None:
    visit = handset.on_a_visit(minutes=30)
    handset.hands.restart(took_s=1900)
    handset.be(anew=True)
    rewrite_bearing(handset)
    after = handset.device.do("boot", action=BOOTED)
    (missed,) = [name for name in after.notices if name.startswith(visit)]
    assert after.notices[missed]["title"] == "Your 12:30 booking is up"
    assert len(after.alarms) == 1


def test_a_phone_without_a_visit_stays_quiet_after_a_restart(handset: Handset) -> None:
    handset.enrolled().awake().phone.refresh()
    handset.dies()
    after = handset.device.do("boot", action=BOOTED)
    assert (after.alarms, after.notices, after.events) == ([], {}, [])


def test_an_sos_that_waited_through_a_restart_goes_on(handset: Handset) -> None:
    handset.on_a_visit()
    handset.awake().phone.acts.sos()
    handset.dies()
    assert handset.device.do("boot", action=BOOTED).happened("job")


def test_when_exact_alarms_are_allowed_at_last_the_same_ones_become_exact(
    handset: Handset,
) -> None:
    handset.on_a_visit()
    after = handset.device.do("boot", action=ALLOWED)
    assert [each["how"] for each in after.alarms] == ["exact"] * 3
    assert "resume" not in after.notices


def test_what_the_core_plans_is_what_java_reads(handset: Handset) -> None:
    handset.on_a_visit()
    (planned, *_) = handset.kept(KIND).values()
    fields = set(Reminder.__dataclass_fields__)
    assert set(planned) == fields - {"key", "in_s"} | {"at"}


def test_the_watch_stands_on_our_notification_from_its_first_moment(handset: Handset) -> None:
    after = handset.device.do("service")
    assert after.happened("python")[0]["entrypoint"] == "mobile/service/watch.py"
    assert after.happened("foreground")[0]["id"] == 1
    assert (after.notices["#1"]["channel"], after.notices["#1"]["ongoing"]) == ("visit", True)
    assert after.given == 1, "START_STICKY"


def test_started_again_by_android_it_does_the_same_without_what_it_was_first_given(
    handset: Handset,
) -> None:
    after = handset.device.do("service", sticky=True)
    assert after.happened("python")[0]["entrypoint"] == "mobile/service/watch.py"
    assert after.happened("foreground")


def test_where_android_will_not_let_it_watch_it_asks_her_to_tap(handset: Handset) -> None:
    handset.be(denied=["foreground"])
    after = handset.device.do("service", sticky=True)
    assert after.happened("stopped")
    assert after.notices["said"]["text"].startswith("Your booking may still be running")
