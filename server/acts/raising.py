"""Raising an alarm: stored together with the first messages it decides (P1, P3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.base import Turn, record
from server.acts.climbing import climb_alarm, ladder_json, tell_at_once
from server.acts.news import take_hands_off
from server.acts.several import correct_ends
from server.acts.tell import has_ended_for, is_veiled
from server.store import alarms, db, messages, people, visits
from server.store.alarms import Alarm
from server.store.log import Audience
from server.store.people import Person, Team
from server.store.visits import Visit
from shared.ladder import ladder_for
from shared.states import URGENT_KINDS, AlarmKind, Risk


def raise_alarm(
    turn: Turn,
    worker: Person,
    kind: AlarmKind,
    *,
    visit: Visit | None = None,
    alarm_id: UUID | None = None,
    unverified: bool = False,
    snapshot: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    doing: str = "",
    guessed: bool = False,
) -> Alarm:
    """An alarm about this worker, its first rung fired in the same transaction.

    SOS and duress have no grace. The alarm keeps the ladder as it is now; people are looked up
    afresh at every rung. `doing`: what its PIN came with; `guessed`: wrong PINs, not the signal.
    """
    alarm = _new_alarm(turn, worker, kind, visit)
    alarm.client_ref, alarm.unverified = alarm_id, unverified
    alarm.snapshot, alarm.due_at = snapshot, due_at
    if alarm_id is not None and alarms.find_alarm_anywhere(turn.session, alarm_id) is None:
        alarm.id = alarm_id
    turn.session.add(alarm)
    turn.session.flush()
    record(
        turn,
        f"{kind.value}_raised",
        org_id=worker.org_id,
        alarm=alarm,
        audience=Audience.NOT_SUBJECT if kind is AlarmKind.DURESS else Audience.ALL,
        unverified=unverified,
        doing=doing,
        guessed=guessed,
    )
    climb_alarm(turn.as_engine(), alarm)
    correct_ends(turn, alarm)
    return alarm


def _new_alarm(turn: Turn, worker: Person, kind: AlarmKind, visit: Visit | None) -> Alarm:
    team = _team_for(turn.session, worker, visit)
    urgent = kind in URGENT_KINDS or (visit is not None and visit.risk == Risk.HIGH)
    ladder = ladder_for(team.policy, urgent)
    cursor = ladder.start(turn.now)
    return Alarm(
        org_id=worker.org_id,
        team_id=team.id,
        worker_id=worker.id,
        visit_id=visit.id if visit else None,
        raised_by_id=turn.actor.id if turn.actor else None,
        kind=kind.value,
        urgent=urgent,
        at=turn.at,
        raised_at=turn.now,
        ladder_json=ladder_json(ladder, team.policy.owner_quiet_s),
        rung=cursor.rung,
        rung_at=cursor.at,
        next_at=cursor.at,
    )


def raise_overdue(turn: Turn, visit: Visit) -> Alarm | None:
    """The alarm of a visit whose `raise_at` has passed; None where, for its worker, it is over.

    A visit she closed with her duress PIN has its duress for an alarm (P1); another would show on
    her phone. One that is open for her too is raised as ever, because she expects it: its texts say
    to keep one's hands off. When the duress is resolved, whatever is open is watched again.
    """
    visit.next_at = None
    if is_veiled(visit, visit.worker_id):
        return None
    return raise_alarm(turn, visit.worker, AlarmKind.OVERDUE, visit=visit, due_at=visit.due_at)


def raise_duress(
    turn: Turn, worker: Person, visit: Visit | None = None, *, doing: str = ""
) -> Alarm:
    """The hidden alarm of a duress PIN or of five wrong ones; one at a time for one worker.
    `doing`: what the PIN came with, for whoever is told; 'to end the alarm about Amy'.

    It stands whatever the act it came with is answered: a visit that is over, a time that is past.
    """
    db.let_stand(turn.session)
    for running in alarms.open_alarms(turn.session, worker.id, AlarmKind.DURESS):
        record(
            turn,
            "duress_again",
            org_id=worker.org_id,
            alarm=running,
            visit=visit,
            audience=Audience.NOT_SUBJECT,
            guessed=worker.pins_jammed,
        )
        return running
    if visit is None or visit.worker_id != worker.id:
        visit = next(iter(visits.unfinished_visits(turn.session, worker.id)), None)
    # Nobody is said to have given a signal where somebody has only guessed.
    guessed = worker.pins_jammed
    alarm = raise_alarm(turn, worker, AlarmKind.DURESS, visit=visit, doing=doing, guessed=guessed)
    tell_at_once(turn, alarm, _who_knows_of_another(turn, alarm))
    take_hands_off(turn, worker.id)
    return alarm


def _who_knows_of_another(turn: Turn, duress: Alarm) -> set[UUID]:
    """Whoever was told of another open alarm of hers, or has charge of one, may be ringing her this
    minute (P4). Not those who know of the duress, nor for whose eyes the other one has ended."""
    found: set[UUID] = set()
    for other in alarms.open_alarms(turn.session, duress.worker_id):
        if other.id != duress.id:
            told = {one.person_id for one in alarms.told_people(turn.session, other.id)}
            told |= messages.people_reached(turn.session, other.id)
            told |= {other.owner_id} if other.owner_id else set()
            found |= {one for one in told if not has_ended_for(other, one)}
    known = {one.person_id for one in alarms.told_people(turn.session, duress.id)}
    return found - known - {duress.worker_id}


def _team_for(session: Session, worker: Person, visit: Visit | None) -> Team:
    if visit is not None:
        return session.get_one(Team, visit.team_id)
    team = people.team_of(session, worker.id)
    if team is None:
        raise AssertionError("everybody is imported into a team")
    return team
