"""What a worker took of the offer after several false alarms: a longer usual visit, a reminder."""

import sqlalchemy as sa
from alembic import op

from server.store.types import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("usual_minutes", sa.Integer()))
    op.add_column(
        "people",
        sa.Column("more_reminders", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("people", sa.Column("offer_answered_at", Instant()))
