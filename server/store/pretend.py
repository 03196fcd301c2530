"""Pretend texts, and everything else that the page /phones shows of a rehearsal or the demo."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from server.store.alarms import Alarm, Told
from server.store.house import PretendText
from server.store.messages import TELLS_OF_ALARM, Message
from server.store.people import Pairing, Person
from server.store.visits import Visit
from shared.states import AlarmStatus, VisitStatus


def texts_on(
    session: Session, numbers: Collection[str], since: datetime | None, most: int
) -> dict[str, list[PretendText]]:
    """What these pretend phones sent and got, each oldest first; the newest `most` of all."""
    query = select(PretendText).where(PretendText.number.in_(numbers))
    if since is not None:
        query = query.where(PretendText.at >= since)
    newest = session.scalars(query.order_by(PretendText.at.desc()).limit(most)).all()
    found: dict[str, list[PretendText]] = {}
    for text in reversed(newest):
        found.setdefault(text.number, []).append(text)
    return found


def find_pretend(
    session: Session, to: str, body: str, since: datetime, but: Collection[str]
) -> str | None:
    """The sid of such a text kept at or after `since` and not among `but`, or None."""
    query = select(PretendText.sid).where(
        PretendText.number == to,
        PretendText.body == body,
        PretendText.outgoing,
        PretendText.at >= since,
        PretendText.sid.not_in(list(but)),
    )
    return session.scalar(query.limit(1))


def is_known(session: Session, sid: str) -> bool:
    """Whether such a pretend text arrived."""
    return session.scalar(select(PretendText.sid).where(PretendText.sid == sid)) is not None


def phones(session: Session, sought: str, most: int) -> Sequence[Person]:
    """People with a number, whoever's phone was busy last first, then by name; `sought` narrows
    them down by name or number."""
    last = (
        select(PretendText.number, func.max(PretendText.at).label("at"))
        .group_by(PretendText.number)
        .subquery()
    )
    query = (
        select(Person)
        .outerjoin(last, last.c.number == Person.mobile)
        .where(Person.mobile.is_not(None), Person.left_at.is_(None))
        .order_by(last.c.at.is_(None), last.c.at.desc(), Person.name, Person.id)
    )
    if sought:
        like = f"%{sought}%"
        query = query.where(or_(Person.name.ilike(like), Person.mobile.like(like)))
    return session.scalars(query.limit(most)).unique().all()


def count_phones(session: Session) -> int:
    """How many people have a number."""
    query = select(func.count()).select_from(Person)
    found = session.scalar(query.where(Person.mobile.is_not(None), Person.left_at.is_(None)))
    return found or 0


def watched_by_all(session: Session, ids: Collection[UUID]) -> dict[UUID, list[tuple[int, str]]]:
    """Whom these people watch over: the rank (0: as buddy) and the worker's name."""
    query = (
        select(Pairing.watcher_id, Pairing.rank, Person.name)
        .join(Person, Person.id == Pairing.worker_id)
        .where(Pairing.watcher_id.in_(ids), Person.left_at.is_(None))
        .order_by(Pairing.rank, Person.name)
    )
    found: dict[UUID, list[tuple[int, str]]] = {}
    for watcher_id, rank, name in session.execute(query):
        found.setdefault(watcher_id, []).append((rank, name))
    return found


def open_visits(session: Session) -> Sequence[Visit]:
    """Every open visit of the house, the one due first before the others."""
    query = select(Visit).where(Visit.status == VisitStatus.OPEN.value)
    return session.scalars(query.order_by(Visit.due_at, Visit.id)).unique().all()


def is_anyone_out(session: Session) -> bool:
    """Whether any visit of the house is open."""
    query = select(Visit.id).where(Visit.status == VisitStatus.OPEN.value)
    return session.scalar(query.limit(1)) is not None


def unresolved(session: Session) -> Sequence[Alarm]:
    """Every alarm of the house that still needs somebody, oldest first."""
    query = select(Alarm).where(Alarm.status != AlarmStatus.RESOLVED.value)
    return session.scalars(query.order_by(Alarm.raised_at, Alarm.id)).unique().all()


def is_any_unresolved(session: Session) -> bool:
    """Whether any alarm of the house still needs somebody."""
    query = select(Alarm.id).where(Alarm.status != AlarmStatus.RESOLVED.value)
    return session.scalar(query.limit(1)) is not None


def last_resolved(session: Session, since: datetime) -> Alarm | None:
    """The alarm of the house that ended last, if it ended at or after `since`."""
    query = (
        select(Alarm)
        .where(Alarm.status == AlarmStatus.RESOLVED.value, Alarm.resolved_at >= since)
        .order_by(Alarm.resolved_at.desc())
    )
    return session.scalars(query.limit(1)).unique().one_or_none()


@dataclass(frozen=True)
class Telling:
    """One message of an alarm that was handed over."""

    at: datetime
    person_id: UUID
    name: str
    way: str


def tellings(session: Session, alarm_id: UUID) -> list[Telling]:
    """Who was told of this alarm, when and by what, in that order."""
    query = (
        select(Message.handed_at, Person.id, Person.name, Message.way)
        .join(Person, Person.id == Message.person_id)
        .where(
            Message.alarm_id == alarm_id,
            Message.purpose.in_([purpose.value for purpose in TELLS_OF_ALARM]),
            Message.handed_at.is_not(None),
        )
        .order_by(Message.handed_at, Person.name)
    )
    rows = session.execute(query)
    return [Telling(at, who, name, way) for at, who, name, way in rows if at is not None]


def parts_in_alarms(session: Session, ids: Collection[UUID]) -> Sequence[Told]:
    """What these people have to do with alarms that still need somebody."""
    query = (
        select(Told)
        .join(Alarm, Alarm.id == Told.alarm_id)
        .where(Told.person_id.in_(ids), Alarm.status != AlarmStatus.RESOLVED.value)
        .order_by(Told.since)
    )
    return session.scalars(query).all()
