"""Android behind the ports: what Python asks of Java, and that Java understands it."""

import json
import re
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mobile.android import rules
from mobile.core.clock import wall_s
from mobile.platform import android
from mobile.ports import Inset, Need, Notice, Pattern, Ports, Reminder, Signal
from tests.mobile.android.conftest import Handset
from tests.mobile.android.fake_java import FakeJnius
from tests.mobile.android.package import ROOT

JAVA = ROOT / "mobile/android/java/org/wayhome/phone"
REMINDER = Reminder("v/1/0", 90.5, "Your 14:30 booking is up", "More time, or done?", "v", 1)
NOTICE = Notice(
    "visit", "Until 14:30", "Connected 14:02", ("extend", "sos"), False, ("extend",), "v"
)


@pytest.fixture
def jnius(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeJnius]:
    found = FakeJnius()
    monkeypatch.setitem(sys.modules, "jnius", found)
    yield found
    # Nothing is called that Java does not have, with as many arguments as it takes.
    for name, *given in found.calls:
        owner, method = name.split(".")
        text = (JAVA / f"{owner}.java").read_text(encoding="utf-8")
        heads = re.findall(rf"public static [\w\[\] ]*\b{method}\(([^)]*)\)", text)
        counts = {len(head.split(",")) if head else 0 for head in heads}
        assert len(given) in counts, (name, given)


@pytest.fixture
def ports(jnius: FakeJnius) -> Ports:
    return android.ports()


def test_importing_it_needs_no_android() -> None:
    assert "jnius" not in sys.modules


def test_classes_are_looked_up_at_once_and_on_one_thread(jnius: FakeJnius) -> None:
    ports = android.ports(service=True)
    before = list(jnius.looked_up)
    jnius.answers |= {"unseal": None, "signal": "data", "exact": True}
    ports.secrets.unseal(b"x")
    ports.net.signal()
    ports.alarms.exact()
    assert jnius.looked_up == before
    assert jnius.asked("Device.signal") == [("the watch",)]


def test_the_key_store_is_spoken_to_by_one_thread_that_never_ends(
    jnius: FakeJnius, ports: Ports
) -> None:
    threads: list[str] = []

    def turn_round(text: str) -> str:
        threads.append(threading.current_thread().name)
        return b64encode(b64decode(text)[::-1]).decode()

    jnius.answers |= {"seal": turn_round, "unseal": turn_round}
    sealed: list[bytes] = []
    aside = threading.Thread(target=lambda: sealed.append(ports.secrets.seal(b"4821")))
    aside.start()
    aside.join()
    assert sealed == [b"1284"]
    assert ports.secrets.unseal(sealed[0]) == b"4821"
    assert len(set(threads)) == 1
    assert threads[0].startswith("key-store")


def test_a_key_store_that_lost_its_key_says_so(jnius: FakeJnius, ports: Ports) -> None:
    jnius.answers["unseal"] = None
    assert ports.secrets.unseal(b"sealed") is None


def test_where_she_is(jnius: FakeJnius, ports: Ports) -> None:
    jnius.answers["where"] = [51.5, -0.12, 12.5, 30.0]
    fix = ports.location.last()
    assert fix is not None
    assert (fix.lat, fix.lon, fix.accuracy_m) == (51.5, -0.12, 12.5)
    assert wall_s() - fix.at.timestamp() == pytest.approx(30, abs=5)
    jnius.answers["where"] = [51.5, -0.12, -1.0, 30.0]
    rough = ports.location.last()
    assert rough is not None
    assert rough.accuracy_m is None
    jnius.answers["where"] = None
    assert ports.location.last() is None


def test_the_app_starts_the_watch_and_the_watch_does_not_start_itself(jnius: FakeJnius) -> None:
    android.ports(service=True).location.start()
    assert jnius.asked("Device.watch") == []
    android.ports().location.start()
    assert jnius.asked("Device.watch") == [("the window",)]
    assert len(jnius.asked("Device.look")) == 2


def test_what_the_phone_can_reach(jnius: FakeJnius, ports: Ports) -> None:
    rang: list[str] = []
    ports.net.on_change(lambda: rang.append("changed"))
    ((_, runnable),) = jnius.asked("Device.onNetwork")
    runnable.run()
    assert rang == ["changed"]
    for signal in (Signal.DATA, Signal.TEXTS_ONLY, Signal.NONE):
        jnius.answers["signal"] = signal.value
        assert ports.net.signal() is signal
    jnius.answers["composeText"] = False
    assert ports.net.compose_text("+447700900900", "DONE ") is False


def test_bars_and_keyboards(jnius: FakeJnius, ports: Ports) -> None:
    told: list[Inset] = []
    ports.insets.on_change(told.append)
    jnius.answers["now"] = [80, 900, 0, 0]
    ((_, runnable),) = jnius.asked("Bars.follow")
    runnable.run()
    assert told == [Inset(top=80, bottom=900)]


def test_the_small_ones(jnius: FakeJnius, ports: Ports) -> None:
    assert ports.siren
    assert ports.look
    assert ports.power
    assert ports.permits
    for pattern in Pattern:
        ports.haptics.play(pattern)
    assert all(re.fullmatch(r"0(,\d+)+", call[1]) for call in jnius.asked("Device.vibrate"))
    ports.siren.start()
    ports.siren.stop()
    jnius.answers |= {"dark": True, "unrestricted": False, "saving": True, "ask": True}
    assert (ports.look.dark(), ports.power.unrestricted(), ports.power.saving()) == (
        True,
        False,
        True,
    )
    assert all(ports.permits.ask(need) for need in Need)
    ports.speech.say("Covered.")
    ports.notifier.withdraw("visit")


def test_the_scanner_tells_what_the_camera_saw(jnius: FakeJnius) -> None:
    jnius.answers |= {"hasCamera": True, "start": True, "found": "https://w.example.org/#K7QX"}
    scanner = android.ports().scanner
    assert scanner is not None
    seen: list[str] = []
    assert scanner.scan(seen.append)
    ((_, runnable),) = jnius.asked("Scan.start")
    runnable.run()
    assert seen == ["https://w.example.org/#K7QX"]


def test_without_a_camera_and_in_the_watch_there_is_no_scanner(jnius: FakeJnius) -> None:
    assert android.ports().scanner is None
    jnius.answers["hasCamera"] = True
    assert android.ports(service=True).scanner is None


def test_the_camera_is_zxings_and_going_back_tells_nothing(handset: Handset) -> None:
    after = handset.device.do("scan", text="https://w.example.org/#K7QX")
    assert after.given == [True, "https://w.example.org/#K7QX"]
    (asked,) = [event["intent"] for event in after.happened("for_result")]
    assert asked["extras"]["SCAN_FORMATS"] == "QR_CODE"
    assert "CaptureActivity" in json.dumps(asked)
    assert after.happened("finished")
    back = handset.device.do("scan", text="")
    assert (back.given, bool(back.happened("finished"))) == ([True], True)


def test_a_phone_without_zxings_scanner_shows_the_field_again(handset: Handset) -> None:
    handset.be(denied=["scanner"])
    after = handset.device.do("scan", text="https://w.example.org/#K7QX")
    assert (after.given, bool(after.happened("finished"))) == ([True], True)


@pytest.mark.parametrize("camera", [True, False])
def test_javas_own_word_about_the_camera(handset: Handset, camera: bool) -> None:
    handset.be(denied=[] if camera else ["android.hardware.camera.any"])
    assert handset.device.do("camera").given is camera


def device_texts(jnius: FakeJnius, method: str) -> str:
    ((_, text),) = jnius.asked(f"Device.{method}")
    return str(text)


def test_a_notice_arrives_in_java_as_it_was_meant(
    jnius: FakeJnius, ports: Ports, handset: Handset
) -> None:
    ports.notifier.show(NOTICE)
    after = handset.device.do("show", text=device_texts(jnius, "show"))
    shown = after.notices["#1"]
    assert (shown["title"], shown["text"], shown["channel"]) == (
        "Until 14:30", "Connected 14:02", "visit",
    )  # fmt: skip
    assert [(a["title"], a["to"]["kind"]) for a in shown["actions"]] == [
        ("+15 min", "activity"), ("SOS", "broadcast"),
    ]  # fmt: skip
    assert handset.device.do("withdraw", text="visit").notices == {}


def test_reminders_arrive_in_java_as_they_were_meant(
    jnius: FakeJnius, ports: Ports, handset: Handset
) -> None:
    ports.alarms.arm([REMINDER])
    after = handset.device.do("arm", text=device_texts(jnius, "arm"))
    (alarm,) = after.alarms
    assert alarm["at_ms"] == 1_000_000 + 90_500
    kept = json.loads(alarm["extras"]["reminder"])
    rung = handset.device.do("ring", reminder=json.dumps(kept)).notices["v/1/0"]
    assert (rung["title"], rung["channel"]) == ("Your 14:30 booking is up", "due")


@pytest.mark.parametrize(
    ("order", "device", "given"),
    [
        ("signal", {"signal": "data"}, "data"),
        ("signal", {"signal": "texts_only"}, "texts_only"),
        ("signal", {"signal": "none"}, "none"),
        ("watch", {}, True),
        ("watch", {"denied": ["android.permission.ACCESS_FINE_LOCATION",
                              "android.permission.ACCESS_COARSE_LOCATION"]}, False),
        ("watch", {"denied": ["android.permission.ACCESS_FINE_LOCATION"]}, True),
        ("say", {"reader": True}, True),
        ("say", {"reader": False}, False),
        ("where", {}, [51.5, -0.1, 12.0, 30.0]),
        ("where", {"fix_age_ms": 901_000}, None),
        ("where", {"denied": ["where"]}, None),
        ("look", {}, [51.5, -0.1, 12.0, 30.0]),
    ],
)  # fmt: skip
def test_javas_own_answers(
    handset: Handset, order: str, device: dict[str, Any], given: Any
) -> None:
    handset.be(**device)
    assert handset.device.do(order, text="Covered.").given == given


@pytest.mark.parametrize(
    ("need", "sdk", "event", "said"),
    [
        ("location", 36, "permissions", "ACCESS_FINE_LOCATION"),
        ("notifications", 30, "activity", "APP_NOTIFICATION_SETTINGS"),
        ("reminders", 36, "activity", "REQUEST_SCHEDULE_EXACT_ALARM"),
        ("battery", 36, "activity", "IGNORE_BATTERY_OPTIMIZATION_SETTINGS"),
    ],
)
def test_every_need_leads_somewhere(
    handset: Handset, need: str, sdk: int, event: str, said: str
) -> None:
    handset.be(sdk=sdk)
    after = handset.device.do("ask", text=need)
    assert after.given is True
    assert said in json.dumps(after.happened(event))


def test_python_and_the_receivers_look_in_the_same_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANDROID_PRIVATE", str(tmp_path))
    assert android.folder() == tmp_path / rules.FOLDER
