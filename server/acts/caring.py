"""Working through an alarm: the team's steps ticked with time and name, and the care owed after."""

from datetime import datetime
from uuid import UUID

from server.acts.base import Turn, record
from server.acts.owning import actor_of, not_the_subject, renew, require_unresolved
from server.acts.seeing import may_see_alarm
from server.acts.tell import is_veiled
from server.domain.procedure import read_steps, step_key, steps_for
from server.domain.refusals import BadField, Conflict, NotYours
from server.store import alarms, care, people
from server.store.alarms import Alarm
from server.store.care import Aftercare, Procedure, Tick
from server.store.db import Session
from server.store.people import Person, Team
from shared.states import AlarmKind, Role


class Changed(Conflict):
    """Somebody else changed it since it was read; nothing is overwritten."""

    kind = "changed"


def steps_of(session: Session, alarm: Alarm) -> tuple[str, ...]:
    """What there is to do about this alarm, as its team has written it."""
    written = care.procedure(session, alarm.team_id)
    hands_off = alarm.kind == AlarmKind.DURESS or alarms.in_duress(session, alarm.worker_id)
    return steps_for(written.steps if written else None, hands_off=hands_off)


def tick(turn: Turn, alarm: Alarm, key: str) -> None:
    """A step is done: kept with time and name, once. From the owner it renews the charge."""
    actor = not_the_subject(turn, alarm)
    require_unresolved(turn, alarm)
    words = next((s for s in steps_of(turn.session, alarm) if step_key(s) == key), None)
    if words is None:
        raise Conflict("The steps were changed meanwhile. Look at them again.")
    if turn.session.get(Tick, (alarm.id, key)) is None:
        turn.session.add(Tick(alarm_id=alarm.id, step=key, words=words, by_id=actor.id, at=turn.at))
        record(turn, "step_done", org_id=alarm.org_id, alarm=alarm, step=words, who=actor.name)
    renew(turn, alarm)


def untick(turn: Turn, alarm: Alarm, key: str) -> None:
    """It was ticked by mistake: to be done still. The log keeps both."""
    actor = not_the_subject(turn, alarm)
    require_unresolved(turn, alarm)
    found = turn.session.get(Tick, (alarm.id, key))
    if found is not None:
        step, who = found.words, actor.name
        turn.session.delete(found)
        record(turn, "step_undone", org_id=alarm.org_id, alarm=alarm, step=step, who=who)
    renew(turn, alarm)


def managed_team(session: Session, actor: Person, team_id: UUID) -> Team:
    """A team this person manages; NotYours where there is none, or she does not."""
    team = session.get(Team, team_id)
    hers = actor.has_role(Role.MANAGER) and team_id in people.team_ids(session, actor.id)
    if team is None or team.org_id != actor.org_id or not hers:
        raise NotYours("team")
    return team


def change_steps(turn: Turn, team: Team, text: str, seen_version: int) -> None:
    """A team's own steps, one on each line. Who changes what somebody else has just changed is
    told so (Changed), and nothing is lost."""
    try:
        steps = read_steps(text)
    except ValueError as fault:
        raise BadField("steps", str(fault)) from None
    found = care.procedure(turn.session, team.id, lock=True)
    if (found.version if found else 0) != seen_version:
        raise Changed("Somebody changed these steps while you were writing. Look at theirs first.")
    if found is None:
        found = Procedure(team_id=team.id, steps=[], version=0, changed_at=turn.now)
        turn.session.add(found)
    found.steps, found.version = steps, seen_version + 1
    found.changed_at, found.changed_by_id = turn.now, actor_of(turn).id
    record(turn, "procedure_changed", org_id=team.org_id, team=team.name, steps=steps)


def owe(turn: Turn, alarm: Alarm, owed_by_id: UUID, what: str) -> Aftercare:
    """A named person owes her this until it is done. Only after the alarm's end."""
    actor = not_the_subject(turn, alarm)
    if alarm.is_open and not is_veiled(alarm, actor.id):
        raise Conflict("This alarm is still open. Say who looks after them once it is over.")
    owed_by = people.find_person(turn.session, alarm.org_id, owed_by_id)
    if owed_by is None or not may_owe(turn.session, owed_by, alarm):
        raise BadField("owed_by", "Choose somebody who was told of this alarm or runs the team.")
    owed = Aftercare(
        org_id=alarm.org_id,
        team_id=alarm.team_id,
        alarm_id=alarm.id,
        worker_id=alarm.worker_id,
        owed_by_id=owed_by.id,
        what=what,
        made_by_id=actor.id,
        made_at=turn.now,
    )
    turn.session.add(owed)
    who = owed_by.name
    record(turn, "aftercare_owed", org_id=alarm.org_id, alarm=alarm, who=who, care=what)
    return owed


def may_owe(session: Session, person: Person, alarm: Alarm) -> bool:
    """Whether this person knows of the alarm anyway, and is not its subject."""
    return person.id != alarm.worker_id and may_see_alarm(session, person, alarm)


def who_may_owe(session: Session, alarm: Alarm, ended_at: datetime) -> list[Person]:
    """Whom aftercare can be asked of, by name: the team's managers, her watchers, and those told
    before the alarm ended, as far as whoever asks may know (P4)."""
    managers = [p for p in people.members(session, alarm.team_id) if p.has_role(Role.MANAGER)]
    told = [
        people.person(session, one.person_id)
        for one in alarms.told_people(session, alarm.id)
        if one.since < ended_at
    ]
    watching = people.watchers(session, alarm.worker_id)
    found = {p.id: p for p in [*managers, *told, *watching] if p.left_at is None}
    found.pop(alarm.worker_id, None)
    return sorted(found.values(), key=lambda person: (person.name, str(person.id)))


def aftercare_for(session: Session, viewer: Person, aftercare_id: UUID) -> Aftercare:
    """What this person owes, or may see done in a team of hers; NotYours otherwise."""
    found = care.find_aftercare(session, viewer.org_id, aftercare_id)
    if found is None or found.worker_id == viewer.id:
        raise NotYours("aftercare")
    manages = viewer.has_role(Role.MANAGER) and found.team_id in people.team_ids(session, viewer.id)
    if not (manages or found.owed_by_id == viewer.id):
        raise NotYours("aftercare")
    return found


def settle(turn: Turn, owed: Aftercare) -> None:
    """It is done: by whoever owed it, or said by a manager. Once."""
    actor = actor_of(turn)
    if owed.done_at is not None:
        return
    owed.done_at, owed.done_by_id = turn.now, actor.id
    alarm = alarms.alarm(turn.session, owed.alarm_id)
    record(turn, "aftercare_done", org_id=owed.org_id, alarm=alarm, who=actor.name, care=owed.what)
