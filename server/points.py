"""Named moments between a commit and the call that follows it.

`reach` does nothing in service. Tests that kill processes at exactly these moments set `watcher`
from a launcher of their own, so that no setting of a real installation can.
"""

from collections.abc import Callable

watcher: Callable[[str], None] | None = None


def reach(name: str) -> None:
    """Say that the moment called `name` has come."""
    if watcher is not None:
        watcher(name)
