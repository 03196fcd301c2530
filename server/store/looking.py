"""Who looked at whose visit or alarm: the worker can see it (P7)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.orm import Session, aliased

from server.store.house import Look
from server.store.people import Person
from server.store.visits import Visit


class Seen(NamedTuple):
    """Something of somebody's that was shown to somebody else."""

    subject_id: UUID
    visit_id: UUID | None
    what: str


def looked_since(
    session: Session, viewer_id: UUID, subject_ids: Collection[UUID], since: datetime
) -> set[Seen]:
    """What this person looked at, of these people's, since then."""
    query = select(Look.subject_id, Look.visit_id, Look.what).where(
        Look.subject_id.in_(subject_ids), Look.at > since, Look.viewer_id == viewer_id
    )
    return {Seen(*row) for row in session.execute(query)}


def note_looks(
    session: Session, org_id: UUID, viewer_id: UUID, seen: Collection[Seen], by: str, now: datetime
) -> None:
    """Write down that she looked."""
    if not seen:
        return
    same = {"org_id": org_id, "viewer_id": viewer_id, "by": by, "at": now}
    session.execute(insert(Look), [same | one._asdict() for one in sorted(seen, key=str)])


def looks_at_visit(session: Session, subject_id: UUID, visit_id: UUID, most: int) -> Sequence[Look]:
    """Who looked at one visit of this worker's, or at an alarm of it, the latest first."""
    query = select(Look).where(Look.subject_id == subject_id, Look.visit_id == visit_id)
    return session.scalars(query.order_by(Look.at.desc(), Look.id).limit(most)).all()


class LookRow(NamedTuple):
    """One look, with the names of both."""

    id: UUID
    at: datetime
    viewer: str
    subject: str
    visit_id: UUID | None
    place: str | None
    what: str
    by: str


class LookPlace(NamedTuple):
    """Where a page of looks ended."""

    at: datetime
    id: UUID


def looks(
    session: Session,
    viewer: Person,
    subjects: Collection[UUID],
    before: Mapping[UUID, datetime],
    after: LookPlace | None,
    most: int,
) -> list[LookRow]:
    """Who looked at these people, the newest first. `before`: for some of them, only looks older
    than that, and the viewer's own."""
    looker, looked_at = aliased(Person), aliased(Person)
    query = (
        select(
            Look.id, Look.at, looker.name, looked_at.name, Look.visit_id, Visit.place, Look.what,
            Look.by,
        )
        .join(looker, looker.id == Look.viewer_id)
        .join(looked_at, looked_at.id == Look.subject_id)
        .outerjoin(Visit, Visit.id == Look.visit_id)
        .where(Look.org_id == viewer.org_id, Look.subject_id.in_(subjects))
    )  # fmt: skip
    for subject_id, at in before.items():
        mine = Look.viewer_id == viewer.id
        query = query.where(or_(Look.subject_id != subject_id, Look.at < at, mine))
    if after is not None:
        here = and_(Look.at == after.at, Look.id < after.id)
        query = query.where(or_(Look.at < after.at, here))
    rows = session.execute(query.order_by(Look.at.desc(), Look.id.desc()).limit(most))
    return [LookRow(*row) for row in rows]
