"""What the screen says while the network, the server and the app itself go wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mobile.core.phone import Phone
from mobile.core.statements import LEASE_S
from mobile.platform.fake import FakeDevice
from mobile.ports import Signal
from tests.mobile.hands import Hands
from tests.mobile.house import House, Served
from tests.mobile.ui.conftest import sign_up

if TYPE_CHECKING:
    from tests.mobile.ui.conftest import NewFace
    from tests.mobile.ui.face import Face

ROOT = Path(__file__).parents[3]
MANY = 200
DIES = """
import os, sys
from pathlib import Path
from tests.mobile.ui.screen import put_up
put_up()
from mobile.core import points
from mobile.core.phone import Phone
from mobile.platform.fake import FakeDevice
from mobile.ui.app import WayhomeApp
from tests.mobile.hands import Hands
from tests.mobile.ui.face import Face
folder, url, moment, kind = Path(sys.argv[1]), *sys.argv[2:]
device = FakeDevice()
def opened(run_soon):
    return Phone(folder, device.ports, clock=Hands().clock(), run_soon=run_soon)
face = Face(WayhomeApp(opened, url), device, folder)
face.sees("A visit started now is watched" if kind == "start" else "Confirmed")
points.watch(lambda name: os._exit(9) if name == moment else None)
if kind == "start":
    face.begin()
elif kind == "sos":
    face.hold_sos()
else:
    face.tap("+15 min")
face.until(lambda: False, "to be killed", 20)
"""


@pytest.mark.parametrize("fault", ["500", "html", "nothing", "liar", "empty", "cut", "redirect"])
def test_whatever_comes_instead_of_an_answer_is_no_answer(
    face: Face, house: House, hands: Hands, fault: str
) -> None:
    """P8: covered turns into last known, with its times, and nothing that was done is lost."""
    face.begin()
    face.sees("Confirmed 12:00. The alarm goes at 12:55 unless you close.")
    house.always = fault
    face.tap("+15 min")
    hands.passes(16)
    face.passed()
    face.sees("Last known")
    assert face.shows("No answer since 12:00. Confirmed then: the alarm goes at 12:55")
    assert face.shows("Not extended by 15 min yet")
    house.always = ""
    face.phone.worker.wake()
    face.sees("Until 13:00")
    face.sees("Confirmed 12:00. The alarm goes at 13:10 unless you close.")
    extends = [path for path, _ in house.done if path.endswith("/extend")]
    assert len(extends) == 1


def test_a_server_that_answers_for_ever_holds_up_no_screen_and_no_sos(
    face: Face, house: House, hands: Hands
) -> None:
    face.begin()
    face.sees("Confirmed")
    house.faults.append("slow")
    face.tap("+15 min")
    face.until(lambda: not house.faults, "the slow answer to begin")
    face.hold_sos()
    face.sees("Office has it 12:00")
    assert len(house.alarms) == 1
    face.back()
    assert face.shows("Not extended by 15 min yet: sending")


def test_two_hundred_things_wait_and_all_of_them_arrive_in_order(
    face: Face, house: House, hands: Hands
) -> None:
    face.begin()
    face.sees("Confirmed")
    house.always = "nothing"
    face.device.net.becomes(Signal.NONE)
    visit = next(iter(house.visits))
    for number in range(MANY):
        face.phone.acts.extend(visit, minutes=1 + number % 3)
    face.phone.refresh()
    face.sees(f"{MANY} things wait for signal")
    house.always = ""
    face.device.net.becomes(Signal.DATA)
    hands.passes(60)
    face.phone.worker.wake()
    face.until(lambda: face.phone.sync.outbox.waiting() == [], "all to arrive")
    given = [body["minutes"] for path, body in house.done if path.endswith("/extend")]
    assert given == [1 + number % 3 for number in range(MANY)]
    face.until(lambda: not face.shows("for signal"), "the screen to say so")


def on_a_visit(folder: Path, hands: Hands) -> None:
    """She has started a visit, and the server knows."""
    phone = Phone(folder, FakeDevice().ports, clock=hands.clock())
    phone.today.start("12 High St", 45)
    phone.sync.round(screen_on=False)
    phone.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "moment"),
    [("start", "claimed"), ("start", "asked"), ("extend", "answered"), ("sos", "stored"),
     ("sos", "answered")],
)  # fmt: skip
def test_killed_between_tap_and_answer_nothing_is_lost_or_doubled(
    new_face: NewFace, house: House, served: Served, hands: Hands, tmp_path: Path,
    kind: str, moment: str,
) -> None:  # fmt: skip
    """P6, with the app's own face: the next start shows what was done, and it is done once."""
    folder = sign_up(tmp_path / "killed", served.url, hands.clock())
    if kind != "start":
        on_a_visit(folder, hands)
    clean = {name: value for name, value in os.environ.items() if "KIVY" not in name}
    clean.pop("WAYHOME_TEST_SCREEN", None)
    found = subprocess.run(
        [sys.executable, "-c", DIES, str(folder), served.url, moment, kind],
        cwd=ROOT, env=clean, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert found.returncode == 9, found.stderr[-2000:]
    hands.passes(LEASE_S + 1)
    face = new_face(served.url, hands.clock(), folder=folder)
    assert face.app.at == "visit" or kind == "sos"
    if kind == "sos":
        face.app.go("help")
        face.sees("Office has it")
        assert len(house.alarms) == 1
    elif kind == "start":
        face.sees("Confirmed")
        assert len(house.visits) == 1
    else:
        face.sees("Until 13:00")
        assert sum(path.endswith("/extend") for path, _ in house.done) == 1
    assert face.phone.sync.outbox.waiting() == []
