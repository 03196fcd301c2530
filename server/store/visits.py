"""Visits and who said yes to watching them. Every query about them is here."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.store.db import Base
from server.store.people import Person
from server.store.types import Instant, one_of, partial_index
from shared.states import ClosedHow, Risk, VisitKind, VisitStatus

LIVE = "status IN ('planned', 'open') AND next_at IS NOT NULL"
VEILED = "veil IS NOT NULL"
IN_ORDER_OF_TIME = (
    "org_id", "starts_at", "id", "team_id", "status", "ends_at", "closed_at", "close_outcome",
)  # fmt: skip
"""Lists and figures of an organisation are answered by this index alone."""


class Visit(Base):
    """One stay with a client. `next_at` is the next moment the engine has to look at it.

    `veil` is, by person, what she sees instead while a duress of hers is hidden from her own
    screens: for her the visit is closed, for everybody else it is open.
    """

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("started_by_id", "client_ref"),
        one_of("kind", VisitKind),
        one_of("status", VisitStatus),
        one_of("risk", Risk),
        partial_index("ix_visits_live", "next_at", where=LIVE),
        Index("ix_visits_worker", "worker_id", "status"),
        Index("ix_visits_team", "team_id", "status", "due_at"),
        Index("ix_visits_org_starts", *IN_ORDER_OF_TIME),
        Index("ix_visits_team_starts", "team_id", "starts_at", "id"),
        Index("ix_visits_worker_starts", "worker_id", "starts_at", "id"),
        partial_index("ix_visits_veiled", "org_id", where=VEILED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    started_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    client_ref: Mapped[UUID] = mapped_column()
    kind: Mapped[str] = mapped_column(String(10), default=VisitKind.VISIT.value)
    status: Mapped[str] = mapped_column(String(10))
    risk: Mapped[str] = mapped_column(String(10), default=Risk.STANDARD.value)
    place: Mapped[str] = mapped_column(String(200))
    record_ref: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(String(500))
    buddy_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    raise_at: Mapped[datetime | None] = mapped_column(Instant)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    reminded_to: Mapped[datetime | None] = mapped_column(Instant)
    extra_grace_for: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    heard_at: Mapped[datetime] = mapped_column(Instant)

    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_how: Mapped[str | None] = mapped_column(String(20))
    close_outcome: Mapped[str | None] = mapped_column(String(20))
    veil: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    lat: Mapped[float | None] = mapped_column()
    lon: Mapped[float | None] = mapped_column()
    accuracy_m: Mapped[float | None] = mapped_column()
    position_at: Mapped[datetime | None] = mapped_column(Instant)

    worker: Mapped[Person] = relationship(foreign_keys=[worker_id], lazy="joined")

    @property
    def is_open(self) -> bool:
        """Whether it is being watched, whatever the worker's own phone is told."""
        return self.status == VisitStatus.OPEN


class Watching(Base):
    """What a buddy or cover answered when asked to watch a visit."""

    __tablename__ = "watchings"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    accepted: Mapped[bool] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)


def visit(session: Session, visit_id: UUID) -> Visit:
    """The visit with this internal id."""
    return session.get_one(Visit, visit_id)


def find_visit(session: Session, org_id: UUID, ref: UUID, viewer_id: UUID) -> Visit | None:
    """The visit a phone calls `ref`: its id, or the id under which this person asked for it.

    Ids are made by phones and scoped to the person (P6), so a person's own comes first.
    """
    found = session.scalars(select(Visit).where(*_called(org_id, ref, viewer_id))).unique().all()
    if not found and (first := _had_it_first(session, viewer_id, ref)) is not None:
        found = session.scalars(
            select(Visit).where(Visit.id == first, Visit.org_id == org_id)
        ).all()
    nearest = sorted(found, key=lambda v: (v.started_by_id != viewer_id, v.worker_id != viewer_id))
    return next(iter(nearest), None)


def other_name(own_id: UUID) -> UUID:
    """What somebody calls another's visit or alarm whose id her own phone has used for hers."""
    return uuid5(own_id, "the one that had this id first")


def taken_among(session: Session, viewer_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids this person's phone has used for a visit of its own."""
    query = select(Visit.client_ref).where(
        Visit.started_by_id == viewer_id, Visit.client_ref.in_(ids), Visit.client_ref != Visit.id
    )
    return set(session.scalars(query)) if ids else set()


def _had_it_first(session: Session, viewer_id: UUID, ref: UUID) -> UUID | None:
    """The id of the visit that this person calls by its other name."""
    query = select(Visit.client_ref).where(
        Visit.started_by_id == viewer_id, Visit.client_ref != Visit.id
    )
    return next((taken for taken in session.scalars(query) if other_name(taken) == ref), None)


def _called(org_id: UUID, ref: UUID, viewer_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Each side of the `or` has an index of its own, so that neither reads the whole table."""
    asked_for = and_(Visit.started_by_id == viewer_id, Visit.client_ref == ref)
    return Visit.org_id == org_id, or_(Visit.id == ref, asked_for)


def workers_of(session: Session, org_id: UUID, ref: UUID, viewer_id: UUID) -> set[UUID]:
    """Whose visit `find_visit` could mean: who has to be locked before it is looked at."""
    query = select(Visit.worker_id).where(*_called(org_id, ref, viewer_id))
    found = set(session.scalars(query))
    if not found and (first := _had_it_first(session, viewer_id, ref)) is not None:
        query = select(Visit.worker_id).where(Visit.id == first, Visit.org_id == org_id)
        found = set(session.scalars(query))
    return found


def starter_of(session: Session, visit_id: UUID) -> UUID | None:
    """Who started the visit that has this id; None where no visit of anybody has it."""
    return session.scalar(select(Visit.started_by_id).where(Visit.id == visit_id))


def unfinished_visits(session: Session, worker_id: UUID) -> Sequence[Visit]:
    """Her open visits, the one due first before the others."""
    query = select(Visit).where(
        Visit.worker_id == worker_id, Visit.status == VisitStatus.OPEN.value
    )
    return session.scalars(query.order_by(Visit.due_at, Visit.id)).unique().all()


def last_begun(session: Session, worker_id: UUID, now: datetime) -> Visit | None:
    """The visit of hers that began last, whatever became of it."""
    begun = (VisitStatus.OPEN.value, VisitStatus.CLOSED.value)
    query = select(Visit).where(
        Visit.worker_id == worker_id, Visit.status.in_(begun), Visit.starts_at <= now
    )
    return session.scalars(query.order_by(Visit.starts_at.desc()).limit(1)).unique().first()


def closed_for(visit: Visit, person_id: UUID) -> datetime | None:
    """When it ended, for that person's own eyes; None where for her it has not."""
    seen = (visit.veil or {}).get(str(person_id))
    return datetime.fromisoformat(seen["closed_at"]) if seen else visit.closed_at


def going_on_of(
    session: Session, worker_ids: Collection[UUID], viewer_id: UUID | None
) -> Sequence[Visit]:
    """The open visits of these people, the one due first before the others; those that are over
    for the viewer's own eyes are left out."""
    query = select(Visit).where(
        Visit.worker_id.in_(worker_ids), Visit.status == VisitStatus.OPEN.value
    )
    found = session.scalars(query.order_by(Visit.due_at, Visit.id)).unique()
    return [one for one in found if str(viewer_id) not in (one.veil or {})]


def workers_out(session: Session, ids: Sequence[UUID], viewer_id: UUID | None = None) -> set[UUID]:
    """Which of these people are on a visit of their own, as far as their own phones and this
    viewer know."""
    query = select(Visit.worker_id, Visit.veil).where(
        Visit.worker_id.in_(ids), Visit.status == VisitStatus.OPEN.value
    )
    rows = session.execute(query)
    return {who for who, veil in rows if not {str(who), str(viewer_id)} & set(veil or {})}


def veiled_for(session: Session, person: Person) -> list[Visit]:
    """The visits of which this person sees another picture than everybody else."""
    query = select(Visit).where(Visit.org_id == person.org_id, Visit.veil.is_not(None))
    found = session.scalars(query).unique().all()
    return [visit for visit in found if str(person.id) in (visit.veil or {})]


def open_visits_of_team(session: Session, team_id: UUID) -> Sequence[Visit]:
    """Every open visit of one team, soonest due first."""
    query = select(Visit).where(Visit.team_id == team_id, Visit.status == VisitStatus.OPEN.value)
    return session.scalars(query.order_by(Visit.due_at, Visit.id)).unique().all()


def watch_answers(session: Session, visit_id: UUID) -> dict[UUID, bool]:
    """Who accepted (True) or declined (False) to watch this visit."""
    query = select(Watching).where(Watching.visit_id == visit_id)
    return {w.person_id: w.accepted for w in session.scalars(query)}


HOW_WORDS = {
    ClosedHow.WORKER.value: "the worker closed it",
    ClosedHow.ON_BEHALF.value: "it was closed on the worker's behalf",
    ClosedHow.MOVED_ON.value: "the worker moved on to another visit",
    ClosedHow.ALARM_RESOLVED.value: "its alarm was resolved",
}
HOW_WORDS_TO_HER = HOW_WORDS | {
    ClosedHow.WORKER.value: "you closed it",
    ClosedHow.ON_BEHALF.value: "it was closed for you",
    ClosedHow.MOVED_ON.value: "you moved on to another visit",
}


def how_words(closed_how: str | None, *, to_her: bool) -> str:
    """How a visit was closed, for the answer to an act that comes too late."""
    return (HOW_WORDS_TO_HER if to_her else HOW_WORDS).get(closed_how or "", "it ended")
