"""What one running process is made of, handed to routes, commands and the engine alike."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from server.acts.base import Desk
from server.clock import Clock
from server.config import Settings
from server.gateways.base import Gateway, Webhooks

KEY = "wayhome"


@dataclass(frozen=True)
class Running:
    """The settings, the clock and the ways out of this process."""

    settings: Settings
    clock: Clock
    desk: Desk
    gateways: tuple[Gateway, ...]
    webhooks: Webhooks | None


def install(app: Flask, running: Running) -> None:
    """Make it known to the application."""
    app.extensions[KEY] = running


def running() -> Running:
    """What the process that serves this request is made of."""
    return cast(Running, current_app.extensions[KEY])
