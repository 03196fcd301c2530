"""A clock that only the test moves."""

from datetime import UTC, datetime, timedelta

A_TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
"""Two in the afternoon in London, in winter: wall clock and UTC agree."""


class ManualClock:
    """Stands still until it is moved; see `server.clock.Clock`."""

    def __init__(self, start: datetime = A_TUESDAY) -> None:
        self._now = start

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self._now

    def forward(self, seconds: float = 0.0, *, minutes: float = 0.0) -> datetime:
        """Let so much time pass, and return the new present."""
        self._now += timedelta(seconds=seconds, minutes=minutes)
        return self._now

    def move_to(self, instant: datetime) -> datetime:
        """Make it that instant, later or earlier, and return it."""
        self._now = instant.astimezone(UTC)
        return self._now
