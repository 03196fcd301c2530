"""The application: its database, its clock, its ways out and its routes, put together here only."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from server.acts.base import Desk
from server.clock import FASTEST, Clock, FastClock, SteadyClock
from server.config import Settings
from server.gateways import GatewaySettings, gateways, webhooks
from server.gateways.base import Gateway
from server.pretend_phones import PretendPhones
from server.running import Running, install
from server.store.clock import EVERY_S, database_clock
from server.store.db import db, engine_options, open_database

WEB_THREADS = 16
SPARE_CONNECTIONS = 6
LARGEST_BODY = 8 * 1024 * 1024


def create_app(
    settings: Settings, *, clock: Clock | None = None, ways_out: list[Gateway] | None = None
) -> Flask:
    """A whole Wayhome over one database, without having started anything.

    `clock` and `ways_out` are given by tests and the demo; otherwise they follow the settings.
    """
    app = Flask("server")
    threads = settings.senders + WEB_THREADS + SPARE_CONNECTIONS
    app.config.update(
        SECRET_KEY=settings.keys.seal("session", "flask"),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, threads),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    open_database(app)
    with app.app_context():
        clock = clock or _clock(settings)
    install(app, assemble(settings, clock, ways_out))
    _register(app)
    _believe_proxies(app, settings.trusted_proxies)
    return app


def assemble(settings: Settings, clock: Clock, ways_out: list[Gateway] | None = None) -> Running:
    """What the application is made of: see `create_app`."""
    sink = PretendPhones(clock.now) if settings.pretend else None
    doors = GatewaySettings(twilio=settings.twilio, pretend=sink)
    out = tuple(gateways(doors) if ways_out is None else ways_out)
    desk = Desk(
        keys=settings.keys,
        ways=frozenset(way for gateway in out for way in gateway.ways),
        rehearsal=settings.pretend and not settings.demo,
        public_url=settings.public_url,
        hurry=FASTEST if isinstance(clock, FastClock) else 1.0,
    )
    return Running(settings, clock, desk, out, webhooks(doors))


def _believe_proxies(app: Flask, hops: int) -> None:
    """Take the client's address and scheme from exactly this many proxies, none by default: the
    headers of any other could be written by anybody. Webhooks never depend on it."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def _clock(settings: Settings) -> Clock:
    if settings.demo:
        return FastClock()
    if settings.is_sqlite:
        return SteadyClock()
    return SteadyClock(database_clock(db.engine), EVERY_S)


def _register(app: Flask) -> None:
    from server import api, hooks, pages
    from server.hooks.texting import take_text
    from server.pages.phones import door

    for part in (api, hooks, pages):
        part.register(app)
    door.install(app, take_text)
