"""Jobs that may take a while, beside the rounds and never in a sender's thread.

A gateway that hangs answers nobody: asking it what became of earlier messages must not take the
threads that hand alarms over.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from flask import Flask

KINDS_AT_ONCE = 4

log = structlog.get_logger()


class Asides:
    """Does each kind of job once at a time; one that is still going on is not begun again."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(KINDS_AT_ONCE, thread_name_prefix="aside")
        self._lock = threading.Lock()
        self._going_on: set[str] = set()

    @property
    def busy(self) -> bool:
        """Whether any job is going on."""
        return bool(self._going_on)

    def do(self, kind: str, job: Callable[[], object]) -> None:
        """Do this soon, unless the last of its kind has not come to an end; never raises."""
        with self._lock:
            if kind in self._going_on:
                return
            self._going_on.add(kind)
        self._pool.submit(self._run, kind, job)

    def stop(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, kind: str, job: Callable[[], object]) -> None:
        try:
            with self._app.app_context():
                job()
        except Exception:
            log.exception("aside_failed", kind=kind)
        finally:
            with self._lock:
                self._going_on.discard(kind)
