"""A disk that fills up: a small one in memory where that may be mounted, else limits that come to
the same for the process under test."""

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LEFT_WHEN_FULL = 4096
SIZE = "3m"


def may_mount() -> bool:
    """Whether this user may mount a disk in memory here."""
    if os.geteuid() != 0:
        return False
    return (
        subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0
    )


class SmallDisk:
    """A folder that can be filled to the brim and emptied again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.is_mounted = may_mount() and self._mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs")
        self._filler = folder / "filler"

    def _mount(self, *options: str) -> bool:
        command = ["mount", *options, str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self, pids: list[int]) -> None:
        """Leave no room; where it is no disk of its own, for the files these processes write."""
        if not self.is_mounted:
            size = max(path.stat().st_size for path in self.folder.iterdir())
            self._limit(pids, size)
            return
        with self._filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * LEFT_WHEN_FULL)
            except OSError:
                return

    def empty(self, pids: list[int]) -> None:
        """Make room again."""
        self._filler.unlink(missing_ok=True)
        if not self.is_mounted:
            self._limit(pids, resource.RLIM_INFINITY)

    @staticmethod
    def _limit(pids: list[int], size: int) -> None:
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def close(self) -> None:
        """Take it away."""
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A small disk that is gone afterwards."""
    disk = SmallDisk(folder)
    try:
        yield disk
    finally:
        disk.close()


def children_of(pid: int) -> list[int]:
    """This process and everything it has started, the youngest last."""
    found = [pid]
    for one in found:
        path = Path(f"/proc/{one}/task/{one}/children")
        if path.exists():
            found += [int(child) for child in path.read_text().split()]
    return found


def signal_all(pids: list[int], send: Callable[[int], None]) -> None:
    """Send every process that still is there a signal."""
    for pid in pids:
        try:
            send(pid)
        except ProcessLookupError:
            continue
