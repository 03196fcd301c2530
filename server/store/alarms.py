"""Alarms, the rungs they climbed, who was told, and the letters people answer by."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.store.db import Base
from server.store.people import Person
from server.store.types import Instant, one_of, partial_index
from server.store.visits import VEILED, Visit
from shared.states import OPEN_ALARM, URGENT_KINDS, AlarmKind, AlarmStatus

UNFINISHED = "status <> 'resolved'"
ONE_OVERDUE = "kind = 'overdue' AND status <> 'resolved' AND veil IS NULL"
PER_DUE = "kind = 'overdue'"
LETTERS_LOCK = 0x6C657474
"""The advisory lock of whoever gives letters out: any number that nothing else uses."""


class Alarm(Base):
    """Somebody may need help. `rung`, `rung_at`: the next step of its ladder; `next_at`: when the
    engine has to look at it, for the climb or for its owner. `veil`: by person,
    what she sees instead while a duress of hers is hidden from her own screens."""

    __tablename__ = "alarms"
    __table_args__ = (
        UniqueConstraint("raised_by_id", "client_ref"),
        one_of("kind", AlarmKind),
        one_of("status", AlarmStatus),
        partial_index("uq_alarms_one_open_overdue", "visit_id", where=ONE_OVERDUE, unique=True),
        partial_index("uq_alarms_once_per_due", "visit_id", "due_at", where=PER_DUE, unique=True),
        partial_index("ix_alarms_unfinished", "next_at", where=UNFINISHED),
        Index("ix_alarms_worker", "worker_id", "status"),
        Index("ix_alarms_team", "team_id", "status"),
        Index("ix_alarms_org_raised", "org_id", "raised_at", "id"),
        partial_index("ix_alarms_loose", "org_id", "raised_at", "id", where="visit_id IS NULL"),
        partial_index("ix_alarms_veiled", "org_id", where=VEILED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"), index=True)
    raised_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    client_ref: Mapped[UUID | None] = mapped_column()
    kind: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(10), default=AlarmStatus.RAISED.value)
    urgent: Mapped[bool] = mapped_column(default=False)
    unverified: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Instant)
    raised_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)

    ladder_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    rung: Mapped[int] = mapped_column(default=0)
    rung_at: Mapped[datetime] = mapped_column(Instant)
    round: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)

    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    owned_at: Mapped[datetime | None] = mapped_column(Instant)
    first_owned_at: Mapped[datetime | None] = mapped_column(Instant)
    owner_until: Mapped[datetime | None] = mapped_column(Instant)
    owner_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    managers_told_at: Mapped[datetime | None] = mapped_column(Instant)

    outcome: Mapped[str | None] = mapped_column(String(20))
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    veil: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    lat: Mapped[float | None] = mapped_column()
    lon: Mapped[float | None] = mapped_column()
    accuracy_m: Mapped[float | None] = mapped_column()

    worker: Mapped[Person] = relationship(foreign_keys=[worker_id], lazy="joined")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id], lazy="joined")
    visit: Mapped[Visit | None] = relationship(foreign_keys=[visit_id])

    @property
    def heard_at(self) -> datetime:
        """Her last sign: an SOS or a PIN of hers is one too, and may be newer than her visit's."""
        before = self.visit.heard_at if self.visit else self.at
        return max(before, self.at) if self.kind in URGENT_KINDS else before

    @property
    def is_open(self) -> bool:
        """Whether it still needs somebody."""
        return self.status in OPEN_ALARM


class AlarmStep(Base):
    """One rung that was fired. Its key is the fence: no second engine can fire it again."""

    __tablename__ = "alarm_steps"

    alarm_id: Mapped[UUID] = mapped_column(ForeignKey("alarms.id"), primary_key=True)
    rung: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    fired_at: Mapped[datetime] = mapped_column(Instant)
    told: Mapped[int] = mapped_column(default=0)


class Told(Base):
    """One person who was, or is being, told of an alarm, and the letter she answers by."""

    __tablename__ = "told"
    __table_args__ = (
        Index("ix_told_person", "person_id", "letter_ended_at"),
        Index("uq_told_link", "link_hash", unique=True),
    )

    alarm_id: Mapped[UUID] = mapped_column(ForeignKey("alarms.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    letter: Mapped[str] = mapped_column(String(3))
    since: Mapped[datetime] = mapped_column(Instant)
    letter_ended_at: Mapped[datetime | None] = mapped_column(Instant)
    passed_at: Mapped[datetime | None] = mapped_column(Instant)
    link_hash: Mapped[str | None] = mapped_column(String(64))


def told_by_link(session: Session, link_hash: str) -> Told | None:
    """Whose link this is, and to which alarm."""
    return session.scalars(select(Told).where(Told.link_hash == link_hash)).one_or_none()


def alarm(session: Session, alarm_id: UUID) -> Alarm:
    """The alarm with this internal id."""
    return session.get_one(Alarm, alarm_id)


def find_alarm(session: Session, org_id: UUID, alarm_id: UUID) -> Alarm | None:
    """This organisation's alarm with that id."""
    return (
        session.scalars(select(Alarm).where(Alarm.id == alarm_id, Alarm.org_id == org_id))
        .unique()
        .one_or_none()
    )


def find_alarm_anywhere(session: Session, alarm_id: UUID) -> UUID | None:
    """Whether some alarm of any organisation already has this id."""
    return session.scalar(select(Alarm.id).where(Alarm.id == alarm_id))


def alarm_asked_for(session: Session, person_id: UUID, ref: UUID) -> Alarm | None:
    """The alarm this person's phone asked for under `ref` before."""
    query = select(Alarm).where(Alarm.raised_by_id == person_id, Alarm.client_ref == ref)
    return session.scalars(query).unique().one_or_none()


def open_alarms(session: Session, worker_id: UUID, *kinds: AlarmKind) -> Sequence[Alarm]:
    """Her alarms that still need somebody, oldest first; all kinds unless some are named."""
    query = select(Alarm).where(
        Alarm.worker_id == worker_id, Alarm.status != AlarmStatus.RESOLVED.value
    )
    if kinds:
        query = query.where(Alarm.kind.in_([kind.value for kind in kinds]))
    return session.scalars(query.order_by(Alarm.raised_at, Alarm.id)).unique().all()


def alarms_of_visit(session: Session, visit_id: UUID) -> Sequence[Alarm]:
    """Every alarm a visit ever had, newest first."""
    query = select(Alarm).where(Alarm.visit_id == visit_id).order_by(Alarm.raised_at.desc())
    return session.scalars(query).unique().all()


def open_alarms_of_visit(session: Session, visit_id: UUID) -> list[Alarm]:
    """This visit's alarms that still need somebody, oldest first."""
    return [alarm for alarm in reversed(alarms_of_visit(session, visit_id)) if alarm.is_open]


def veiled_for(session: Session, person: Person) -> list[Alarm]:
    """The alarms of which this person sees another picture, those that have ended since too."""
    query = select(Alarm).where(
        Alarm.org_id == person.org_id,
        Alarm.veil.is_not(None),
    )
    found = session.scalars(query).unique().all()
    return [alarm for alarm in found if str(person.id) in (alarm.veil or {})]


def in_duress(session: Session, worker_id: UUID, viewer_id: UUID | None = None) -> bool:
    """Whether a duress alarm of hers is unresolved, as far as this viewer may know."""
    query = select(Alarm.veil).where(
        Alarm.worker_id == worker_id,
        Alarm.kind == AlarmKind.DURESS.value,
        Alarm.status != AlarmStatus.RESOLVED.value,
    )
    found = session.scalars(query).all()
    return viewer_id != worker_id and any(str(viewer_id) not in (veil or {}) for veil in found)


def workers_in_trouble(
    session: Session, ids: Sequence[UUID], viewer_id: UUID | None = None
) -> dict[UUID, set[str]]:
    """Which of these people have unresolved alarms of their own, and of which kinds, as far as
    they themselves and this viewer know."""
    query = select(Alarm.worker_id, Alarm.kind, Alarm.veil).where(
        Alarm.worker_id.in_(ids), Alarm.status != AlarmStatus.RESOLVED.value
    )
    found: dict[UUID, set[str]] = {}
    for worker_id, kind, veil in session.execute(query):
        if not {str(worker_id), str(viewer_id)} & set(veil or {}):
            found.setdefault(worker_id, set()).add(kind)
    return found


def one_at_a_time(session: Session) -> None:
    """Wait until no other transaction is giving letters out: two that choose for the same receiver
    at the same moment would choose the same one."""
    if session.get_bind().dialect.name == "postgresql" and not session.info.get("letters"):
        session.execute(select(func.pg_advisory_xact_lock(LETTERS_LOCK)))
        session.info["letters"] = True


def told_people(session: Session, alarm_id: UUID) -> Sequence[Told]:
    """Everybody an alarm's messages were decided for, in the order they were first told."""
    query = select(Told).where(Told.alarm_id == alarm_id).order_by(Told.since, Told.person_id)
    return session.scalars(query).all()


def was_told(session: Session, alarm_id: UUID, person_id: UUID) -> Told | None:
    """This person's part in this alarm."""
    return session.get(Told, (alarm_id, person_id))


def alarms_told_to(
    session: Session, person_ids: Collection[UUID], ended_since: datetime
) -> Sequence[Told]:
    """The alarms these people were told of that need somebody, or ended after `ended_since`: for
    everybody, or under a veil for them alone."""
    query = select(Told).where(
        Told.person_id.in_(person_ids),
        Told.letter_ended_at.is_(None) | (Told.letter_ended_at > ended_since),
    )
    return session.scalars(query.order_by(Told.since, Told.alarm_id)).all()


def workers_told_of(
    session: Session, person_ids: Collection[UUID], ended_since: datetime
) -> set[UUID]:
    """Whom the alarms are about that these people may still answer."""
    query = (
        select(Alarm.worker_id)
        .join(Told, Told.alarm_id == Alarm.id)
        .where(
            Told.person_id.in_(person_ids),
            Told.letter_ended_at.is_(None) | (Told.letter_ended_at > ended_since),
        )
    )
    return set(session.scalars(query))


def knows_another(
    session: Session, person_ids: Collection[UUID], alarm_id: UUID, ended_since: datetime
) -> bool:
    """Whether these people were told of one more such alarm beside this one."""
    query = select(Told.alarm_id).where(
        Told.person_id.in_(person_ids),
        Told.alarm_id != alarm_id,
        Told.letter_ended_at.is_(None) | (Told.letter_ended_at > ended_since),
    )
    return session.scalar(query.limit(1)) is not None


def letters_in_use(
    session: Session, person_ids: Collection[UUID], ended_since: datetime
) -> list[str]:
    """Letters these people may still connect with another alarm (contract 6: 7 days), those that
    ended longest ago first."""
    query = select(Told.letter).where(
        Told.person_id.in_(person_ids),
        Told.letter_ended_at.is_(None) | (Told.letter_ended_at > ended_since),
    )
    still = func.max(case((Told.letter_ended_at.is_(None), 1), else_=0))
    rested = (still, func.max(Told.letter_ended_at), func.max(Told.since))
    return list(session.scalars(query.group_by(Told.letter).order_by(*rested)))


def count_unresolved(session: Session, org_id: UUID) -> int:
    """How many alarms of one organisation still need somebody."""
    query = (
        select(func.count())
        .select_from(Alarm)
        .where(Alarm.org_id == org_id, Alarm.status != AlarmStatus.RESOLVED.value)
    )
    return session.scalar(query) or 0
