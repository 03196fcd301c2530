"""One small module per duty: due, gap, dispatch, reap, audit, beat, watchdog, chain; and the bell.

The database is the engine: truth is rows with a due time. Ringing the bell twice, late, or in
three processes changes nothing but how soon something is done.
"""

from datetime import UTC

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from server.clock import monotonic_s
from server.engine.round import Rounds
from server.engine.watchdog import Watchdog
from server.running import KEY

BELL_EVERY_S = 0.25
COMPLAIN_EVERY_S = 10.0
ENGINE = "wayhome.engine"

log = structlog.get_logger()


class Engine:
    """Rounds, rung for by a bell and watched by a watchdog."""

    def __init__(self, app: Flask, every_s: float = BELL_EVERY_S) -> None:
        self.rounds = Rounds(app, app.extensions[KEY])
        self._watchdog = Watchdog()
        self._complained_s = -COMPLAIN_EVERY_S
        self._bell = BackgroundScheduler(timezone=UTC)
        self._bell.add_job(
            self._ring,
            "interval",
            seconds=every_s,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin."""
        self._watchdog.start()
        self._bell.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Finish the round that is going on and take no more."""
        self._watchdog.stop()
        self._bell.shutdown(wait=timeout_s > 0)
        self.rounds.stop(timeout_s)

    def _ring(self) -> None:
        """A round that fails for want of a database is tried again at the next stroke."""
        try:
            self.rounds.go_round()
        except Exception:
            self.rounds.healthy = False
            if self._may_complain():
                log.exception("round_failed")
        self._watchdog.pat()

    def _may_complain(self) -> bool:
        """Not four times a second while the cause lasts."""
        if monotonic_s() - self._complained_s < COMPLAIN_EVERY_S:
            return False
        self._complained_s = monotonic_s()
        return True


def start(app: Flask, every_s: float = BELL_EVERY_S) -> Engine:
    """Start the engine of this application in threads of its own."""
    engine = app.extensions[ENGINE] = Engine(app, every_s)
    engine.start()
    return engine
