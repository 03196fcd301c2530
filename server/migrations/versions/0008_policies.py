"""What each team's policy was and when, and its written lone worker policy."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from server.store.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _policy_versions()
    _paper_drafts()
    _papers()
    _paper_agreements()
    _keep_what_is_in_force()


def _policy_versions() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("policy_json", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Uuid(), sa.ForeignKey("people.id")),
        sa.UniqueConstraint("team_id", "version"),
    )


def _paper_drafts() -> None:
    op.create_table(
        "paper_drafts",
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), primary_key=True),
        sa.Column("prose", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
    )


def _papers() -> None:
    op.create_table(
        "papers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("prose", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.UniqueConstraint("team_id", "version"),
    )


def _paper_agreements() -> None:
    op.create_table(
        "paper_agreements",
        sa.Column("paper_id", sa.Uuid(), sa.ForeignKey("papers.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
    )


def _keep_what_is_in_force() -> None:
    """Every team has a policy already; its history begins with that."""
    teams = sa.table(
        "teams",
        sa.column("id", sa.Uuid()),
        sa.column("policy_version", sa.Integer()),
        sa.column("policy_json", sa.JSON()),
        sa.column("created_at", Instant()),
    )
    kept = sa.table(
        "policy_versions",
        sa.column("id", sa.Uuid()),
        sa.column("team_id", sa.Uuid()),
        sa.column("version", sa.Integer()),
        sa.column("policy_json", sa.JSON()),
        sa.column("at", Instant()),
    )
    for team in op.get_bind().execute(sa.select(teams)).all():
        row = {
            "id": uuid4(),
            "team_id": team.id,
            "version": team.policy_version,
            "policy_json": team.policy_json,
            "at": team.created_at,
        }
        op.get_bind().execute(sa.insert(kept).values(row))
