"""Visits from a browser without an app: start, plan, check in, add time, close, call off."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from server.acts import closing, during, seeing, starting
from server.acts.base import Turn
from server.acts.own_page import hole_in_service, own_visit
from server.acts.standing_down import stand_down
from server.acts.starting import NewVisit
from server.domain.refusals import NotYours
from server.pages import flash
from server.pages.forms import Form
from server.pages.moments import read_length, read_minutes, read_moment
from server.pages.own.doing import locks_visit, page_with, pin_of, send
from server.pages.own.routes import page
from server.pages.route import SIGNED_IN, Answer
from server.pages.times import clock
from server.pages.visitor import me
from server.running import running
from server.store import db, lists
from server.store.db import Session
from server.store.people import Person
from server.store.visits import Visit
from shared.states import CloseOutcome, Risk, VisitKind, VisitStatus
from shared.timing import LONGEST_HOME_S, LONGEST_VISIT_S

LONGEST_MINUTES = LONGEST_HOME_S // 60
MOST_MINUTES = LONGEST_VISIT_S // 60
JUST_NOW = timedelta(minutes=5)
FARTHEST = timedelta(days=31)
KINDS = tuple(kind.value for kind in VisitKind)
RISKS = tuple(risk.value for risk in Risk)
OUTCOMES = tuple(outcome.value for outcome in CloseOutcome)


@page.post("/me/visits", who=SIGNED_IN)
def start() -> Answer:
    """Start a visit now, or plan one."""
    form = Form.read()
    pin = pin_of(form)
    place = form.text("place", "Say where you are going.", longest=200)
    kind = VisitKind(form.choice("kind", KINDS, "Choose one of these.") or KINDS[0])
    most = LONGEST_MINUTES if kind is VisitKind.HOME else MOST_MINUTES
    risk = Risk.HIGH if form.ticked("high") else Risk.STANDARD
    note = form.text("note", longest=500) or None
    starts_at = _later_start(form)
    lasts = read_length(form, "minutes", most, starts_at or running().clock.now())
    if form.faults:
        return page_with(form, "start"), 400
    wanted = NewVisit(
        ref=form.id,
        place=place,
        minutes=lasts.minutes,
        ends_at=lasts.ends_at,
        starts_at=starts_at,
        kind=kind,
        risk=risk,
        note=note,
        pin=pin,
    )
    return _and_say(form, "start", lambda turn, person: starting.start(turn, person, wanted))


def _later_start(form: Form) -> datetime | None:
    """When it is to begin; None for now. A time that has passed would be a visit that is over."""
    if not form.values.get("starts_at", "").strip():
        return None
    found, now = read_moment(form, "starts_at", "Give a day and time."), running().clock.now()
    if found is None:
        return None
    if found <= now - JUST_NOW:
        form.blame("starts_at", "That time has passed. Give a later one; leave it empty for now.")
    if found > now + FARTHEST:
        form.blame("starts_at", f"Give a time within the next {FARTHEST.days} days.")
    return found if found > now else None


Act = Callable[[Turn, Visit], object]


@page.post("/me/visits/<uuid:ref>/begin", who=SIGNED_IN)
def begin(ref: UUID) -> Answer:
    """Start a planned visit."""
    return _about(ref, Form.read(), lambda turn, visit: starting.start_planned(turn, visit))


@page.post("/me/visits/<uuid:ref>/check-in", who=SIGNED_IN)
def check_in(ref: UUID) -> Answer:
    """A sign of life."""
    return _about(ref, Form.read(), lambda turn, visit: during.check_in(turn, visit))


@page.post("/me/visits/<uuid:ref>/extend", who=SIGNED_IN)
def extend(ref: UUID) -> Answer:
    """More time."""
    form = Form.read()
    pin = pin_of(form)
    minutes = read_minutes(form, "minutes", MOST_MINUTES)
    if form.faults:
        return page_with(form, f"{ref}-more"), 400
    return _about(ref, form, lambda turn, visit: during.extend(turn, visit, minutes, pin), "-more")


@page.post("/me/visits/<uuid:ref>/close", who=SIGNED_IN)
def close(ref: UUID) -> Answer:
    """Finished."""
    form = Form.read()
    pin = pin_of(form)
    outcome = CloseOutcome(form.choice("outcome", OUTCOMES, "Choose one of these.") or OUTCOMES[0])
    note = form.text("note", longest=500) or None
    if form.faults:
        return page_with(form, str(ref)), 400
    return _about(
        ref,
        form,
        lambda turn, visit: closing.close(turn, visit, pin=pin, outcome=outcome, note=note),
    )


@page.post("/me/visits/<uuid:ref>/cancel", who=SIGNED_IN)
def cancel(ref: UUID) -> Answer:
    """Call a planned visit off."""
    return _about(ref, Form.read(), during.cancel)


@page.post("/me/alarms/<uuid:ref>/stand-down", who=SIGNED_IN)
def end_alarm(ref: UUID) -> Answer:
    """Her own SOS or overdue was a false alarm: only with her PIN."""
    form = Form.read()
    pin = pin_of(form)

    def work(turn: Turn, person: Person) -> None:
        alarm = seeing.alarm_for(turn.session, person, ref)
        stand_down(turn, alarm, pin)

    seen = me().person
    return send(
        form,
        f"alarm-{ref}",
        work,
        said="The alarm is over.",
        lock=lambda session: lists.workers_of_alarm(session, seen.org_id, ref, seen.id),
    )


def _about(ref: UUID, form: Form, act: Act, which: str = "") -> Answer:
    """An act about a visit of her own; somebody else's is not on this page (404)."""

    def work(turn: Turn, person: Person) -> None:
        act(turn, _own(turn.session, person, ref))

    return _and_say(form, f"{ref}{which}", work, ref)


def _own(session: Session, person: Person, ref: UUID) -> Visit:
    visit = seeing.visit_for(session, person, ref)
    if visit.worker_id != person.id:
        raise NotYours("visit")
    return visit


def _and_say(
    form: Form, key: str, work: Callable[[Turn, Person], object], ref: UUID | None = None
) -> Answer:
    """Do it, and say how the visit stands for her now: the same words after either PIN."""
    answer = send(form, key, work, lock=locks_visit(ref or form.id))
    if not isinstance(answer, tuple):
        flash.say(_how_it_stands(ref or form.id))
    return answer


def _how_it_stands(ref: UUID) -> str:
    here, seen = running(), me().person
    now = here.clock.now()

    def read(session: Session) -> str:
        visit = seeing.visit_for(session, seen, ref)
        found = own_visit(session, here.desk, seen, visit, now, with_chain=True)
        where = f"{visit.place}: "
        if found.seen.status == VisitStatus.OPEN:
            if found.raised:
                return f"{where}kept, and told to whoever was alarmed. Only your PIN ends it."
            until = clock(found.seen.ends_at)
            if here.desk.rehearsal:
                return f"{where}written down until {until}. A rehearsal: nobody will be told."
            if found.doubt or hole_in_service(session, here.desk, now):
                return f"{where}written down until {until}, but NOT covered: see why below."
            return f"{where}watched until {until}."
        if found.seen.status == VisitStatus.PLANNED:
            return f"{where}planned for {clock(visit.starts_at)}."
        if found.seen.status == VisitStatus.CANCELLED:
            return f"{where}called off."
        return f"{where}closed."

    return db.read(read)
