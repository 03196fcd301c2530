"""The real `wayhome demo`, as a person would start it."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

READY_WITHIN_S = 60.0
"""Three times what is promised of a warm start: other tests run beside it."""
GONE_WITHIN_S = 15.0
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
LAST_LINE = "Dee goes silent."


class Demo:
    """One demo on a port of its own; ended with `stop`."""

    def __init__(self, *arguments: str, settings: Mapping[str, str] | None = None) -> None:
        command = Path(sys.executable).with_name("wayhome")
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._introduced = threading.Event()
        self._process = subprocess.Popen(
            [str(command), "demo", "--port", "0", *arguments],
            env={**kept, **(settings or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._readers = [
            threading.Thread(target=self._read_lines, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read_lines(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith(LAST_LINE):
                self._introduced.set()
        self._introduced.set()

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        self.errors += [line.rstrip("\n") for line in self._process.stderr]

    def wait(self) -> "Demo":
        """Wait until it serves and has said who is who."""
        self._introduced.wait(READY_WITHIN_S)
        assert any(line.startswith(LAST_LINE) for line in self.lines), (self.lines, self.errors)
        return self

    @property
    def address(self) -> str:
        """Where it serves."""
        found = re.fullmatch(r"ready (http://127\.0\.0\.1:\d+)", self.lines[0])
        assert found is not None, self.lines
        return found[1]

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self._process.pid

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it as a person or a terminal does; returns its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self.wait_gone()

    def wait_gone(self) -> int:
        """Wait until it has ended; returns its exit code."""
        try:
            code = self._process.wait(GONE_WITHIN_S)
        finally:
            self._kill_group()
        for reader in self._readers:
            reader.join(GONE_WITHIN_S)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        return code

    def _kill_group(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
