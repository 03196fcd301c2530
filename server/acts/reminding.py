"""What happens to a visit when its time comes: warn, nudge, raise; and after the house was away."""

from datetime import timedelta

from server.acts.base import Turn, record
from server.acts.pins import asks_by_text
from server.acts.raising import raise_alarm, raise_overdue
from server.acts.tell import local, tell_worker
from server.acts.timing import INSTANT, at_end, policy_of, schedule
from server.domain.words import worker as words
from server.store.messages import Purpose
from server.store.visits import Visit
from shared.policy import Policy
from shared.states import AlarmKind, Risk, VisitStatus
from shared.timing import Reminder, reminders

SOFT = timedelta(seconds=120)


def look_at(turn: Turn, visit: Visit) -> None:
    """Do whatever is due for this visit now, and say when to look again.

    Reminders that were missed are not caught up: the newest one is enough.
    """
    if visit.status == VisitStatus.PLANNED:
        _not_started(turn, visit)
        return
    if visit.raise_at is None or visit.raise_at <= turn.now:
        raise_overdue(turn, visit)
        return
    policy = policy_of(turn, visit)
    due = [r for r in _reminders(visit, policy) if r.at <= turn.now]
    if due:
        _remind(turn, visit, policy, due[-1])
    visit.reminded_to = turn.now
    schedule(visit, policy)


def _reminders(visit: Visit, policy: Policy) -> list[Reminder]:
    assert visit.raise_at is not None  # noqa: S101 - the caller has just looked
    done = visit.reminded_to
    found = reminders(visit.due_at, visit.raise_at, policy, at_end(visit))
    return [reminder for reminder in found if done is None or reminder.at > done]


def _remind(turn: Turn, visit: Visit, policy: Policy, reminder: Reminder) -> None:
    warn = reminder.kind == "warn"
    body = _words(turn, visit, policy, warn=warn)
    purpose = Purpose.WARN if warn else Purpose.NUDGE
    key = f"{visit.id}:{reminder.kind}:{reminder.at.timestamp()}"
    tell_worker(
        turn,
        visit.worker,
        purpose,
        body,
        key,
        visit=visit,
        expires_at=visit.due_at if warn else visit.raise_at,
    )
    record(turn, reminder.kind, org_id=visit.org_id, visit=visit)


def _words(turn: Turn, visit: Visit, policy: Policy, *, warn: bool) -> str:
    due = local(turn, visit.worker, visit.due_at)
    if not at_end(visit):
        return words.nudge_check_in(due)
    asks_pin = asks_by_text(policy, visit.worker)
    ends = local(turn, visit.worker, visit.ends_at)
    if warn:
        minutes = max(1, round((visit.due_at - turn.now).total_seconds() / 60))
        return words.warn(ends, minutes, asks_pin)
    return words.nudge(ends, asks_pin)


def _not_started(turn: Turn, visit: Visit) -> None:
    """A planned visit nobody began: told to her team, and to herself in neutral words."""
    visit.next_at = None
    raise_alarm(turn, visit.worker, AlarmKind.NOT_STARTED, visit=visit, due_at=visit.starts_at)
    starts = local(turn, visit.worker, visit.starts_at)
    key = f"{visit.id}:not_started:{visit.starts_at.timestamp()}"
    tell_worker(turn, visit.worker, Purpose.NUDGE, words.not_started(starts), key, visit=visit)


def soften(turn: Turn, visit: Visit) -> None:
    """P1: what fell due while the house was away is nudged first, and raised min(120 s, grace)
    after the catch-up at the earliest."""
    policy = policy_of(turn, visit)
    grace = timedelta(seconds=policy.grace_for(Risk(visit.risk)))
    earliest = turn.now + min(SOFT, grace)
    visit.raise_at = max(visit.raise_at or earliest, earliest)
    visit.reminded_to = visit.due_at - INSTANT
    visit.next_at = turn.now
