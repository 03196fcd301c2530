"""The log in order of time, what a veil touches, and copies that were made to be taken away."""

import sqlalchemy as sa
from alembic import op

from server.migrations.partial import partial_index
from server.store.types import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _in_order_of_time()
    _veiled()
    _copies()


def _in_order_of_time() -> None:
    op.create_index("ix_visits_org_starts", "visits", ["org_id", "starts_at", "id", "team_id"])
    op.create_index("ix_visits_team_starts", "visits", ["team_id", "starts_at", "id"])
    op.create_index("ix_visits_worker_starts", "visits", ["worker_id", "starts_at", "id"])
    op.create_index("ix_alarms_org_raised", "alarms", ["org_id", "raised_at", "id"])
    partial_index("ix_alarms_loose", "alarms", ["org_id", "raised_at", "id"], "visit_id IS NULL")


def _veiled() -> None:
    partial_index("ix_visits_veiled", "visits", ["org_id"], "veil IS NOT NULL")
    partial_index("ix_alarms_veiled", "alarms", ["org_id"], "veil IS NOT NULL")


def _copies() -> None:
    op.create_table(
        "copies",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("mimetype", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_copies_person_id", "copies", ["person_id"])
    op.create_index("ix_copies_made_at", "copies", ["made_at"])
    op.create_table(
        "copy_pieces",
        sa.Column("copy_id", sa.Uuid(), sa.ForeignKey("copies.id"), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
