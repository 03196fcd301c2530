"""What must hold after every round, whatever happened: the audit, I1-I8, and P4's iron rules."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.engine import audit
from server.store import house
from server.store.alarms import Alarm, AlarmStep, Told
from server.store.log import Entry, Payload, commit_to
from server.store.messages import TELLS_OF_ALARM, Fate, Message, Purpose
from server.store.outbox import Attempt
from server.store.people import Person
from shared.states import AlarmKind, AlarmStatus, Way
from tests.engine.night import Night
from tests.support.people import reading

LONGEST_STEP = timedelta(seconds=3600)
UNTOLD = "no way out works", "alarm messages have been waiting for over 90 seconds"


def broken_rules(night: Night) -> list[str]:
    """Every rule that does not hold now, in words; the gateway may be away."""
    return reading(night.app, lambda session: list(_broken(session, night)))


def _broken(session: Session, night: Night) -> Iterator[str]:
    found = audit.faults(session, night.running.desk, night.now)
    yield from (fault for fault in found if fault not in UNTOLD)
    for check in (_watched, _climbing, _steps, _messages, _letters, _attempts, _log):
        yield from check(session, night.now)


def _watched(session: Session, now: datetime) -> Iterator[str]:
    if house.unwatched_past_due(session, now):
        yield "P1: an open visit is past raise_at without an alarm"


def _climbing(session: Session, now: datetime) -> Iterator[str]:
    """I2: an open alarm has its next step ahead, and not out of sight."""
    for alarm in session.scalars(select(Alarm)).unique():
        if alarm.is_open and not now < alarm.next_at <= now + LONGEST_STEP:
            yield f"I2: {alarm.kind} looks next at {alarm.next_at}"
        if alarm.status == AlarmStatus.OWNED and alarm.owner_id == alarm.worker_id:
            yield "P4: an alarm is owned by its subject"


def _steps(session: Session, _: datetime) -> Iterator[str]:
    """I3: whatever a step says it told, a message or a letter of that alarm shows."""
    for step in session.scalars(select(AlarmStep).where(AlarmStep.told > 0)):
        told = select(func.count()).where(Told.alarm_id == step.alarm_id)
        if not session.scalar(told):
            yield f"I3: rung {step.rung} says it told {step.told}"


def _messages(session: Session, now: datetime) -> Iterator[str]:
    waiting: Counter[tuple[object, ...]] = Counter()
    for message in session.scalars(select(Message)).unique():
        alarm = session.get(Alarm, message.alarm_id) if message.alarm_id else None
        if alarm is not None:
            yield from _about_alarm(message, alarm)
            if message.status == Fate.PENDING and message.purpose != Purpose.NEWS:
                waiting[(alarm.id, message.person_id, message.way)] += 1
        if message.status == Fate.SENDING and message.next_at <= now:
            yield "I4: a lease ran out and nobody took the message over"
        if _blocked(message, session):
            yield f"I8: decided for a number that blocks us: {message.body}"
    yield from (f"P3: {n} unsent messages, not one" for n in waiting.values() if n > 1)


def _about_alarm(message: Message, alarm: Alarm) -> Iterator[str]:
    hers = message.person_id == alarm.worker_id
    if hers and (message.purpose in TELLS_OF_ALARM or alarm.kind == AlarmKind.DURESS):
        yield f"P4: an alarm was sent to its subject: {message.body}"
    unsent = message.status == Fate.PENDING and message.purpose in TELLS_OF_ALARM
    if unsent and not alarm.is_open:
        yield "I7: an ended alarm still waits to be told"


def _blocked(message: Message, session: Session) -> bool:
    since = session.get_one(Person, message.person_id).unreachable_since
    return since is not None and message.way == Way.TEXT and message.decided_at > since


def _letters(session: Session, _: datetime) -> Iterator[str]:
    query = select(Told.person_id, Told.letter).where(Told.letter_ended_at.is_(None))
    used = Counter(tuple(row) for row in session.execute(query))
    yield from (f"a letter means {n} alarms" for n in used.values() if n > 1)


def _attempts(session: Session, _: datetime) -> Iterator[str]:
    """I7: no try at telling of an alarm begins after its end."""
    query = (
        select(Attempt.started_at, Alarm.resolved_at)
        .join(Message, Message.id == Attempt.message_id)
        .join(Alarm, Alarm.id == Message.alarm_id)
        .where(Message.purpose.in_([p.value for p in TELLS_OF_ALARM]))
    )
    for started_at, resolved_at in session.execute(query):
        if resolved_at is not None and started_at > resolved_at:
            yield "I7: an ended alarm was still told of"


def _log(session: Session, _: datetime) -> Iterator[str]:
    """I6, P9: how an alarm began and ended is written down, and every entry is what it was."""
    entries = session.scalars(select(Entry)).all()
    kept = {payload.entry_id: payload for payload in session.scalars(select(Payload))}
    for entry in entries:
        payload = kept.get(entry.id)
        if payload is None or commit_to(payload.salt, payload.data) != entry.commitment:
            yield f"P9: the entry {entry.what} is not whole"
    said = {(entry.alarm_id, entry.what) for entry in entries if entry.audience != "only_subject"}
    for alarm in session.scalars(select(Alarm)).unique():
        if (alarm.id, f"{alarm.kind}_raised") not in said:
            yield f"I6: no entry says that the {alarm.kind} was raised"
        if not alarm.is_open and (alarm.id, "alarm_resolved") not in said:
            yield f"I6: no entry says how the {alarm.kind} ended"
