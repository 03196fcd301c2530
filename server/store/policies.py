"""What a team's policy was, since when and by whom: every version ever in force."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store.db import Base
from server.store.people import Team
from server.store.types import Instant


class PolicyVersion(Base):
    """One version of a team's policy; `by_id` None where it came from a command or before this was
    kept."""

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("team_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    version: Mapped[int] = mapped_column()
    policy_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))


def keep_version(session: Session, team: Team, at: datetime, by_id: UUID | None) -> None:
    """Keep the policy as it is now under its number."""
    kept: Mapping[str, Any] = team.policy_json
    session.add(
        PolicyVersion(
            team_id=team.id,
            version=team.policy_version,
            policy_json=dict(kept),
            at=at,
            by_id=by_id,
        )
    )


def versions_of(session: Session, team_id: UUID, most: int) -> Sequence[PolicyVersion]:
    """A team's policies, the newest first."""
    query = select(PolicyVersion).where(PolicyVersion.team_id == team_id)
    return session.scalars(query.order_by(PolicyVersion.version.desc()).limit(most)).all()


def version_of(session: Session, team_id: UUID, version: int) -> PolicyVersion | None:
    """One version of a team's policy."""
    query = select(PolicyVersion).where(
        PolicyVersion.team_id == team_id, PolicyVersion.version == version
    )
    return session.scalar(query)
