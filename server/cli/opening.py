"""Opening the house for one command: its database, its keys and its ways out, nothing started."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from server.cli.preparing import NOT_MIGRATED
from server.cli.saying import refuse
from server.config import Settings

if TYPE_CHECKING:
    from server.running import Running


@contextmanager
def opened(settings: Settings) -> Iterator["Running"]:
    """The application's parts, in its context.

    Where no way out is set up, whatever serves this database can only be rehearsing: what a command
    decides to say is then said to pretend phones, and says so.
    """
    from server.app import create_app
    from server.running import running
    from server.store.db import db

    if settings.twilio is None:
        settings = replace(settings, pretend=True)
    app = create_app(settings)
    with app.app_context():
        try:
            yield running()
        finally:
            db.engine.dispose()


def must_be_migrated() -> None:
    """Refuse to change a database whose tables are not those this code was written for."""
    from server.store import db, schema

    if not db.read(schema.is_newest):
        refuse(NOT_MIGRATED)
