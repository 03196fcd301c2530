"""A kind offer after several alarms that turned out to be nothing: to the worker, to nobody else.

Nothing is changed by itself, and no ladder is lowered: she may take it or leave it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy.orm import Session

from server.acts.seeing import see_alarm
from server.store import figures
from server.store.alarms import Alarm
from server.store.people import Person
from shared.states import AlarmOutcome

MANY = 3
LOOK_BACK = timedelta(days=14)
STEP_MIN = 5
LONGEST_MIN = 720


@dataclass(frozen=True)
class Offer:
    """What she is offered after so many alarms: a longer usual visit, or one more reminder, where
    she has none yet."""

    alarms: int
    more_minutes: int
    usual_minutes: int
    reminder: bool


def offer_for(session: Session, worker: Person, now: datetime) -> Offer | None:
    """The offer this worker sees on her own page, after three false alarms in 14 days. Alarms
    before her last answer to one do not count."""
    since = max(filter(None, [now - LOOK_BACK, worker.offer_answered_at]))
    raised = figures.overdue_since(session, worker.id, since)
    false = [alarm for alarm in raised if _was_nothing(worker, alarm)]
    if len(false) < MANY:
        return None
    more = _more_minutes(worker, false)
    usual = min(_usual_minutes(worker, false) + more, LONGEST_MIN)
    return Offer(len(false), more, usual, not worker.more_reminders)


def _was_nothing(worker: Person, alarm: Alarm) -> bool:
    """It ended as a false alarm, or she ended it herself and was safe, as far as she may know."""
    seen = see_alarm(worker, alarm)
    by_her = alarm.resolved_by_id == worker.id or str(worker.id) in (alarm.veil or {})
    return seen.outcome == AlarmOutcome.FALSE_ALARM or (
        seen.outcome == AlarmOutcome.SAFE and by_her
    )


def _more_minutes(worker: Person, false: list[Alarm]) -> int:
    """By how much these visits usually ran over, up to the next five minutes."""
    over = [
        (seen.resolved_at - alarm.due_at).total_seconds() / 60
        for alarm in false
        if (seen := see_alarm(worker, alarm)).resolved_at and alarm.due_at
    ]
    return max(STEP_MIN, _rounded(median(over) if over else 0))


def _usual_minutes(worker: Person, false: list[Alarm]) -> int:
    """How long these visits were meant to be, up to the next five minutes."""
    meant = [
        (alarm.due_at - alarm.visit.starts_at).total_seconds() / 60
        for alarm in false
        if alarm.visit is not None and alarm.due_at is not None
    ]
    return max(STEP_MIN, _rounded(median(meant))) if meant else worker.usual_minutes or 60


def _rounded(minutes: float) -> int:
    return -(-int(minutes) // STEP_MIN) * STEP_MIN
