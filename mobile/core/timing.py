"""When something was done, as the server is told it (P10)."""

from typing import Any

from mobile.core.clock import PhoneClock
from mobile.core.outbox import Entry
from mobile.core.statements import POSITION, SOS

TIMELESS = frozenset({"away"})
"""What carries no time of its own (contract 5)."""


def when(clock: PhoneClock, entry: Entry) -> dict[str, Any]:
    """The part of a request that says when. Left out where it is not known: nothing is made up. A
    call for help does not wait until it is; it says how long ago it was."""
    if entry.kind in TIMELESS:
        return {}
    at = clock.resolve(entry.stamp)
    if at is None and entry.kind == POSITION:
        at = clock.now()
    if at is not None:
        return {"at": at.isoformat()}
    age_s = clock.age_s(entry.stamp) if entry.kind == SOS else None
    return {} if age_s is None else {"age_s": age_s}
