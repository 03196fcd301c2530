"""Watches over a visit while the app is not there: sends, reminds, and says where she is.

It runs beside the app, over the same database; a lease keeps the two from sending the same thing
at once. Started anew by Android it is given nothing, and needs nothing: all it knows is in the
database. It ends by itself when no visit is open and nothing waits to be sent.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from mobile.core.acts import Acts
from mobile.core.clock import PhoneClock
from mobile.core.database import Database
from mobile.core.facts import Facts, gather
from mobile.core.notices import Noticing
from mobile.core.phone import FILE
from mobile.core.reminders import Reminding
from mobile.core.sync import Sync
from mobile.core.tracking import Looking, Telling, on_a_visit
from mobile.core.worker import Worker
from mobile.ports import Ports, Signal

log = logging.getLogger(__name__)
TICK_S = 5.0
FRESH = timedelta(seconds=10)
IDLE_TURNS = 12
"""How many turns with nothing to do before it ends: she may be about to start the next visit."""


class Watch:
    """`screen_on`: whether anybody could be looking at the phone."""

    def __init__(
        self,
        folder: Path,
        ports: Ports,
        screen_on: Callable[[], bool],
        clock: PhoneClock | None = None,
    ) -> None:
        self._ports = ports
        self._screen_on = screen_on
        self._clock = clock or PhoneClock()
        self._bell = threading.Event()
        self._db = Database(folder / FILE)
        self.sync = Sync(self._db, self._clock, ports.secrets, lambda _: self._bell.set())
        self.sync.learning.take_bearing()
        self.worker = Worker(self.sync)
        memory = self.sync.memory
        self._noticing = Noticing(ports.notifier, memory)
        self._reminding = Reminding(ports.alarms, ports.notifier, memory)
        self._looking = Looking(ports.location)
        self._telling = Telling(Acts(self.sync, ports.location, self.worker.ring), ports.location)
        self._idle = 0
        ports.net.on_change(self._net_changed)

    def facts(self) -> Facts:
        """Everything known now."""
        identity = self.sync.identity()
        return gather(
            self.sync.memory,
            self.sync.outbox,
            self._clock,
            self._ports.net.signal(),
            signed_out_at=identity.signed_out_at if identity else None,
            reminds=self._ports.notifier.allowed(),
        )

    def turn(self) -> bool:
        """Look once; False when there is nothing left to watch over."""
        self.sync.learning.take_bearing()
        facts = self.facts()
        self.worker.set_screen(self._screen_on() and not _is_fresh(facts))
        self._noticing.follow(facts)
        self._reminding.follow(facts)
        self._looking.follow(facts, seen=True)
        self._telling.follow(facts)
        self._idle = 0 if _has_work(facts) else self._idle + 1
        return self._idle < IDLE_TURNS

    def run(self) -> None:
        """Until there is nothing left. A fault in one turn does not end the watch."""
        self.worker.start()
        while self._turn_safely():
            self._bell.wait(TICK_S)
            self._bell.clear()
        self.close()

    def _turn_safely(self) -> bool:
        try:
            return self.turn()
        except Exception:
            log.exception("turn_failed")
            return True

    def _net_changed(self) -> None:
        if self._ports.net.signal() is not Signal.NONE:
            self.worker.wake()
        self._bell.set()

    def close(self) -> None:
        """End; what waits is sent at the next start."""
        self.worker.stop()
        self.worker.join()
        self._ports.location.stop()
        self.sync.close()
        self._db.close()


def _is_fresh(facts: Facts) -> bool:
    """Whether the app has just looked: two need not ask the same."""
    return facts.me is not None and timedelta() <= facts.now - facts.me.at < FRESH


def _has_work(facts: Facts) -> bool:
    """A visit to watch over, or something that can be sent."""
    sends = any(entry.state == "queued" for entry in facts.waiting)
    return on_a_visit(facts) is not None or sends


def main() -> None:
    """On the phone, in the process that Android gives the service."""
    from mobile.platform import android

    folder = android.folder()
    folder.mkdir(parents=True, exist_ok=True)
    Watch(folder, android.ports(service=True), android.screen_on).run()


if __name__ == "__main__":
    main()
