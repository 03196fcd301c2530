"""What a team has really used lately, for the policy that says it does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.store.visits import Visit
from shared.states import VisitKind


def ways_home(session: Session, team_id: UUID, since: datetime) -> int:
    """How often the way home was watched since then."""
    query = select(func.count()).where(
        Visit.team_id == team_id, Visit.kind == VisitKind.HOME.value, Visit.starts_at >= since
    )
    return session.scalar(query) or 0
