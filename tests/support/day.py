"""What workers do while somebody looks at a page: each deed one call, the engine at work after it.

day = Day(app, org, town, clock)
day.start("amy", 30, "12 High St")
day.forward(minutes=41)
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from flask import Flask

from server.acts import closing, crying_out, starting
from server.acts.base import Turn, perform
from server.store import alarms, log, people, visits
from server.store.alarms import Alarm
from server.store.people import Person
from shared.states import Means
from tests.support.clock import ManualClock
from tests.support.people import Org, reading, running_in
from tests.support.town import Town

T = TypeVar("T")


class Day:
    """An afternoon in one process."""

    def __init__(self, app: Flask, org: Org, town: Town, clock: ManualClock) -> None:
        self.app, self.org, self.town, self.clock = app, org, town, clock
        self.town.round()

    def start(self, who: str, minutes: int = 30, place: str = "12 High St", **more: Any) -> UUID:
        """She starts a visit; returns its id."""
        new = starting.NewVisit(ref=uuid4(), place=place, minutes=minutes, **more)
        return self.act(who, lambda turn, person: starting.start(turn, person, new).id)

    def close(self, who: str, pin: str | None = None) -> None:
        """She closes the visit that is due first."""

        def work(turn: Turn, person: Person) -> None:
            closing.close(turn, visits.unfinished_visits(turn.session, person.id)[0], pin=pin)

        self.act(who, work)

    def sos(self, who: str) -> UUID:
        """She cries out; returns the alarm's id."""
        return self.act(who, lambda turn, person: crying_out.cry_out(turn, person).id)

    def on_alarm(self, who: str, alarm_id: UUID, work: Callable[[Turn, Alarm], Any]) -> None:
        """Something this person does about an alarm, elsewhere than on a page."""
        self.act(who, lambda turn, _: work(turn, alarms.alarm(turn.session, alarm_id)))

    def act(self, who: str, work: Callable[[Turn, Person], T]) -> T:
        """One act of this person, and the engine's next round."""
        person_id = self.org[who].id
        with self.app.app_context():
            found = perform(
                running_in(self.app).desk,
                lambda turn: work(turn, people.person(turn.session, person_id)),
                now=self.clock.now(),
                by=Means.APP,
                actor_id=person_id,
            )
        self.town.round()
        return found

    def forward(self, *, minutes: float) -> None:
        """Let time pass with the engine at work."""
        self.town.forward(minutes=minutes)

    def alarm_of(self, who: str) -> UUID:
        """Her newest open alarm."""
        person_id = self.org[who].id
        return reading(self.app, lambda s: alarms.open_alarms(s, person_id)[-1].id)

    def log(self, alarm_id: UUID) -> list[str]:
        """What the log says of this alarm."""
        return reading(self.app, lambda s: [e.what for e in log.entries_of_alarm(s, alarm_id)])
