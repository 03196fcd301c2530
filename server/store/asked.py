"""What somebody was asked for, and has not done yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.log import Audience, Entry

ASKED, CHOSEN = "pins_asked", "pins_set"


def pins_asked_since(
    session: Session, person_id: UUID, *, seems_chosen_counts: bool
) -> datetime | None:
    """When she was last asked for new PINs, unless she has chosen since.

    `seems_chosen_counts`: so do PINs that only she is to think were taken.
    """
    query = select(Entry.what, Entry.at, Entry.audience).where(
        Entry.subject_id == person_id, Entry.what.in_([ASKED, CHOSEN])
    )
    for row in session.execute(query.order_by(Entry.id.desc()).limit(20)):
        if row.what == ASKED:
            at: datetime = row.at
            return at
        if row.audience == Audience.ALL or seems_chosen_counts:
            return None
    return None
