"""What a night has left in the database; see `tests.engine.night`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store import log, people, visits
from server.store.alarms import Alarm, AlarmStep
from server.store.messages import Message, Purpose
from server.store.people import Person
from server.store.visits import Visit
from shared.states import AlarmKind
from tests.support.clock import ManualClock
from tests.support.people import Org, Settled, reading, writing


class Records:
    """The part of a night that looks things up."""

    app: Flask
    clock: ManualClock
    org: Org
    _visits: dict[str, UUID]

    @property
    def now(self) -> datetime:
        """The present."""
        return self.clock.now()

    def visit(self, visit: str | UUID) -> Visit:
        """A visit, or the newest of that person."""
        visit_id = visit if isinstance(visit, UUID) else self._visits[visit]
        return reading(self.app, lambda s: visits.visit(s, visit_id))

    def alarms(self, who: str | None = None, *, hidden: bool = True) -> list[Alarm]:
        """Every alarm there ever was (about this person), oldest first."""

        def look(session: Session) -> list[Alarm]:
            query = select(Alarm).order_by(Alarm.raised_at, Alarm.kind.desc(), Alarm.id)
            found = session.scalars(query).unique().all()
            return [a for a in found if hidden or a.kind != AlarmKind.DURESS]

        found = reading(self.app, look)
        return [a for a in found if who is None or a.worker_id == self.org[who].id]

    def alarm(self, who: str | None = None, *, hidden: bool = True) -> Alarm:
        """The newest alarm (about this person)."""
        return self.alarms(who, hidden=hidden)[-1]

    def steps(self, alarm: UUID | None = None) -> list[AlarmStep]:
        alarm_id = alarm or self.alarm().id
        query = select(AlarmStep).where(AlarmStep.alarm_id == alarm_id)
        return reading(
            self.app,
            lambda s: list(s.scalars(query.order_by(AlarmStep.fired_at, AlarmStep.rung))),
        )

    def messages(self, who: str | None = None, *purposes: Purpose) -> list[Message]:
        """Every message ever decided (for this person, for these purposes), oldest first."""
        query = select(Message).order_by(Message.decided_at, Message.id)
        found = reading(self.app, lambda s: list(s.scalars(query).unique()))
        return [
            m
            for m in found
            if (who is None or m.person_id == self.org[who].id)
            and (not purposes or m.purpose in purposes)
        ]

    def log(self, what: str | None = None) -> list[log.Entry]:
        """The log, oldest first."""
        query = select(log.Entry).order_by(log.Entry.id)
        found = reading(self.app, lambda s: list(s.scalars(query)))
        return [entry for entry in found if what is None or entry.what == what]

    def said(self, what: str) -> list[dict[str, Any]]:
        """What the log entries of this kind say."""
        ids = [entry.id for entry in self.log(what)]
        found = reading(self.app, lambda s: log.payloads(s, ids))
        return [found[one] for one in ids]

    def person(self, who: str) -> Person:
        return reading(self.app, lambda s: people.person(s, self.org[who].id))

    def change(self, work: Callable[[Session], object]) -> None:
        """Change the database by hand."""
        writing(self.app, work)

    def change_person(self, who: str, **fields: Any) -> None:
        """Change somebody's row by hand."""

        def work(session: Session) -> None:
            person = people.person(session, self.org[who].id)
            for name, value in fields.items():
                setattr(person, name, value)

        self.change(work)

    def whole(self, who: str) -> Settled:
        return self.org[who]
