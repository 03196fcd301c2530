"""Takes the database through its migrations: all of the missing steps in one transaction, or none.

On a connection of its own: SQLite must not enforce foreign keys while a table is rebuilt, and on
PostgreSQL waiting for another migration may take longer than any request would wait.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from server import store
from server.migrations import FOLDER
from server.store.db import BUSY_MS, TO_POSTGRES, Base, db
from server.store.schema import NotOurs
from server.store.types import Instant

ONE_AT_A_TIME = 0x77617968
"""The advisory lock that whoever migrates holds: any number that nothing else uses."""
WAIT_FOR_OTHERS_MS = 120_000
WAIT_FOR_A_TABLE_MS = 8_000


def upgrade(app: Flask, *, is_new: bool) -> None:
    """Take every missing step; needs an application context. See `schema.migrate`."""
    engine = _own_engine(db.engine)
    try:
        with engine.begin() as connection:
            _be_alone(connection, is_new)
            command.upgrade(config(app, connection), "head")
            _check_references(connection)
    finally:
        engine.dispose()


def config(app: Flask, connection: Connection) -> Config:
    """What Alembic is told: where the steps are and which connection to use."""
    Migrate(app, db, directory=str(FOLDER))
    found: Config = app.extensions["migrate"].migrate.get_config()
    found.attributes["connection"] = connection
    return found


def models() -> MetaData:
    """Every table there is, whichever of the store's modules says so."""
    for module in iter_modules(store.__path__, "server.store."):
        import_module(module.name)
    return Base.metadata


def render_item(kind: str, found: Any, context: AutogenContext) -> str | Literal[False]:
    """How a type of ours is written in a new step."""
    if kind == "type" and isinstance(found, Instant):
        context.imports.add("from server.store.types import Instant")
        return "Instant()"
    return False


def _own_engine(of: Engine) -> Engine:
    if of.dialect.name != "sqlite":
        return create_engine(of.url, poolclass=NullPool, connect_args=TO_POSTGRES)
    own = create_engine(of.url, poolclass=NullPool)
    event.listen(own, "connect", _set_pragmas)
    event.listen(own, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return own


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _be_alone(connection: Connection, is_new: bool) -> None:
    """Wait until nobody else migrates; Alembic reads the number again behind this lock."""
    if connection.dialect.name == "sqlite":
        _refuse_a_stranger(connection, is_new)
        return
    connection.execute(text(f"SET LOCAL statement_timeout = {WAIT_FOR_OTHERS_MS}"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    # A step that waits for a table holds up everybody who comes after it: better to fail soon.
    connection.execute(text(f"SET LOCAL lock_timeout = {WAIT_FOR_A_TABLE_MS}"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))


def _refuse_a_stranger(connection: Connection, is_new: bool) -> None:
    tables = set(inspect(connection).get_table_names())
    if is_new and tables and "alembic_version" not in tables:
        raise NotOurs(
            f"{connection.engine.url.database} is a database of something else; "
            "set WAYHOME_DATABASE_URL to another file."
        )


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise NotOurs(f"Table {broken[0]} points at rows that are not there; nothing was changed.")
