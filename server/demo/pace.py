"""How fast the demo's time runs: one speed for the day, a slower one while an alarm is open."""

import threading

from server.clock import FastClock

CHOICES = (1, 4, 30, 60)
WITH_ALARM = 4.0


class Pace:
    """Keeps the clock at the right speed; any thread may change its mind."""

    def __init__(self, clock: FastClock, speed: float) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._day = speed
        self._alarm = min(WITH_ALARM, speed)
        self._in_alarm = False
        self._paused = False
        self._apply()

    @property
    def speed(self) -> float:
        """The speed when not paused."""
        return self._alarm if self._in_alarm else self._day

    @property
    def paused(self) -> bool:
        """Whether time stands still."""
        return self._paused

    def pause(self) -> None:
        """Let time stand still."""
        self._change(paused=True)

    def go_on(self) -> None:
        """Let time pass again."""
        self._change(paused=False)

    def run_at(self, speed: float) -> None:
        """Go on at this speed, for as long as things stand as they do."""
        with self._lock:
            if self._in_alarm:
                self._alarm = speed
            else:
                self._day = speed
        self._change(paused=False)

    def alarm_is_open(self, is_open: bool) -> None:
        """Slow down while an alarm is open, so that there is time to read and to answer."""
        if is_open != self._in_alarm:
            self._change(in_alarm=is_open)

    def _change(self, *, paused: bool | None = None, in_alarm: bool | None = None) -> None:
        with self._lock:
            self._paused = self._paused if paused is None else paused
            self._in_alarm = self._in_alarm if in_alarm is None else in_alarm
            self._apply()

    def _apply(self) -> None:
        self._clock.run_at(0.0 if self._paused else self.speed)
