"""Whose visits a board has shown to whom: written down once for each visit, not every minute."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from server.acts import looking as acts
from server.store import db, looking
from server.store.looking import Seen
from server.store.people import Person
from shared.states import Means

WHAT = "board"
A_DAY = timedelta(days=1)
"""A visit lasts 16 hours at the most."""
MOST_KEPT = 200_000


class Remembered:
    """What this process has written down already, so that the database is not asked each time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[UUID, Seen], None] = OrderedDict()
        self._lock = threading.Lock()

    def new(self, viewer_id: UUID, seen: Iterable[Seen]) -> set[Seen]:
        """Those that were not asked about before; from now on they were."""
        with self._lock:
            found = {one for one in seen if (viewer_id, one) not in self._kept}
            self._kept.update({(viewer_id, one): None for one in found})
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found


remembered = Remembered()


def note(viewer: Person, seen: Iterable[Seen], now: datetime) -> None:
    """Write down what of this was not written down within a day."""
    fresh = remembered.new(viewer.id, seen)
    if not fresh:
        return
    subjects = {one.subject_id for one in fresh}
    known = db.read(lambda session: looking.looked_since(session, viewer.id, subjects, now - A_DAY))
    acts.write_down(viewer, fresh - known, Means.PAGE, now)
