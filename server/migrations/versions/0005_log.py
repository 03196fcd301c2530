"""The log, its personal parts, and where its chains end."""

import sqlalchemy as sa
from alembic import op

from server.migrations.partial import partial_index
from server.store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _log()
    _log_payloads()
    _log_heads()


def _log() -> None:
    op.create_table(
        "log",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("visit_id", sa.Uuid()),
        sa.Column("alarm_id", sa.Uuid()),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("audience", sa.String(12), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("by", sa.String(10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer()),
        sa.Column("previous", sa.String(64)),
        sa.Column("hash", sa.String(64)),
        sa.CheckConstraint(
            "audience IN ('all', 'not_subject', 'only_subject')", name="audience_known"
        ),
        sa.UniqueConstraint("org_id", "seq"),
    )
    op.create_index("ix_log_alarm", "log", ["alarm_id", "id"])
    op.create_index("ix_log_org", "log", ["org_id", "id"])
    op.create_index("ix_log_subject", "log", ["subject_id", "id"])
    partial_index("ix_log_unchained", "log", ["org_id", "id"], "seq IS NULL")
    op.create_index("ix_log_visit", "log", ["visit_id", "id"])


def _log_payloads() -> None:
    op.create_table(
        "log_payloads",
        sa.Column(
            "entry_id", BIG_ID, sa.ForeignKey("log.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
    )


def _log_heads() -> None:
    op.create_table(
        "log_heads",
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
