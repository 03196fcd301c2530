"""The phone app beside an empty Kivy window in the same run: start, idle processor time, memory.

The window is as Kivy opens it for anybody, of the same size, with one word in it: one that draws
nothing at all would spare software GL its compiler (some 15 MB), which no app can.

Each is a process of its own on a screen nobody sees; the phone is enrolled and knows its visits
from its own database, and its server is a small one beside it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from mobile.core.identity import Identity
from mobile.core.phone import Phone
from mobile.core.transport import read_address
from mobile.platform.desktop import desktop_ports
from tests.mobile.house import AMY, TOKEN, House, Served

RUNS = 5
IDLE_S = 10.0
LIMITS = {"first_frame_s": 1.0, "today_s": 1.5, "idle_cpu_ratio": 2.0, "memory_ratio": 1.25}
ROOT = Path(__file__).parents[1]
MEASURED = """
import json, os, resource, sys, time
def since_start():
    ticks = os.sysconf("SC_CLK_TCK")
    born = int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19]) / ticks
    return time.clock_gettime(time.CLOCK_BOOTTIME) - born
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
found = {}
def watch(app_is_there):
    from kivy.clock import Clock
    from kivy.core.window import Window
    def flipped(*_):
        found.setdefault("first_frame_s", since_start())
        found.setdefault("first_frame_cpu_s", spent())
        if "today_s" not in found and app_is_there():
            found["today_s"] = since_start()
            Clock.schedule_once(idle, 2)
    def idle(_):
        found["cpu_s"] = spent()
        Clock.schedule_once(end, IDLE_S)
    def end(_):
        found["cpu_s"] = spent() - found["cpu_s"]
        pages = int(open("/proc/self/statm").read().split()[1])
        found["rss_mb"] = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        print(json.dumps(found), flush=True)
        os._exit(0)
    Window.bind(on_flip=flipped)
"""
EMPTY = """
os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONSOLELOG="1", KIVY_HOME=sys.argv[1])
from kivy.config import Config
Config.set("graphics", "width", "400")
Config.set("graphics", "height", "800")
from kivy.app import App
from kivy.uix.label import Label
class Empty(App):
    def load_kv(self, filename=None):
        return False
    def build(self):
        watch(lambda: True)
        return Label(text="Empty")
Empty().run()
"""
PHONE = """
from pathlib import Path
from mobile.platform.desktop import desktop_ports
from mobile.ui.window import prepare
folder = Path(sys.argv[1])
prepare(folder)
from mobile.core.phone import Phone
from mobile.ui.app import WayhomeApp
class Watched(WayhomeApp):
    def build(self):
        frame = super().build()
        watch(lambda: self.at == WANTED)
        return frame
Watched(lambda soon: Phone(folder, desktop_ports(folder), run_soon=soon)).run()
"""


def measure() -> dict[str, Any]:
    """Medians of several starts, and the ratios to an empty window."""
    served = Served(House())
    try:
        return _measure(served.url)
    finally:
        served.close()


def _measure(url: str) -> dict[str, Any]:
    empty = [_run(EMPTY, _folder(), IDLE_S if first else 0.5) for first in _firsts()]
    today = [_run(PHONE, _phone(url), 0.5, "today") for _ in range(RUNS)]
    visit = _run(PHONE, _phone(url, visiting=True), IDLE_S, "visit")
    frame_s = _median(today, "first_frame_s")
    return {
        "first_frame_s": frame_s,
        "first_frame_ratio": frame_s / _median(empty, "first_frame_s"),
        "first_frame_cpu_s": _median(today, "first_frame_cpu_s"),
        "first_frame_cpu_ratio": _median(today, "first_frame_cpu_s")
        / _median(empty, "first_frame_cpu_s"),
        "today_s": _median(today, "today_s"),
        "idle_cpu_percent": 100 * visit["cpu_s"] / IDLE_S,
        "idle_cpu_ratio": visit["cpu_s"] / empty[0]["cpu_s"],
        "memory_mb": visit["rss_mb"],
        "memory_ratio": visit["rss_mb"] / empty[0]["rss_mb"],
        **{f"limit_{name}": limit for name, limit in LIMITS.items()},
    }


def _firsts() -> list[bool]:
    return [number == 0 for number in range(RUNS)]


def _median(found: list[dict[str, float]], name: str) -> float:
    return statistics.median(each[name] for each in found)


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="wayhome-bench-"))


def _phone(url: str, *, visiting: bool = False) -> Path:
    """The folder of a phone that is somebody's and has heard from its server."""
    folder = _folder()
    phone = Phone(folder, desktop_ports(folder))
    address = read_address(url)
    phone.sync.identities.enrol(Identity(AMY["id"], AMY["name"], address, TOKEN))
    if visiting:
        phone.today.start("12 High St", 45)
    phone.sync.round(screen_on=True, wanted=True)
    phone.close()
    return folder


def _run(script: str, folder: Path, idle_s: float, wanted: str = "") -> dict[str, float]:
    """One start in a process of its own, idle for so long, and what it says of itself."""
    source = f"IDLE_S, WANTED = {idle_s}, {wanted!r}\n{MEASURED}{script}"
    settings = {"SDL_VIDEODRIVER": "offscreen", "LIBGL_ALWAYS_SOFTWARE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", source, str(folder)],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
