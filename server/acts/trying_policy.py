"""A policy nobody has saved yet, tried on a real visit: the same plan the engine would run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.acts.circle import circle_of
from server.acts.planning import USUAL, doubt_steps, ladder_steps, reminder_steps
from server.acts.seeing import see_alarm, see_visit
from server.store import visits
from server.store.people import Person, Team
from server.store.roster import Roster
from server.store.visits import Visit
from shared.ladder import Step
from shared.policy import Policy
from shared.states import Risk, Role
from shared.timing import next_due, raise_moment

MOST = 50


@dataclass(frozen=True)
class Example:
    """A visit to show the plan of. `visit` None: one that this worker might start now.
    `raise_at`: when the alarm of a visit that is open goes as things stand."""

    worker: Person
    visit: Visit | None
    started_at: datetime
    ends_at: datetime
    risk: Risk
    raise_at: datetime | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"visit:{self.visit.id}" if self.visit else f"{self.risk.value}:{self.worker.id}"


def examples(
    session: Session, roster: Roster, viewer: Person, team: Team, now: datetime
) -> list[Example]:
    """The team's open visits as this viewer sees them, the one due first first; then, for each of
    its workers, an hour from now. Her own real visits are left out (P4): she sees those herself;
    and those with an open alarm, which climbs by the ladder it was raised with."""
    found = [_real(session, viewer, one) for one in visits.open_visits_of_team(session, team.id)]
    real = sorted((one for one in found if one is not None), key=lambda one: one.ends_at)
    workers = [
        person
        for person in roster.present
        if person.has_role(Role.WORKER) and roster.home_of(person) == team.id
    ]
    return [*real[:MOST], *_made_up(workers[:MOST], now)]


def _real(session: Session, viewer: Person, visit: Visit) -> Example | None:
    seen = see_visit(session, viewer, visit)
    if visit.worker_id == viewer.id or not seen.is_open or seen.raise_at is None:
        return None
    if any(see_alarm(viewer, alarm).is_open for alarm in seen.alarms):
        return None
    risk = Risk(visit.risk)
    return Example(visit.worker, visit, visit.starts_at, seen.ends_at, risk, seen.raise_at)


def _made_up(workers: Sequence[Person], now: datetime) -> list[Example]:
    return [
        Example(worker, None, now, now + USUAL, risk)
        for risk in (Risk.STANDARD, Risk.HIGH)
        for worker in workers
    ]


def plan_under(
    session: Session,
    desk: Desk,
    team: Team,
    policy: Policy,
    example: Example,
    viewer: Person,
    now: datetime,
) -> list[Step]:
    """Who would be told what and when about this visit if nothing more were heard of it."""
    worker = example.worker
    rungs = [*policy.rungs, *policy.rungs_urgent]
    circle = circle_of(session, desk, worker, team, example.visit, viewer.id, rungs)
    heard_at = example.visit.heard_at if example.visit else example.started_at
    due_at = next_due(example.ends_at, heard_at, policy.interval_for(example.risk))
    raise_at = raise_moment(due_at, policy, example.risk)
    if example.raise_at is not None:
        # A change of the policy never makes an alarm of an open visit later.
        raise_at = min(raise_at, example.raise_at)
    told = reminder_steps(
        desk, worker, viewer, due_at, raise_at, policy, due_at >= example.ends_at, None
    )
    told = [step for step in told if step.at >= example.started_at]
    urgent = example.risk is Risk.HIGH
    climb = ladder_steps(policy, circle, raise_at, urgent=urgent)
    return doubt_steps(desk, circle, now) + sorted([*told, *climb], key=lambda step: step.at)


def chosen(found: Sequence[Example], key: str) -> Example | None:
    """The example a form named, or the first there is."""
    return next((one for one in found if one.key == key), found[0] if found else None)
