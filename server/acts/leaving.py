"""Somebody leaves, or loses her phone: sign-in ends at once, and no visit of hers with it."""

from dataclasses import dataclass

from server.acts.base import Turn, record
from server.acts.circle import ways_of
from server.acts.climbing import climb_alarm, lapse
from server.acts.tell import local, queue
from server.domain.words import office as words
from server.store import alarms, people, roster, sessions, visits
from server.store import devices as phones
from server.store.messages import Purpose
from server.store.people import Person
from server.store.visits import Visit
from shared.states import Role, VisitStatus


@dataclass(frozen=True)
class Ended:
    """What ended when somebody was signed out, and whether she is still being watched."""

    devices: int
    codes: int
    browsers: int
    open_visits: int
    managers_told: int


def end_sign_in(turn: Turn, person: Person) -> tuple[int, int, int]:
    """End every device of hers, every code she has not used and every browser that is signed in;
    returns how many of each. Her password and second factors are void: to come in again she has to
    be invited anew.

    The one place where sign-in ends: whatever else she can come in by ends here too.
    """
    devices = phones.live_devices(turn.session, person.id)
    for device in devices:
        device.revoked_at = turn.now
    codes = roster.end_codes(turn.session, [person.id], turn.now)
    browsers = sessions.end_sessions(turn.session, person.id)
    sessions.forget_keys(turn.session, person.id, turn.now)
    return len(devices), codes, browsers


def revoke(turn: Turn, person: Person) -> Ended:
    """Sign somebody out everywhere. Her visits stay watched, and while one is open the managers
    of its team are told, because her phone can no longer close it (contract 3)."""
    devices, codes, browsers = end_sign_in(turn, person)
    going_on = visits.unfinished_visits(turn.session, person.id)
    told = tell_managers_of_open_visits(turn, person)
    record(
        turn,
        "signed_out",
        org_id=person.org_id,
        subject_id=person.id,
        devices=devices,
        codes=codes,
        browsers=browsers,
        open_visits=len(going_on),
    )
    return Ended(devices, codes, browsers, len(going_on), told)


def tell_managers_of_open_visits(turn: Turn, person: Person) -> int:
    """Her phone can no longer close what she has open; returns how many messages say so."""
    going_on = visits.unfinished_visits(turn.session, person.id)
    return sum(_tell_managers(turn, person, visit) for visit in going_on)


def _tell_managers(turn: Turn, person: Person, visit: Visit) -> int:
    """One message to each manager of the visit's team, or to the admins where it has none."""
    team_people = people.members(turn.session, visit.team_id)
    managers = [p for p in team_people if p.has_role(Role.MANAGER) and p.id != person.id]
    admins = [p for p in people.admins(turn.session, person.org_id) if p.id != person.id]
    told = 0
    for manager in managers or admins:
        at = local(turn, manager, turn.now)
        due = local(turn, manager, visit.due_at)
        body = words.signed_out(person.name, at, due)
        for way in ways_of(manager, turn.desk)[:1]:
            key = f"{visit.id}:signed_out:{turn.now.timestamp()}:{manager.id}"
            told += queue(turn, manager, way, Purpose.NOTICE, body, key, visit=visit) is not None
    return told


def leave(turn: Turn, person: Person) -> None:
    """She has left: sign-in ends, alarms she has charge of go on climbing, visits she had planned
    are called off. An open visit is watched to its end (contract 4).

    The caller has locked the workers of the alarms she owns.
    """
    if person.left_at is not None:
        return
    person.left_at = turn.now
    turn.session.flush()
    end_sign_in(turn, person)
    for alarm in roster.alarms_owned_by(turn.session, person.id):
        lapse(turn, alarm, "released")
        climb_alarm(turn.as_engine(), alarm)
    for visit in roster.planned_visits(turn.session, person.id):
        _call_off(turn, visit)
    record(turn, "left", org_id=person.org_id, subject_id=person.id)


def come_back_to_work(turn: Turn, person: Person) -> None:
    """She is there again; her phone has to be enrolled anew."""
    if person.left_at is not None:
        person.left_at = None
        record(turn, "rejoined", org_id=person.org_id, subject_id=person.id)


def _call_off(turn: Turn, visit: Visit) -> None:
    """A planned visit of somebody who has left would only alarm her team when nobody begins it.

    One that has alarmed them already is theirs to settle.
    """
    if alarms.open_alarms_of_visit(turn.session, visit.id):
        return
    visit.status, visit.next_at = VisitStatus.CANCELLED.value, None
    visit.closed_at = turn.now
    record(turn, "cancelled", org_id=visit.org_id, visit=visit)
