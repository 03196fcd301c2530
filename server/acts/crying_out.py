"""SOS: never refused for what it carries, never put off."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from server.acts.base import Turn, record
from server.acts.circle import ways_of
from server.acts.news import tell_again
from server.acts.raising import raise_alarm, raise_duress
from server.acts.starting import Position, place
from server.acts.tell import is_veiled, local, place_of, queue
from server.domain.words import office as words
from server.domain.words.fit import where
from server.store import alarms, people, visits
from server.store.alarms import Alarm
from server.store.log import Audience
from server.store.messages import Purpose
from server.store.people import Device, Person
from server.store.visits import Visit
from shared.states import AlarmKind, Role

REPEATED_WITHIN = timedelta(minutes=10)
JUST_LEFT = timedelta(hours=1)
"""So long after a visit that it is where to look first, if she says nothing of another place."""


def cry_out(
    turn: Turn,
    worker: Person,
    *,
    kind: AlarmKind = AlarmKind.SOS,
    ref: UUID | None = None,
    visit_ref: UUID | None = None,
    snapshot: dict[str, Any] | None = None,
    position: Position | None = None,
    unreadable: list[str] | None = None,
    unverified: bool = False,
) -> Alarm:
    """An SOS or duress of this worker, on the visit it names or the one she is at.

    The same `ref` again gives the same alarm. While an SOS of hers is open, another joins it, is
    logged, and passed on to whoever was told: many alarms at once are more than anybody can handle.
    What could not be read is noted, not refused.
    A visit nobody has heard of is where the phone says; if it does not say, she is taken to be
    where she was.
    """
    before = alarms.alarm_asked_for(turn.session, worker.id, ref) if ref else None
    if before is not None:
        return before
    visit = _visit_of(turn, worker, visit_ref, snapshot)
    if visit is not None:
        place(turn, visit, position)
    if kind is AlarmKind.DURESS:
        alarm = _hidden(turn, worker, visit, unverified=unverified)
    else:
        alarm = _open_or_new(turn, worker, ref, visit, snapshot, unverified=unverified)
    if position is not None:
        alarm.lat, alarm.lon, alarm.accuracy_m = position.lat, position.lon, position.accuracy_m
    lost = ["visit"] if visit_ref and _visit_named(turn, worker, visit_ref) is None else []
    _note(turn, alarm, kind, [*(unreadable or ()), *lost])
    return alarm


def _open_or_new(
    turn: Turn,
    worker: Person,
    ref: UUID | None,
    visit: Visit | None,
    snapshot: dict[str, Any] | None,
    *,
    unverified: bool,
) -> Alarm:
    running = _running(turn, worker, unverified)
    if running is not None:
        _join(turn, running, visit, snapshot, is_named=ref is not None)
        return running
    return raise_alarm(
        turn,
        worker,
        AlarmKind.SOS,
        visit=visit,
        alarm_id=ref,
        unverified=unverified,
        snapshot=snapshot if visit is not None else _where_she_was(turn, worker, snapshot),
    )


def _where_she_was(
    turn: Turn, worker: Person, snapshot: dict[str, Any] | None
) -> dict[str, Any] | None:
    """The place of the visit that has just ended, as her phone knows it, where she names none: one
    that she closed under threat is such a one for her, and helpers have to know of it."""
    if (snapshot or {}).get("place"):
        return snapshot
    last = visits.last_begun(turn.session, worker.id, turn.now)
    ended = visits.closed_for(last, worker.id) if last is not None else None
    if last is None or ended is None or turn.now - ended > JUST_LEFT or not where(last.place):
        return snapshot
    return {**(snapshot or {}), "place": f"{last.place} (last visit)"}


def _running(turn: Turn, worker: Person, unverified: bool) -> Alarm | None:
    """The open SOS that another cry of hers joins. Not one that has ended for her eyes: her new cry
    would show that it goes on. Not one of a phone in doubt, where this one is sure."""
    for alarm in alarms.open_alarms(turn.session, worker.id, AlarmKind.SOS):
        as_sure = unverified or not alarm.unverified
        if as_sure and not is_veiled(alarm, worker.id):
            return alarm
    return None


def _join(
    turn: Turn,
    alarm: Alarm,
    visit: Visit | None,
    snapshot: dict[str, Any] | None,
    *,
    is_named: bool,
) -> None:
    """One more cry while her SOS is open. Without an id of its own nobody can tell a fresh one that
    says nothing new from a repeat on a bad line: that is logged, and not passed on."""
    elsewhere = _elsewhere(alarm, visit, snapshot)
    fresh = turn.now - alarm.raised_at <= REPEATED_WITHIN
    same_visit = alarm.visit_id == (visit.id if visit else None)
    if not is_named and fresh and same_visit and elsewhere is None:
        record(turn, "sos_again", org_id=alarm.org_id, alarm=alarm)
    else:
        tell_again(turn, alarm, elsewhere)


def _elsewhere(alarm: Alarm, visit: Visit | None, snapshot: dict[str, Any] | None) -> str | None:
    """Where she says she is, where that is not what those told know."""
    said = (snapshot or {}).get("place")
    if not isinstance(said, str):
        said = where(visit.place) if visit is not None else None
    return said if said and said != place_of(alarm) else None


def _hidden(turn: Turn, worker: Person, visit: Visit | None, *, unverified: bool) -> Alarm:
    """Her duress; one that runs already keeps what was known of the phone that raised it."""
    alarm = raise_duress(turn, worker, visit)
    alarm.unverified = alarm.unverified or (unverified and alarm.raised_at == turn.now)
    return alarm


def _note(turn: Turn, alarm: Alarm, kind: AlarmKind, unreadable: list[str]) -> None:
    """Write down what could not be read; of a duress only for other eyes than hers."""
    if not unreadable:
        return
    audience = Audience.NOT_SUBJECT if kind is AlarmKind.DURESS else Audience.ALL
    record(
        turn,
        "sos_unreadable",
        org_id=alarm.org_id,
        alarm=alarm,
        audience=audience,
        parts=unreadable,
    )


def _visit_of(
    turn: Turn, worker: Person, ref: UUID | None, snapshot: dict[str, Any] | None
) -> Visit | None:
    named = _visit_named(turn, worker, ref)
    elsewhere = ref is not None and bool((snapshot or {}).get("place"))
    return named or (None if elsewhere else _visit_now(turn, worker))


def _visit_named(turn: Turn, worker: Person, ref: UUID | None) -> Visit | None:
    found = visits.find_visit(turn.session, worker.org_id, ref, worker.id) if ref else None
    return found if found is not None and found.worker_id == worker.id else None


def _visit_now(turn: Turn, worker: Person) -> Visit | None:
    """The visit she is at, as far as her phone knows: one that is closed for her alone is not."""
    going_on = visits.unfinished_visits(turn.session, worker.id)
    return next((v for v in going_on if not is_veiled(v, worker.id)), None)


def cry_from_ended_phone(turn: Turn, phone: Device, worker: Person) -> None:
    """A phone that was signed out asked for help: no alarm, but the managers hear of it, once."""
    team = people.team_of(turn.session, worker.id)
    members = people.members(turn.session, team.id) if team else []
    managers = [p for p in members if p.has_role(Role.MANAGER)]
    others = [
        p for p in managers or people.admins(turn.session, worker.org_id) if p.id != worker.id
    ]
    told = []
    for manager in others:
        body = words.sos_from_ended_phone(worker.name, local(turn, manager, turn.now))
        for way in ways_of(manager, turn.desk)[:1]:
            key = f"{phone.id}:ended_phone:{manager.id}"
            sent = queue(turn, manager, way, Purpose.NEWS, body, key)
            told += [manager.name] if sent else []
    if told:
        record(turn, "sos_from_ended_phone", org_id=worker.org_id, subject_id=worker.id, told=told)
