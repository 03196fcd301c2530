"""Moving a visit's due time, and saying when the engine must look at it next."""

from dataclasses import replace
from datetime import datetime, timedelta

from server.acts.base import Turn
from server.store.people import Person, Team
from server.store.visits import Visit
from shared.policy import MOST_NUDGES, Policy
from shared.states import Risk, VisitStatus
from shared.timing import next_due, raise_moment, reminders

FIRST_HEARD = timedelta(seconds=60)
INSTANT = timedelta(microseconds=1)


def policy_of(turn: Turn, visit: Visit) -> Policy:
    """The policy by which the visit is watched."""
    return policy_for(turn.session.get_one(Team, visit.team_id).policy, visit.worker)


def policy_for(policy: Policy, worker: Person) -> Policy:
    """A team's policy as it counts for this worker: where she asked for it, she is reminded once
    more in the same grace. Nobody else is told a second later."""
    more = worker.more_reminders and policy.nudges < MOST_NUDGES
    return replace(policy, nudges=policy.nudges + 1) if more else policy


def set_due(turn: Turn, visit: Visit, policy: Policy, due_at: datetime) -> None:
    """A new `due_at`, with everything that hangs on it. What is past is not reminded of again."""
    visit.due_at = due_at
    visit.raise_at = raise_moment(due_at, policy, Risk(visit.risk))
    visit.reminded_to = turn.now
    schedule(visit, policy)


def heard(turn: Turn, visit: Visit, policy: Policy) -> None:
    """A sign of life during the visit: the next one is owed an interval later, at the latest when
    the visit ends. Late news never brings a due time forward."""
    visit.heard_at = max(visit.heard_at, turn.at)
    due_at = next_due(visit.ends_at, turn.at, policy.interval_for(Risk(visit.risk)))
    if due_at > visit.due_at:
        before = visit.raise_at
        set_due(turn, visit, policy, due_at)
        visit.raise_at = max(filter(None, [visit.raise_at, before]))
        schedule(visit, policy)


def allow_for_late_news(turn: Turn, visit: Visit, policy: Policy) -> None:
    """P10: what is first heard of after its `raise_at` is raised no earlier than 60 s from now,
    and its worker is nudged first."""
    if visit.raise_at is None or visit.due_at > turn.now:
        return
    visit.raise_at = max(visit.raise_at, turn.now + FIRST_HEARD)
    visit.reminded_to = visit.due_at - INSTANT
    schedule(visit, policy)


def schedule(visit: Visit, policy: Policy) -> None:
    """Set `next_at` to the next reminder not yet given, or to `raise_at`."""
    if visit.status != VisitStatus.OPEN or visit.raise_at is None:
        visit.next_at = planned_look(visit, policy) if visit.status == VisitStatus.PLANNED else None
        return
    done = visit.reminded_to
    ahead = [
        reminder.at
        for reminder in reminders(visit.due_at, visit.raise_at, policy, at_end(visit))
        if done is None or reminder.at > done
    ]
    visit.next_at = min([*ahead, visit.raise_at])


def at_end(visit: Visit) -> bool:
    """Whether what is due is the end of the visit, and not a check-in during it."""
    return visit.due_at >= visit.ends_at


def planned_look(visit: Visit, policy: Policy) -> datetime | None:
    """When a planned visit that has not been started becomes an alarm, where a team asks for it."""
    if not policy.watch_not_started:
        return None
    return visit.starts_at + timedelta(seconds=policy.not_started_after_s)


def watch_on(turn: Turn, visit: Visit, policy: Policy) -> None:
    """After an alarm ended and left the visit open: due no earlier than one grace from now."""
    grace = timedelta(seconds=policy.grace_for(Risk(visit.risk)))
    set_due(turn, visit, policy, max(visit.due_at, turn.now + grace))
