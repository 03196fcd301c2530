"""`wayhome serve`, `web` and `engine`: the processes that watch."""

import errno
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from server.cli.preparing import (
    apart,
    must_name_postgresql,
    must_reach_people,
    prepare,
    settings_for,
    sqlite_path,
    wait_option,
)
from server.cli.saying import DONE, leave, refuse
from server.config import Settings

if TYPE_CHECKING:
    from flask import Flask

ENGINE_STOP_S = 4.0
STOP_WITHIN_S = 8.0
BACKLOG = 512
NEEDS_POSTGRESQL = (
    "{} needs PostgreSQL (WAYHOME_DATABASE_URL): the embedded database can be written to by one "
    "process only. For one machine run: wayhome serve"
)
HOST_HELP = "The address to listen on."
PORT_HELP = "The port to listen on; 0 takes a free one."
PRETEND_HELP = "Rehearse on pretend phones: nobody will be told."

host_option = click.option("--host", default="127.0.0.1", show_default=True, help=HOST_HELP)
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help=PORT_HELP
)
pretend_option = click.option("--pretend", is_flag=True, help=PRETEND_HELP)


@click.command()
@host_option
@port_option
@pretend_option
@wait_option
def serve(host: str, port: int, pretend: bool, wait_s: int) -> None:
    """Migrate, then run web and engine in one process.

    On the embedded database, unless WAYHOME_DATABASE_URL names a PostgreSQL.

    Prints `ready http://HOST:PORT` when it serves.
    """
    _only_where_processes_fork()
    listener = bind(host, port)
    settings = settings_for(host=host, port=listener.getsockname()[1], pretend=pretend)
    must_reach_people(settings)
    serve_house(settings, listener, wait_s=wait_s)


def serve_house(
    settings: Settings,
    listener: socket.socket,
    *,
    wait_s: float,
    make_app: Callable[[], "Flask"] | None = None,
    beside: Callable[["Flask"], None] | None = None,
) -> None:
    """Migrate and serve web and engine until told to stop.

    The demo brings its own `make_app`, and starts what plays its day with `beside`.
    """
    kept = lock_house(sqlite_path(settings))
    apart(lambda: prepare(settings, may_migrate=True, wait_s=wait_s))
    from server.cli import workers

    plan = workers.Plan(
        address=listen(listener),
        listener=listener,
        make_app=make_app or (lambda: _make_app(settings)),
        start=lambda app: start_engine(app, beside),
    )
    workers.serve(plan)
    del kept


@click.command()
@host_option
@port_option
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many processes answer.",
)
@pretend_option
@wait_option
def web(host: str, port: int, workers: int, pretend: bool, wait_s: int) -> None:
    """Run only the web, over PostgreSQL.

    As many as wanted, beside at least one `wayhome engine`. Prints `ready http://HOST:PORT`.
    """
    _only_where_processes_fork()
    must_name_postgresql(NEEDS_POSTGRESQL.format("web"))
    listener = bind(host, port)
    settings = settings_for(host=host, port=listener.getsockname()[1], pretend=pretend)
    _check_shared(settings, "web", wait_s)
    from server.cli import workers as processes

    plan = processes.Plan(
        address=listen(listener),
        listener=listener,
        make_app=lambda: _make_app(settings),
        workers=workers,
    )
    processes.serve(plan)


@click.command()
@pretend_option
@wait_option
def engine(pretend: bool, wait_s: int) -> None:
    """Run only the engine, over PostgreSQL.

    Several may run, on several machines, and each can do all the work.

    Prints `ready engine` when it watches. It ends itself with exit 70 if it hangs: have it started
    again by whatever started it.
    """
    must_name_postgresql(NEEDS_POSTGRESQL.format("engine"))
    settings = settings_for(pretend=pretend)
    _check_shared(settings, "engine", wait_s)
    from server import logs

    logs.configure()
    logs.configure_structlog()
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    stop = start_engine(_make_app(settings), None)
    click.echo("ready engine")
    told_to_stop.wait()
    # A round that hangs must not keep the process: nobody minds this one as a master would.
    enough = threading.Timer(STOP_WITHIN_S, leave, (DONE,))
    enough.daemon = True
    enough.start()
    stop()
    leave(DONE)


def start_engine(app: "Flask", beside: Callable[["Flask"], None] | None) -> Callable[[], None]:
    """Start the engine of this application; returns how to stop it."""
    from server.engine import start

    running = start(app)
    if beside is not None:
        beside(app)
    return lambda: running.stop(ENGINE_STOP_S)


def bind(host: str, port: int) -> socket.socket:
    """The address, ours from now on but not yet answering; refused in one sentence."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        found = socket.socket(family)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
    except OSError as fault:
        refuse(_why_not_bound(host, port, fault))
    return found


def listen(listener: socket.socket) -> str:
    """Begin to take connections; returns the address as it is printed."""
    host, port = listener.getsockname()[:2]
    try:
        listener.listen(BACKLOG)
    except OSError as fault:
        refuse(_why_not_bound(host, port, fault))
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _why_not_bound(host: str, port: int, fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use; stop what uses it, or give another --port."
    if fault.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has; give a --port over 1023."
    return f"--host {host}: not an address of this machine."


def lock_house(path: Path | None) -> IO[str] | None:
    """Be the only one who serves this embedded database, as long as the returned file is open.

    The lock belongs to the open file and so to the workers too: a worker that outlives its master
    still keeps others out.
    """
    if path is None:
        return None
    import fcntl

    try:
        file = path.with_name(path.name + ".lock").open("w")
    except OSError as fault:
        refuse(f"{path.parent} cannot be written to ({fault.strerror}); see WAYHOME_DATA_DIR.")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        refuse(f"Another `wayhome serve` is running on {path}; stop that one first.")
    return file


def _make_app(settings: Settings) -> "Flask":
    from server.app import create_app

    return create_app(settings)


def _check_shared(settings: Settings, name: str, wait_s: float) -> None:
    if settings.is_sqlite:
        refuse(NEEDS_POSTGRESQL.format(name))
    must_reach_people(settings)
    apart(lambda: prepare(settings, may_migrate=False, wait_s=wait_s))


def _only_where_processes_fork() -> None:
    if not hasattr(os, "fork"):
        refuse("This needs Linux or macOS; on Windows run it in Docker or in WSL.")
