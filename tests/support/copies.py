"""Copies of whole databases: what was imported once need not be imported again.

    copy_over(theirs, ours)      # whatever ours held is gone

Nobody may be connected to either.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool


def copy_over(source: str, target: str) -> None:
    """Make the database at one URL the same as that at another of its kind, ids and all."""
    theirs, ours = make_url(source), make_url(target)
    if theirs.get_backend_name() == "sqlite":
        _copy_file(Path(theirs.database or ""), Path(ours.database or ""))
    else:
        _copy_server(theirs, ours)


def beside(url: str, name: str) -> str:
    """Where a copy may be kept: a database of that name on the same server, or in that folder."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        name = str(Path(found.database or "").parent / f"{name}.db")
    return found.set(database=name).render_as_string(hide_password=False)


def _copy_file(theirs: Path, ours: Path) -> None:
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for left in ours.parent.glob(ours.name + "*"):
        left.unlink()
    shutil.copyfile(theirs, ours)


def _copy_server(theirs: URL, ours: URL) -> None:
    admin = create_engine(
        ours.set(database="postgres", drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{ours.database}"'))
        connection.execute(text(f'CREATE DATABASE "{ours.database}" TEMPLATE "{theirs.database}"'))
