"""A phone's clocks, turned by hand."""

from datetime import UTC, datetime
from itertools import count

from mobile.core.clock import PhoneClock

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
_BOOTS = count(1)


class Hands:
    """The true time, the phone's own (off by `wall_off_s`) and its ticks; nothing waits."""

    def __init__(self, wall_off_s: float = 0.0, boot: str = "first") -> None:
        self.true_s = NOON.timestamp()
        self.tick_s = 1000.0
        self.wall_off_s = wall_off_s
        self.boot = boot

    def clock(self) -> PhoneClock:
        """A process's clock on this phone."""
        return PhoneClock(lambda: self.tick_s, lambda: self.true_s + self.wall_off_s, self.boot)

    def true_now(self) -> datetime:
        """What an honest clock shows."""
        return datetime.fromtimestamp(self.true_s, UTC)

    def passes(self, seconds: float) -> None:
        """Time goes by; whether the phone sleeps makes no difference."""
        self.true_s += seconds
        self.tick_s += seconds

    def restart(self, boot: str | None = None, took_s: float = 30.0) -> None:
        """The phone is switched off and on."""
        self.true_s += took_s
        self.tick_s = 5.0
        self.boot = f"boot-{next(_BOOTS)}" if boot is None else boot

    def hear(self, clock: PhoneClock, took_s: float = 0.0, server_at: float | None = None) -> bool:
        """The server answers after `took_s`; it read its time `server_at` seconds into that."""
        sent = self.tick_s
        wrote_at = self.true_s + (took_s / 2 if server_at is None else server_at)
        self.passes(took_s)
        server_time = datetime.fromtimestamp(wrote_at, UTC)
        return clock.discipline(server_time, sent, self.tick_s)
