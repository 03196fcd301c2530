"""What was rendered last for whom, so that an unchanged board costs one statement to say so.

A board's ETag is made of what is on it and of nothing else: what is hidden from a viewer must not
show in when her board changes (P4). So the bytes are rendered first and their ETag kept, with the
fingerprint of everything they came from; while that is the same, so is the ETag.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

MOST_KEPT = 1_000


@dataclass(frozen=True)
class Known:
    """One board as it was rendered: from what, how long time alone leaves it, and its ETag."""

    pulse: Hashable
    good_until: datetime
    etag: str

    def still(self, pulse: Hashable, now: datetime) -> bool:
        """Whether rendering it again would give the same."""
        return pulse == self.pulse and now < self.good_until


class Memory:
    """The ETags of the boards this process has rendered last."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, Known] = OrderedDict()
        self._lock = threading.Lock()

    def etag(self, key: Hashable, pulse: Hashable, now: datetime) -> str | None:
        """The ETag of what would be rendered for this key; None where that is not known."""
        with self._lock:
            known = self._known.get(key)
        return known.etag if known is not None and known.still(pulse, now) else None

    def keep(self, key: Hashable, known: Known) -> None:
        """Remember what was rendered."""
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
