"""Organisations, teams, people, who watches whom, and their phones."""

import sqlalchemy as sa
from alembic import op

from server.store.types import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _organisations()
    _teams()
    _people()
    _memberships()
    _pairings()
    _devices()
    _enrolments()
    _wrong_pins()


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("slug", sa.String(60), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("timezone", sa.String(60), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("keep_alarm_days", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("keep_alarm_days BETWEEN 30 AND 36500", name="keep_alarm_days_bounds"),
        sa.CheckConstraint("keep_days BETWEEN 30 AND 36500", name="keep_days_bounds"),
    )


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("policy_json", sa.JSON(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.UniqueConstraint("org_id", "slug"),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("ref", sa.String(60), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("mobile", sa.String(20)),
        sa.Column("landline", sa.Boolean(), nullable=False),
        sa.Column("number_proof", sa.String(10), nullable=False),
        sa.Column("number_proven_at", Instant()),
        sa.Column("unreachable_since", Instant()),
        sa.Column("email", sa.String(254)),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("no_calls", sa.Boolean(), nullable=False),
        sa.Column("prefers", sa.String(10)),
        sa.Column("pin_hash", sa.String(64)),
        sa.Column("duress_hash", sa.String(64)),
        sa.Column("wrong_pins", sa.Integer(), nullable=False),
        sa.Column("pins_jammed", sa.Boolean(), nullable=False),
        sa.Column("pins_before", sa.JSON()),
        sa.Column("away_from", Instant()),
        sa.Column("away_until", Instant()),
        sa.Column("left_at", Instant()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "number_proof IN ('none', 'trusted', 'proven')", name="number_proof_known"
        ),
        sa.UniqueConstraint("org_id", "mobile"),
        sa.UniqueConstraint("org_id", "ref"),
    )
    op.create_index("ix_people_mobile", "people", ["mobile"])


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id"), primary_key=True),
        sa.Column("home", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_memberships_team_id", "memberships", ["team_id"])


def _pairings() -> None:
    op.create_table(
        "pairings",
        sa.Column("worker_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("rank", sa.Integer(), primary_key=True),
        sa.Column("watcher_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.UniqueConstraint("worker_id", "watcher_id"),
    )
    op.create_index("ix_pairings_watcher_id", "pairings", ["watcher_id"])


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant()),
    )
    op.create_index("ix_devices_person_id", "devices", ["person_id"])


def _enrolments() -> None:
    op.create_table(
        "enrolments",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
    )
    op.create_index("ix_enrolments_person_id", "enrolments", ["person_id"])


def _wrong_pins() -> None:
    op.create_table(
        "wrong_pins",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("request", sa.String(64), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
    )
