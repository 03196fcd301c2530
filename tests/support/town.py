"""A whole house in one process on a clock that jumps from due to due: a night in a second.

    town = Town(app, clock, postbox)
    town.forward(minutes=45)
    postbox.texts_to(ben.mobile)

Nothing is skipped but idle waiting: at every moment at which the engine would have found something
to do, it does it, and everything it hands over has been handed over before time goes on.
"""

import threading
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.engine.round import Rounds
from server.store.alarms import Alarm
from server.store.house import soonest, the_house
from server.store.messages import Message
from server.store.providers import Provider
from server.store.visits import Visit
from tests.support.clock import ManualClock
from tests.support.people import reading, running_in, writing

A_WHILE_S = 20.0
BEAT = timedelta(seconds=1)
MOST_ROUNDS = 500
"""So many rounds at one moment would mean that the engine never comes to rest."""

_AHEAD = (
    (Visit.next_at, Visit.status.in_(["planned", "open"])),
    (Alarm.next_at, Alarm.status != "resolved"),
    (Message.next_at, Message.status.in_(["pending", "sending"])),
    (Provider.next_probe_at, Provider.down_since.is_not(None)),
)
_SILENCE = (Message.checked_at, Message.status == "accepted")


class Town:
    """One engine over one database, driven by hand."""

    def __init__(self, app: Flask, clock: ManualClock, *, asks_after_silence: bool = True) -> None:
        self.app = app
        self.clock = clock
        self._ahead = _AHEAD + (_SILENCE,) * asks_after_silence
        self.rounds = Rounds(app, running_in(app))

    def round(self) -> None:
        """Rounds until nothing more can be done at this moment, and everything they set going."""
        for _ in range(MOST_ROUNDS):
            self.rounds.go_round()
            self.settle()
            if not self._goes_on():
                return
        raise AssertionError("the engine does not come to rest")

    def _goes_on(self) -> bool:
        """Whether the next round would find something: a message waits only for a sender to be
        free, or what came of one has brought a rung forward."""
        now, gateways = self.clock.now(), running_in(self.app).gateways

        def look(session: Session) -> bool:
            alarm = soonest(session).alarm
            if alarm is not None and alarm <= now:
                return True
            return bool(gateways) and _is_takeable(session, now)

        return reading(self.app, look)

    def settle(self) -> None:
        """Wait until the senders have nothing in hand."""
        done = threading.Event()
        waited = 0.0
        while self.rounds.busy:
            done.wait(0.001)
            waited += 0.001
            assert waited < A_WHILE_S, "the senders do not come to an end"

    def forward(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let time pass with the engine at work throughout."""
        target = self.clock.now() + timedelta(seconds=seconds, minutes=minutes)
        self.round()
        while True:
            due = self._next_due(target)
            self._be_there(due)
            self.clock.move_to(due)
            self.round()
            if due >= target:
                return

    def away(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let time pass while no engine runs at all; then one starts afresh."""
        self.clock.forward(seconds, minutes=minutes)
        self.restart()
        self.round()

    def restart(self) -> None:
        """Another engine over the same database: what the old one had in memory is gone."""
        self.rounds.stop(0.0)
        self.rounds = Rounds(self.app, running_in(self.app))

    def _next_due(self, target: datetime) -> datetime:
        now = self.clock.now()
        ahead = reading(self.app, lambda session: self._moments(session, now))
        return min([*ahead, target])

    def _moments(self, session: Session, now: datetime) -> list[datetime]:
        """The next moment of each kind at which the engine will find something to do."""
        queries: list[Select[datetime | None]] = [
            select(column).where(wanted, column > now).order_by(column).limit(1)
            for column, wanted in self._ahead
        ]
        found = [session.scalar(query) for query in queries]
        return [at for at in found if at is not None]

    def _be_there(self, due: datetime) -> None:
        """The idle rounds until then left no trace but this."""
        self.rounds.seen_at(due - BEAT)

        def beat(session: Session) -> None:
            house = the_house(session)
            house.round_at = max(house.round_at or due - BEAT, due - BEAT)

        writing(self.app, beat)


def _is_takeable(session: Session, now: datetime) -> bool:
    due = soonest(session).message
    if due is None or due > now:
        return False
    return all(
        health.down_since is None or health.next_probe_at is None or health.next_probe_at <= now
        for health in session.scalars(select(Provider))
    )
