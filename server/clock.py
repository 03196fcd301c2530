"""The only place that reads a clock.

Deadlines are instants, so the clock behind them must neither stop nor run backwards. `SteadyClock`
follows the reference (the host's wall clock, or the database's where several machines share one)
forwards at once: a forward jump is treated by the engine like any other gap, nudging before it
raises. It never follows it backwards: it goes on by the monotonic clock until the reference has
caught up, so that an alarm is never put off by a clock that was set back.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

STEP_S = 5.0
"""A difference between two clocks from which on it is a step and not drift, in seconds."""

FASTEST = 60.0
"""The most the demo may be hurried: beyond it, rounds would come too seldom for its rungs."""

TICK = timedelta(microseconds=1)


class Clock(Protocol):
    """Where everything else asks for the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


def wall_s() -> float:
    """The host's wall clock, seconds since the epoch."""
    return time.time()


def monotonic_s() -> float:
    """Seconds that never run backwards, for durations within this process."""
    return time.monotonic()


class SteadyClock:
    """Never goes backwards, whatever its reference does; says how far the two are apart."""

    def __init__(
        self, reference_s: Callable[[], float] | None = None, every_s: float = 0.0
    ) -> None:
        self._reference_s = reference_s or wall_s
        self._every_s = every_s
        self._lock = threading.Lock()
        self._anchor_s = self._reference_s()
        self._anchor_mono_s = self._read_mono_s = monotonic_s()
        self.behind_s = 0.0

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        with self._lock:
            mono_s = monotonic_s()
            steady_s = self._anchor_s + (mono_s - self._anchor_mono_s)
            if mono_s - self._read_mono_s >= self._every_s:
                steady_s = self._follow(steady_s)
            return datetime.fromtimestamp(steady_s, UTC)

    def _follow(self, steady_s: float) -> float:
        reference_s = self._reference_s()
        mono_s = self._read_mono_s = monotonic_s()
        self.behind_s = max(0.0, steady_s - reference_s)
        if reference_s > steady_s:
            self._anchor_s, self._anchor_mono_s = reference_s, mono_s
            return reference_s
        return steady_s

    @property
    def stepped_back(self) -> bool:
        """Whether the reference was set back and this clock runs on without it."""
        return self.behind_s > STEP_S


class FastClock:
    """Time for the demo: runs `speed` times faster than life, may be slowed, hurried or paused.

    Never gives the same instant twice, so that texts keep their order while time stands still.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._base = start or datetime.fromtimestamp(wall_s(), UTC)
        self._mono_s = monotonic_s()
        self._given = self._base
        self._speed = _bounded(speed)

    @property
    def speed(self) -> float:
        """How many seconds pass in one second of life; 0 while paused."""
        return self._speed

    def now(self) -> datetime:
        """The present instant of the demo's day, aware, in UTC."""
        with self._lock:
            return self._now()

    def _now(self) -> datetime:
        passed_s = (monotonic_s() - self._mono_s) * self._speed
        self._given = max(self._base + timedelta(seconds=passed_s), self._given + TICK)
        return self._given

    def run_at(self, speed: float) -> None:
        """Go on from now at another speed, 0 to FASTEST."""
        with self._lock:
            self._base, self._mono_s = self._now(), monotonic_s()
            self._speed = _bounded(speed)

    def skip_to(self, instant: datetime) -> None:
        """Be at a later instant at once; an earlier one changes nothing."""
        with self._lock:
            self._base, self._mono_s = max(self._now(), instant), monotonic_s()


def _bounded(speed: float) -> float:
    if not 0 <= speed <= FASTEST:
        raise ValueError(f"a speed is 0 to {FASTEST:g}")
    return speed
