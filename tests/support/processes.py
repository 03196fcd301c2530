"""One process of the program under test: started, watched until it is ready, ended, and its log."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from server.clock import monotonic_s
from tests.support.zygote import ROOT, the_zygote

READY_WITHIN_S = 60.0
GONE_WITHIN_S = 20.0
LOOK_EVERY_S = 0.002
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
"""What a process of ours inherits; every setting of the program itself is given."""

_numbers = count(1)


class Handle(Protocol):
    """What is needed of a started process."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...


class Forked:
    """A process of the zygote's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Its exit code, or None while it lives."""
        return the_zygote().poll(self.pid)


def spawn(
    folder: Path, arguments: Sequence[str], settings: Mapping[str, str], out: int, errors: int
) -> Handle:
    """A process that runs the real program on the clock in `folder`, leading its own group."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    env = {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **settings}
    if not os.environ.get("WAYHOME_TEST_PLAIN"):
        return Forked(the_zygote().start(folder, list(arguments), env, out, errors))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.launcher", str(folder), *arguments],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=errors,
        start_new_session=True,
    )


def wait_for(handle: Handle, within_s: float) -> int | None:
    """Its exit code once it has ended; None if it has not within so many seconds."""
    pause, until_s = threading.Event(), monotonic_s() + within_s
    while (code := handle.poll()) is None and monotonic_s() < until_s:
        pause.wait(LOOK_EVERY_S)
    return code


def run(
    folder: Path, arguments: Sequence[str], settings: Mapping[str, str], within_s: float
) -> tuple[int, str, str]:
    """Run one command to its end: exit code, stdout, stderr."""
    number = next(_numbers)
    paths = [folder / f"{arguments[0]}-{number}.{name}" for name in ("out", "err")]
    with paths[0].open("wb") as out, paths[1].open("wb") as errors:
        handle = spawn(folder, arguments, settings, out.fileno(), errors.fileno())
    code = wait_for(handle, within_s)
    if code is None:
        os.killpg(handle.pid, signal.SIGKILL)
        raise AssertionError(f"wayhome {arguments[0]} did not end within {within_s:g} s")
    said = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    return code, said[0], said[1]


class Process:
    """A serving process. It leads a group of its own, so that all of it can be killed at once."""

    def __init__(self, folder: Path, arguments: Sequence[str], settings: Mapping[str, str]) -> None:
        self.name = arguments[0]
        self.arguments = list(arguments)
        self.log_path = folder / f"{self.name}-{next(_numbers)}.log"
        self.lines: list[str] = []
        self.ready_s = 0.0
        self._ready = threading.Event()
        mine, its = os.pipe()
        with self.log_path.open("ab") as log:
            self._handle = spawn(folder, arguments, settings, its, log.fileno())
        os.close(its)
        self._reader = threading.Thread(target=self._read, args=(mine,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its group."""
        return self._handle.pid

    def _read(self, handle: int) -> None:
        with os.fdopen(handle, encoding="utf-8") as out:
            for line in out:
                self.lines.append(line.rstrip("\n"))
                if line.startswith("ready"):
                    self.ready_s = monotonic_s()
                    self._ready.set()
        self._ready.set()

    def wait_ready(self) -> None:
        """Wait for its `ready` line; fails with its log if it ends or is silent instead."""
        self._ready.wait(READY_WITHIN_S)
        if not self.ready_s:
            raise AssertionError(f"{self.name} did not become ready:\n{self.log_path.read_text()}")

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._handle.poll() is None

    def wait_gone(self, within_s: float = GONE_WITHIN_S) -> int:
        """Wait until it has ended, by itself or by a kill that was armed; returns its exit code."""
        code = wait_for(self._handle, within_s)
        if code is None:
            raise AssertionError(f"{self.name} was to end, and goes on")
        self._signal(signal.SIGKILL)
        self._reader.join(GONE_WITHIN_S)
        return code

    def kill(self) -> None:
        """SIGKILL for the whole group, and wait until nothing of it is left."""
        self._signal(signal.SIGKILL)
        self.wait_gone()

    def ask_to_stop(self) -> None:
        """SIGTERM, as a supervisor sends it."""
        if self.lives:
            os.kill(self.pid, signal.SIGTERM)

    def thaw(self) -> None:
        """Let it go on, should it have been held still."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of a log; one that is not JSON is kept as plain words."""
    found: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict):
            entry = {"level": "plain", "event": line}
        found.append(entry)
    return found
