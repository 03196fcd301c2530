"""The address by which somebody who was told of an alarm sees it without signing in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("told", sa.Column("link_hash", sa.String(64)))
    op.create_index("uq_told_link", "told", ["link_hash"], unique=True)
