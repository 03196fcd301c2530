"""What is going on now, in a sentence or two; the most urgent thing first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.acts.base import Desk
from server.acts.climbing import plan_of
from server.acts.planning import visit_plan
from server.pages.phones import sentences
from server.pages.phones.people import Facts
from server.pages.phones.sentences import first_name
from server.pages.phones.show import Show
from server.store import people, pretend
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.visits import Visit
from shared.spans import clock_time
from shared.states import AlarmKind, AlarmOutcome

REMEMBERED = timedelta(minutes=15)
NOBODY_OUT = "Nobody is out."


@dataclass(frozen=True)
class Headline:
    """`mood` says in one word how things stand: alarm, charge, late or calm."""

    mood: str
    sentences: tuple[str, ...]


def headline(
    session: Session, desk: Desk, facts: Facts, now: datetime, show: Show | None
) -> Headline:
    """The headline at this moment."""
    if facts.alarms:
        owned = all(alarm.owner is not None for alarm in facts.alarms)
        said = tuple(_alarm(session, desk, alarm, now) for alarm in facts.alarms)
        return Headline("charge" if owned else "alarm", said)
    late = [visit for visit in facts.visits if visit.due_at <= now]
    out = [visit for visit in facts.visits if visit.due_at > now]
    said = tuple(_late(session, desk, visit, now) for visit in late)
    if out:
        until = [(first_name(v.worker.name), _local(v, v.ends_at, now)) for v in out]
        said += (sentences.out(until),)
    ended = pretend.last_resolved(session, now - REMEMBERED)
    said = (*((_ended(session, ended, now),) if ended else ()), *said)
    if not facts.visits:
        said += (show.outlook if show else NOBODY_OUT,)
    return Headline("late" if late else "calm", said)


def _alarm(session: Session, desk: Desk, alarm: Alarm, now: datetime) -> str:
    zone = ZoneInfo(alarm.worker.org.timezone)

    def local(at: datetime) -> str:
        return clock_time(at, zone, now)

    due = local(alarm.due_at or alarm.at)
    worker = first_name(alarm.worker.name)
    said = [sentences.begins(AlarmKind(alarm.kind), worker, due, local(alarm.at))]
    first: dict[str, str] = {}
    for telling in pretend.tellings(session, alarm.id):
        first.setdefault(first_name(telling.name), local(telling.at))
    said.append(sentences.told(list(first.items())))
    if alarm.owner is not None and alarm.owned_at is not None:
        said.append(sentences.charge(first_name(alarm.owner.name), local(alarm.owned_at)))
    step = next(iter(plan_of(session, desk, alarm)), None)
    if step is not None and alarm.owner is not None and alarm.owner_asked_at is None:
        said.append(sentences.asked(first_name(alarm.owner.name), local(step.at)))
    elif step is not None:
        said.append(sentences.following(_who(step.who), local(step.at)))
    return " ".join(said)


def _who(names: str) -> str:
    return "everyone" if "," in names else first_name(names)


def _late(session: Session, desk: Desk, visit: Visit, now: datetime) -> str:
    steps = visit_plan(session, desk, visit, visit.worker, now)
    step = next((step for step in steps if step.who not in ("you", "nobody")), None)
    then = None
    if step is not None:
        then = f"{_who(step.who)} is texted at {_local(visit, step.at, now)}"
    return sentences.late(first_name(visit.worker.name), _local(visit, visit.due_at, now), then)


def _local(visit: Visit, at: datetime, now: datetime) -> str:
    return clock_time(at, ZoneInfo(visit.worker.org.timezone), now)


def _ended(session: Session, alarm: Alarm, now: datetime) -> str:
    zone = ZoneInfo(alarm.worker.org.timezone)
    by = alarm.resolved_by_id and people.person(session, alarm.resolved_by_id).name
    return sentences.ended(
        first_name(alarm.worker.name),
        clock_time(alarm.resolved_at or now, zone, now),
        AlarmOutcome(alarm.outcome or AlarmOutcome.SAFE),
        first_name(by) if by else None,
    )
