"""One application over one database, swept clean for every night that is played on it.

SQLAlchemy compiles each statement once for each engine; an application for each test would spend
half of the tests' time on that.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.clock import Clock
from server.gateways.base import Gateway
from server.running import install
from server.store.db import Base, db
from tests.support.clock import ManualClock
from tests.support.database import Postgres
from tests.support.people import open_app, running_in, writing
from tests.support.postbox import Postbox


class Stage:
    """An application that one night after the other is played on."""

    def __init__(self, folder: Path, source: Path | Postgres) -> None:
        self._source = source
        self._file = folder / "wayhome.db"
        self.url = f"sqlite:///{self._file}" if isinstance(source, Path) else source.new()
        if isinstance(source, Path):
            shutil.copyfile(source, self._file)
        clock = ManualClock()
        self.app = open_app(self.url, folder, clock, ways_out=[Postbox(clock.now)], lasting=True)
        self._as_built = running_in(self.app)
        self._fresh = True

    def set(self, clock: Clock, gateway: Gateway) -> Flask:
        """An empty house on this clock, whose only way out is this gateway; nothing that a test
        changed in it is left."""
        if not self._fresh:
            self._sweep()
        self._fresh = False
        running = self._as_built
        desk = replace(running.desk, ways=frozenset(gateway.ways))
        install(self.app, replace(running, clock=clock, gateways=(gateway,), desk=desk))
        return self.app

    def _sweep(self) -> None:
        if isinstance(self._source, Postgres):
            writing(self.app, _empty)
            return
        with self.app.app_context():
            db.engine.dispose()
        for end in ("-wal", "-shm"):
            self._file.with_name(self._file.name + end).unlink(missing_ok=True)
        shutil.copyfile(self._source, self._file)

    def strike(self) -> None:
        """Nobody plays here any more."""
        with self.app.app_context():
            db.engine.dispose()
        if isinstance(self._source, Postgres):
            self._source.drop(self.url)


def _empty(session: Session) -> None:
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    session.execute(text("INSERT INTO house (id) VALUES (1)"))
