"""How Alembic reaches the database: over the connection that `server.store.upgrading` hands it."""

from alembic import context

from server.store.db import Base
from server.store.upgrading import render_item

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
