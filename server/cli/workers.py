"""Serving with gunicorn: a small master that only minds its workers, and starts one again.

The master loads neither the database nor the application, so it stays small and has nothing that
must not be forked. A worker that ends by itself (its watchdog bit, it was killed) is replaced at
once; one that cannot even begin ends the command if none ever began, else is tried again.
"""

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from server import logs
from server.cli.saying import REFUSED, explain, leave, say
from server.memory import settle_memory

if TYPE_CHECKING:
    from flask import Flask

THREADS = 16
GRACEFUL_S = 8
QUICKLY_S = 1
REST_S = 1.0
TRY_AGAIN = 70


class Begun:
    """Whether any worker of this master has begun to serve: one byte in a pipe that one takes."""

    def __init__(self) -> None:
        self._out, self._in = os.pipe()
        os.set_blocking(self._out, False)
        os.write(self._in, b"1")

    def __bool__(self) -> bool:
        return not select.select([self._out], [], [], 0)[0]

    def first(self) -> bool:
        """True for exactly one caller in all the workers."""
        try:
            return bool(os.read(self._out, 1))
        except BlockingIOError:
            return False


@dataclass(frozen=True)
class Plan:
    """What the workers do. `start` starts what runs beside the web, and returns how to stop it."""

    address: str
    listener: socket.socket
    make_app: Callable[[], "Flask"]
    start: Callable[["Flask"], Callable[[], None]] | None = None
    workers: int = 1


class PlainLogger(Logger):  # type: ignore[misc]
    """Gunicorn's messages go where all the others go."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Master(Arbiter):  # type: ignore[misc]
    """Ends when its terminal is closed, unless told not to (nohup); never grows or reloads.

    A second worker on the embedded database would be a second engine on it.
    """

    def init_signals(self) -> None:
        stays = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        super().init_signals()
        if stays:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def handle_hup(self) -> None:
        raise StopIteration

    def _leave_as_it_is(self) -> None:
        pass

    handle_ttin = handle_ttou = handle_usr2 = handle_winch = _leave_as_it_is


class Worker(ThreadWorker):  # type: ignore[misc]
    """Ends soon on Ctrl-C, and never by waiting for itself.

    Gunicorn's own ends its threads inside the signal handler, under a lock that the interrupted
    code may hold: Ctrl-C sends two signals at once, and the second finds the first one at it.
    """

    def handle_quit(self, sig: int, frame: Any) -> None:
        self.cfg.set("graceful_timeout", QUICKLY_S)
        self.handle_exit(sig, frame)


class Server(BaseApplication):  # type: ignore[misc]
    """The gunicorn application for a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._begun = Begun()
        self._stop: Callable[[], None] | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def _settings(self) -> dict[str, Any]:
        return {
            "bind": f"fd://{self._plan.listener.fileno()}",
            "worker_class": Worker,
            "workers": self._plan.workers,
            "threads": THREADS,
            "timeout": 30,
            "graceful_timeout": GRACEFUL_S,
            "keepalive": 65,
            "limit_request_line": 4094,
            "limit_request_fields": 64,
            "limit_request_field_size": 8190,
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "worker_tmp_dir": _memory_folder(),
            "logger_class": PlainLogger,
            "loglevel": "warning",
            "accesslog": None,
            "proc_name": "wayhome",
            "post_worker_init": self._begin,
            "worker_exit": self._end,
        }

    def load(self) -> "Flask":
        """The application, in a worker."""
        try:
            logs.configure_structlog()
            return self._plan.make_app()
        except Exception as fault:
            self._give_up(fault)
            raise

    def _give_up(self, fault: Exception) -> None:
        """A house that once stood is tried again for ever; one that never did says why."""
        sentence = explain(fault)
        if self._begun:
            say(
                sentence or f"The application did not start ({type(fault).__name__}); trying again."
            )
            time.sleep(REST_S)
            os._exit(TRY_AGAIN)
        if sentence:
            say(sentence)
            raise SystemExit(Arbiter.APP_LOAD_ERROR) from None

    def _begin(self, worker: Any) -> None:
        settle_memory()
        if self._plan.start is not None:
            self._stop = self._plan.start(worker.app.wsgi())
        if self._begun.first():
            click.echo(f"ready {self._plan.address}")

    def _end(self, _server: Any, _worker: Any) -> None:
        if self._stop is not None:
            self._stop()

    def run(self) -> None:
        Master(self).run()


def serve(plan: Plan) -> None:
    """Serve until told to stop; exit 2 if not even the first worker could begin."""
    logs.configure()
    master = os.getpid()
    try:
        Server(plan).run()
    except SystemExit as end:
        if os.getpid() != master:
            leave(end.code)
        if end.code in (Arbiter.APP_LOAD_ERROR, Arbiter.WORKER_BOOT_ERROR):
            raise SystemExit(REFUSED) from None
        raise


def _memory_folder() -> str | None:
    """Where a worker's sign of life costs no disk: a busy disk must not look like a dead worker."""
    folder = "/dev/shm"  # noqa: S108 - gunicorn makes an unlinked file of its own there
    return folder if os.access(folder, os.W_OK) else None
