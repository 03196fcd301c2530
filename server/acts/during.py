"""What a worker says while she is out: a sign of life, more time, where she is."""

from datetime import datetime, timedelta

from server.acts.base import Turn, record
from server.acts.closing import (
    PIN_PLEASE,
    raised_alarms,
    refuse_in_duress,
    require_open,
    since_start,
    tell_on_behalf,
)
from server.acts.ending import end_alarm, veil_alarm
from server.acts.news import tell_news
from server.acts.pins import is_asked, judge
from server.acts.raising import raise_duress
from server.acts.starting import Position, longest, place
from server.acts.tell import is_over_for, is_veiled
from server.acts.timing import allow_for_late_news, heard, policy_of, set_due
from server.domain.refusals import AlreadyClosed, BadField, Conflict, PinRequired
from server.domain.secrets import Pin
from server.store import db, visits
from server.store.alarms import Alarm
from server.store.visits import Visit
from shared.policy import Policy
from shared.states import AlarmKind, AlarmOutcome, Risk, VisitKind, VisitStatus
from shared.timing import next_due


def _comes_too_late(turn: Turn, visit: Visit) -> bool:
    """Whether this is old news of a closed visit: kept without effect, or refused (contract 5)."""
    if not is_over_for(turn, visit):
        return False
    seen = (visit.veil or {}).get(str(turn.actor.id)) if turn.actor else None
    closed_at = datetime.fromisoformat(seen["closed_at"]) if seen else visit.closed_at
    if closed_at is not None and turn.at < closed_at:
        record(turn, "late_news", org_id=visit.org_id, visit=visit)
        return True
    how = seen["closed_how"] if seen else visit.closed_how
    raise AlreadyClosed(
        f"This visit is over: {visits.how_words(how, to_her=_is_hers(turn, visit))}."
    )


def _is_hers(turn: Turn, visit: Visit) -> bool:
    return turn.actor is not None and turn.actor.id == visit.worker_id


def check_in(turn: Turn, visit: Visit, position: Position | None = None) -> str:
    """A sign of life. Returns what it did: 'moved', 'grace', 'nothing' or 'told'.

    Before the end it moves the next check-in; in the grace after it she gets one more grace, once
    for each end; after a raise it stops nothing and is told to whoever was alarmed.
    """
    require_open(visit)
    if _comes_too_late(turn, visit):
        return "nothing"
    turn = since_start(turn, visit)
    if not _is_hers(turn, visit):
        refuse_in_duress(turn, visit)
    place(turn, visit, position)
    raised = raised_alarms(turn, visit)
    if raised:
        _refuse_from_others(turn, visit)
        tell_news(turn, visit, raised, "check_in", "she is all right")
        return "told"
    policy = policy_of(turn, visit)
    if turn.at < visit.ends_at:
        heard(turn, visit, policy)
        did = "moved"
    else:
        did = _one_more_grace(turn, visit, policy)
    record(turn, "check_in", org_id=visit.org_id, visit=visit, did=did)
    return did


def _one_more_grace(turn: Turn, visit: Visit, policy: Policy) -> str:
    visit.heard_at = max(visit.heard_at, turn.at)
    if visit.extra_grace_for == visit.ends_at:
        return "nothing"
    visit.extra_grace_for = visit.ends_at
    set_due(turn, visit, policy, max(visit.due_at, visit.raise_at or visit.due_at))
    return "grace"


def _refuse_from_others(turn: Turn, visit: Visit) -> None:
    """After a raise her own phone's news is passed on; somebody else takes charge of the alarm."""
    if not _is_hers(turn, visit):
        raise Conflict("An alarm is open about this visit: take charge of it, or resolve it.")


def extend(turn: Turn, visit: Visit, minutes: int, pin: str | None = None) -> None:
    """Move the end of the visit; once it has passed the minutes count from now.

    P4 decides what the PIN means, as for a close. Never beyond the longest a visit may last.
    """
    require_open(visit)
    own = _is_hers(turn, visit)
    found = judge(turn, visit.worker, pin, visit) if own else Pin.NONE
    if found is Pin.DURESS:
        raise_duress(turn, visit.worker, visit)
    if not own:
        refuse_in_duress(turn, visit)
    if _comes_too_late(turn, visit):
        return
    turn = since_start(turn, visit)
    raised = raised_alarms(turn, visit)
    policy = policy_of(turn, visit)
    if found is Pin.NONE and raised:
        _refuse_from_others(turn, visit)
        tell_news(turn, visit, raised, "extend_without_pin", f"she needs {minutes} min more")
        return
    if own and found is Pin.NONE and is_asked(turn, policy, visit.worker):
        raise PinRequired(PIN_PLEASE)
    minutes = _move_end(turn, visit, policy, minutes)
    _end_raised(turn, visit, raised, found)
    record(turn, "extended", org_id=visit.org_id, visit=visit, minutes=minutes)
    if not own:
        tell_on_behalf(turn, visit, f"added {minutes} min to the visit")


def _move_end(turn: Turn, visit: Visit, policy: Policy, minutes: int) -> int:
    """Gives the minutes that were really added: a visit has a longest length."""
    base = max(visit.ends_at, turn.at)
    most = visit.starts_at + longest(VisitKind(visit.kind))
    ends_at = min(base + timedelta(minutes=minutes), most)
    if ends_at <= visit.ends_at:
        raise BadField("minutes", "This visit is at its longest. Close it and start another.")
    visit.ends_at = ends_at
    visit.heard_at = max(visit.heard_at, turn.at)
    interval_s = policy.interval_for(Risk(visit.risk))
    set_due(turn, visit, policy, next_due(ends_at, max(turn.at, visit.heard_at), interval_s))
    allow_for_late_news(turn, visit, policy)
    return max(1, round((ends_at - base) / timedelta(minutes=1)))


def _end_raised(turn: Turn, visit: Visit, raised: list[Alarm], found: Pin) -> None:
    for alarm in raised:
        if alarm.kind != AlarmKind.OVERDUE:
            continue
        if found is Pin.SAFE:
            end_alarm(turn, alarm, AlarmOutcome.SAFE)
        elif found is Pin.DURESS:
            veil_alarm(turn, alarm, visit.worker, AlarmOutcome.SAFE)


def cancel(turn: Turn, visit: Visit) -> None:
    """Call a planned visit off. An open one is closed, not cancelled."""
    if visit.status == VisitStatus.OPEN and not is_over_for(turn, visit):
        raise Conflict("This visit has begun: close it instead.")
    if is_over_for(turn, visit):
        raise AlreadyClosed("This visit is over; there is nothing to cancel.")
    if visit.status == VisitStatus.CANCELLED:
        return
    visit.status, visit.next_at = VisitStatus.CANCELLED.value, None
    visit.closed_at = turn.at
    record(turn, "cancelled", org_id=visit.org_id, visit=visit)
    raised = raised_alarms(turn, visit)
    if raised:
        tell_news(turn, visit, raised, "cancelled_after_raise", "the visit was called off")
    elif turn.actor is not None and turn.actor.id != visit.worker_id:
        tell_on_behalf(turn, visit, "called off the visit")


def report_position(turn: Turn, visit: Visit, position: Position) -> None:
    """Keep where she is; says nothing about how she is. After her duress PIN it is kept out of her
    sight, and answered as for a visit that is over."""
    if turn.actor is not None and is_veiled(visit, turn.actor.id) and visit.is_open:
        db.let_stand(turn.session)
        place(turn, visit, position)
    if _comes_too_late(turn, visit):
        return
    place(turn, visit, position)
    record(turn, "position", org_id=visit.org_id, visit=visit)
