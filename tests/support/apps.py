"""Applications that one test after the other uses, each time over another database.

Building an application takes a third of a second, and SQLAlchemy compiles every statement once for
each engine: half of the tests' time. So an application goes back when the test that opened it ends,
and whoever next opens one with the same settings gets it, with fresh connections to a database of
its own, another clock and other ways out.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, make_url

from server.api.health import EXTENSION
from server.app import assemble, create_app
from server.clock import Clock
from server.config import Settings
from server.gateways.base import Gateway
from server.running import install
from server.store.db import db


@dataclass
class Kept:
    """One application, and the database that its connections are made to."""

    app: Flask
    engine: Engine
    target: URL
    config: dict[str, Any]
    extensions: dict[str, Any]
    taken: bool = True

    def point(self, _dialect: Any, _record: Any, where: list[Any], how: dict[str, Any]) -> None:
        """Before each connection: to this database, whichever the engine was made for."""
        if self.target.get_backend_name() == "sqlite":
            where[0] = self.target.database
        else:
            how["dbname"] = self.target.database

    def over(self, settings: Settings, clock: Clock, ways_out: list[Gateway] | None) -> Flask:
        """The application as if it had just been built for these settings."""
        self.taken = True
        self.app.config.clear()
        self.app.config.update(self.config | {"SQLALCHEMY_DATABASE_URI": settings.database_url})
        self.app.extensions.clear()
        self.app.extensions.update(self.extensions)
        self.target = make_url(settings.database_url)
        for counter in (self.extensions[EXTENSION].answers, self.extensions[EXTENSION].seconds):
            counter.clear()
        install(self.app, assemble(settings, clock, ways_out))
        return self.app

    def give_back(self) -> None:
        """Nobody uses it any more."""
        self.engine.dispose()
        self.taken = False


class Pool:
    """Every application of this run that may be used again, by what they were built with."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Kept]] = {}

    def open(
        self, settings: Settings, clock: Clock, ways_out: list[Gateway] | None, key: str
    ) -> Flask:
        """One that nobody uses, or a new one."""
        found = self._kept.setdefault(key, [])
        free = next((one for one in found if not one.taken), None)
        if free is not None:
            return free.over(settings, clock, ways_out)
        app = create_app(settings, clock=clock, ways_out=ways_out)
        found.append(_keep(app, settings))
        return app

    def taken(self) -> list[Kept]:
        """Those in use."""
        return [one for kept in self._kept.values() for one in kept if one.taken]


def _keep(app: Flask, settings: Settings) -> Kept:
    with app.app_context():
        engine = db.engine
    kept = Kept(
        app, engine, make_url(settings.database_url), dict(app.config), dict(app.extensions)
    )
    event.listen(engine, "do_connect", kept.point)
    return kept


pool = Pool()
