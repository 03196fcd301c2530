"""The two threads that send: one for everything, one for SOS alone, so that it waits for none."""

import logging
import threading
from collections.abc import Callable

from mobile.core.sync import Sync

log = logging.getLogger(__name__)
AFTER_A_FAULT_S = 5.0
SOS_LOOKS_S = 60.0


class Worker:
    """Runs rounds whenever something is due. A fault in one round does not end the rounds."""

    def __init__(self, sync: Sync) -> None:
        self._sync = sync
        self._screen_on = False
        self._wanted = False
        self._stopped = threading.Event()
        self._bells = (threading.Event(), threading.Event())
        self._threads: list[threading.Thread] = []

    @property
    def screen_on(self) -> bool:
        """Whether it looks every 10 s."""
        return self._screen_on

    def start(self) -> None:
        """Begin; once."""
        jobs = (self._round, self._cry)
        for bell, job in zip(self._bells, jobs, strict=True):
            thread = threading.Thread(target=self._loop, args=(bell, job), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End soon; what is on the line is finished by whoever runs next."""
        self._stopped.set()
        self.ring()

    def join(self, within_s: float = 20.0) -> None:
        """Wait until both have ended."""
        for thread in self._threads:
            thread.join(within_s)

    def ring(self) -> None:
        """Something was done: look now."""
        for bell in self._bells:
            bell.set()

    def wake(self) -> None:
        """Signal is back: try everything now."""
        self._sync.wake()
        self.ring()

    def set_screen(self, on: bool) -> None:
        """Look every 10 s while it is on, and at once when it comes on."""
        self._wanted = self._wanted or (on and not self._screen_on)
        self._screen_on = on
        self.ring()

    def look(self) -> None:
        """She asked for news."""
        self._wanted = True
        self.ring()

    def _loop(self, bell: threading.Event, job: Callable[[], float]) -> None:
        while not self._stopped.is_set():
            bell.clear()
            try:
                wait_s = job()
            except Exception:
                log.exception("round_failed")
                wait_s = AFTER_A_FAULT_S
            bell.wait(wait_s)

    def _round(self) -> float:
        wanted, self._wanted = self._wanted, False
        self._sync.round(screen_on=self._screen_on, wanted=wanted)
        return self._sync.wait_s(screen_on=self._screen_on)

    def _cry(self) -> float:
        self._sync.send_sos()
        return self._sync.sos_wait_s(SOS_LOOKS_S)
