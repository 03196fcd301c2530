"""The routes for acting on a worker's behalf (contract 5): starting, checking in, more time, the
end. Each is logged, and the worker is texted that somebody did it for her."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, url_for

from server.acts import boarding, closing, during, looking, seeing, starting
from server.acts.base import Turn
from server.acts.starting import NewVisit
from server.acts.tell import is_over_for
from server.domain.refusals import BadField, NotYours
from server.pages import flash
from server.pages.forms import Form
from server.pages.moments import read_length, read_minutes
from server.pages.out.look import Outing, look
from server.pages.render import render
from server.pages.route import SIGNED_IN, Answer, Pages
from server.pages.times import clock
from server.pages.visitor import me
from server.running import running
from server.store import board, db, visits
from server.store.db import Session
from server.store.looking import Seen
from server.store.visits import Visit
from shared.states import CloseOutcome, Means, Risk, VisitKind, VisitStatus
from shared.timing import LONGEST_VISIT_S

page = Pages("out", __name__)

MOST_MINUTES = LONGEST_VISIT_S // 60
OUTCOMES = (
    (CloseOutcome.SAFE.value, "All was well"),
    (CloseOutcome.LEFT_EARLY.value, "Left early"),
    (CloseOutcome.UNEASY.value, "Felt uneasy there"),
)
SPOKE = "Ring first, then say that you have spoken to them yourself."
STARTED = "The visit is watched from now on. A text says that you started it."
NOT_OWN = "This visit is yours. End it or add time on your own page, in the app or by text."


@page.get("/out/start", who=SIGNED_IN)
def start() -> Answer:
    """For whom, where, and how long."""
    return _start_page(Form({"minutes": "60"}))


@page.post("/out/start", who=SIGNED_IN)
def begin() -> Answer:
    """Start a visit for somebody who rang in."""
    form = Form.read()
    worker = form.choice("worker", [str(w[0]) for w in _workers()], "Choose who is going out.")
    lasts = read_length(form, "minutes", MOST_MINUTES, running().clock.now())
    wanted = NewVisit(
        ref=form.id,
        place=form.text("place", "Say where the visit is.", longest=200),
        minutes=lasts.minutes,
        ends_at=lasts.ends_at,
        risk=Risk.HIGH if form.ticked("high") else Risk.STANDARD,
        note=form.prose("note", longest=500) or None,
    )
    if not form.faults:
        done = _begin(form, UUID(worker), wanted)
        if done:
            return done
    return _start_page(form), form.status


def _begin(form: Form, worker_id: UUID, wanted: NewVisit) -> Answer | None:
    person, over = me().person, list[str]()

    def work(turn: Turn) -> UUID:
        worker = seeing.worker_for(turn.session, turn.actor or person, worker_id)
        before = visits.unfinished_visits(turn.session, worker.id)
        _must_have_spoken(turn, form, before)
        begun = starting.start(turn, worker, wanted).id
        over[:] = [one.place for one in before if one.status == VisitStatus.CLOSED]
        return begun

    return form.once(
        work,
        then=lambda visit_id: url_for("out.out", visit_id=visit_id),
        said=lambda: " ".join([STARTED, *(f"The visit at {one} ended with it." for one in over)]),
        lock=lambda _: {worker_id},
    )


def _must_have_spoken(turn: Turn, form: Form, going_on: Sequence[Visit]) -> None:
    """One start ends another's watch: as with closing it, only for who has spoken to her."""
    ending = [v for v in going_on if v.kind != VisitKind.HOME and not is_over_for(turn, v)]
    if ending and not form.ticked("spoke_to_her"):
        where = f"{ending[0].place} until {clock(ending[0].ends_at)}"
        raise BadField(
            "spoke_to_her", f"{ending[0].worker.name} is at {where}. This would end it. {SPOKE}"
        )


def _start_page(form: Form) -> str:
    workers = [("", "Choose somebody"), *((str(ref), name) for ref, name in _workers())]
    return render("out/start.html", form=form, workers=workers)


def _workers() -> list[tuple[UUID, str]]:
    seen = me()
    return db.read(
        lambda session: board.workers_within(session, boarding.reach_of(session, seen.person))
    )


@page.get("/out/<uuid:visit_id>", who=SIGNED_IN)
def out(visit_id: UUID) -> Answer:
    """One visit, and what can be done for her."""
    return _page(visit_id, Form({"minutes": "15", "outcome": "safe"}))


@page.post("/out/<uuid:visit_id>/start", who=SIGNED_IN)
def start_planned(visit_id: UUID) -> Answer:
    """She rang: she begins what was planned."""
    return _do(visit_id, Form.read(), starting.start_planned, "The visit is watched from now on.")


@page.post("/out/<uuid:visit_id>/check-in", who=SIGNED_IN)
def check_in(visit_id: UUID) -> Answer:
    """She rang: she is all right."""
    return _do(visit_id, Form.read(), during.check_in, "Noted: all is well.")


@page.post("/out/<uuid:visit_id>/extend", who=SIGNED_IN)
def extend(visit_id: UUID) -> Answer:
    """She rang: she needs longer."""
    form = Form.read()
    minutes = read_minutes(form, "minutes", MOST_MINUTES)

    def work(turn: Turn, visit: Visit) -> None:
        during.extend(turn, visit, minutes)
        flash.say(f"It now ends at {clock(visit.ends_at)}. A text says that you added time.")

    return _do(visit_id, form, work)


@page.post("/out/<uuid:visit_id>/close", who=SIGNED_IN)
def close(visit_id: UUID) -> Answer:
    """She rang: she is out of there."""
    form = Form.read()
    outcome = form.choice("outcome", [one[0] for one in OUTCOMES], "Say how it was.")
    said = form.prose("close_note", longest=500)
    if not form.ticked("spoke_to_her"):
        form.blame("spoke_to_her", SPOKE)

    def work(turn: Turn, visit: Visit) -> None:
        closing.close(
            turn, visit, outcome=CloseOutcome(outcome), note=said or None, spoke_to_her=True
        )

    return _do(visit_id, form, work, "The visit is over. A text says that you closed it.")


@page.post("/out/<uuid:visit_id>/cancel", who=SIGNED_IN)
def cancel(visit_id: UUID) -> Answer:
    """A planned visit does not take place."""
    return _do(visit_id, Form.read(), during.cancel, "The visit is called off.")


# What they share.


def _do(visit_id: UUID, form: Form, work: Callable[[Turn, Visit], Any], said: str = "") -> Answer:
    seen = me()

    def do(turn: Turn) -> None:
        visit = seeing.visit_for(turn.session, turn.actor or seen.person, visit_id)
        if visit.worker_id == seen.person.id:
            raise NotYours("visit")
        work(turn, visit)

    if not form.faults:
        done = form.once(
            do,
            then=url_for("out.out", visit_id=visit_id),
            said=said,
            lock=lambda s: visits.workers_of(s, seen.org_id, visit_id, seen.person.id),
        )
        if done:
            return done
    return _page(visit_id, form), form.status


def _page(visit_id: UUID, form: Form) -> str:
    here, seen = running(), me()
    at: datetime = here.clock.now()

    def read(session: Session) -> tuple[Outing, set[Seen]]:
        visit = seeing.visit_for(session, seen.person, visit_id)
        looks = looking.new_looks(session, seen.person, [looking.look_at(visit)], at)
        return look(session, here.desk, seen.person, visit, at), looks

    outing, looks = db.read(read)
    looking.write_down(seen.person, looks, Means.PAGE, at)
    own = url_for("own.own") if "own.own" in current_app.view_functions else None
    return render("out/out.html", outing=outing, form=form, outcomes=OUTCOMES, own_page=own)
