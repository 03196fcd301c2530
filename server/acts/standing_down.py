"""The worker's own all-clear: only with her PIN, and under duress only for her eyes (P4)."""

from collections.abc import Sequence

from server.acts.base import Turn, record
from server.acts.closing import raised_alarms
from server.acts.ending import OVER, end_alarm, end_visit, veil_alarm, veil_visit
from server.acts.pins import judge
from server.acts.raising import raise_duress
from server.acts.tell import is_veiled
from server.acts.timing import policy_of, watch_on
from server.domain.refusals import Conflict, Forbidden, PinRequired
from server.domain.secrets import Pin
from server.store import log
from server.store.alarms import Alarm
from server.store.log import Audience
from server.store.people import Person
from shared.states import AlarmKind, AlarmOutcome, ClosedHow, VisitStatus

CRIED_SINCE = "You have sent SOS again since then. If all is well, send your PIN once more."
NO_PIN = "Send your PIN with it. Without one, somebody will speak to you first."


def stand_down(turn: Turn, alarm: Alarm, pin: str | None, with_it: Sequence[Alarm] = ()) -> None:
    """End one's own SOS or overdue as a false alarm, and `with_it` others of hers that are open.

    A duress PIN is answered in the same way and ends nothing. An overdue visit ends with its
    alarm; after an SOS an open visit is watched on.
    """
    worker = turn.actor
    if worker is None or worker.id != alarm.worker_id:
        raise Forbidden("Only the person it is about can stand it down; you can resolve it.")
    found = judge(turn, worker, pin, alarm.visit)
    if found is Pin.NONE:
        raise PinRequired(NO_PIN)
    if found is Pin.DURESS:
        raise_duress(turn, worker, alarm.visit)
    if not alarm.is_open or is_veiled(alarm, worker.id):
        raise Conflict(OVER)
    if any(log.cried_again_after(turn.session, one.id, turn.at) for one in (*with_it, alarm)):
        raise Conflict(CRIED_SINCE)
    if found is Pin.DURESS:
        for one in (*with_it, alarm):
            _for_her_eyes(turn, one, worker)
    else:
        _for_everybody(turn, alarm, with_it)


def _for_everybody(turn: Turn, alarm: Alarm, with_it: Sequence[Alarm]) -> None:
    end_alarm(turn, alarm, AlarmOutcome.FALSE_ALARM, with_it=with_it)
    for one in (*with_it, alarm):
        if one.kind == AlarmKind.OVERDUE and one.visit is not None and one.visit.is_open:
            end_visit(turn, one.visit, ClosedHow.ALARM_RESOLVED)


def _for_her_eyes(turn: Turn, alarm: Alarm, worker: Person) -> None:
    veil_alarm(turn, alarm, worker, AlarmOutcome.FALSE_ALARM)
    visit = alarm.visit
    if visit is None or visit.status != VisitStatus.OPEN or is_veiled(visit, worker.id):
        return
    if alarm.kind == AlarmKind.OVERDUE:
        veil_visit(turn, visit, worker, ClosedHow.ALARM_RESOLVED, None)
    elif not raised_alarms(turn, visit):
        watch_on(turn, visit, policy_of(turn, visit))
        record(
            turn,
            "watched_on",
            org_id=visit.org_id,
            visit=visit,
            audience=Audience.ONLY_SUBJECT,
        )
