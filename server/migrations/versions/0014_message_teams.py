"""A message about a visit knows its team, so that a report counts a span of messages at once."""

import sqlalchemy as sa
from alembic import op

from server.migrations.partial import partial_index

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTED = ["org_id", "decided_at", "team_id", "purpose", "way", "status"]
BACKFILL = """
    UPDATE messages SET team_id = (SELECT v.team_id FROM visits v WHERE v.id = messages.visit_id)
    WHERE visit_id IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("messages", sa.Column("team_id", sa.Uuid()))
    op.execute(BACKFILL)
    partial_index("ix_messages_decided", "messages", COUNTED, "visit_id IS NOT NULL")
