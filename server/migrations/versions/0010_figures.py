"""The log's order of time holds what the lists and the reports ask of each visit and message."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ASKED = ["org_id", "starts_at", "id", "team_id", "status", "ends_at", "closed_at", "close_outcome"]


def upgrade() -> None:
    op.drop_index("ix_visits_org_starts", "visits")
    op.create_index("ix_visits_org_starts", "visits", ASKED)
    op.drop_index("ix_messages_visit", "messages")
    op.create_index("ix_messages_visit", "messages", ["visit_id", "purpose", "way", "status"])
