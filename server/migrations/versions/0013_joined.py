"""The SOS that another one joined: the phone may call it by either id."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("alarm_id", sa.Uuid()))
