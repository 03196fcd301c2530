"""Messages, every try at sending them, and what came in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.migrations.partial import partial_index
from server.store.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _messages()
    _messages_indexes()
    _attempts()
    _providers()
    _inbound()
    _pretend_texts()


def _messages_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("alarm_id", sa.Uuid(), sa.ForeignKey("alarms.id")),
        sa.Column("visit_id", sa.Uuid(), sa.ForeignKey("visits.id")),
        sa.Column("rung", sa.Integer()),
        sa.Column("purpose", sa.String(12), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(6), nullable=False),
        sa.Column("to", sa.String(254), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Uuid()),
        sa.Column("asking_since", Instant()),
        sa.Column("provider", sa.String(20)),
        sa.Column("sid", sa.String(64)),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20)),
        sa.Column("why", sa.String(300)),
        sa.Column("handed_at", Instant()),
        sa.Column("checked_at", Instant()),
        sa.Column("final_at", Instant()),
    ]


def _messages() -> None:
    op.create_table(
        "messages",
        *_messages_columns(),
        sa.CheckConstraint(
            "purpose IN ('alarm', 'broadcast', 'news', 'owned', 'ask_owner', "
            "'stand_down', 'warn', 'nudge', 'notice')",
            name="purpose_known",
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'accepted', 'delivered', 'failed', "
            "'replaced', 'moot')",
            name="status_known",
        ),
        sa.CheckConstraint("way IN ('text', 'call', 'email', 'push')", name="way_known"),
        sa.UniqueConstraint("provider", "sid"),
    )


def _messages_indexes() -> None:
    op.create_index("ix_messages_alarm", "messages", ["alarm_id", "person_id", "way"])
    partial_index(
        "ix_messages_unconfirmed",
        "messages",
        ["checked_at"],
        "status = 'accepted' AND checked_at IS NOT NULL",
    )
    partial_index(
        "ix_messages_unfinished", "messages", ["next_at"], "status IN ('pending', 'sending')"
    )
    op.create_index("ix_messages_visit", "messages", ["visit_id"])


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Uuid(), sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("fate", sa.String(12)),
        sa.Column("code", sa.String(20)),
        sa.Column("sid", sa.String(64)),
    )
    op.create_index("ix_attempts_message_id", "attempts", ["message_id"])
    op.create_index("ix_attempts_sid", "attempts", ["sid"])


def _providers() -> None:
    op.create_table(
        "providers",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("down_since", Instant()),
        sa.Column("next_probe_at", Instant()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("account_wide", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(300)),
        sa.Column("accepted_at", Instant()),
    )


def _inbound() -> None:
    op.create_table(
        "inbound",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id")),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.UniqueConstraint("provider", "sid"),
    )
    op.create_index("ix_inbound_number", "inbound", ["number"])


def _pretend_texts() -> None:
    op.create_table(
        "pretend_texts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("sid", sa.String(64), nullable=False, unique=True),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("extra", sa.JSON()),
    )
    op.create_index("ix_pretend_texts_number", "pretend_texts", ["number"])
