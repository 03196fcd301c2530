"""Signing in to the pages."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from server.store.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sessions()
    _logins()
    _passkeys()
    _recovery_codes()
    _invitations()
    _identities()


def _person(*, primary_key: bool = False) -> sa.Column[UUID]:
    key = sa.ForeignKey("people.id")
    return sa.Column("person_id", sa.Uuid(), key, nullable=False, primary_key=primary_key)


def _sessions() -> None:
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _person(),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("how", sa.String(30), nullable=False),
        sa.Column("agent", sa.String(60), nullable=False),
        sa.Column("challenge", sa.LargeBinary()),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("proven_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.UniqueConstraint("secret_hash"),
        sa.CheckConstraint("stage IN ('half', 'setup', 'full')", name="stage_known"),
    )
    op.create_index("ix_web_sessions_person_id", "web_sessions", ["person_id"])
    op.create_index("ix_web_sessions_ends_at", "web_sessions", ["ends_at"])


def _logins() -> None:
    op.create_table(
        "web_logins",
        _person(primary_key=True),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("password_at", Instant()),
        sa.Column("totp_sealed", sa.String(300)),
        sa.Column("totp_at", Instant()),
        sa.Column("totp_step", sa.BigInteger()),
    )


def _passkeys() -> None:
    op.create_table(
        "web_passkeys",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _person(),
        sa.Column("credential", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
        sa.UniqueConstraint("credential"),
    )
    op.create_index("ix_web_passkeys_person_id", "web_passkeys", ["person_id"])


def _recovery_codes() -> None:
    op.create_table(
        "web_recovery_codes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _person(),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", Instant()),
        sa.UniqueConstraint("code_hash"),
    )
    op.create_index("ix_web_recovery_codes_person_id", "web_recovery_codes", ["person_id"])


def _invitations() -> None:
    op.create_table(
        "web_invitations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _person(),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_web_invitations_person_id", "web_invitations", ["person_id"])


def _identities() -> None:
    op.create_table(
        "web_identities",
        sa.Column("issuer", sa.String(300), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        _person(),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_web_identities_person_id", "web_identities", ["person_id"])
