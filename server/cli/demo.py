"""`wayhome demo`: a made-up team's day on pretend phones. Tells nobody outside this computer."""

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli.saying import about, refuse
from server.cli.serving import bind, port_option, serve_house
from server.clock import FASTEST
from server.config import Settings, read_settings

if TYPE_CHECKING:
    from flask import Flask

HOST = "127.0.0.1"
DEFAULT_SPEED = 30
DEMO = "wayhome.demo"


@click.command()
@port_option
@click.option(
    "--speed",
    type=click.FloatRange(1, FASTEST),
    default=DEFAULT_SPEED,
    show_default=True,
    help="How many times faster than life the day runs; at most 4 while an alarm is open.",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="An empty folder to keep the day in; without it everything is forgotten in the end.",
)
def demo(port: int, speed: float, data_dir: Path | None) -> None:
    """Watch a made-up team's day on pretend phones, in the browser. Tells nobody outside.

    Prints `ready http://127.0.0.1:PORT` when it serves, then who is who.
    """
    if data_dir is not None:
        _must_be_empty(data_dir)
        _serve(port, speed, data_dir)
        return
    folder = Path(tempfile.mkdtemp(prefix="wayhome-demo-"))
    try:
        _serve(port, speed, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _must_be_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        refuse(f"--data-dir: {folder} is not empty; the demo begins on a fresh database.")


def _serve(port: int, speed: float, folder: Path) -> None:
    """Nothing of the environment counts here: no database, gateway or watchdog of a real house."""
    listener = bind(HOST, port)
    port = listener.getsockname()[1]
    settings = read_settings({}, host=HOST, port=port, demo=True, data_dir=folder)
    about(settings.database_url)
    serve_house(
        settings,
        listener,
        wait_s=0,
        make_app=lambda: _make_app(settings, speed),
        beside=_play,
    )


def _make_app(settings: Settings, speed: float) -> "Flask":
    from server.demo.house import make_demo

    made = make_demo(settings, speed)
    made.app.extensions[DEMO] = made
    return made.app


def _play(app: "Flask") -> None:
    from server.demo.house import play

    play(app.extensions[DEMO])
