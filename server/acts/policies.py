"""Changing a team's policy: from now on, for everything that is not an alarm already."""

from collections.abc import Mapping
from typing import Any

from server.acts.base import Turn, record
from server.acts.tell import is_veiled
from server.acts.timing import FIRST_HEARD, planned_look, policy_for, schedule
from server.domain.refusals import Conflict
from server.store.log import Audience
from server.store.people import Team
from server.store.policies import keep_version
from server.store.roster import live_visits, lock_team
from server.store.visits import Visit
from shared.policy import Policy, read_policy
from shared.states import Risk, VisitStatus
from shared.timing import next_due, raise_moment


class PolicyMoved(Conflict):
    """Somebody else changed the policy since it was shown; nothing was changed now."""

    kind = "policy-moved"


def edit_policy(turn: Turn, team: Team, given: Mapping[str, Any], seen_version: int) -> bool:
    """`change_policy` by somebody who has looked at `seen_version`; PolicyMoved where that is not
    the one in force any more. The team's row is locked, so that of two at once one comes second."""
    lock_team(turn.session, team)
    if team.policy_version != seen_version:
        raise PolicyMoved("Somebody else changed this policy while you were editing it.")
    return change_policy(turn, team, given)


def change_policy(turn: Turn, team: Team, given: Mapping[str, Any]) -> bool:
    """Lay the given fields over a team's policy; says whether that changed anything.

    The workers of the team's open and planned visits are locked by the caller. No open visit's
    `raise_at` moves later, and open alarms keep their rungs (contract 4). Raises marshmallow's
    ValidationError.
    """
    old = team.policy
    new = read_policy(given, old)
    if new == old:
        return False
    team.policy_json = new.to_json()
    team.policy_version += 1
    keep_version(turn.session, team, turn.now, turn.actor.id if turn.actor else None)
    was, becomes = old.to_json(), new.to_json()
    changes = {
        name: {"was": was[name], "is": becomes[name]} for name in was if was[name] != becomes[name]
    }
    record(
        turn,
        "policy_changed",
        org_id=team.org_id,
        team=team.slug,
        version=team.policy_version,
        changes=changes,
    )
    for visit in live_visits(turn.session, team.id):
        _adopt(turn, visit, old, new)
    return True


def _adopt(turn: Turn, visit: Visit, old: Policy, new: Policy) -> None:
    if visit.status == VisitStatus.PLANNED:
        if visit.starts_at > turn.now:
            visit.next_at = planned_look(visit, new)
        return
    if visit.raise_at is None or visit.raise_at <= turn.now or visit.next_at is None:
        return
    before = visit.due_at, visit.raise_at
    _bring_forward(turn, visit, old, new)
    schedule(visit, policy_for(new, visit.worker))
    if before != (visit.due_at, visit.raise_at):
        _record_moved(turn, visit)


def _bring_forward(turn: Turn, visit: Visit, old: Policy, new: Policy) -> None:
    """Shorter times count from now: nobody is late by a rule she could not have known, and a
    grace that is over by the new rule still leaves her 60 s to answer a nudge."""
    risk, due_at = Risk(visit.risk), visit.due_at
    if due_at > turn.now and new.interval_for(risk) != old.interval_for(risk):
        visit.due_at = min(due_at, next_due(visit.ends_at, turn.now, new.interval_for(risk)))
    if visit.due_at == due_at and new.grace_for(risk) >= old.grace_for(risk):
        return
    by_new_rule = max(raise_moment(visit.due_at, new, risk), turn.now + FIRST_HEARD)
    visit.raise_at = min(visit.raise_at or by_new_rule, by_new_rule)


def _record_moved(turn: Turn, visit: Visit) -> None:
    """For a worker under duress this visit is over: a line about it would give the alarm away."""
    hidden = is_veiled(visit, visit.worker_id)
    record(
        turn,
        "policy_adopted",
        org_id=visit.org_id,
        visit=visit,
        audience=Audience.NOT_SUBJECT if hidden else Audience.ALL,
        due_at=visit.due_at.isoformat(),
        raise_at=visit.raise_at.isoformat() if visit.raise_at else None,
    )
