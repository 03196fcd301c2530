"""Alarms a person was told of or manages, and her own: taking charge, noting, ending."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from server.acts import owning, seeing, standing_down
from server.acts.base import Turn
from server.api.acting import Act, written
from server.api.book import CHANGES, READS, Book, listed, uuid_in_path
from server.api.lens import Lens
from server.api.listing import list_alarms
from server.api.looking import show_one
from server.domain.refusals import NotYours
from server.store import lists
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.people import Person
from shared.wire import bodies
from shared.wire.fields import read_uuid
from shared.wire.objects import AlarmSchema
from shared.wire.queries import AlarmsWantedSchema

book = Book("alarms", __name__, description="Somebody may need help")
ALARM_ID = uuid_in_path("alarm_id", "the alarm's id: the one under which an SOS was sent")
alarm_schema = AlarmSchema()


def show_alarm(lens: Lens, alarm: Alarm) -> bytes:
    """The alarm as the actor may see it."""
    return written(alarm_schema, lens.alarm(alarm))


def alarm_called(ref: str, session: Session, viewer: Person) -> Alarm:
    """The alarm a phone calls `ref`; what is no UUID is nobody's alarm."""
    found = read_uuid(ref)
    if found is None:
        raise NotYours("alarm")
    return seeing.alarm_for(session, viewer, found)


def about_alarm(
    ref: str, schema: bodies.BodySchema, do: Callable[[Turn, Alarm, Any], Any]
) -> Response:
    """An act on one alarm, answered with that alarm."""

    def done(turn: Turn, alarm: Alarm, body: Any) -> Alarm:
        do(turn, alarm, body)
        return alarm

    return Act(
        schema=schema,
        workers=lambda session, viewer, _: _workers(session, viewer, ref),
        find=lambda session, viewer, _: alarm_called(ref, session, viewer),
        do=done,
        show=show_alarm,
    ).answer()


def _workers(session: Session, viewer: Person, ref: str) -> set[UUID]:
    found = read_uuid(ref)
    return lists.workers_of_alarm(session, viewer.org_id, found, viewer.id) if found else set()


@book.on("GET", "/alarms")
@book.asks(AlarmsWantedSchema())
@book.answers(200, listed(AlarmSchema), "The newest first", replays=False)
@book.refuses(*READS, "invalid")
def get_alarms() -> Response:
    """Alarms she was told of or manages, and her own

    Raised and owned ones, unless `status` asks otherwise.
    """
    return list_alarms()


@book.on("GET", "/alarms/<alarm_id>", ALARM_ID)
@book.answers(200, AlarmSchema, "The alarm as she may see it", replays=False)
@book.refuses(*READS, "not-found")
def get_alarm(alarm_id: str) -> Response:
    """One alarm"""

    def find(session: Session, viewer: Person) -> Alarm:
        return alarm_called(alarm_id, session, viewer)

    return show_one(find, show_alarm)


@book.on("POST", "/alarms/<alarm_id>/stand-down", ALARM_ID)
@book.takes(bodies.StandDownSchema())
@book.answers(200, AlarmSchema, "The alarm, over: a false alarm")
@book.refuses(*CHANGES, "not-found", "forbidden", "pin-required", "pin-wrong", "conflict")
def stand_down(alarm_id: str) -> Response:
    """The worker's own all-clear for her SOS or overdue"""

    def do(turn: Turn, alarm: Alarm, body: bodies.StandDown) -> None:
        standing_down.stand_down(turn, alarm, body.pin)

    return about_alarm(alarm_id, bodies.StandDownSchema(), do)


@book.on("POST", "/alarms/<alarm_id>/own", ALARM_ID)
@book.takes(bodies.OwnSchema())
@book.answers(200, AlarmSchema, "The alarm, hers until owner_until")
@book.refuses(*CHANGES, "not-found", "forbidden", "alarm-owned", "conflict")
def own(alarm_id: str) -> Response:
    """Take charge, or keep it; from somebody else only with `take_over`"""

    def do(turn: Turn, alarm: Alarm, body: bodies.Own) -> None:
        owning.own(turn, alarm, take_over=bool(body.take_over))

    return about_alarm(alarm_id, bodies.OwnSchema(), do)


@book.on("POST", "/alarms/<alarm_id>/release", ALARM_ID)
@book.takes(bodies.ActSchema())
@book.answers(200, AlarmSchema, "The alarm, climbing again")
@book.refuses(*CHANGES, "not-found", "forbidden", "conflict")
def release(alarm_id: str) -> Response:
    """Give it back; the next person is told at once"""
    return about_alarm(
        alarm_id, bodies.ActSchema(), lambda turn, alarm, _: owning.release(turn, alarm)
    )


@book.on("POST", "/alarms/<alarm_id>/note", ALARM_ID)
@book.takes(bodies.NoteSchema())
@book.answers(200, AlarmSchema, "The alarm")
@book.refuses(*CHANGES, "not-found", "forbidden")
def note(alarm_id: str) -> Response:
    """Write down what was done; from its owner it renews the charge"""

    def do(turn: Turn, alarm: Alarm, body: bodies.Note) -> None:
        owning.note(turn, alarm, body.text)

    return about_alarm(alarm_id, bodies.NoteSchema(), do)


@book.on("POST", "/alarms/<alarm_id>/resolve", ALARM_ID)
@book.takes(bodies.ResolveSchema())
@book.answers(200, AlarmSchema, "The alarm, over")
@book.refuses(*CHANGES, "not-found", "forbidden", "pin-wrong", "conflict")
def resolve(alarm_id: str) -> Response:
    """End it: somebody other than the worker knows how she is

    The visit of an overdue or not-started alarm is closed with it, or with `until` watched on.
    """

    def do(turn: Turn, alarm: Alarm, body: bodies.Resolve) -> None:
        owning.resolve(
            turn, alarm, body.outcome, note_text=body.note, until=body.until, pin=body.pin
        )

    return about_alarm(alarm_id, bodies.ResolveSchema(), do)
