"""Starts the real `wayhome` in a process of its own whose clock and last moment a test decides.

    python -m tests.support.launcher FOLDER serve --port 8080 ...

FOLDER holds `clock` (what this process's clocks show) and, where a test wants a process to die,
`kill`: the name of the moment (server.points) at which it kills itself, once. Nothing in the
program itself can do either.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine

from server import clock, points
from tests.support.clock_file import ClockFile, round_counter

BELL_EVERY_S = 0.1
LISTEN_EVERY_S = 0.001
LINGER_S = 0.05
"""How long a worker that is told to stop keeps idle connections open for a request on its way; two
seconds in life, which every test would wait out."""


class Watcher:
    """Counts rounds, and kills this process at the moment a test has named."""

    def __init__(self, folder: Path) -> None:
        self._kill = folder / "kill"
        self._folder = folder
        self._counters: dict[int, Callable[[], None]] = {}

    def __call__(self, name: str) -> None:
        if name == "round.done":
            self._count()
        if self._kill.exists() and self._is_wanted(name):
            os.kill(os.getpid(), signal.SIGKILL)

    def _is_wanted(self, name: str) -> bool:
        """Whether this is the moment, and no other process was faster to die at it."""
        try:
            if self._kill.read_text() != name:
                return False
            self._kill.unlink()
        except FileNotFoundError:
            return False
        return True

    def _count(self) -> None:
        """By process: a server may have forked since this was made."""
        process_id = os.getpid()
        if process_id not in self._counters:
            self._counters[process_id] = round_counter(self._folder)
        self._counters[process_id]()


class Clocks:
    """What stands in for the program's clocks: those of the house, once it is known which."""

    def __init__(self) -> None:
        self.house: ClockFile | None = None

    def wall_s(self) -> float:
        """The wall clock."""
        return self.house.wall() if self.house else time.time()  # noqa: TID251

    def monotonic_s(self) -> float:
        """The monotonic clock."""
        return self.house.monotonic() if self.house else time.monotonic()

    def database_clock(
        self, real: Callable[[Engine], Callable[[], float]]
    ) -> Callable[[Engine], Callable[[], float]]:
        """The database's own clock is real; what it shows is moved only after it was read."""

        def moved(engine: Engine) -> Callable[[], float]:
            read = real(engine)
            return lambda: self.house.wall(read()) if self.house else read()

        return moved


def move_clocks() -> Clocks:
    """Put them into the program; to be done before anything else of it is loaded."""
    clocks = Clocks()
    clock.wall_s = clocks.wall_s
    clock.monotonic_s = clocks.monotonic_s
    from server.store import clock as store_clock

    store_clock.wall_s = time.time  # type: ignore[attr-defined]  # noqa: TID251
    store_clock.monotonic_s = time.monotonic  # type: ignore[attr-defined]
    moved = clocks.database_clock(store_clock.database_clock)
    store_clock.database_clock = moved  # type: ignore[assignment]
    return clocks


def listen(house: ClockFile) -> None:
    """Have every engine of this process go round whenever the test rings, too: waiting for a bell
    is most of what a test of a whole house would do, and bells rung all the time keep the
    processors from everything else. One round at a time, as with the bell alone."""
    from server.engine import Engine

    ring, start, one = Engine._ring, Engine.start, threading.Lock()

    def ring_alone(self: Engine) -> None:
        with one:
            ring(self)

    def hear(self: Engine) -> None:
        pause, heard = threading.Event(), house.rings
        while True:
            pause.wait(LISTEN_EVERY_S)
            if house.rings != heard:
                heard = house.rings
                ring_alone(self)

    def start_and_hear(self: Engine) -> None:
        start(self)
        threading.Thread(target=hear, args=(self,), daemon=True).start()

    Engine._ring = ring_alone  # type: ignore[method-assign]
    Engine.start = start_and_hear  # type: ignore[method-assign]


def launch(clocks: Clocks, folder: Path, arguments: Sequence[str]) -> None:
    """Run one command of the program."""
    clocks.house = ClockFile(folder)
    points.watcher = Watcher(folder)
    from gunicorn.workers import gthread

    from server import cli, engine

    engine.start.__defaults__ = (BELL_EVERY_S,)
    listen(clocks.house)
    gthread.STOP_KEEPALIVE_LINGER = LINGER_S
    sys.argv = ["wayhome", *arguments]
    cli.main()


if __name__ == "__main__":
    launch(move_clocks(), Path(sys.argv[1]), sys.argv[2:])
