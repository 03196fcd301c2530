"""What is no longer needed, found in short reads and deleted in short writes.

Of the log only the personal parts go, salt included: what is left proves the chain and tells
nothing about anybody. A 'retention' entry says up to when that was done, and stays for ever.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Delete,
    Update,
    and_,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.store.alarms import Alarm
from server.store.care import Aftercare, Tick
from server.store.drills import Drill, DrillCall
from server.store.house import Bucket, PretendText, Request
from server.store.inbound import Inbound
from server.store.log import Entry, Payload
from server.store.messages import Fate, Message
from server.store.people import Organisation, Person, WrongPin
from server.store.sessions import Invitation, WebSession
from server.store.sheets import Opening, PersonSheet
from server.store.visits import Visit
from shared.states import AlarmStatus, VisitStatus

RETENTION = "retention"
ANSWERS_KEPT = timedelta(days=30)
TEXTS_KEPT = timedelta(days=90)
TRIES_KEPT = timedelta(days=1)
POSITIONS_KEPT = timedelta(days=30)
SHEETS_KEPT = timedelta(days=30)
GONE = "(no longer kept)"
"""What stands where the place of a visit stood."""


@dataclass(frozen=True)
class Limits:
    """Before when an organisation's personal parts are out of date."""

    before: datetime
    alarms_before: datetime


@dataclass(frozen=True)
class Covered:
    """Up to when retention entries say that personal parts were deleted; None for never."""

    before: datetime | None = None
    alarms_before: datetime | None = None

    def covers(self, received_at: datetime, kept_long: bool) -> bool:
        """Whether a missing personal part of that time was deleted by retention."""
        until = self.alarms_before if kept_long else self.before
        return until is not None and received_at < until


def limits(session: Session, org_id: UUID, now: datetime) -> Limits:
    """What this organisation's settings mean today."""
    org = session.get_one(Organisation, org_id)
    return Limits(now - timedelta(days=org.keep_days), now - timedelta(days=org.keep_alarm_days))


def outdated_parts(session: Session, org_id: UUID, limit: Limits, most: int) -> Sequence[int]:
    """Entries whose personal part is out of date, oldest first; only those already chained."""
    long = _is_kept_long()
    query = (
        select(Payload.entry_id)
        .join(Entry, Entry.id == Payload.entry_id)
        .where(
            Entry.org_id == org_id,
            Entry.what != RETENTION,
            Entry.seq.is_not(None),
            or_(
                and_(~long, Entry.received_at < limit.before),
                and_(long, Entry.received_at < limit.alarms_before),
            ),
        )
    )
    return session.scalars(query.order_by(Payload.entry_id).limit(most)).all()


def delete_parts(session: Session, ids: Sequence[int]) -> None:
    """Delete these entries' personal parts and their salts."""
    session.execute(delete(Payload).where(Payload.entry_id.in_(ids)))


def covered(session: Session, org_id: UUID) -> Covered:
    """What the retention entries of an organisation cover, all of them together."""
    query = (
        select(Payload.data)
        .join(Entry, Entry.id == Payload.entry_id)
        .where(Entry.org_id == org_id, Entry.what == RETENTION)
    )
    said = session.scalars(query).all()
    return Covered(_latest(said, "before"), _latest(said, "alarms_before"))


def _latest(said: Sequence[dict[str, Any]], name: str) -> datetime | None:
    return max((datetime.fromisoformat(data[name]) for data in said), default=None)


def visits_with_alarm(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Which of these visits ever had an alarm: everything about them is kept as long as of it."""
    query = select(Alarm.visit_id).where(Alarm.visit_id.in_(ids)).distinct()
    return {found for found in session.scalars(query) if found is not None} if ids else set()


def _is_kept_long() -> ColumnElement[bool]:
    return or_(Entry.alarm_id.is_not(None), exists().where(Alarm.visit_id == Entry.visit_id))


@dataclass(frozen=True)
class Old:
    """Rows that are out of date: how they are told apart, which they are, what becomes of them."""

    keys: tuple[InstrumentedAttribute[Any], ...]
    which: ColumnElement[bool]
    change: Delete | Update

    def find(self, session: Session, most: int) -> Sequence[tuple[Any, ...]]:
        """The keys of up to `most` of them."""
        return [
            tuple(row) for row in session.execute(select(*self.keys).where(self.which).limit(most))
        ]

    def clear(self, session: Session, keys: Sequence[tuple[Any, ...]]) -> None:
        """Delete or blank the rows with these keys."""
        session.execute(
            self.change.where(tuple_(*self.keys).in_(keys)),
            execution_options={"synchronize_session": False},
        )


def everything_old(now: datetime) -> tuple[Old, ...]:
    """What goes besides the log: remembered answers, counted tries, the words of old texts."""
    answers, texts = now - ANSWERS_KEPT, now - TEXTS_KEPT
    return (
        Old((Request.person_id, Request.request_id), Request.at < answers, delete(Request)),
        Old((WrongPin.person_id, WrongPin.request), WrongPin.at < answers, delete(WrongPin)),
        Old((Bucket.key,), Bucket.at < now - TRIES_KEPT, delete(Bucket)),
        Old((WebSession.id,), WebSession.ends_at < now, delete(WebSession)),
        Old((Invitation.id,), Invitation.expires_at < answers, delete(Invitation)),
        Old(
            (Message.id,),
            and_(Message.decided_at < texts, Message.body != "", ~_unfinished()),
            update(Message).values(body=""),
        ),
        Old(
            (Inbound.id,),
            and_(Inbound.received_at < texts, or_(Inbound.body != "", Inbound.answer != "")),
            update(Inbound).values(body="", answer=""),
        ),
        Old((PretendText.id,), PretendText.at < texts, delete(PretendText)),
    )


def old_of(org_id: UUID, limit: Limits, now: datetime) -> tuple[Old, ...]:
    """What goes of an organisation's visits and alarms: where somebody was, then where and about
    whom a visit was. That it was, when, and how it ended stays."""
    ended = func.coalesce(Visit.closed_at, Visit.ends_at)
    over = and_(Visit.org_id == org_id, Visit.status != VisitStatus.OPEN.value)
    alarmed = exists().where(Alarm.visit_id == Visit.id)
    old = or_(and_(~alarmed, ended < limit.before), and_(alarmed, ended < limit.alarms_before))
    nowhere: dict[str, Any] = {"lat": None, "lon": None, "accuracy_m": None}
    return (
        Old(
            (Visit.id,),
            and_(over, ~alarmed, ended < now - POSITIONS_KEPT, Visit.position_at.is_not(None)),
            update(Visit).values(**nowhere, position_at=None),
        ),
        Old(
            (Visit.id,),
            and_(over, old, Visit.place != GONE),
            update(Visit).values(
                **nowhere, position_at=None, place=GONE, note=None, record_ref=None
            ),
        ),
        Old(
            (Alarm.id,),
            and_(
                Alarm.org_id == org_id,
                Alarm.resolved_at < limit.alarms_before,
                or_(Alarm.snapshot.is_not(None), Alarm.lat.is_not(None)),
            ),
            update(Alarm).values(**nowhere, snapshot=null()),
        ),
        *_around_alarms(org_id, limit),
        _answers_to_drills(org_id, limit),
        _sheets_of_leavers(org_id, now),
    )


def _answers_to_drills(org_id: UUID, limit: Limits) -> Old:
    """Who was asked in a drill and when she answered. That it was held stays."""
    old = select(Drill.id).where(Drill.org_id == org_id, Drill.ends_at < limit.before)
    which = DrillCall.drill_id.in_(old)
    return Old((DrillCall.drill_id, DrillCall.person_id), which, delete(DrillCall))


def _around_alarms(org_id: UUID, limit: Limits) -> tuple[Old, ...]:
    """What was done about an alarm, and the care after it: as long as the alarm's own part of the
    log. What is still owed stays until it is done."""

    def over(alarm_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        long_ago = Alarm.resolved_at < limit.alarms_before
        return exists().where(Alarm.id == alarm_id, Alarm.org_id == org_id, long_ago)

    paid = and_(Aftercare.done_at < limit.alarms_before, over(Aftercare.alarm_id))
    return (
        Old((Tick.alarm_id, Tick.step), over(Tick.alarm_id), delete(Tick)),
        Old((Aftercare.id,), paid, delete(Aftercare)),
        Old((Opening.alarm_id, Opening.person_id), over(Opening.alarm_id), delete(Opening)),
    )


def _sheets_of_leavers(org_id: UUID, now: datetime) -> Old:
    """The sheet about whoever has left, once nobody can be looking for her any more."""
    gone = exists().where(
        Person.id == PersonSheet.person_id,
        Person.org_id == org_id,
        Person.left_at < now - SHEETS_KEPT,
    )
    unresolved = Alarm.status != AlarmStatus.RESOLVED.value
    sought = exists().where(Alarm.worker_id == PersonSheet.person_id, unresolved)
    return Old((PersonSheet.person_id,), and_(gone, ~sought), delete(PersonSheet))


def _unfinished() -> ColumnElement[bool]:
    return Message.status.in_([Fate.PENDING.value, Fate.SENDING.value])
