"""Alarms of two people whose phones made the same id (P6, decision 8); of visits, see `visits`."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.alarms import Alarm
from server.store.visits import other_name


def taken_among(session: Session, viewer_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids this person's phone has used for an alarm of its own."""
    query = select(Alarm.client_ref).where(
        Alarm.raised_by_id == viewer_id, Alarm.client_ref.in_(ids), Alarm.client_ref != Alarm.id
    )
    return {ref for ref in session.scalars(query) if ref is not None} if ids else set()


def had_it_first(session: Session, viewer_id: UUID, ref: UUID) -> UUID | None:
    """The id of the alarm that this person calls by its other name (`visits.other_name`)."""
    query = select(Alarm.client_ref).where(
        Alarm.raised_by_id == viewer_id, Alarm.client_ref != Alarm.id
    )
    taken = (one for one in session.scalars(query) if one is not None)
    return next((one for one in taken if other_name(one) == ref), None)
