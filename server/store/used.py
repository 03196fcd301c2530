"""What a team has really used lately, for the policy that says it does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.store.log import Entry
from server.store.visits import Visit
from shared.states import VisitKind

DRILL = "drill%"
MOST_ENTRIES = 20_000
"""So many are looked through at the most: the log may have millions."""


def ways_home(session: Session, team_id: UUID, since: datetime) -> int:
    """How often the way home was watched since then."""
    query = select(func.count()).where(
        Visit.team_id == team_id, Visit.kind == VisitKind.HOME.value, Visit.starts_at >= since
    )
    return session.scalar(query) or 0


def last_drill(session: Session, org_id: UUID) -> datetime | None:
    """When a drill last began, as far as the newest entries of the log tell."""
    newest = select(func.max(Entry.id)).where(Entry.org_id == org_id).scalar_subquery()
    query = select(Entry.at).where(
        Entry.org_id == org_id, Entry.id > newest - MOST_ENTRIES, Entry.what.like(DRILL)
    )
    return session.scalar(query.order_by(Entry.id.desc()).limit(1))
