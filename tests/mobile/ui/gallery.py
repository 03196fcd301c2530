"""Every screen in every state worth looking at, each set up through the app itself.

    python -m tests.mobile.ui.gallery FOLDER [WIDTHxHEIGHT ...]

The audit walks through the same scenes, so that what is looked at is what is measured.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mobile.core.phone import Phone
from mobile.platform.fake import FakeDevice
from mobile.ports import Signal
from tests.mobile.hands import Hands
from tests.mobile.house import BEN, House, Served
from tests.mobile.ui.screen import put_up

if TYPE_CHECKING:
    from tests.mobile.ui.face import Face

PLACES = (("12 High St", 45), ("Flat 3, The Old Mill, Canal Road", 60), ("7 Orchard Way", 30))
DEE = {"id": "55555555-2222-4222-8222-222222222222", "name": "Dee Marsh"}
SIZES = ((320, 568, 1.0), (400, 800, 1.0), (1080, 2400, 2.625))
LARGEST = (1080, 2400)
SCALES = (1.0, 1.5, 2.0)


class Studio:
    """One phone, one small server, and scenes that follow one another like a day."""

    def __init__(self, folder: Path, *, enrolled: bool = True) -> None:
        put_up()
        from mobile.ui.app import WayhomeApp
        from tests.mobile.ui.face import Face

        folder.mkdir(parents=True, exist_ok=True)
        self.hands = Hands()
        self.house = House(now=self.hands.true_now)
        self.served = Served(self.house)
        self.device = FakeDevice()

        def opened(run_soon: Any) -> Phone:
            return Phone(folder, self.device.ports, clock=self.hands.clock(), run_soon=run_soon)

        server = "https://wayhome.example.org"
        self.face: Face = Face(WayhomeApp(opened, server), self.device, folder)
        if enrolled:
            assert self.face.phone.account.enrol(self.served.url, "ABCD", "Phone").done
            self._remember_places()
            self.turn()
            self.face.app.home()
            self.face.frames(4)

    def _remember_places(self) -> None:
        memory = self.face.phone.sync.memory
        for number, (place, minutes) in enumerate(PLACES):
            memory.keep("place", place, {"minutes": minutes, "times": 3, "last_at": 100 - number})

    def turn(self, passes_s: float = 0.0) -> None:
        """Time passes, and what waits on either side gets across."""
        self.hands.passes(passes_s)
        phone = self.face.phone
        phone.sync.wake()
        phone.sync.send_sos()
        phone.sync.round(screen_on=True, wanted=True)
        phone.refresh()
        self.face.frames(4)

    def go(self, name: str, **given: Any) -> None:
        """To a screen, and wait until it has found its form."""
        self.face.app.go(name, **given)
        self.face.frames(6)

    def close(self) -> None:
        self.face.end()
        self.served.close()


Scene = Callable[[Studio], None]


def today(studio: Studio) -> None:
    studio.face.page.open_place = "12 High St"
    studio.face.frames(4)


def start(studio: Studio) -> None:
    studio.face.page.begin(place="12 High St")
    studio.face.frames(6)


def planned(studio: Studio) -> None:
    studio.face.app.home()
    name = "88888888-1111-4111-8111-111111111111"
    visit = studio.house.start({"id": name, "place": "Clinic, room 4", "minutes": 40})
    visit["status"] = "planned"
    studio.turn(11)
    studio.face.tap("Clinic, room 4")
    studio.face.tap("Call it off")
    studio.face.frames(4)


def called_off(studio: Studio) -> None:
    studio.face.tap("Tap again to call it off")
    studio.turn(1)
    studio.turn(11)


def covered(studio: Studio) -> None:
    studio.face.phone.today.start("12 High St", 45)
    studio.turn()
    studio.turn(5 * 60)
    studio.face.app.home()
    studio.face.frames(6)


def tunnel(studio: Studio) -> None:
    studio.served.close()
    studio.device.net.becomes(Signal.NONE)
    studio.turn(120)


def unsent_close(studio: Studio) -> None:
    studio.device.net.becomes(Signal.TEXTS_ONLY)
    studio.face.phone.visit.close()
    studio.turn(10)


def mended(studio: Studio) -> None:
    studio.served.open()
    studio.device.net.becomes(Signal.DATA)
    studio.turn(30)


def hole(studio: Studio) -> None:
    studio.house.way_out = "none"
    studio.face.phone.today.start("7 Orchard Way", 30)
    studio.turn()
    studio.turn(11)
    studio.face.app.home()
    studio.face.frames(6)


def time_up(studio: Studio) -> None:
    studio.house.way_out = "ok"
    studio.hands.passes(1980)
    studio.turn()
    studio.turn(11)


def overdue(studio: Studio) -> None:
    visit = studio.face.phone.visit.state.visit
    studio.hands.passes(420)
    studio.house.raise_alarm("66666666-1111-4111-8111-111111111111", "overdue", visit)
    studio.turn()
    studio.turn(11)


def overdue_acting(studio: Studio) -> None:
    (alarm,) = studio.house.alarms.values()
    alarm |= {"status": "owned", "owner": {"id": BEN["id"], "name": BEN["name"]}}
    studio.turn(11)


def pin_pad(studio: Studio) -> None:
    studio.face.tap("I am safe")
    studio.face.frames(4)
    for digit in "482":
        studio.face.tap(digit)


def undo(studio: Studio) -> None:
    studio.face.tap("1")
    studio.face.tap("OK")
    studio.face.frames(4)


def sos_unsent(studio: Studio) -> None:
    studio.turn(10)
    studio.house.always = "nothing"
    studio.device.net.becomes(Signal.TEXTS_ONLY)
    studio.face.phone.help.sos()
    studio.hands.passes(12)
    studio.go("help")
    studio.face.phone.refresh()
    studio.face.frames(4)


def sos_out(studio: Studio) -> None:
    studio.house.always = ""
    studio.device.net.becomes(Signal.DATA)
    studio.turn(5)
    studio.turn(11)


def sos_untold(studio: Studio) -> None:
    studio.house.way_out = "none"
    studio.turn(11)


def sos_acting(studio: Studio) -> None:
    studio.house.way_out = "ok"
    alarm = next(a for a in studio.house.alarms.values() if a["kind"] == "sos")
    alarm |= {"status": "owned", "owner": {"id": BEN["id"], "name": "Anna Berg"}}
    studio.turn(11)


def watching(studio: Studio) -> None:
    house = studio.house
    visit = house.start({"id": DEE["id"], "place": "3 Mill Lane", "minutes": 30})
    del house.visits[DEE["id"]]
    second = {**visit, "id": BEN["id"], "place": "19 Station Road"}
    house.watching = [
        {"worker": DEE, "part": "buddy", "answer": None, "visit": visit, "alarms": []},
        {"worker": BEN, "part": "cover", "answer": "accepted", "visit": second, "alarms": []},
    ]
    alarm = house.raise_alarm("77777777-1111-4111-8111-111111111111", "overdue", None)
    alarm |= {"worker": DEE, "ring": "+447700900104", "visit": visit["id"]}
    alarm["next_step"] = house.chain(house.now())[1]
    studio.turn(11)
    studio.go("watching")


def alarm(studio: Studio) -> None:
    studio.go("alarm", alarm="77777777-1111-4111-8111-111111111111")


def alarm_taken(studio: Studio) -> None:
    alarm = studio.house.alarms["77777777-1111-4111-8111-111111111111"]
    alarm |= {"status": "owned", "owner": {"id": BEN["id"], "name": BEN["name"]}}
    studio.turn(11)


def alarm_mine(studio: Studio) -> None:
    studio.face.tap("Take over from Ben")
    studio.turn(1)


def away(studio: Studio) -> None:
    studio.face.phone.away.choose("For 4 h")
    studio.turn(1)
    studio.turn(11)
    studio.go("away")


def home_start(studio: Studio) -> None:
    studio.face.phone.away.back()
    studio.turn(1)
    studio.turn(11)
    studio.face.app.home()
    studio.face.page.begin("home")
    studio.face.frames(6)


def home(studio: Studio) -> None:
    studio.face.tap("Start 1 h")
    studio.turn(1)
    studio.turn(11)


def both(studio: Studio) -> None:
    studio.face.app.back()
    studio.face.page.begin("travel", place="12 High St")
    studio.face.tap("Start 30 min")
    studio.turn(1)
    studio.turn(11)
    studio.face.app.home()
    studio.face.app.back()
    studio.face.frames(6)


def moving_on(studio: Studio) -> None:
    studio.face.page.begin(place="12 High St")
    studio.face.frames(6)
    scroll = studio.face.page.ids.scroll
    scroll.scroll_y = 0
    studio.face.frames(6)


def alarm_ends(studio: Studio) -> None:
    studio.face.tap("It is over")
    studio.face.frames(4)


def history(studio: Studio) -> None:
    studio.go("history")
    studio.face.sees("Closed by you")


def me(studio: Studio) -> None:
    studio.device.power.is_unrestricted = False
    studio.go("me")


def me_below(studio: Studio) -> None:
    scroll = next(w for w in studio.face.page.children if type(w).__name__ == "ScrollView")
    scroll.scroll_y = 0
    studio.face.frames(4)


def leaving(studio: Studio) -> None:
    studio.go("leaving")


def practice(studio: Studio) -> None:
    studio.go("practice")


def new_code(studio: Studio) -> None:
    studio.face.tap("Type the new code")
    studio.face.frames(6)


def signed_out(studio: Studio) -> None:
    studio.face.app.home()
    studio.house.token = "another"
    studio.face.phone.visit.extend()
    studio.turn(11)
    studio.turn(20)


SCENES: tuple[Scene, ...] = (
    today, start, planned, called_off, covered, tunnel, unsent_close, mended, hole, time_up,
    overdue, overdue_acting, pin_pad, undo, sos_unsent, sos_out, sos_untold, sos_acting,
    watching, alarm, alarm_taken, alarm_mine, alarm_ends, history, me, me_below, leaving,
    practice, away, home_start, home, both, moving_on, signed_out, new_code,
)  # fmt: skip


def scenes(theme: str, scale: float, folder: Path) -> Iterator[tuple[str, Face]]:
    """Every scene in turn, on the screen as it is now."""
    studio = Studio(folder, enrolled=False)
    try:
        studio.face.app.prefer("theme", theme)
        studio.face.app.prefer("text_scale", scale)
        studio.face.frames(8)
        yield "enrol", studio.face
    finally:
        studio.close()
    studio = Studio(folder / "hers")
    try:
        studio.face.app.prefer("theme", theme)
        studio.face.app.prefer("text_scale", scale)
        studio.face.frames(8)
        yield "today_closed", studio.face
        for scene in SCENES:
            scene(studio)
            yield scene.__name__, studio.face
    finally:
        studio.close()


def main() -> None:
    """Pictures of everything."""
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    put_up(*LARGEST)
    from tests.mobile.ui.pilot import resize

    wanted = sys.argv[2:] or ["320x568", "400x800", "1080x2400"]
    for width, height, density in SIZES:
        if f"{width}x{height}" not in wanted:
            continue
        resize(width, height, density)
        for theme in ("light", "dark"):
            for scale in SCALES:
                with TemporaryDirectory() as folder:
                    for name, face in scenes(theme, scale, Path(folder)):
                        face.shot(target / f"{width}-{theme}-{scale}-{name}.png")


if __name__ == "__main__":
    main()
