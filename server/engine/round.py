"""One round: look what is due, do it, hand messages over, say that it was done.

A round with nothing to do is one statement over three small indexes, however many visits are open.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from flask import Flask

from server import __version__
from server.clock import SteadyClock, monotonic_s
from server.engine import audit, beat, due, gap, reap
from server.engine.aside import Asides
from server.engine.chain import chain_new
from server.engine.dispatch import Dispatcher
from server.engine.retain import retain
from server.points import reach
from server.running import Running
from server.store import db, house
from server.store.schema import schema_gate

ROUND_BUDGET_S = 5.0
BEAT_EVERY = timedelta(seconds=1)
CHAIN_EVERY = timedelta(seconds=1)
REAP_EVERY = timedelta(seconds=5)
RETAIN_EVERY = timedelta(hours=24)

log = structlog.get_logger()


class OldEngine(RuntimeError):
    """The database was migrated past what this program knows: it must decide nothing more."""


class Rounds:
    """The engine's work without its bell: `go_round` may be called by anything, at any time."""

    def __init__(self, app: Flask, running: Running) -> None:
        self._app = app
        self._running = running
        self.dispatcher = Dispatcher(app, running)
        self._asides = Asides(app)
        self._heartbeat = beat.Heartbeat(running.settings.heartbeat_url)
        self._engine_id = uuid4()
        self._round_at: datetime | None = None
        self._last: dict[str, datetime] = {}
        self._voice = audit.Voice()
        self.healthy = False

    @property
    def busy(self) -> bool:
        """Whether anything this engine set going has not come to an end."""
        return self.dispatcher.in_flight > 0 or self._asides.busy

    def stop(self, timeout_s: float) -> None:
        """Take no more; see `Dispatcher.stop`."""
        self._asides.stop()
        self.dispatcher.stop(timeout_s)

    def go_round(self) -> None:
        """Do everything that is due now. Raises only where the database is away or too new."""
        with self._app.app_context():
            now = self._running.clock.now()
            if not db.read(schema_gate):
                raise OldEngine("this engine is older than its database: update it")
            self._mind_gap(now)
            self._do_due(now)
            self._housekeeping(now)
            self._round_at = max(now, self._round_at or now)
            reach("round.done")

    def seen_at(self, instant: datetime) -> None:
        """Say that rounds went on until then and found nothing to do."""
        self._round_at = instant

    def _mind_gap(self, now: datetime) -> None:
        last = self._round_at
        desk = self._running.desk
        if last is None or now - last > desk.in_life(gap.WRITTEN_DOWN):
            gap.mind_the_gap(desk, now)

    def _do_due(self, now: datetime) -> None:
        """Batch after batch until nothing is due or the round has lasted its five seconds."""
        desk, until_s = self._running.desk, monotonic_s() + ROUND_BUDGET_S
        while True:
            soonest = db.read(house.soonest)
            did = 0
            if soonest.visit is not None and soonest.visit <= now:
                did += due.look_at_visits(desk, now)
            if soonest.alarm is not None and soonest.alarm <= now:
                did += due.climb_alarms(desk, now)
            if did or (soonest.message is not None and soonest.message <= now):
                self.dispatcher.send_due(now)
            if not did or monotonic_s() > until_s:
                return

    def _housekeeping(self, now: datetime) -> None:
        desk = self._running.desk
        self._every("beat", BEAT_EVERY, now, lambda: self._beat(now))
        self._every("chain", CHAIN_EVERY, now, lambda: chain_new(desk))
        self._every("reap", REAP_EVERY, now, lambda: self._reap(now))
        self._every("retain", RETAIN_EVERY, now, lambda: self._retain(now))

    def _every(self, name: str, span: timedelta, now: datetime, duty: Callable[[], object]) -> None:
        """Do a duty that can wait; a fault in it must not hold the alarms up."""
        last = self._last.get(name)
        if last is not None and timedelta() <= now - last < span:
            return
        self._last[name] = now
        try:
            duty()
        except Exception:
            log.exception("duty_failed", duty=name)

    def _beat(self, now: datetime) -> None:
        clock = self._running.clock
        behind_s = clock.behind_s if isinstance(clock, SteadyClock) else 0.0
        beat.beat(self._running.desk, self._engine_id, now, __version__, behind_s)
        found = db.read(lambda session: audit.faults(session, self._running.desk, now))
        self.healthy = not found
        if self._voice.is_wanted(found, monotonic_s()):
            log.error("audit", faults=found)
        if not found:
            self._asides.do("heartbeat", self._heartbeat.all_is_well)

    def _reap(self, now: datetime) -> None:
        self._asides.do("reap", lambda: reap.ask_after_silence(self._running, now))

    def _retain(self, now: datetime) -> None:
        self._asides.do("retain", lambda: retain(self._running.desk, now))
