"""Moments at which a test may kill the app; nothing else happens at them.

Only a test's own launcher sets a watcher. No setting can.
"""

from collections.abc import Callable

_watchers: list[Callable[[str], None]] = []


def reach(name: str) -> None:
    """Say that this moment has come."""
    for watcher in _watchers:
        watcher(name)


def watch(watcher: Callable[[str], None]) -> None:
    """Have `watcher` called with the name of every moment from now on."""
    _watchers.append(watcher)
