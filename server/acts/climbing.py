"""Walking the ladder of one alarm: the same plan that everybody is shown, one step further."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts import tell
from server.acts.base import Desk, Turn, record
from server.acts.circle import Parties, circle_of, ways_of
from server.acts.news import catch_up
from server.acts.several import letter_needed, which
from server.acts.tell import give_letter, local, queue, tell_everyone_told, tell_of_alarm
from server.domain.words import alarms as words
from server.store import alarms, people
from server.store.alarms import Alarm, AlarmStep
from server.store.log import Audience
from server.store.messages import Purpose
from server.store.people import Team
from shared.ladder import Circle, Cursor, Firing, Ladder, Step, Telling, climb, plan
from shared.ladder.walk import ways_for
from shared.policy import Rung
from shared.states import URGENT_KINDS, AlarmKind, AlarmStatus

OWNED_LONG = timedelta(seconds=1800)
OWNED_LONG_URGENT = timedelta(seconds=600)


def ladder_json(ladder: Ladder, owner_quiet_s: int) -> dict[str, Any]:
    """An alarm's ladder as it is kept: later changes of the policy leave it alone."""
    return asdict(ladder) | {"owner_quiet_s": owner_quiet_s}


def ladder_of(alarm: Alarm) -> Ladder:
    """The rungs and times this alarm climbs by."""
    kept = alarm.ladder_json
    rungs = tuple(Rung(r["after_s"], tuple(r["to"]), tuple(r["by"])) for r in kept["rungs"])
    return Ladder(rungs, kept["broadcast_after_s"], kept["broadcast_every_s"])


def passes(session: Session, alarm_id: UUID) -> Mapping[str, datetime]:
    """Who passed this alarm on, and when."""
    told = alarms.told_people(session, alarm_id)
    return {str(t.person_id): t.passed_at for t in told if t.passed_at is not None}


def circle_around(
    session: Session, desk: Desk, alarm: Alarm, viewer_id: UUID | None = None
) -> Circle:
    """The people around this alarm's worker, as they are now; see `circle_of`. Whoever has ended it
    under duress is not among them: nothing is sent to her, so nobody may wait for her (P4)."""
    team = session.get_one(Team, alarm.team_id)
    rungs = ladder_of(alarm).rungs
    found = circle_of(session, desk, alarm.worker, team, alarm.visit, viewer_id, rungs)
    veiled = {*(alarm.veil or {}), *((alarm.visit.veil if alarm.visit else None) or {})}
    return found.without({one for one in veiled if tell.has_ended_for(alarm, UUID(one))})


def climb_alarm(turn: Turn, alarm: Alarm) -> None:
    """Do whatever is due for an open alarm now, and say when it is to be looked at again."""
    if alarm.status == AlarmStatus.OWNED:
        _mind_owner(turn, alarm)
    if alarm.status == AlarmStatus.RAISED and alarm.rung_at <= turn.now:
        circle = circle_around(turn.session, turn.desk, alarm)
        cursor = Cursor(alarm.rung, alarm.rung_at)
        said = passes(turn.session, alarm.id)
        firings, cursor = climb(ladder_of(alarm), cursor, circle, turn.now, said)
        for firing in firings:
            _fire(turn, alarm, firing)
        alarm.rung, alarm.rung_at = cursor.rung, cursor.at
    alarm.next_at = next_look(alarm)


def _fire(turn: Turn, alarm: Alarm, firing: Firing) -> None:
    alarm.round += firing.broadcast
    step = AlarmStep(
        alarm_id=alarm.id,
        rung=firing.rung,
        round=alarm.round,
        planned_at=firing.at,
        fired_at=turn.now,
        told=len(firing.tellings),
    )
    turn.session.add(step)
    turn.session.flush()
    purpose = Purpose.BROADCAST if firing.broadcast else Purpose.ALARM
    for telling in firing.tellings:
        _tell(turn, alarm, telling, purpose, firing.rung)
    _record_firing(turn, alarm, firing)
    if firing.aside:
        _tell_aside(turn, alarm, firing)


def _tell(turn: Turn, alarm: Alarm, telling: Telling, purpose: Purpose, rung: int | None) -> None:
    person = people.person(turn.session, UUID(telling.party.id))
    knew = alarms.was_told(turn.session, alarm.id, person.id) is not None
    tell_of_alarm(turn, alarm, person, telling.ways, purpose, rung)
    if not knew:
        catch_up(turn, alarm, person)


def _tell_aside(turn: Turn, alarm: Alarm, firing: Firing) -> None:
    """Nobody waits for somebody in trouble (contract 4), and nothing of hers shows it (P4): the
    next who can answer are told now, once for each alarm, and where she reads nothing is said."""
    before = alarms.told_people(turn.session, alarm.id)
    fresh = [t for t in firing.aside if UUID(t.party.id) not in {told.person_id for told in before}]
    for telling in fresh:
        _tell(turn, alarm, telling, Purpose.ALARM, None)
    for telling in firing.tellings if fresh else ():
        if telling.party.hidden_trouble:
            _record_aside(turn, alarm, fresh, UUID(telling.party.id))
            return


def tell_at_once(turn: Turn, alarm: Alarm, who: set[UUID]) -> None:
    """Tell these too, beside the first rung and by its ways: they know of another alarm of hers."""
    found = [people.person(turn.session, one) for one in sorted(who, key=str)]
    parties = Parties(turn.session, turn.desk, found)
    told: list[Telling] = []
    for person in found:
        party = parties.party(person)
        ways, instead = ways_for(party, ladder_of(alarm).rungs[0].by)
        tell_of_alarm(turn, alarm, person, tuple(ways), Purpose.ALARM, None)
        told.append(Telling(party, tuple(ways), "knows of another", ", ".join(instead) or None))
    if told:
        record(turn.as_engine(), "told_too", org_id=alarm.org_id, alarm=alarm, told=_in_words(told))


def _record_aside(turn: Turn, alarm: Alarm, told: Sequence[Telling], hidden_from: UUID) -> None:
    record(
        turn.as_engine(),
        "told_early",
        org_id=alarm.org_id,
        alarm=alarm,
        subject_id=hidden_from,
        audience=Audience.NOT_SUBJECT,
        told=_in_words(told),
    )


def _record_firing(turn: Turn, alarm: Alarm, firing: Firing) -> None:
    told = _in_words(firing.tellings)
    what = "broadcast" if firing.broadcast else ("told" if told else "rung_skipped")
    record(turn.as_engine(), what, org_id=alarm.org_id, alarm=alarm, rung=firing.rung, told=told)


def _in_words(told: Sequence[Telling]) -> list[dict[str, Any]]:
    return [
        {"who": t.party.name, "by": [w.value for w in t.ways], "why": t.why, "instead": t.instead}
        for t in told
    ]


def next_look(alarm: Alarm) -> datetime:
    """When the engine must look at this alarm again."""
    if alarm.status != AlarmStatus.OWNED or alarm.owner_until is None:
        return alarm.rung_at
    moments = [alarm.owner_until]
    if alarm.owner_asked_at is None:
        moments.append(ask_at(alarm))
    if alarm.managers_told_at is None:
        moments.append(managers_at(alarm))
    return min(moments)


def quiet_of(alarm: Alarm) -> timedelta:
    """How long an owner may say nothing before the climb goes on."""
    return timedelta(seconds=alarm.ladder_json["owner_quiet_s"])


def ask_at(alarm: Alarm) -> datetime:
    """When the owner is asked for a sign: half of `owner_quiet_s` before it lapses (P5)."""
    return (alarm.owner_until or alarm.rung_at) - quiet_of(alarm) / 2


def managers_at(alarm: Alarm) -> datetime:
    """When an owned, unresolved alarm goes to the managers whoever owns it (P5)."""
    long = OWNED_LONG_URGENT if AlarmKind(alarm.kind) in URGENT_KINDS else OWNED_LONG
    return (alarm.first_owned_at or alarm.raised_at) + long


def _mind_owner(turn: Turn, alarm: Alarm) -> None:
    if alarm.managers_told_at is None and managers_at(alarm) <= turn.now:
        _tell_managers(turn, alarm)
    if alarm.owner_until is not None and alarm.owner_until <= turn.now:
        lapse(turn, alarm, "ownership_lapsed")
    elif alarm.owner_asked_at is None and ask_at(alarm) <= turn.now:
        _ask_owner(turn, alarm)


def _ask_owner(turn: Turn, alarm: Alarm) -> None:
    owner, until = alarm.owner, alarm.owner_until
    if owner is None or until is None:
        return
    alarm.owner_asked_at = turn.now
    told = alarms.was_told(turn.session, alarm.id, owner.id)
    body = words.ask_owner(
        alarm.worker.name,
        local(turn, owner, until),
        told.letter if told else None,
        under_duress=alarms.in_duress(turn.session, alarm.worker_id, owner.id),
    )
    _to_one(turn, alarm, owner, Purpose.ASK_OWNER, body, f"{alarm.id}:ask:{until.timestamp()}")
    record(turn.as_engine(), "owner_asked", org_id=alarm.org_id, alarm=alarm, who=owner.name)


def _to_one(
    turn: Turn, alarm: Alarm, person: people.Person, purpose: Purpose, body: str, key: str
) -> None:
    for way in ways_of(person, turn.desk)[:1]:
        queue(turn, person, way, purpose, body, f"{key}:{person.id}", alarm=alarm)


def _tell_managers(turn: Turn, alarm: Alarm) -> None:
    """Whoever owns it, and where that is the only manager, everybody: nobody minds herself."""
    alarm.managers_told_at = turn.now
    circle = circle_around(turn.session, turn.desk, alarm)
    parties = [p for p in circle.managers if p.id != circle.worker_id and p.ways]
    if not any(UUID(party.id) != alarm.owner_id for party in parties):
        parties = list(circle.everyone)
    owner = alarm.owner.name if alarm.owner else "Nobody"
    since = local(turn, alarm.worker, alarm.raised_at)
    for party in parties:
        person = people.person(turn.session, UUID(party.id))
        hidden = alarms.in_duress(turn.session, alarm.worker_id, person.id)
        body = words.to_managers(alarm.worker.name, owner, since, under_duress=hidden)
        give_letter(turn, alarm, person)
        _to_one(turn, alarm, person, Purpose.NEWS, body, f"{alarm.id}:managers")
    told = [{"who": p.name, "by": [way.value for way in p.ways[:1]]} for p in parties]
    record(turn.as_engine(), "managers_told", org_id=alarm.org_id, alarm=alarm, told=told)


def lapse(turn: Turn, alarm: Alarm, what: str, *, silent: bool = False) -> None:
    """Nobody has charge any more: the next unfired rung goes at once, the rest keep their spacing,
    and whoever was told that somebody had charge hears of it. `silent`: the caller logs it."""
    owner = alarm.owner
    alarm.status, alarm.owner_id, alarm.owner, alarm.owned_at = (
        AlarmStatus.RAISED.value,
        None,
        None,
        None,
    )
    alarm.owner_until = alarm.owner_asked_at = None
    alarm.rung_at = alarm.next_at = turn.now
    if owner is not None:
        key = f"{alarm.id}:{what}:{turn.now.timestamp()}"
        tell_everyone_told(
            turn,
            alarm,
            Purpose.OWNED,
            lambda person: _released(turn, alarm, owner, person),
            key,
            also={owner.id},
        )
        if not silent:
            record(turn, what, org_id=alarm.org_id, alarm=alarm, who=owner.name)


def _released(turn: Turn, alarm: Alarm, owner: people.Person, person: people.Person) -> str:
    return words.released(
        alarm.worker.name,
        words.YOU if person.id == owner.id else owner.name,
        local(turn, owner, turn.now),
        which(turn, alarm, person),
        letter_needed(turn, alarm, person),
        under_duress=alarms.in_duress(turn.session, alarm.worker_id, person.id),
    )


def bring_forward(turn: Turn, alarm: Alarm) -> None:
    """The next step goes now: those asked so far cannot or will not help."""
    if alarm.status == AlarmStatus.RAISED and alarm.rung_at > turn.now:
        alarm.rung_at = alarm.next_at = turn.now


def plan_of(session: Session, desk: Desk, alarm: Alarm, circle: Circle | None = None) -> list[Step]:
    """What this alarm will do next if nothing is heard; the first line is its next step.

    `circle`: the people around it as somebody in particular may see them.
    """
    circle = circle or circle_around(session, desk, alarm)
    return plan_around(alarm, circle, passes(session, alarm.id))


def plan_around(alarm: Alarm, circle: Circle, passed: Mapping[str, datetime]) -> list[Step]:
    """The same for a caller who knows the people around it, and who passed it on."""
    cursor = Cursor(alarm.rung, alarm.rung_at)
    steps: list[Step] = []
    if alarm.status == AlarmStatus.OWNED and alarm.owner and alarm.owner_until:
        if alarm.owner_asked_at is None:
            steps.append(Step(ask_at(alarm), alarm.owner.name, "text", "asked for a sign"))
        cursor = Cursor(alarm.rung, alarm.owner_until)
    return steps + plan(ladder_of(alarm), cursor, circle, passed)
