"""What gateways call: inbound texts, calls, and the fates of messages."""

from flask import Flask


def register(app: Flask) -> None:
    """Add these routes to the application."""
    from server.hooks.views import hooks

    app.register_blueprint(hooks)
