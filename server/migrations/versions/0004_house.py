"""What the service knows about itself."""

import sqlalchemy as sa
from alembic import op

from server.store.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _house()
    _engine_beats()
    _requests()
    _looks()
    _buckets()
    op.execute("INSERT INTO house (id) VALUES (1)")


def _house() -> None:
    op.create_table(
        "house",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("round_at", Instant()),
        sa.Column("way_out_lost_at", Instant()),
    )


def _engine_beats() -> None:
    op.create_table(
        "engine_beats",
        sa.Column("engine_id", sa.Uuid(), primary_key=True),
        sa.Column("host", sa.String(100), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.Column("lag_s", sa.Double(), nullable=False),
        sa.Column("clock_behind_s", sa.Double(), nullable=False),
    )


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("request_id", sa.Uuid(), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_index("ix_requests_at", "requests", ["at"])


def _looks() -> None:
    op.create_table(
        "looks",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("viewer_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("visit_id", sa.Uuid()),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("by", sa.String(10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_index("ix_looks_subject", "looks", ["subject_id", "at"])


def _buckets() -> None:
    op.create_table(
        "buckets",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
