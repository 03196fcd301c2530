"""Lists: `{items, next}`, the newest first, a page at a time."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, request

from server.acts import seeing
from server.api.acting import JSON, to_json
from server.api.callers import caller
from server.api.lens import Lens
from server.api.looking import new_looks, write_down
from server.api.reading import Invalid, invalid, load
from server.running import running
from server.store import alarms, db, lists, people
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.lists import Place
from server.store.looking import Seen
from server.store.people import Person
from server.store.visits import Visit
from shared.states import OPEN_ALARM, AlarmStatus, Role, VisitStatus
from shared.wire.bodies import BodySchema
from shared.wire.objects import AlarmSchema, VisitSchema
from shared.wire.queries import (
    CURSOR,
    AlarmsWanted,
    AlarmsWantedSchema,
    VisitsWanted,
    VisitsWantedSchema,
    split,
)

T = TypeVar("T", Visit, Alarm)

PAGE = 50
visits_schema = VisitSchema(many=True)
alarms_schema = AlarmSchema(many=True)


@dataclass(frozen=True)
class Page:
    """One page, ready to be sent."""

    items: list[Any]
    following: str | None
    looks: set[Seen]

    def response(self) -> Response:
        """The page as JSON."""
        body = to_json({"items": self.items, "next": self.following})
        return Response(body, content_type=JSON)


def list_visits() -> Response:
    """The caller's own visits."""
    now = running().clock.now()
    me = caller(now).person
    wanted: VisitsWanted = read_query(VisitsWantedSchema())
    after = read_cursor(wanted.cursor)

    def page(session: Session) -> Page:
        veiled = lists.veiled_visits(session, me.id)
        statuses = wanted.status or list(VisitStatus)
        span = (wanted.since, wanted.until)
        found = lists.own_visits(session, me.id, statuses, veiled, span, after, PAGE + 1)
        shown = Lens(session, running().desk, me, now).visits(found[:PAGE])
        following = _next(found, [visit.starts_at for visit in found])
        return Page(visits_schema.dump(shown), following, set())

    return db.read(page).response()


def list_alarms() -> Response:
    """The alarms the caller was told of, manages or, but for a duress, is the subject of."""
    now = running().clock.now()
    me = caller(now).person
    wanted: AlarmsWanted = read_query(AlarmsWantedSchema())
    after = read_cursor(wanted.cursor)

    def page(session: Session) -> Page:
        found = _alarms(session, me, wanted.status or list(OPEN_ALARM), after)
        lens = Lens(session, running().desk, me, now)
        shown = [lens.alarm(alarm) for alarm in found[:PAGE]]
        following = _next(found, [alarm.raised_at for alarm in found])
        looks = new_looks(session, me, found[:PAGE], now)
        return Page(alarms_schema.dump(shown), following, looks)

    made = db.read(page)
    write_down(me, made.looks, now)
    return made.response()


def _alarms(
    session: Session, me: Person, wanted: Sequence[AlarmStatus], after: Place | None
) -> list[Alarm]:
    managed = people.team_ids(session, me.id) if me.has_role(Role.MANAGER) else set()
    veiled = [alarm.id for alarm in alarms.veiled_for(session, me)]
    found = lists.alarms_for(session, me, managed, wanted, veiled, after, PAGE + 1)
    return [alarm for alarm in found if not seeing.is_hidden(alarm, me)]


def read_query(schema: BodySchema) -> Any:
    """The parameters in the address; refuses by field what is unknown, twice there or not right."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise invalid({name: ["Give this once."] for name in twice})
    try:
        return load(schema, split(schema, request.args.to_dict()))
    except Invalid as fault:
        # A parameter is one thing to its reader, however many words are in it.
        errors: dict[str, list[str]] = fault.extra["errors"]
        raise invalid({name.partition(".")[0]: said for name, said in errors.items()}) from None


def _next(found: Sequence[Visit] | Sequence[Alarm], times: Sequence[datetime]) -> str | None:
    """Where the next page begins; None on the last one."""
    if len(found) <= PAGE:
        return None
    said = f"{times[PAGE - 1].isoformat()} {found[PAGE - 1].id}"
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_cursor(given: str | None) -> Place | None:
    """The place a cursor means; refuses one we did not make."""
    if given is None:
        return None
    try:
        padded = given + "=" * (-len(given) % 4)
        at, _, last = (
            base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(" ")
        )
        place = Place(datetime.fromisoformat(at), UUID(last))
    except (binascii.Error, ValueError):
        raise invalid({"cursor": [CURSOR]}) from None
    if place.at.tzinfo is None:
        raise invalid({"cursor": [CURSOR]})
    return place
