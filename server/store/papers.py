"""The written lone worker policy of a team: its draft, its versions, and who has agreed to each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store.db import Base
from server.store.types import Instant


class PaperDraft(Base):
    """The words a team is working on; `revision` moves on with every change."""

    __tablename__ = "paper_drafts"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    prose: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))


class Paper(Base):
    """One version as it was issued: its own words, and what the settings said that day."""

    __tablename__ = "papers"
    __table_args__ = (UniqueConstraint("team_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    version: Mapped[int] = mapped_column()
    prose: Mapped[dict[str, Any]] = mapped_column(JSON)
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))


class PaperAgreement(Base):
    """Somebody has read one version and agreed to it."""

    __tablename__ = "paper_agreements"

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("papers.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


def draft_of(session: Session, team_id: UUID, *, lock: bool = False) -> PaperDraft | None:
    """The words a team is working on, locked where the caller is about to change them."""
    query = select(PaperDraft).where(PaperDraft.team_id == team_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def papers_of(session: Session, team_id: UUID) -> Sequence[Paper]:
    """Every version of a team's written policy, the newest first."""
    query = select(Paper).where(Paper.team_id == team_id)
    return session.scalars(query.order_by(Paper.version.desc())).all()


def agreements(session: Session, paper_id: UUID) -> dict[UUID, datetime]:
    """Who has agreed to this version, and when."""
    query = select(PaperAgreement).where(PaperAgreement.paper_id == paper_id)
    return {row.person_id: row.at for row in session.scalars(query)}
