"""An application that has a database and nothing else, for whoever only minds the database."""

from flask import Flask

from server.store.db import engine_options, open_database

CONNECTIONS = 2


def bare_app(url: str) -> Flask:
    """Such an application; nothing is connected to until something is asked."""
    app = Flask("server")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, CONNECTIONS)
    open_database(app)
    return app
