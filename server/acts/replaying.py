"""A dry run: a team's past alarms and late closes, had its policy been another one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.acts.circle import circle_of
from server.acts.seeing import see_alarm
from server.acts.tell import is_veiled
from server.domain.replay import Past, Replayed, ToldAt, replay
from server.store import past as store
from server.store.alarms import Alarm
from server.store.messages import Message
from server.store.people import Person, Team
from server.store.visits import Visit
from shared.ladder import Circle, Party, ladder_for
from shared.policy import Policy
from shared.states import AlarmKind, Risk
from shared.timing import raise_moment

LOOK_BACK = timedelta(days=30)
MOST_ALARMS = 20
MOST_VISITS = 500


@dataclass(frozen=True)
class Night:
    """One past alarm: what happened, and what would have."""

    alarm: Alarm
    past: Past
    would: Replayed


@dataclass(frozen=True)
class DryRun:
    """`nights`: the newest first. `new_alarms`: visits that were closed late without an alarm, and
    would have raised one. `late`: how many late closes were looked at."""

    nights: tuple[Night, ...]
    new_alarms: tuple[Visit, ...]
    late: int


def dry_run(
    session: Session, desk: Desk, team: Team, policy: Policy, viewer: Person, now: datetime
) -> DryRun:
    """The last 30 days under `policy`, with today's people.

    The viewer's own alarms are left out, and what is over only for her eyes is over (P4).
    """
    since = now - LOOK_BACK
    alarms = store.alarms_since(session, team.id, since, MOST_ALARMS)
    over = [one for one in alarms if one.worker_id != viewer.id and not _is_open(viewer, one)]
    sent = store.messages_of(session, [one.id for one in over])
    nights = [
        _night(session, desk, team, policy, viewer, one, sent.get(one.id, [])) for one in over
    ]
    late = [
        visit
        for visit in store.closed_late(session, team.id, since, MOST_VISITS)
        if visit.worker_id != viewer.id
    ]
    newly = tuple(visit for visit in late if _would_alarm(visit, policy))
    return DryRun(tuple(nights), newly, len(late))


def _is_open(viewer: Person, alarm: Alarm) -> bool:
    return see_alarm(viewer, alarm).is_open


def _night(
    session: Session,
    desk: Desk,
    team: Team,
    policy: Policy,
    viewer: Person,
    alarm: Alarm,
    sent: Sequence[Message],
) -> Night:
    rungs = [*policy.rungs, *policy.rungs_urgent]
    around = circle_of(session, desk, alarm.worker, team, alarm.visit, viewer.id, rungs)
    ended_at = see_alarm(viewer, alarm).resolved_at or alarm.raised_at
    before = [one for one in sent if one.decided_at <= ended_at]
    # Who really ended it is not for the eyes of somebody for whom it only seems to have ended.
    by_herself = not is_veiled(alarm, viewer.id) and alarm.resolved_by_id == alarm.worker_id
    past = _past(alarm, before, ended_at, by_herself=by_herself)
    raise_at = _raise_at(alarm, policy)
    would = replay(past, ladder_for(policy, alarm.urgent), _all_free(around), raise_at)
    return Night(alarm, past, would)


def _past(alarm: Alarm, sent: Sequence[Message], ended_at: datetime, *, by_herself: bool) -> Past:
    answered_at = alarm.first_owned_at
    if answered_at is not None and answered_at > ended_at:
        answered_at = None
    return Past(
        raised_at=alarm.raised_at,
        told=_told(sent),
        answered_by=_answerer(alarm) if answered_at else None,
        answered_at=answered_at,
        ended_at=ended_at,
        by_herself=by_herself,
    )


def _answerer(alarm: Alarm) -> str | None:
    """Whoever is known to have taken charge: its last owner, or who settled it."""
    found: UUID | None = alarm.owner_id or alarm.resolved_by_id
    return str(found) if found else None


def _told(sent: Sequence[Message]) -> tuple[ToldAt, ...]:
    """One line for each person and moment, with all its ways."""
    found: dict[tuple[UUID, datetime], ToldAt] = {}
    for one in sent:
        key = one.person_id, one.decided_at
        before = found.get(key)
        ways = (*before.ways, one.way) if before else (one.way,)
        found[key] = ToldAt(str(one.person_id), one.person.name, ways, one.decided_at)
    return tuple(found.values())


def _raise_at(alarm: Alarm, policy: Policy) -> datetime:
    visit = alarm.visit
    if alarm.kind == AlarmKind.OVERDUE and alarm.due_at is not None and visit is not None:
        return raise_moment(alarm.due_at, policy, Risk(visit.risk))
    if alarm.kind == AlarmKind.NOT_STARTED and visit is not None:
        return visit.starts_at + timedelta(seconds=policy.not_started_after_s)
    return alarm.raised_at


def _would_alarm(visit: Visit, policy: Policy) -> bool:
    closed_at = visit.closed_at
    return closed_at is not None and closed_at >= raise_moment(
        visit.due_at, policy, Risk(visit.risk)
    )


def _all_free(around: Circle) -> Circle:
    """The same people, none of them away, out or in trouble: what they are tonight says nothing of
    that night."""
    return replace(
        around,
        watchers=tuple(map(_free, around.watchers)),
        managers=tuple(map(_free, around.managers)),
        contacts=tuple(map(_free, around.contacts)),
        everyone=tuple(map(_free, around.everyone)),
        by_ref={ref: _free(party) for ref, party in around.by_ref.items()},
    )


def _free(party: Party) -> Party:
    return replace(
        party,
        away_from=None,
        away_until=None,
        on_visit=False,
        in_trouble=False,
        hidden_trouble=False,
    )
