"""The installed `wayhome` command as a process, in surroundings that say nothing else."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any, TypeVar

from server.clock import monotonic_s

ROOT = Path(__file__).parents[2]
WAYHOME = (str(Path(sys.executable).with_name("wayhome")),)
READY_WITHIN_S = 60.0
STOPPED_WITHIN_S = 15.0
POLL_S = 0.02

T = TypeVar("T")


def until(condition: Callable[[], T | None], what: str, within_s: float = 30.0) -> T:
    """Ask until the answer is true and return it; fails where that takes too long."""
    until_s, pause = monotonic_s() + within_s, threading.Event()
    while not (found := condition()):
        assert monotonic_s() < until_s, f"waited {within_s} s in vain for {what}"
        pause.wait(POLL_S)
    return found


def mortal() -> None:
    """In a new process: obey the permissions of files and the rights to ports, even as root."""
    if os.geteuid() != 0:
        return
    libc, drop = ctypes.CDLL(None, use_errno=True), 24
    for capability in (0, 1, 2, 3, 10):
        if libc.prctl(drop, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "a capability could not be dropped")


def wayhome_env(data_dir: Path, **settings: str) -> dict[str, str]:
    """The whole environment of one command: these settings and no others."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "WAYHOME_DATA_DIR": str(data_dir), **settings}


def start(
    arguments: Sequence[str],
    env: Mapping[str, str],
    *,
    program: Sequence[str] = WAYHOME,
    **extra: Any,
) -> "subprocess.Popen[str]":
    """Start the command; both its outputs are pipes."""
    return subprocess.Popen(
        [*program, *arguments],
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **extra,
    )


def finish(
    arguments: Sequence[str], env: Mapping[str, str], within_s: float = 30.0, **extra: Any
) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    process = start(arguments, env, **extra)
    out, err = process.communicate(timeout=within_s)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


class Lines:
    """What a process writes, line by line, as it comes: waited for, never slept for."""

    def __init__(self, stream: Any) -> None:
        self.seen: list[str] = []
        self._queue: Queue[str | None] = Queue()
        self._stream = stream
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def find(self, pattern: str, within_s: float) -> "re.Match[str]":
        """The next line that matches; fails where none comes in time or the stream ends."""
        while True:
            try:
                line = self._queue.get(timeout=within_s)
            except Empty:
                raise AssertionError(f"no line matched {pattern!r}; saw {self.seen}") from None
            assert line is not None, f"the stream ended without {pattern!r}; saw {self.seen}"
            self.seen.append(line)
            found = re.search(pattern, line)
            if found:
                return found

    def waiting(self) -> list[str]:
        """What has been written by now and was not looked at."""
        found: list[str] = []
        while not self._queue.empty():
            line = self._queue.get()
            found += [] if line is None else [line]
        self.seen += found
        return found

    def rest(self, within_s: float = 10.0) -> list[str]:
        """Everything that is still to come until the stream ends."""
        found: list[str] = []
        while (line := self._queue.get(timeout=within_s)) is not None:
            found.append(line)
        self.seen += found
        return found


class Serving:
    """A command that goes on until it is stopped."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str], **extra: Any) -> None:
        self.process = start(arguments, env, start_new_session=True, **extra)
        self.out, self.err = Lines(self.process.stdout), Lines(self.process.stderr)
        self.address = ""

    @property
    def pid(self) -> int:
        """The process that was started: for a server, the master."""
        return self.process.pid

    def until_ready(self, within_s: float = READY_WITHIN_S) -> "Serving":
        """Wait for its `ready` line."""
        self.address = self.out.find(r"^ready (\S+)$", within_s).group(1)
        return self

    def children(self) -> list[int]:
        """Its workers, from the kernel's own list."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in listed.split()]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal and wait for its end; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOPPED_WITHIN_S)

    def kill(self) -> None:
        """End it and everything it started, whatever state it is in."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait(STOPPED_WITHIN_S)
