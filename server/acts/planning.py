"""The safety chain of a visit: the plan the engine runs, as one person may read it (P8).

Every line comes from the functions the engine acts by: `reminders`, `plan`, `climbing.plan_of`.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.acts.circle import circle_of, ways_of
from server.acts.climbing import plan_of
from server.acts.seeing import VisitSeen, see_alarm, see_visit
from server.acts.timing import planned_look, policy_for
from server.store import people
from server.store.people import Person, Team
from server.store.visits import Visit
from shared.cover import NO_TEAM, doubt, warning
from shared.ladder import Circle, Step, ladder_for, plan
from shared.policy import Policy
from shared.states import AlarmKind, Risk, VisitStatus
from shared.timing import next_due, raise_moment, reminders

WATCHED = (VisitStatus.OPEN, VisitStatus.PLANNED)
USUAL = timedelta(minutes=60)
NOT_WATCHED = "not watched until it is started"
REMINDERS = {
    "warn": "warned before the end; nobody else is told",
    "nudge": "nudged; nobody else is told yet",
}


def visit_plan(
    session: Session, desk: Desk, visit: Visit, viewer: Person, now: datetime
) -> list[Step]:
    """What will happen about this visit if nothing more is heard, soonest first, for its viewer.

    Empty once it is over. Where nobody could be told, or in a rehearsal, the first line says so.
    """
    seen = see_visit(session, viewer, visit)
    if seen.status not in WATCHED:
        return []
    circle = circle_for(session, desk, visit, viewer)
    return plan_seen(session, desk, visit, seen, circle, viewer, now)


def circle_for(session: Session, desk: Desk, visit: Visit, viewer: Person) -> Circle:
    """The people around a visit, as this viewer may see them."""
    team = session.get_one(Team, visit.team_id)
    return circle_of(session, desk, visit.worker, team, visit, viewer.id)


def plan_seen(
    session: Session,
    desk: Desk,
    visit: Visit,
    seen: VisitSeen,
    circle: Circle,
    viewer: Person,
    now: datetime,
) -> list[Step]:
    """The same for a caller who has looked at the visit and its people already."""
    policy = policy_for(session.get_one(Team, visit.team_id).policy, visit.worker)
    raised = [alarm for alarm in seen.alarms if see_alarm(viewer, alarm).is_open]
    steps: list[Step] = []
    for alarm in raised:
        steps += plan_of(session, desk, alarm, circle)
    if seen.status == VisitStatus.PLANNED:
        steps += [] if raised else _if_not_started(visit, policy, circle)
    else:
        kinds = {alarm.kind for alarm in raised}
        steps += _while_open(desk, visit, seen, policy, circle, viewer, kinds)
    return doubt_steps(desk, circle, now) + sorted(steps, key=lambda step: step.at)


def plan_from_now(session: Session, desk: Desk, worker: Person, now: datetime) -> list[Step]:
    """The safety chain of a visit of usual length that she would start now."""
    team = people.team_of(session, worker.id)
    if team is None:
        return [warning(now, NO_TEAM)]
    circle = circle_of(session, desk, worker, team, None, worker.id)
    policy, ends_at = policy_for(team.policy, worker), now + USUAL
    due_at = next_due(ends_at, now, policy.interval_for(Risk.STANDARD))
    raise_at = raise_moment(due_at, policy, Risk.STANDARD)
    at_end = due_at >= ends_at
    steps = reminder_steps(desk, worker, worker, due_at, raise_at, policy, at_end, now)
    return (
        doubt_steps(desk, circle, now)
        + steps
        + ladder_steps(policy, circle, raise_at, urgent=False)
    )


def doubt_steps(desk: Desk, circle: Circle, now: datetime) -> list[Step]:
    """The line that comes first where this circle does not cover its worker."""
    sentence = doubt(circle, rehearsal=desk.rehearsal)
    return [warning(now, sentence)] if sentence else []


def _if_not_started(visit: Visit, policy: Policy, circle: Circle) -> list[Step]:
    at = planned_look(visit, policy)
    if at is None:
        return [Step(visit.starts_at, "nobody", "", NOT_WATCHED)]
    return ladder_steps(policy, circle, at, urgent=visit.risk == Risk.HIGH)


def _while_open(
    desk: Desk,
    visit: Visit,
    seen: VisitSeen,
    policy: Policy,
    circle: Circle,
    viewer: Person,
    raised: set[str],
) -> list[Step]:
    if AlarmKind.OVERDUE in raised or seen.raise_at is None:
        return []
    at_end = seen.due_at >= seen.ends_at
    steps = reminder_steps(
        desk, visit.worker, viewer, seen.due_at, seen.raise_at, policy, at_end, visit.reminded_to
    )
    if AlarmKind.DURESS not in raised:
        steps += ladder_steps(policy, circle, seen.raise_at, urgent=visit.risk == Risk.HIGH)
    return steps


def ladder_steps(policy: Policy, circle: Circle, raise_at: datetime, *, urgent: bool) -> list[Step]:
    """What an alarm raised then would do, to its first broadcast."""
    ladder = ladder_for(policy, urgent)
    return plan(ladder, ladder.start(raise_at), circle)


def reminder_steps(
    desk: Desk,
    worker: Person,
    viewer: Person,
    due_at: datetime,
    raise_at: datetime,
    policy: Policy,
    at_end: bool,
    done: datetime | None,
) -> list[Step]:
    """What she alone is told, by her first way; those already given are over."""
    who = "you" if viewer.id == worker.id else worker.name
    return [
        Step(reminder.at, who, way.value, REMINDERS[reminder.kind])
        for way in ways_of(worker, desk)[:1]
        for reminder in reminders(due_at, raise_at, policy, at_end)
        if done is None or reminder.at > done
    ]
