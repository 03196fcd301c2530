"""One visit as somebody who looks after its worker sees it, and what she may do for her."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from server.acts import planning, seeing
from server.acts.base import Desk
from server.acts.coverage import is_away
from server.pages.board import words
from server.store import board, people, visits
from server.store.db import Session
from server.store.people import Person
from server.store.visits import Visit
from shared.numbers import national
from shared.spans import clock_time
from shared.states import Risk, VisitStatus

STATUSES = {
    VisitStatus.PLANNED.value: "Planned",
    VisitStatus.OPEN.value: "Out now",
    VisitStatus.CLOSED.value: "Over",
    VisitStatus.CANCELLED.value: "Cancelled",
}


@dataclass(frozen=True)
class Contact:
    """Somebody to ring. `away_until`: a wall clock's time, where she said that she is absent."""

    name: str
    number: str
    tel: str | None
    away_until: str = ""


@dataclass(frozen=True)
class Outing:
    """The page. `alarms`: those of this visit that are open, by id and title."""

    id: UUID
    worker: Contact
    yours: bool
    status: str
    status_words: str
    place: str
    times: str
    due: str
    raises: str
    heard: str
    high: bool
    note: str
    noted_by: str
    chain: tuple[tuple[str, str], ...]
    watchers: tuple[Contact, ...]
    alarms: tuple[tuple[UUID, str], ...]
    hands_off: bool
    ended: str


def look(session: Session, desk: Desk, viewer: Person, visit: Visit, now: datetime) -> Outing:
    """The page of this visit; the caller has checked that this person may see it."""
    zone = ZoneInfo(viewer.org.timezone)

    def clock(instant: datetime | None) -> str:
        return clock_time(instant, zone, now) if instant else ""

    seen = seeing.see_visit(session, viewer, visit)
    hidden = board.in_duress(session, viewer.org_id, viewer.id) - {viewer.id}
    hands_off = visit.worker_id in hidden
    steps = planning.visit_plan(session, desk, visit, viewer, now)
    raised = [alarm for alarm in seen.alarms if seeing.see_alarm(viewer, alarm).is_open]
    is_open = seen.status == VisitStatus.OPEN
    return Outing(
        id=visit.id,
        worker=_contact(visit.worker, hands_off=hands_off),
        yours=visit.worker_id == viewer.id,
        status=seen.status,
        status_words=STATUSES[seen.status],
        place=visit.place,
        times=f"{clock(visit.starts_at)} to {clock(seen.ends_at)}",
        due=f"{clock(seen.due_at)}, {words.due(seen.due_at, now)}" if is_open else "",
        raises=clock(seen.raise_at) if is_open and not raised else "",
        heard=clock(visit.heard_at) if is_open else "",
        high=visit.risk == Risk.HIGH,
        note=visit.note or "",
        noted_by=seeing.noted_by(session, visit) if visit.note else "",
        chain=tuple((clock(step.at), words.step(step)) for step in steps),
        watchers=tuple(
            replace(_contact(p), away_until=clock(p.away_until) if is_away(p, now) else "")
            for p in people.watchers(session, visit.worker_id)
        ),
        alarms=tuple((a.id, words.title_of(a.kind, visit.worker.name)) for a in raised),
        hands_off=hands_off,
        ended=_ended(seen, clock(seen.closed_at), to_her=visit.worker_id == viewer.id),
    )


def _contact(person: Person, *, hands_off: bool = False) -> Contact:
    if person.mobile is None:
        return Contact(person.name, "no number", None)
    number = national(person.mobile, person.org.country)
    return Contact(person.name, number, None if hands_off else person.mobile)


def _ended(seen: seeing.VisitSeen, at: str, *, to_her: bool) -> str:
    if seen.status != VisitStatus.CLOSED:
        return ""
    return f"It ended at {at}: {visits.how_words(seen.closed_how, to_her=to_her)}."
