"""Where she is: found during visits only, told to the server now and then, never between visits.

The device's own watch (mobile/service) starts with it, which has to happen while the app can be
seen: that is what lets it run on when the app is gone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from mobile.core.acts import Acts
from mobile.core.clock import wall_s
from mobile.core.database import NotKept
from mobile.core.facts import Facts
from mobile.core.show_visit import here
from mobile.ports import Fix, Location
from shared.states import VisitStatus

EVERY = timedelta(minutes=5)
OLDEST = timedelta(minutes=2)


def on_a_visit(facts: Facts) -> str | None:
    """The id of the visit she is on."""
    found = here(facts)
    return found.visit.id if found and found.visit.status is VisitStatus.OPEN else None


class Looking:
    """Looks while she is on a visit; begins only while the app can be seen."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._looking: bool | None = None

    def follow(self, facts: Facts, *, seen: bool) -> None:
        """Begin or stop."""
        wanted = on_a_visit(facts) is not None
        if wanted and not self._looking and seen and self._location.allowed():
            self._location.start()
            self._looking = True
        elif not wanted and self._looking is not False:
            self._location.stop()
            self._looking = False


class Telling:
    """Tells the server every 5 minutes where she is, if the phone has found out since."""

    def __init__(self, acts: Acts, location: Location, wall: Callable[[], float] = wall_s) -> None:
        self._acts = acts
        self._location = location
        self._wall = wall
        self._told_at: datetime | None = None
        self._told: Fix | None = None

    def follow(self, facts: Facts) -> None:
        """Tell it, if it is time and she is on a visit the server knows."""
        visit = on_a_visit(facts)
        if visit is None or facts.visit(visit) is None or self._is_soon(facts.now):
            return
        fix = self._location.last()
        if fix is None or fix == self._told or self._is_old(fix):
            return
        try:
            self._acts.position(visit, fix)
        except NotKept:
            return
        self._told_at, self._told = facts.now, fix

    def _is_old(self, fix: Fix) -> bool:
        return self._wall() - fix.at.timestamp() > OLDEST.total_seconds()

    def _is_soon(self, now: datetime) -> bool:
        return self._told_at is not None and timedelta() <= now - self._told_at < EVERY
