"""A person's visits: started, kept up, extended, closed; and what she may see of others'."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from server.acts import closing, during, seeing, starting
from server.acts.base import Turn
from server.acts.starting import NewVisit
from server.api.acting import Act, nothing, written
from server.api.book import CHANGES, READS, Book, listed, uuid_in_path
from server.api.lens import Lens
from server.api.listing import list_visits
from server.api.looking import show_one
from server.domain.refusals import BadField, Forbidden, NotYours
from server.store import people, visits
from server.store.db import Session
from server.store.people import Person
from server.store.visits import Visit
from shared.states import CloseOutcome, Risk, VisitKind
from shared.wire import bodies
from shared.wire.fields import read_uuid
from shared.wire.objects import VisitSchema
from shared.wire.queries import VisitsWantedSchema

book = Book("visits", __name__, description="One stay with a client, one way, one way home")
VISIT_ID = uuid_in_path("visit_id", "the visit's id: the one under which its start was sent")
visit_schema = VisitSchema()


def show_visit(lens: Lens, visit: Visit) -> bytes:
    """The visit as the actor may see it."""
    return written(visit_schema, lens.visit(visit))


def visit_called(ref: str, session: Session, viewer: Person) -> Visit:
    """The visit a phone calls `ref`; what is no UUID is nobody's visit."""
    found = read_uuid(ref)
    if found is None:
        raise NotYours("visit")
    return seeing.visit_for(session, viewer, found)


def about_visit(
    ref: str, schema: bodies.BodySchema, do: Callable[[Turn, Visit, Any], Any]
) -> Act[Visit]:
    """An act on one visit, answered with that visit."""

    def done(turn: Turn, visit: Visit, body: Any) -> Visit:
        do(turn, visit, body)
        return visit

    return Act(
        schema=schema,
        workers=lambda session, viewer, _: _workers(session, viewer, ref),
        find=lambda session, viewer, _: visit_called(ref, session, viewer),
        do=done,
        show=show_visit,
    )


def _workers(session: Session, viewer: Person, ref: str) -> set[UUID]:
    found = read_uuid(ref)
    return visits.workers_of(session, viewer.org_id, found, viewer.id) if found else set()


def own_place(turn: Turn, visit: Visit, at: bodies.Position | None) -> starting.Position | None:
    """Where she is; a phone that acts for somebody else knows only where itself is."""
    own = turn.actor is not None and turn.actor.id == visit.worker_id
    return starting.Position(at.lat, at.lon, at.accuracy_m) if own and at else None


@book.on("POST", "/visits")
@book.takes(bodies.StartVisitSchema())
@book.answers(201, VisitSchema, "The visit; watched from this moment, if it is open")
@book.refuses(*CHANGES, "not-found", "visit-open", "pin-wrong", "conflict")
def start_visit() -> Response:
    """Start a visit, now, later or as it was started without signal

    Another open `visit` or `travel` of hers is closed as `moved_on`, where closing needs no PIN or
    `pin` is right. If nobody but her can be told, it is 201 all the same and the first line of
    `safety_chain` says 'NOT covered'.
    """
    act: Act[Person] = Act(
        schema=bodies.StartVisitSchema(),
        workers=lambda _session, viewer, given: {_worker_id(viewer, given) or viewer.id},
        find=_worker,
        do=_start,
        show=show_visit,
        status=201,
    )
    return act.answer()


def _worker_id(viewer: Person, given: Any) -> UUID | None:
    """Whose visit it is to be; None where that is said and cannot be read."""
    said = given.get("for") if isinstance(given, dict) else None
    return viewer.id if said is None else read_uuid(said)


def _worker(session: Session, viewer: Person, given: Any) -> Person:
    worker_id = _worker_id(viewer, given)
    if worker_id is None or worker_id == viewer.id:
        return people.person(session, viewer.id)
    return seeing.worker_for(session, viewer, worker_id)


def _start(turn: Turn, worker: Person, body: bodies.StartVisit) -> Visit:
    _check_buddy(turn, worker, body.buddy)
    own, at = turn.actor is not None and turn.actor.id == worker.id, body.position
    wanted = NewVisit(
        ref=body.id,
        place=body.place,
        minutes=body.minutes,
        ends_at=body.ends_at,
        starts_at=body.starts_at,
        kind=body.kind or VisitKind.VISIT,
        risk=body.risk or Risk.STANDARD,
        record_ref=body.record_ref or None,
        note=body.note or None,
        buddy_id=body.buddy,
        position=starting.Position(at.lat, at.lon, at.accuracy_m) if own and at else None,
        pin=body.pin,
    )
    return starting.start(turn, worker, wanted)


def _check_buddy(turn: Turn, worker: Person, buddy: UUID | None) -> None:
    if buddy is not None and not seeing.may_be_buddy(turn.session, worker, buddy):
        raise BadField("buddy", "Choose somebody of your own team, other than the worker herself.")


@book.on("GET", "/visits")
@book.asks(VisitsWantedSchema())
@book.answers(200, listed(VisitSchema), "Her own visits, the newest first", replays=False)
@book.refuses(*READS, "invalid")
def get_visits() -> Response:
    """Her own visits"""
    return list_visits()


@book.on("GET", "/visits/<visit_id>", VISIT_ID)
@book.answers(200, VisitSchema, "The visit as she may see it", replays=False)
@book.refuses(*READS, "not-found")
def get_visit(visit_id: str) -> Response:
    """One visit: her own, or one she watches over, was told of, or manages"""

    def find(session: Session, viewer: Person) -> Visit:
        return visit_called(visit_id, session, viewer)

    return show_one(find, show_visit)


@book.on("POST", "/visits/<visit_id>/start", VISIT_ID)
@book.takes(bodies.StartPlannedSchema())
@book.answers(200, VisitSchema, "The visit, open; it keeps its planned length")
@book.refuses(*CHANGES, "not-found", "visit-open", "visit-closed", "pin-wrong", "conflict")
def start_planned(visit_id: str) -> Response:
    """Start a planned visit

    What it ends, and when it needs `pin` for that, is as for a new one.
    """

    def do(turn: Turn, visit: Visit, body: bodies.StartPlanned) -> None:
        starting.start_planned(turn, visit, own_place(turn, visit, body.position), body.pin)

    return about_visit(visit_id, bodies.StartPlannedSchema(), do).answer()


@book.on("POST", "/visits/<visit_id>/check-in", VISIT_ID)
@book.takes(bodies.CheckInSchema())
@book.answers(200, VisitSchema, "The visit with its new due_at")
@book.refuses(*CHANGES, "not-found", "visit-closed", "conflict")
def check_in(visit_id: str) -> Response:
    """A sign of life

    Before `ends_at` it moves the next check-in. In the grace after it, once for each `ends_at`, it
    gives one more grace. Once an alarm was raised it stops nothing and is told to whoever was
    alarmed.
    """

    def do(turn: Turn, visit: Visit, body: bodies.CheckIn) -> None:
        during.check_in(turn, visit, own_place(turn, visit, body.position))

    return about_visit(visit_id, bodies.CheckInSchema(), do).answer()


@book.on("POST", "/visits/<visit_id>/extend", VISIT_ID)
@book.takes(bodies.ExtendSchema())
@book.answers(200, VisitSchema, "The visit with its new ends_at")
@book.refuses(*CHANGES, "not-found", "pin-required", "pin-wrong", "visit-closed", "conflict")
def extend(visit_id: str) -> Response:
    """More time; once `ends_at` has passed the minutes count from now"""

    def do(turn: Turn, visit: Visit, body: bodies.Extend) -> None:
        during.extend(turn, visit, body.minutes, body.pin)

    return about_visit(visit_id, bodies.ExtendSchema(), do).answer()


@book.on("POST", "/visits/<visit_id>/close", VISIT_ID)
@book.takes(bodies.CloseSchema())
@book.answers(200, VisitSchema, "The visit, closed; or as it was closed before")
@book.refuses(*CHANGES, "not-found", "pin-required", "pin-wrong", "conflict")
def close(visit_id: str) -> Response:
    """Close a visit

    Her buddy or manager may, with `spoke_to_her: true`. Once an alarm was raised, only her PIN
    ends it; without one this is 200, kept, and told to whoever was alarmed.
    """

    def do(turn: Turn, visit: Visit, body: bodies.Close) -> None:
        closing.close(
            turn,
            visit,
            pin=body.pin,
            outcome=body.outcome or CloseOutcome.SAFE,
            note=body.note,
            spoke_to_her=bool(body.spoke_to_her),
        )

    return about_visit(visit_id, bodies.CloseSchema(), do).answer()


@book.on("POST", "/visits/<visit_id>/cancel", VISIT_ID)
@book.takes(bodies.ActSchema())
@book.answers(200, VisitSchema, "The visit, cancelled")
@book.refuses(*CHANGES, "not-found", "visit-closed", "conflict")
def cancel(visit_id: str) -> Response:
    """Call off a planned visit; an open one is closed instead"""
    return about_visit(
        visit_id, bodies.ActSchema(), lambda turn, visit, _: during.cancel(turn, visit)
    ).answer()


@book.on("POST", "/visits/<visit_id>/position", VISIT_ID)
@book.takes(bodies.ReportPositionSchema())
@book.answers(204, None, "Kept")
@book.refuses(*CHANGES, "not-found", "forbidden")
def report_position(visit_id: str) -> Response:
    """Say where she is; it says nothing about how she is"""

    def do(turn: Turn, visit: Visit, body: bodies.ReportPosition) -> None:
        at = own_place(turn, visit, body.position)
        if at is None:
            raise Forbidden("Only her own phone knows where she is.")
        during.report_position(turn, visit, at)

    found = about_visit(visit_id, bodies.ReportPositionSchema(), do)
    return Act(found.schema, found.workers, found.find, found.do, nothing, 204).answer()
