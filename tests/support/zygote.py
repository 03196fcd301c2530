"""Starts processes of the program fast: one that has loaded everything once, and forks.

A journey needs three or four processes, each of which would take a second of loading on a busy
machine. What is forked here is a process like any other: with its own id, group, environment,
output and clock, killed and reaped for itself. WAYHOME_TEST_PLAIN=1 starts every one afresh.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NoReturn

from tests.support.launcher import Clocks, launch, move_clocks

ROOT = Path(__file__).parents[2]
LONGEST = 65_536
PRELOADED = (
    "alembic.command",
    "gunicorn.workers.gthread",
    "server.api",
    "server.app",
    "server.cli",
    "server.cli.importing",
    "server.cli.keeping",
    "server.cli.serving",
    "server.cli.workers",
    "server.engine",
    "server.hooks",
    "server.pages",
    "server.store.upgrading",
)


class Zygote:
    """The other end: asks for processes, and hears what became of them. Safe in threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mine, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.zygote", str(theirs.fileno())],
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()

    def start(
        self, folder: Path, arguments: list[str], env: dict[str, str], out: int, errors: int
    ) -> int:
        """The id of a new process that runs this command."""
        wish = {"folder": str(folder), "arguments": arguments, "env": env}
        return int(self._ask(wish, [out, errors]))

    def poll(self, pid: int) -> int | None:
        """Its exit code (minus the signal that ended it), or None while it lives."""
        found = self._ask({"poll": pid}, [])
        return None if found is None else int(found)

    def _ask(self, wish: dict[str, Any], handles: list[int]) -> Any:
        with self._lock:
            socket.send_fds(self._mine, [json.dumps(wish).encode()], handles)
            return json.loads(self._mine.recv(LONGEST))

    def close(self) -> None:
        """No more processes."""
        self._mine.close()
        self._process.wait(10)


def serve(own: socket.socket) -> None:
    """Fork on demand until nobody asks any more; then whatever is left of it all is killed."""
    clocks = move_clocks()
    for name in (*PRELOADED, *_pages()):
        import_module(name)
    gc.collect()
    gc.freeze()
    ended: dict[int, int | None] = {}
    while True:
        said, handles, _, _ = socket.recv_fds(own, LONGEST, 2)
        if not said:
            break
        wish = json.loads(said)
        if "poll" in wish:
            answer = _ended(wish["poll"], ended)
        else:
            answer = _fork(own, clocks, wish, handles)
            ended[answer] = None
        own.send(json.dumps(answer).encode())
    for pid in [pid for pid in ended if _ended(pid, ended) is None]:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _pages() -> list[str]:
    from server import pages

    return [one.name for one in walk_packages(pages.__path__, "server.pages.")]


def _ended(pid: int, ended: dict[int, int | None]) -> int | None:
    if ended[pid] is None:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            ended[pid] = os.waitstatus_to_exitcode(status)
    return ended[pid]


def _fork(own: socket.socket, clocks: Clocks, wish: dict[str, Any], handles: list[int]) -> int:
    pid = os.fork()
    if pid == 0:
        own.close()
        _become(clocks, wish, handles)
    for handle in handles:
        os.close(handle)
    return pid


def _become(clocks: Clocks, wish: dict[str, Any], handles: list[int]) -> NoReturn:
    """In the child: everything that makes it a process of its own, then the command."""
    code = 1
    try:
        os.setsid()
        for handle, number in zip(handles, (1, 2), strict=True):
            os.dup2(handle, number)
            os.close(handle)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(wish["env"])
        launch(clocks, Path(wish["folder"]), wish["arguments"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001 - whatever it was, it ends here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


_zygotes: list[Zygote] = []


def the_zygote() -> Zygote:
    """The one of this run, made when it is first needed."""
    if not _zygotes:
        _zygotes.append(Zygote())
    return _zygotes[0]


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
