"""The people around many alarms at once: the same circles as `climbing.circle_around` makes for
each, in a handful of statements for all."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.acts.circle import Group, Parties, group_of, refs_of
from server.acts.climbing import ladder_of, plan_around
from server.store import board
from server.store.alarms import Alarm
from server.store.around import Around, people_around_many, people_called
from server.store.people import Person, Team
from shared.ladder import Circle, Step


def plans_of(
    session: Session, desk: Desk, viewer: Person, found: Sequence[Alarm]
) -> dict[UUID, list[Step]]:
    """What each of these alarms will do next, as `climbing.plan_of` says it, for this viewer."""
    circles = circles_around(session, desk, viewer, found)
    passed = board.passed_on(session, [alarm.id for alarm in found])
    return {
        alarm.id: plan_around(alarm, circles[alarm.id], passed.get(alarm.id, {})) for alarm in found
    }


def circles_around(
    session: Session, desk: Desk, viewer: Person, found: Sequence[Alarm]
) -> dict[UUID, Circle]:
    """The circle of each of these alarms of the viewer's organisation, as she may see it."""
    teams = board.teams_named(session, {alarm.team_id for alarm in found})
    refs = {alarm.id: _refs(alarm, teams[alarm.team_id]) for alarm in found}
    named = people_called(session, viewer.org_id, {ref for some in refs.values() for ref in some})
    near = people_around_many(session, viewer.org_id, [_around(alarm) for alarm in found])
    groups: dict[UUID, Group] = {
        alarm.id: group_of(
            some, alarm.visit, [named[ref] for ref in sorted(refs[alarm.id]) if ref in named]
        )
        for alarm, some in zip(found, near, strict=True)
    }
    everyone = [person for group in groups.values() for person in group.all]
    parties = Parties(session, desk, everyone, viewer.id)
    return {alarm.id: groups[alarm.id].circle(alarm.worker_id, parties) for alarm in found}


def _refs(alarm: Alarm, team: Team) -> set[str]:
    policy = team.policy
    return refs_of([*policy.rungs, *policy.rungs_urgent, *ladder_of(alarm).rungs])


def _around(alarm: Alarm) -> Around:
    visit = alarm.visit
    return Around(
        alarm.worker_id,
        alarm.team_id,
        visit.id if visit else None,
        visit.buddy_id if visit else None,
    )
