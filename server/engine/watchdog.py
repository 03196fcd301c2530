"""The watchdog inside: if no round is finished for too long, leave a trace and end the process.

Monotonic time only, a thread of its own: a hung round, a dead bell and a stopped clock look the
same to it. Whoever started the process starts it again.
"""

import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from time import monotonic

LIMIT_S = 10.0
LOOK_EVERY_S = 0.5
EXIT_CODE = 70


def end_process() -> None:
    """Write down where every thread stands and go; nothing is flushed, nothing can hang."""
    sys.stderr.write("wayhome: no round was finished in time; ending this process\n")
    faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
    os._exit(EXIT_CODE)


class Watchdog:
    """Calls `bite` once when `pat` has not been called for `limit_s` seconds."""

    def __init__(self, limit_s: float = LIMIT_S, bite: Callable[[], None] = end_process) -> None:
        self._limit_s = limit_s
        self._bite = bite
        self._patted_s = monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._patted_s = monotonic()
        self._thread.start()

    def pat(self) -> None:
        """A round was finished."""
        self._patted_s = monotonic()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_EVERY_S):
            if monotonic() - self._patted_s > self._limit_s:
                self._bite()
                return
