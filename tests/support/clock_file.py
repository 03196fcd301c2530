"""The clocks of a house whose processes tests.support.launcher starts: one file, seen by all.

Time creeps: one second of life is a millisecond in the house, so that no two events fall on the
same instant and yet nothing falls due by itself. Only the test moves it on. A house that has to
live in real time is opened with `rate=1`, one that is compared with another with `rate=0`.
"""

import mmap
import os
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

LAYOUT = struct.Struct("dddddd")
"""Shift of the wall clock and of the monotonic one, then the rate, what the wall clock shows at the
beginning, and what both real clocks showed then: all in seconds."""
COUNT = struct.Struct("Q")
RING_AT = LAYOUT.size
"""Behind the clocks: how often the test has rung for a round, beside the engines' own bells."""
CREEP = 0.001


class ClockFile:
    """What the test and every process of the house share; made by the test, read by the others."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with (folder / "clock").open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), RING_AT + COUNT.size)
        begun: tuple[float, ...] = LAYOUT.unpack_from(self._memory)
        self._rate, self._start_s, self._wall_0, self._monotonic_0 = begun[2:]

    @classmethod
    def make(cls, folder: Path, start: datetime, rate: float = CREEP) -> Self:
        """A clock that shows `start` now and goes on at `rate`."""
        wall_s = time.time()  # noqa: TID251 - this is a clock module
        begun = LAYOUT.pack(0.0, 0.0, rate, start.timestamp(), wall_s, time.monotonic())
        (folder / "clock").write_bytes(begun + COUNT.pack(0))
        return cls(folder)

    def _shifts(self) -> tuple[float, float]:
        wall_s, monotonic_s = struct.unpack_from("dd", self._memory)
        return wall_s, monotonic_s

    @property
    def rings(self) -> int:
        """How often the test has rung."""
        found: int = COUNT.unpack_from(self._memory, RING_AT)[0]
        return found

    def ring(self) -> None:
        """Have every engine go round now."""
        COUNT.pack_into(self._memory, RING_AT, self.rings + 1)

    def wall(self, real_s: float | None = None) -> float:
        """What the wall clock shows, or shows when the real one shows `real_s`."""
        real_s = time.time() if real_s is None else real_s  # noqa: TID251
        return self._start_s + (real_s - self._wall_0) * self._rate + self._shifts()[0]

    def monotonic(self) -> float:
        """What the monotonic clock shows."""
        passed_s = (time.monotonic() - self._monotonic_0) * self._rate
        return self._monotonic_0 + passed_s + self._shifts()[1]

    def now(self) -> datetime:
        """The wall clock's instant, aware, in UTC."""
        return datetime.fromtimestamp(self.wall(), UTC)

    def pass_time(self, seconds: float) -> None:
        """Both clocks go on: time passes. Both in one stroke: whoever looked between two would take
        it for a wall clock that was set forwards, and be ahead by that much for good."""
        wall_s, monotonic_s = self._shifts()
        struct.pack_into("dd", self._memory, 0, wall_s + seconds, monotonic_s + seconds)

    def step_wall(self, seconds: float) -> None:
        """Only the wall clock is set: somebody, or something, moved its hands."""
        struct.pack_into("d", self._memory, 0, self._shifts()[0] + seconds)

    @property
    def rounds(self) -> int:
        """How many rounds all engines of the house have finished."""
        return sum(self.rounds_by_process().values())

    def rounds_by_process(self) -> dict[int, int]:
        """How many rounds each engine that still lives has finished, by process id."""
        found: dict[int, int] = {}
        for path in self._folder.glob("rounds.*"):
            process_id = int(path.suffix[1:])
            if _lives(process_id):
                found[process_id] = COUNT.unpack(path.read_bytes())[0]
        return found


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def round_counter(folder: Path) -> Callable[[], None]:
    """Counts the rounds of this process, in a file of its own."""
    path = folder / f"rounds.{os.getpid()}"
    new = folder / f"new-rounds.{os.getpid()}"
    new.write_bytes(COUNT.pack(0))
    new.rename(path)
    with path.open("r+b") as file:
        memory = mmap.mmap(file.fileno(), COUNT.size)

    def count() -> None:
        COUNT.pack_into(memory, 0, COUNT.unpack_from(memory)[0] + 1)

    return count
