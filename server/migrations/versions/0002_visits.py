"""Visits, alarms, the rungs they climbed and who was told."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.migrations.partial import partial_index
from server.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _visits()
    _visits_indexes()
    _watchings()
    _alarms()
    _alarms_indexes()
    _alarm_steps()
    _told()


def _visits_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("worker_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("client_ref", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("risk", sa.String(10), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("record_ref", sa.String(60)),
        sa.Column("note", sa.String(500)),
        sa.Column("buddy_id", sa.Uuid(), sa.ForeignKey("people.id")),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("raise_at", Instant()),
        sa.Column("next_at", Instant()),
        sa.Column("reminded_to", Instant()),
        sa.Column("extra_grace_for", Instant()),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("heard_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant()),
        sa.Column("closed_how", sa.String(20)),
        sa.Column("close_outcome", sa.String(20)),
        sa.Column("veil", sa.JSON(none_as_null=True)),
        sa.Column("lat", sa.Double()),
        sa.Column("lon", sa.Double()),
        sa.Column("accuracy_m", sa.Double()),
        sa.Column("position_at", Instant()),
    ]


def _visits() -> None:
    op.create_table(
        "visits",
        *_visits_columns(),
        sa.CheckConstraint("kind IN ('visit', 'travel', 'home')", name="kind_known"),
        sa.CheckConstraint("risk IN ('standard', 'high')", name="risk_known"),
        sa.CheckConstraint(
            "status IN ('planned', 'open', 'closed', 'cancelled')", name="status_known"
        ),
        sa.UniqueConstraint("started_by_id", "client_ref"),
    )


def _visits_indexes() -> None:
    partial_index(
        "ix_visits_live",
        "visits",
        ["next_at"],
        "status IN ('planned', 'open') AND next_at IS NOT NULL",
    )
    op.create_index("ix_visits_team", "visits", ["team_id", "status", "due_at"])
    op.create_index("ix_visits_worker", "visits", ["worker_id", "status"])


def _watchings() -> None:
    op.create_table(
        "watchings",
        sa.Column("visit_id", sa.Uuid(), sa.ForeignKey("visits.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )


def _alarms_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("worker_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("visit_id", sa.Uuid(), sa.ForeignKey("visits.id")),
        sa.Column("raised_by_id", sa.Uuid(), sa.ForeignKey("people.id")),
        sa.Column("client_ref", sa.Uuid()),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("unverified", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("due_at", Instant()),
        sa.Column("ladder_json", sa.JSON(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("rung_at", Instant(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), sa.ForeignKey("people.id")),
        sa.Column("owned_at", Instant()),
        sa.Column("first_owned_at", Instant()),
        sa.Column("owner_until", Instant()),
        sa.Column("owner_asked_at", Instant()),
        sa.Column("managers_told_at", Instant()),
        sa.Column("outcome", sa.String(20)),
        sa.Column("resolved_at", Instant()),
        sa.Column("resolved_by_id", sa.Uuid(), sa.ForeignKey("people.id")),
        sa.Column("veil", sa.JSON(none_as_null=True)),
        sa.Column("snapshot", sa.JSON(none_as_null=True)),
        sa.Column("lat", sa.Double()),
        sa.Column("lon", sa.Double()),
        sa.Column("accuracy_m", sa.Double()),
    ]


def _alarms() -> None:
    op.create_table(
        "alarms",
        *_alarms_columns(),
        sa.CheckConstraint(
            "kind IN ('overdue', 'sos', 'duress', 'not_started')", name="kind_known"
        ),
        sa.CheckConstraint("status IN ('raised', 'owned', 'resolved')", name="status_known"),
        sa.UniqueConstraint("raised_by_id", "client_ref"),
    )


def _alarms_indexes() -> None:
    op.create_index("ix_alarms_team", "alarms", ["team_id", "status"])
    partial_index("ix_alarms_unfinished", "alarms", ["next_at"], "status <> 'resolved'")
    op.create_index("ix_alarms_visit_id", "alarms", ["visit_id"])
    op.create_index("ix_alarms_worker", "alarms", ["worker_id", "status"])
    partial_index(
        "uq_alarms_once_per_due", "alarms", ["visit_id", "due_at"], "kind = 'overdue'", unique=True
    )
    partial_index(
        "uq_alarms_one_open_overdue",
        "alarms",
        ["visit_id"],
        "kind = 'overdue' AND status <> 'resolved' AND veil IS NULL",
        unique=True,
    )


def _alarm_steps() -> None:
    op.create_table(
        "alarm_steps",
        sa.Column("alarm_id", sa.Uuid(), sa.ForeignKey("alarms.id"), primary_key=True),
        sa.Column("rung", sa.Integer(), primary_key=True),
        sa.Column("round", sa.Integer(), primary_key=True),
        sa.Column("planned_at", Instant(), nullable=False),
        sa.Column("fired_at", Instant(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
    )


def _told() -> None:
    op.create_table(
        "told",
        sa.Column("alarm_id", sa.Uuid(), sa.ForeignKey("alarms.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("letter", sa.String(3), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("letter_ended_at", Instant()),
        sa.Column("passed_at", Instant()),
    )
    op.create_index("ix_told_person", "told", ["person_id", "letter_ended_at"])
