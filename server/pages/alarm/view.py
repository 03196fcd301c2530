"""The routes of one alarm. Each act is the one that phones and texts use; see `server.acts`."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from server.acts import caring, looking, owning, seeing, sheets, standing_down
from server.acts.base import Turn
from server.acts.ending import OVER
from server.domain.refusals import PinRequired, PinWrong
from server.pages.alarm.look import AlarmPage, look
from server.pages.alarm.missing import Missing, look_for_sheet
from server.pages.errors import error_page
from server.pages.forms import TOP, Form, to
from server.pages.moments import read_length
from server.pages.render import called, render
from server.pages.route import SIGNED_IN, Answer, Pages
from server.pages.visitor import me
from server.running import running
from server.store import db, lists
from server.store.alarms import Alarm
from server.store.db import Session
from shared.states import AlarmOutcome, Means
from shared.timing import LONGEST_VISIT_S

page = Pages("alarm", __name__)

OUTCOMES = (
    ("safe", "{name} is safe", "I have spoken to {name}, or somebody is there"),
    ("false_alarm", "It was a false alarm", "There was never any danger"),
    ("harmed", "{name} was found and needs care", ""),
    ("emergency_services", "The emergency services have taken over", ""),
)
PIN = "Give your own PIN, or leave this empty."
TOO_LATE = "This alarm had ended before, as said here. Your answer changed nothing."
NEEDS_CARE = ("harmed", "emergency_services")
LONGEST_NOTE = 500
LONGEST_CARE = 200
ETAG_LENGTH = 32


@page.get("/alarms/<uuid:alarm_id>", who=SIGNED_IN)
def alarm(alarm_id: UUID) -> Answer:
    """The whole page."""
    return _page(alarm_id, Form({"outcome": ""}))


@page.get("/alarms/<uuid:alarm_id>/now", who=SIGNED_IN, poll=True)
def now(alarm_id: UUID) -> Answer:
    """The parts of it that change; 304 while none of them has."""
    body = render("alarm/now.html", page=_look(alarm_id))
    response = Response(body, mimetype="text/html")
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:ETAG_LENGTH])
    return response.make_conditional(request)


@page.post("/alarms/<uuid:alarm_id>/own", who=SIGNED_IN)
def own(alarm_id: UUID) -> Answer:
    """Take charge, or say that one is still with it."""
    return _tap(alarm_id, owning.own, "You have charge. Everyone who was told hears of it.")


@page.post("/alarms/<uuid:alarm_id>/take-over", who=SIGNED_IN)
def take_over(alarm_id: UUID) -> Answer:
    """Take charge from whoever has it."""

    def work(turn: Turn, found: Alarm) -> None:
        owning.own(turn, found, take_over=True)

    return _tap(alarm_id, work, "You have taken over. Everyone who was told hears of it.")


@page.post("/alarms/<uuid:alarm_id>/release", who=SIGNED_IN)
def release(alarm_id: UUID) -> Answer:
    """Give it back: the next person is told at once."""
    return _tap(alarm_id, owning.release, "You have given it back. The next person is being told.")


@page.post("/alarms/<uuid:alarm_id>/steps/<key>", who=SIGNED_IN)
def tick(alarm_id: UUID, key: str) -> Answer:
    """One step is done."""
    return _tap(alarm_id, lambda turn, found: caring.tick(turn, found, key), "", "#steps")


@page.post("/alarms/<uuid:alarm_id>/steps/<key>/undo", who=SIGNED_IN)
def untick(alarm_id: UUID, key: str) -> Answer:
    """One step is not done after all."""
    return _tap(alarm_id, lambda turn, found: caring.untick(turn, found, key), "", "#steps")


@page.post("/alarms/<uuid:alarm_id>/note", who=SIGNED_IN)
def note(alarm_id: UUID) -> Answer:
    """Write down what was done."""
    form = Form.read()
    said = form.prose("note", "Write what was done or heard.", longest=LONGEST_NOTE)
    return _send(
        alarm_id, form, lambda turn, found: owning.note(turn, found, said), "Noted.", "#done"
    )


@page.post("/alarms/<uuid:alarm_id>/resolve", who=SIGNED_IN)
def resolve(alarm_id: UUID) -> Answer:
    """End it: it is known how she is."""
    form, at = Form.read(), running().clock.now()
    outcome = form.choice("outcome", [o[0] for o in OUTCOMES], "Say how it ended.")
    said = form.prose("resolve_note", longest=LONGEST_NOTE)
    until = _until(form, at)
    pin = form.values.pop("pin", "").strip() or None

    def work(turn: Turn, found: Alarm) -> None:
        owning.resolve(
            turn, found, AlarmOutcome(outcome), note_text=said or None, until=until, pin=pin
        )

    over = "This alarm is over. Everyone who was told hears of it."
    care = outcome in NEEDS_CARE
    then, anchor = (f"{over} Who looks after them now?", "#aftercare") if care else (over, "")
    return _send(alarm_id, form, work, then, anchor, late=_came_late)


def _came_late(form: Form) -> None:
    """Somebody else ended it first: that is said, and what she wrote is not lost."""
    form.values["note"] = form.values.get("resolve_note", "")
    kept = " What you wrote waits under 'Add a note'." if form.values["note"] else ""
    form.faults[TOP] = f"{TOO_LATE}{kept}"


def _until(form: Form, at: datetime) -> datetime | None:
    """Until when to go on watching, where she stays."""
    if not form.text("until", longest=20):
        return None
    # A time that has just passed is a slip, not tomorrow's.
    lasts = read_length(form, "until", LONGEST_VISIT_S // 60, at)
    return lasts.ends_at if lasts.minutes is None else at + timedelta(minutes=lasts.minutes)


@page.post("/alarms/<uuid:alarm_id>/stand-down", who=SIGNED_IN)
def stand_down(alarm_id: UUID) -> Answer:
    """The worker's own all-clear, with her PIN."""
    form = Form.read()
    pin = form.secret("own_pin", "Give your PIN.", longest=10)

    def work(turn: Turn, found: Alarm) -> None:
        standing_down.stand_down(turn, found, pin)

    return _send(alarm_id, form, work, "Thank you. Everyone who was told hears of it.")


@page.post("/alarms/<uuid:alarm_id>/aftercare", who=SIGNED_IN)
def aftercare(alarm_id: UUID) -> Answer:
    """Somebody looks after her from now on, until it is done."""
    form = Form.read()
    what = form.text("what", "Say what is to be done, such as: ring tomorrow.", longest=200)
    owed_by = form.text("owed_by", "Choose who does it.")

    def work(turn: Turn, found: Alarm) -> None:
        caring.owe(turn, found, _uuid(owed_by), what)

    return _send(alarm_id, form, work, "It stands on the board until it is done.", "#aftercare")


def _uuid(given: str) -> UUID:
    """What is no id is nobody's."""
    try:
        return UUID(given)
    except ValueError:
        return UUID(int=0)


@page.post("/alarms/<uuid:alarm_id>/sheet", who=SIGNED_IN)
def open_sheet(alarm_id: UUID) -> Answer:
    """Break the seal of her sheet."""
    form = Form.read()
    where = url_for("alarm.sheet", alarm_id=alarm_id)
    done = form.once(_about(alarm_id, sheets.open_for), then=where, lock=_lock(alarm_id))
    return done or error_page(form.status, form.faults[TOP])


@page.get("/alarms/<uuid:alarm_id>/sheet", who=SIGNED_IN)
def sheet(alarm_id: UUID) -> Answer:
    """The missing worker's sheet, on one page; back to the alarm while it is sealed."""
    here, seen = running(), me()
    at = here.clock.now()

    def read(session: Session) -> Missing | None:
        found = seeing.alarm_for(session, seen.person, alarm_id)
        return look_for_sheet(session, here.desk, seen.person, found, at)

    missing = db.read(read)
    if missing is None:
        return to(url_for("alarm.alarm", alarm_id=alarm_id, _anchor="sheet"))
    return render("alarm/sheet.html", missing=missing)


# What they share.


def _page(alarm_id: UUID, form: Form) -> str:
    shown = _look(alarm_id)
    name = called(shown.card.name)
    outcomes = [(key, *(words.format(name=name) for words in said)) for key, *said in OUTCOMES]
    return render("alarm/alarm.html", page=shown, form=form, outcomes=outcomes)


def _look(alarm_id: UUID) -> AlarmPage:
    """The alarm as this visitor sees it; and written down that she looked."""
    here, seen = running(), me()
    at = here.clock.now()

    def read(session: Session) -> tuple[AlarmPage, Any]:
        found = seeing.alarm_for(session, seen.person, alarm_id)
        looks = looking.new_looks(session, seen.person, [looking.look_at(found)], at)
        return look(session, here.desk, seen.person, found, at), looks

    shown, looks = db.read(read)
    looking.write_down(seen.person, looks, Means.PAGE, at)
    return shown


def _about(alarm_id: UUID, work: Callable[[Turn, Alarm], Any]) -> Callable[[Turn], None]:
    """The act on this alarm, found again under the lock and only if it is hers to see."""
    person = me().person

    def do(turn: Turn) -> None:
        work(turn, seeing.alarm_for(turn.session, turn.actor or person, alarm_id))

    return do


def _lock(alarm_id: UUID) -> Callable[[Session], set[UUID]]:
    seen = me()
    return lambda session: lists.workers_of_alarm(session, seen.org_id, alarm_id, seen.person.id)


def _tap(alarm_id: UUID, work: Callable[[Turn, Alarm], Any], said: str, anchor: str = "") -> Answer:
    """A button without a form of its own: refused, it says why on a page."""
    form = Form.read()
    where = url_for("alarm.alarm", alarm_id=alarm_id) + anchor
    done = form.once(_about(alarm_id, work), then=where, said=said, lock=_lock(alarm_id))
    return done or (_page(alarm_id, form), form.status)


def _send(
    alarm_id: UUID,
    form: Form,
    work: Callable[[Turn, Alarm], Any],
    said: str,
    anchor: str = "",
    *,
    late: Callable[[Form], None] = lambda _: None,
) -> Answer:
    """A form of this page: refused, it is shown again with what was typed; where the alarm was
    over by then, after `late`."""
    if not form.faults:
        where = url_for("alarm.alarm", alarm_id=alarm_id) + anchor
        try:
            done = form.once(_about(alarm_id, work), then=where, said=said, lock=_lock(alarm_id))
        except (PinWrong, PinRequired) as refusal:
            form.blame("own_pin" if "stand-down" in request.path else "pin", refusal.sentence)
            form.status, done = 403, None
        if done:
            return done
        if form.faults.get(TOP) == OVER:
            late(form)
    return _page(alarm_id, form), form.status
