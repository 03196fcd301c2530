"""Closing a visit: the most frequent act there is, and the one an attacker would force."""

from collections.abc import Iterable
from dataclasses import replace

from server.acts.base import Turn, record
from server.acts.ending import end_alarm, end_visit, veil_alarm, veil_visit
from server.acts.news import tell_news
from server.acts.pins import is_asked, judge
from server.acts.raising import raise_duress
from server.acts.tell import is_over_for, is_veiled, tell_worker
from server.acts.timing import policy_of
from server.domain.refusals import BadField, Conflict, PinRequired
from server.domain.secrets import Pin
from server.domain.words import worker as worker_words
from server.store import alarms
from server.store.alarms import Alarm
from server.store.messages import Purpose
from server.store.people import Person
from server.store.visits import Visit
from shared.states import AlarmKind, AlarmOutcome, ClosedHow, CloseOutcome, VisitStatus

STOPPABLE = (AlarmKind.OVERDUE, AlarmKind.SOS)
PIN_PLEASE = "Your team asks for your PIN here. Send the same again with your PIN."


def close(
    turn: Turn,
    visit: Visit,
    *,
    pin: str | None = None,
    outcome: CloseOutcome = CloseOutcome.SAFE,
    note: str | None = None,
    spoke_to_her: bool = False,
) -> None:
    """Close a visit, as contract 5 and P4 say; the caller has checked that the actor may see it.

    Before a raise the team's setting decides whether a PIN is asked for. After it only the safe
    PIN closes; a close without one is kept as news for whoever was told. The duress PIN closes it
    for the worker's eyes alone.
    """
    turn = since_start(turn, visit)
    if turn.actor is None or turn.actor.id != visit.worker_id:
        _close_on_behalf(turn, visit, outcome, note, spoke_to_her)
        return
    found = judge(turn, turn.actor, pin, visit)
    if found is Pin.DURESS:
        _close_under_duress(turn, visit, outcome, note)
    elif is_over_for(turn, visit):
        _close_again(turn, visit)
    else:
        _close_by_worker(turn, visit, found, outcome, note)


def _close_by_worker(
    turn: Turn, visit: Visit, found: Pin, outcome: CloseOutcome, note: str | None
) -> None:
    require_open(visit)
    raised = raised_alarms(turn, visit)
    if found is Pin.NONE and raised:
        tell_news(turn, visit, raised, "close_without_pin", "she is finished")
        return
    if found is Pin.NONE and is_asked(turn, policy_of(turn, visit), visit.worker):
        raise PinRequired(PIN_PLEASE)
    _note(turn, visit, note)
    for alarm in raised:
        if alarm.kind == AlarmKind.OVERDUE:
            end_alarm(turn, alarm, AlarmOutcome.SAFE)
    end_visit(turn, visit, ClosedHow.WORKER, outcome)


def _close_under_duress(turn: Turn, visit: Visit, outcome: CloseOutcome, note: str | None) -> None:
    """What the safe PIN would have done, for her eyes only; the alarm behind it is hidden."""
    worker = visit.worker
    raise_duress(turn, worker, visit)
    if is_over_for(turn, visit):
        _close_again(turn, visit)
        return
    require_open(visit)
    _note(turn, visit, note)
    for alarm in raised_alarms(turn, visit):
        if alarm.kind == AlarmKind.OVERDUE:
            veil_alarm(turn, alarm, worker, AlarmOutcome.SAFE)
    veil_visit(turn, visit, worker, ClosedHow.WORKER, outcome)


def _close_on_behalf(
    turn: Turn, visit: Visit, outcome: CloseOutcome, note: str | None, spoke_to_her: bool
) -> None:
    if is_over_for(turn, visit):
        _close_again(turn, visit)
        return
    require_open(visit)
    if not spoke_to_her:
        raise BadField(
            "spoke_to_her",
            "Ring first, then say spoke_to_her: true to close the visit.",
        )
    refuse_in_duress(turn, visit)
    _note(turn, visit, note)
    ends = (AlarmKind.OVERDUE, AlarmKind.NOT_STARTED)
    raised = [alarm for alarm in raised_alarms(turn, visit) if alarm.kind in ends]
    if turn.actor is not None and alarms.in_duress(turn.session, turn.actor.id):
        _close_for_eyes_of(turn, turn.actor, visit, raised, outcome)
        return
    for alarm in raised:
        end_alarm(turn, alarm, AlarmOutcome.SAFE)
    end_visit(turn, visit, ClosedHow.ON_BEHALF, outcome)
    tell_on_behalf(turn, visit, "closed the visit")


def _close_for_eyes_of(
    turn: Turn, actor: Person, visit: Visit, raised: Iterable[Alarm], outcome: CloseOutcome
) -> None:
    """Somebody who may be under threat says so of another: for her it is closed, and nobody ceases
    to watch. Its worker, who would be told wrongly, is told nothing."""
    for alarm in raised:
        veil_alarm(turn, alarm, actor, AlarmOutcome.SAFE)
    veil_visit(turn, visit, actor, ClosedHow.ON_BEHALF, outcome)


def since_start(turn: Turn, visit: Visit) -> Turn:
    """The same act, no earlier than the visit began: a phone that says so has a wrong clock, or was
    told the time wrongly. What it said is logged."""
    begun = visit.status in (VisitStatus.OPEN, VisitStatus.CLOSED)
    if not begun or turn.at >= visit.starts_at:
        return turn
    counted = replace(turn, at=visit.starts_at)
    said = turn.at.isoformat()
    record(counted, "said_before_start", org_id=visit.org_id, visit=visit, said=said)
    return counted


def refuse_in_duress(turn: Turn, visit: Visit) -> None:
    """While a duress is open, only resolving it changes anything on the worker's behalf."""
    if alarms.in_duress(turn.session, visit.worker_id):
        raise Conflict("This visit has an open alarm. Resolve the alarm first.")


def tell_on_behalf(turn: Turn, visit: Visit, what: str) -> None:
    """Text the worker that somebody acted for her, so that she can say if it is not right."""
    who = turn.actor.name if turn.actor else "The office"
    body = worker_words.on_behalf(who, what, visit.place)
    key = f"{visit.id}:behalf:{what}:{turn.now.timestamp()}"
    tell_worker(turn, visit.worker, Purpose.NOTICE, body, key, visit=visit)


def require_open(visit: Visit) -> None:
    """Refuse what only an open visit can do."""
    words = {
        VisitStatus.PLANNED: "This visit has not been started; start it or cancel it.",
        VisitStatus.CANCELLED: "This visit was cancelled.",
    }
    if visit.status in words:
        raise Conflict(words[VisitStatus(visit.status)])


def raised_alarms(turn: Turn, visit: Visit) -> list[Alarm]:
    """The open alarms of this visit that its worker knows of: no duress, and nothing that has
    ended for her eyes."""
    found = alarms.open_alarms_of_visit(turn.session, visit.id)
    known = [alarm for alarm in found if alarm.kind != AlarmKind.DURESS]
    return [alarm for alarm in known if not is_veiled(alarm, visit.worker_id)]


def _close_again(turn: Turn, visit: Visit) -> None:
    record(turn, "closed_again", org_id=visit.org_id, visit=visit)


def _note(turn: Turn, visit: Visit, note: str | None) -> None:
    if note:
        record(turn, "note", org_id=visit.org_id, visit=visit, text=note)
