"""Drills and who was asked in them."""

import sqlalchemy as sa
from alembic import op

from server.store.types import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drills",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
    )
    op.create_index("ix_drills_team_id", "drills", ["team_id"])
    op.create_table(
        "drill_calls",
        sa.Column("drill_id", sa.Uuid(), sa.ForeignKey("drills.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("way", sa.String(6)),
        sa.Column("link_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("answered_at", Instant()),
    )
    op.create_index("ix_drill_calls_person_id", "drill_calls", ["person_id"])
