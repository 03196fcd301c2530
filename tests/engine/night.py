"""A night in Riverside: people act, time passes, and everything that leaves the house is kept.

    visit = night.start("amy", 45)
    night.forward(minutes=55)
    assert night.new("ben") == [...]
    night.own("ben")

Acts are the ones that the API, the texts and the pages call; the engine goes its rounds after each.
Without saying which, people act on the newest alarm and on their newest visit.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from server.gateways.base import Handover
from shared.states import Way
from tests.engine.deeds import Deeds
from tests.engine.stage import Stage
from tests.support.clock import A_TUESDAY, ManualClock
from tests.support.people import EVERYBODY, Somebody, running_in, settle
from tests.support.postbox import Postbox
from tests.support.town import Town


class Night(Deeds):
    """One house, its people, and a clock that only the test moves."""

    def __init__(
        self,
        stage: Stage,
        *,
        people: Iterable[Somebody] = EVERYBODY,
        policy: Mapping[str, Any] | None = None,
        admins: Iterable[str] = (),
        start: datetime = A_TUESDAY,
        rounds: bool = True,
        asks_after_silence: bool = True,
        ways: Iterable[Way] = (Way.TEXT,),
    ) -> None:
        self.clock = ManualClock(start)
        self.postbox = Postbox(self.clock.now)
        self.postbox.ways = frozenset(ways)
        self.app = stage.set(self.clock, self.postbox)
        self.org = settle(self.app, self.clock, people, policy=policy, admins=admins)
        self.running = running_in(self.app)
        self.town = Town(self.app, self.clock, asks_after_silence=asks_after_silence)
        self.rounds_follow = rounds
        self.may_log: set[str] = set()
        self._begin()
        if rounds:
            self.town.round()

    def end(self) -> None:
        """Let the threads go."""
        self.town.rounds.stop(0.0)

    # Time

    def forward(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let time pass with the engine at work."""
        self.town.forward(seconds, minutes=minutes)

    def until(self, instant: datetime) -> None:
        """Let time pass up to that instant."""
        self.forward((instant - self.now).total_seconds())

    def away(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let time pass without any engine; one starts at the end of it."""
        self.town.away(seconds, minutes=minutes)

    # What was sent

    def number(self, who: str) -> str:
        return self.org[who].mobile

    def texts(self, who: str) -> list[str]:
        """Every text she was ever handed, in order."""
        return self.postbox.texts_to(self.number(who))

    def new(self, who: str) -> list[str]:
        """What she was handed since this was last asked."""
        return self.postbox.new_to(self.number(who))

    def forget(self) -> None:
        """Everything sent so far has been looked at."""
        for who in self.org.people:
            self.new(who)

    def times(self, who: str, since: datetime | None = None) -> list[float]:
        """When her texts were handed over, in seconds after `since` (the test's beginning)."""
        start = since or A_TUESDAY
        number = self.number(who)
        return [(p.at - start).total_seconds() for p in self.postbox.posted if p.to == number]

    def gateway(self, answer: Handover | None, *, keeps: bool = False) -> None:
        """From now on the gateway answers everything with this; None: it works."""
        self.postbox.answer, self.postbox.keeps_all_the_same = answer, keeps


def bodies(texts: Sequence[str], *words: str) -> list[str]:
    """Those texts that hold all of these words."""
    return [text for text in texts if all(word in text for word in words)]
