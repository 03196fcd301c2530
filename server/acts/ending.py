"""How alarms and visits end, for everybody or, under a veil, for one person's eyes only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from server.acts.base import Turn, record
from server.acts.pins import asks_by_text
from server.acts.several import bring_in, call_off_ends, end_words, let_pass, open_to
from server.acts.tell import is_veiled, local, tell_everyone_told, tell_worker
from server.acts.timing import policy_of, watch_on
from server.domain.words import worker as worker_words
from server.store import alarms, messages, visits
from server.store.alarms import Alarm
from server.store.log import Audience
from server.store.messages import Purpose
from server.store.people import Person
from server.store.visits import Visit
from shared.states import (
    AlarmKind,
    AlarmOutcome,
    AlarmStatus,
    ClosedHow,
    CloseOutcome,
    VisitStatus,
)

OVER = "This alarm is over."
CARED_FOR = (AlarmOutcome.HARMED.value, AlarmOutcome.EMERGENCY_SERVICES.value)
"""She is in somebody's hands, or may be under threat still: a text that asks her for a PIN helps
nobody."""


def end_alarm(
    turn: Turn, alarm: Alarm, outcome: AlarmOutcome, *, with_it: Sequence[Alarm] = ()
) -> None:
    """Resolve an alarm, call off what was not yet said, and stand down everyone who was told.

    After an SOS or a duress a visit that is still open is watched on. `with_it`: others about the
    same worker that end in the same breath; everybody told of any of them hears of all at once.
    """
    for one in (*with_it, alarm):
        _resolve(turn, one, outcome)
        record(turn, "alarm_resolved", org_id=one.org_id, alarm=one, outcome=outcome.value)
    watched = [visit for one in (*with_it, alarm) for visit in _watch_what_is_open(turn, one)]
    _stand_down(turn, alarm, with_it, watched)


def _resolve(turn: Turn, alarm: Alarm, outcome: AlarmOutcome) -> None:
    alarm.status, alarm.outcome = AlarmStatus.RESOLVED.value, outcome.value
    alarm.resolved_at = turn.now
    alarm.resolved_by_id = turn.actor.id if turn.actor else None
    alarm.owner_until = None
    messages.make_moot(turn.session, turn.now, alarm_id=alarm.id)
    for told in alarms.told_people(turn.session, alarm.id):
        told.letter_ended_at = told.letter_ended_at or turn.now


def _stand_down(
    turn: Turn,
    alarm: Alarm,
    with_it: Sequence[Alarm],
    watched: Sequence[Visit],
) -> None:
    worker, until = alarm.worker, None
    if watched:
        until = local(turn, worker, _until(watched[0]))
    but = {turn.actor.id} if turn.actor else set()
    also = {one.owner_id for one in (alarm, *with_it) if one.owner_id}
    for one in with_it:
        also |= messages.people_reached(turn.session, one.id)
    on_its_way = {who for one in (*with_it, alarm) for who in call_off_ends(turn, one)}
    key = f"{alarm.id}:stand_down"
    tell_everyone_told(
        turn,
        alarm,
        Purpose.STAND_DOWN,
        lambda person: end_words(turn, alarm, person, until),
        key,
        but=but,
        also=also,
    )
    let_pass(turn, alarm, on_its_way)
    if turn.actor is not None:
        bring_in(turn, turn.actor, open_to(turn.session, worker.id, turn.actor.id))


def _until(visit: Visit) -> datetime:
    """When a visit that is watched on should be over, as far as anybody can say now."""
    return max(visit.ends_at, visit.due_at)


def _watch_what_is_open(turn: Turn, alarm: Alarm) -> list[Visit]:
    """The visits this alarm leaves open, due no earlier than one grace from now."""
    again: Sequence[Visit] = ()
    if alarm.kind == AlarmKind.DURESS:
        again = visits.veiled_for(turn.session, alarm.worker)
        _lift_veils(turn, alarm.worker)
    left = left_open(turn, alarm)
    for visit in left:
        watch_on(turn, visit, policy_of(turn, visit))
        record(turn, "watched_on", org_id=visit.org_id, visit=visit)
        if visit in again and alarm.outcome not in CARED_FOR:
            _tell_her_it_is_open(turn, visit)
    return left


def left_open(turn: Turn, alarm: Alarm) -> list[Visit]:
    """The visits that go on, watched by nothing but time, once this alarm has ended."""
    if alarm.kind == AlarmKind.DURESS:
        found = visits.unfinished_visits(turn.session, alarm.worker_id)
    elif alarm.kind == AlarmKind.SOS and alarm.visit is not None and alarm.visit.is_open:
        found = [alarm.visit]
    else:
        return []
    return [visit for visit in found if _is_left_open(turn, visit, alarm)]


def _is_left_open(turn: Turn, visit: Visit, ended: Alarm) -> bool:
    """Whether nothing but time watches over it: as she sees it, so that a duress does not show;
    once that is over, she sees what everybody does."""
    hides = ended.kind != AlarmKind.DURESS
    raised = alarms.open_alarms_of_visit(turn.session, visit.id)
    known = [
        one
        for one in raised
        if one is not ended
        and one.kind != AlarmKind.DURESS
        and not (hides and is_veiled(one, visit.worker_id))
    ]
    return not known and not (hides and is_veiled(visit, visit.worker_id))


def _tell_her_it_is_open(turn: Turn, visit: Visit) -> None:
    """Her duress is over, and the visit that she seemed to close is watched: she has to know."""
    worker, by = visit.worker, turn.actor.name if turn.actor else "the office"
    ends, until = (local(turn, worker, at) for at in (visit.ends_at, _until(visit)))
    asks_pin = asks_by_text(policy_of(turn, visit), worker)
    body = worker_words.open_again(by, ends, until, asks_pin)
    key = f"{visit.id}:open_again:{turn.now.timestamp()}"
    tell_worker(turn, worker, Purpose.NOTICE, body, key, visit=visit)


def _lift_veils(turn: Turn, worker: Person) -> None:
    """Her duress is over: she sees what everybody sees, and her PINs count again."""
    worker.pins_jammed, worker.wrong_pins = False, 0
    if worker.pins_before is not None:
        before, worker.pins_before = worker.pins_before, None
        worker.pin_hash, worker.duress_hash = before["safe"], before["duress"]
        body = worker_words.pins_of_before(f"{turn.desk.public_url}/me")
        key = f"{worker.id}:pins_of_before:{turn.now.timestamp()}"
        tell_worker(turn, worker, Purpose.NOTICE, body, key)
    for visit in visits.veiled_for(turn.session, worker):
        visit.veil = _without(visit.veil, worker)
    for alarm in alarms.veiled_for(turn.session, worker):
        alarm.veil = _without(alarm.veil, worker)


def end_visit(
    turn: Turn, visit: Visit, how: ClosedHow, outcome: CloseOutcome | None = None
) -> None:
    """Close a visit: nothing new is decided about it being overdue (P2)."""
    visit.status = VisitStatus.CLOSED.value
    visit.closed_at, visit.closed_how = max(turn.at, visit.starts_at), how.value
    visit.close_outcome = outcome.value if outcome else None
    visit.next_at = None
    visit.heard_at = max(visit.heard_at, turn.at) if how is ClosedHow.WORKER else visit.heard_at
    messages.make_moot(turn.session, turn.now, visit_id=visit.id)
    record(
        turn, "closed", org_id=visit.org_id, visit=visit, how=how.value, outcome=visit.close_outcome
    )


def veil_visit(
    turn: Turn, visit: Visit, viewer: Person, how: ClosedHow, outcome: CloseOutcome | None
) -> None:
    """For `viewer` this visit is closed, exactly as a genuine close would look; nothing else is."""
    heard_at = max(visit.heard_at, turn.at) if how is ClosedHow.WORKER else visit.heard_at
    _add_veil(
        visit,
        viewer,
        status=VisitStatus.CLOSED.value,
        closed_at=_stamp(turn.at),
        closed_how=how.value,
        close_outcome=outcome.value if outcome else None,
        heard_at=_stamp(heard_at),
        due_at=_stamp(visit.due_at),
        raise_at=_stamp(visit.raise_at) if visit.raise_at else None,
        ends_at=_stamp(visit.ends_at),
    )
    if viewer.id == visit.worker_id:
        messages.make_moot(turn.session, turn.now, visit_id=visit.id)
    record(
        turn,
        "closed",
        org_id=visit.org_id,
        visit=visit,
        audience=Audience.ONLY_SUBJECT,
        subject_id=viewer.id,
        how=how.value,
        outcome=outcome.value if outcome else None,
    )


def veil_alarm(turn: Turn, alarm: Alarm, viewer: Person, outcome: AlarmOutcome) -> None:
    """For `viewer` this alarm is resolved; for everybody else it goes on."""
    owner = alarm.owner
    _add_veil(
        alarm,
        viewer,
        status=AlarmStatus.RESOLVED.value,
        outcome=outcome.value,
        resolved_at=_stamp(turn.now),
        owner={"id": str(owner.id), "name": owner.name} if owner else None,
        owned_at=_stamp(alarm.owned_at) if alarm.owned_at else None,
    )
    told = alarms.was_told(turn.session, alarm.id, viewer.id)
    if told is not None:
        told.letter_ended_at = turn.now
    messages.make_moot(turn.session, turn.now, alarm_id=alarm.id, person_id=viewer.id)
    call_off_ends(turn, alarm, viewer.id)
    bring_in(turn, viewer, open_to(turn.session, alarm.worker_id, viewer.id))
    record(
        turn,
        "alarm_resolved",
        org_id=alarm.org_id,
        alarm=alarm,
        audience=Audience.ONLY_SUBJECT,
        subject_id=viewer.id,
        outcome=outcome.value,
    )


def _add_veil(subject: Visit | Alarm, viewer: Person, **seen: Any) -> None:
    subject.veil = {**(subject.veil or {}), str(viewer.id): seen}


def _without(veil: dict[str, Any] | None, viewer: Person) -> dict[str, Any] | None:
    return {who: seen for who, seen in (veil or {}).items() if who != str(viewer.id)} or None


def _stamp(instant: datetime) -> str:
    return instant.isoformat()
