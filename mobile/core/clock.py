"""The phone's clock: it follows the server's time, runs on while the phone sleeps, and does not
care what the phone believes the time to be.

Ticks are seconds since the phone was started. They never jump, so two moments on one phone are
always the right distance apart; what is learnt from the server is only how far ticks are from its
time. This is the one module of the core that reads a clock.
"""

import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DRIFT = 100e-6
"""How far a phone's oscillator may run away: 100 parts in a million are 8.6 s a day."""

OLDEST = timedelta(hours=72)
"""How old news may be (P10); a guess beyond it is no guess."""

SAME_BOOT_S = 60.0
BEARING_NUMBERS = ("offset_s", "error_s", "ticks", "wall_off_s")


def boot_ticks() -> float:
    """Seconds since the phone was started, its sleep included."""
    source = getattr(time, "CLOCK_BOOTTIME", None)
    if source is None and sys.platform == "darwin":
        source = time.CLOCK_MONOTONIC
    return time.clock_gettime(source) if source is not None else time.monotonic()


def wall_s() -> float:
    """What the phone believes the time to be, seconds since the epoch."""
    return time.time()


def boot_id(path: str = "/proc/sys/kernel/random/boot_id") -> str:
    """A name for the time since the phone was started; '' where the system gives none."""
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


@dataclass(frozen=True)
class Stamp:
    """A moment as it was seen: good for finding its true time later (`PhoneClock.resolve`).

    `at` is the best that was known then, seconds since the epoch; `sure`: it was the server's time.
    """

    ticks: float
    boot: str
    wall: float
    at: float
    sure: bool


@dataclass(frozen=True)
class Bearing:
    """How far ticks and the phone's own time are from the server's, give or take `error_s`."""

    offset_s: float
    error_s: float
    ticks: float
    boot: str
    wall_off_s: float


class PhoneClock:
    """Gives the server's time as well as it is known. Safe to use from several threads."""

    def __init__(
        self,
        ticks: Callable[[], float] = boot_ticks,
        wall: Callable[[], float] = wall_s,
        boot: str | None = None,
    ) -> None:
        self.ticks = ticks
        self._wall = wall
        self._boot = boot_id() if boot is None else boot
        self._lock = threading.Lock()
        self._bearing: Bearing | None = None

    @property
    def sure(self) -> bool:
        """Whether the server's time is known since the phone was last started."""
        bearing = self._bearing
        return bearing is not None and self._same_boot(bearing)

    def now(self) -> datetime:
        """The server's time where it is known; else the phone's, put right by what it was off."""
        return datetime.fromtimestamp(self._now_s(), UTC)

    def _now_s(self) -> float:
        bearing = self._bearing
        if bearing is None:
            return self._wall()
        if self._same_boot(bearing):
            return self.ticks() + bearing.offset_s
        return self._wall() + bearing.wall_off_s

    def discipline(self, server_time: datetime, sent_ticks: float, heard_ticks: float) -> bool:
        """Learn from an answer that was asked for and came at these ticks; True if it was used.

        The server wrote its time somewhere in between, so a slow answer says little: it is used
        only where it is no worse than what is known, or shows that what is known is wrong.
        """
        error_s = (heard_ticks - sent_ticks) / 2
        offset_s = server_time.timestamp() - (sent_ticks + heard_ticks) / 2
        with self._lock:
            if error_s < 0 or not self._is_better(offset_s, error_s):
                return False
            ticks = self.ticks()
            wall_off_s = ticks + offset_s - self._wall()
            self._bearing = Bearing(offset_s, error_s, ticks, self._boot, wall_off_s)
            return True

    def _is_better(self, offset_s: float, error_s: float) -> bool:
        known = self._bearing
        if known is None or not self._same_boot(known):
            return True
        doubt_s = known.error_s + DRIFT * (self.ticks() - known.ticks)
        apart_s = abs(offset_s - known.offset_s)
        return error_s <= doubt_s or apart_s > error_s + doubt_s

    def _same_boot(self, bearing: Bearing) -> bool:
        if bearing.boot or self._boot:
            return bearing.boot == self._boot
        if self.ticks() < bearing.ticks:
            return False
        started_then = bearing.offset_s - bearing.wall_off_s
        return abs(self._wall() - self.ticks() - started_then) < SAME_BOOT_S

    def stamp(self) -> Stamp:
        """This moment, to be kept with what happens at it."""
        return Stamp(self.ticks(), self._boot, self._wall(), self._now_s(), self.sure)

    def resolve(self, stamp: Stamp) -> datetime | None:
        """The true time of a stamp, by what is known now; None where nothing better than 'before
        now' can be said. Never later than now.

        A stamp of this start of the phone is exact once the server has been heard. One of an
        earlier start is exact if it was then; else the phone's own clock, put right, must do.
        """
        now = self.now()
        bearing = self._bearing
        if bearing is not None and self.sure and self._is_of_this_boot(stamp):
            return min(now, datetime.fromtimestamp(stamp.ticks + bearing.offset_s, UTC))
        if stamp.sure:
            return min(now, datetime.fromtimestamp(stamp.at, UTC))
        if bearing is None or not self.sure:
            return None
        guess = datetime.fromtimestamp(stamp.wall + bearing.wall_off_s, UTC)
        return guess if now - OLDEST <= guess <= now else None

    def age_s(self, stamp: Stamp) -> float | None:
        """How many seconds ago that was, whatever the time is; None where the phone has been
        started anew since."""
        return self.ticks() - stamp.ticks if self._is_of_this_boot(stamp) else None

    def _is_of_this_boot(self, stamp: Stamp) -> bool:
        return bool(stamp.boot) and stamp.boot == self._boot and stamp.ticks <= self.ticks()

    def bearing(self) -> dict[str, Any] | None:
        """What is known, as plain JSON, for the app's other process and its next start."""
        return asdict(self._bearing) if self._bearing else None

    def take_bearing(self, kept: Mapping[str, Any]) -> None:
        """Go by what was kept, unless something newer is known; nonsense changes nothing."""
        try:
            numbers = {name: float(kept[name]) for name in BEARING_NUMBERS}
            found = Bearing(boot=str(kept["boot"]), **numbers)
        except (KeyError, TypeError, ValueError):
            return
        with self._lock:
            known = self._bearing
            if known is None or (found.boot == known.boot and found.ticks > known.ticks):
                self._bearing = found
