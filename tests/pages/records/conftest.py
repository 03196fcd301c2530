"""A few days of Riverside's log to look at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.acts import closing, owning, starting
from server.acts.base import Turn
from server.store import alarms, people, visits
from shared.states import AlarmOutcome, CloseOutcome, Means
from tests.support.clock import ManualClock
from tests.support.people import Org, open_app, running_in, writing
from tests.support.town import Town


class Diary:
    """What people of an organisation did, written by the acts themselves."""

    def __init__(self, app: Flask, org: Org, clock: ManualClock, town: Town) -> None:
        self.app, self.org, self.clock, self.town = app, org, clock, town

    def does(self, ref: str, work: Callable[[Turn], Any]) -> Any:
        """One act of one of them, now, by app."""
        now, desk = self.clock.now(), running_in(self.app).desk

        def act(session: Session) -> Any:
            actor = people.person(session, self.org[ref].id)
            return work(Turn(session, desk, now, now, Means.APP, actor))

        return writing(self.app, act)

    def starts(self, ref: str, place: str = "12 High St", minutes: int = 30, **more: Any) -> UUID:
        """A visit begins; returns its id."""
        wanted = starting.NewVisit(uuid4(), place, minutes, **more)

        def work(turn: Turn) -> UUID:
            assert turn.actor is not None
            return starting.start(turn, turn.actor, wanted).id

        found: UUID = self.does(ref, work)
        return found

    def closes(self, ref: str, visit_id: UUID, outcome: CloseOutcome = CloseOutcome.SAFE) -> None:
        """It ends, with her PIN."""
        pin = self.org[ref].pin
        self.does(
            ref,
            lambda turn: closing.close(
                turn, visits.visit(turn.session, visit_id), pin=pin, outcome=outcome
            ),
        )

    def visits_well(self, ref: str, place: str = "12 High St", minutes: int = 30) -> UUID:
        """A visit from beginning to end, closed a minute before its end."""
        visit_id = self.starts(ref, place, minutes)
        self.town.forward(minutes=minutes - 1)
        self.closes(ref, visit_id)
        return visit_id

    def goes_silent(
        self, ref: str, owner: str = "cat", outcome: AlarmOutcome = AlarmOutcome.SAFE
    ) -> UUID:
        """She is overdue; somebody takes charge two minutes later and ends it after five more."""
        visit_id = self.starts(ref, "9 Elm Court", 30)
        self.town.forward(minutes=42)
        self.does(owner, lambda turn: owning.own(turn, self.alarm_of(turn, visit_id)))
        self.town.forward(minutes=5)
        self.does(
            owner,
            lambda turn: owning.resolve(
                turn, self.alarm_of(turn, visit_id), outcome, note_text="Spoke to her."
            ),
        )
        return visit_id

    @staticmethod
    def alarm_of(turn: Turn, visit_id: UUID) -> alarms.Alarm:
        """The newest alarm of a visit."""
        return alarms.alarms_of_visit(turn.session, visit_id)[0]


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock) -> Flask:
    """With pretend phones, so that somebody can be told."""
    return open_app(database_url, tmp_path, clock)


@pytest.fixture
def diary(app: Flask, org: Org, clock: ManualClock, town: Town) -> Diary:
    """Writes what happened into the log, by the acts themselves."""
    return Diary(app, org, clock, town)
