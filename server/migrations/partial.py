"""An index over some rows only, said once for both databases."""

import sqlalchemy as sa
from alembic import op


def partial_index(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    """Make it."""
    rows = sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=rows, sqlite_where=rows)
