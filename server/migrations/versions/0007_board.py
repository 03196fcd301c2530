"""Procedures and what was ticked, sheets of the missed, aftercare, displays on walls."""

import sqlalchemy as sa
from alembic import op

from server.migrations.partial import partial_index
from server.store.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _procedures()
    _alarm_ticks()
    _aftercare()
    _person_sheets()
    _walls()


def _procedures() -> None:
    op.create_table(
        "procedures",
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), primary_key=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), sa.ForeignKey("people.id")),
    )


def _alarm_ticks() -> None:
    op.create_table(
        "alarm_ticks",
        sa.Column("alarm_id", sa.Uuid(), sa.ForeignKey("alarms.id"), primary_key=True),
        sa.Column("step", sa.String(16), primary_key=True),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )


def _aftercare() -> None:
    op.create_table(
        "aftercare",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("alarm_id", sa.Uuid(), sa.ForeignKey("alarms.id"), nullable=False),
        sa.Column("worker_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("owed_by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("done_by_id", sa.Uuid(), sa.ForeignKey("people.id")),
        sa.Column("done_at", Instant()),
    )
    op.create_index("ix_aftercare_alarm", "aftercare", ["alarm_id"])
    partial_index("ix_aftercare_owed", "aftercare", ["org_id", "made_at"], "done_at IS NULL")


def _person_sheets() -> None:
    op.create_table(
        "person_sheets",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
    )
    op.create_table(
        "sheet_openings",
        sa.Column("alarm_id", sa.Uuid(), sa.ForeignKey("alarms.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
    )


def _walls() -> None:
    op.create_table(
        "walls",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), nullable=False, index=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("made_by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant()),
        sa.Column("revoked_by_id", sa.Uuid(), sa.ForeignKey("people.id")),
    )
