"""Plays the day, over and over: the thread behind the page of pretend phones."""

import threading
from collections.abc import Callable
from datetime import datetime

import requests
import structlog
from flask import Flask

from server.clock import FastClock, monotonic_s
from server.demo import answers
from server.demo.answers import Answer
from server.demo.day import DAY, Scene, Text, next_beginning
from server.demo.doors import App, in_app
from server.demo.pace import CHOICES, Pace
from server.demo.team import BY_REF, HINTS, TEAM_OF_FIVE
from server.pages.phones.door import send_from
from server.pages.phones.show import Hint, Pins
from server.store import pretend
from server.store.db import Session, read

TICK_S = 0.2
HANDS_OFF_S = 30.0
LEAVES_ALONE_S = 90.0
QUIET_S = 45.0
REST_S = 12.0
TIDIES_EVERY_S = 0.6

BEFORE = "Nobody is out yet. The team's afternoon begins."
BETWEEN = "Nobody is out."
AFTER = "Everybody is back. The day soon begins again; until then, text something yourself."
TIDYING = "Everybody is coming back, then the day begins again."

log = structlog.get_logger()


class Player:
    """The demo's `Show` (see server.pages.phones.show), and the thread that plays it.

    A phone that somebody who watches has just typed on is theirs for a while, and the manager waits
    with her answer as long as anybody plays.
    """

    def __init__(
        self,
        app: Flask,
        clock: FastClock,
        pace: Pace,
        address: str,
        skip: Callable[[datetime], None],
    ) -> None:
        self._app = app
        self._clock = clock
        self._pace = pace
        self._skip = skip
        self._apps = {member.ref: App(app, address, member) for member in TEAM_OF_FIVE}
        self._thread = threading.Thread(target=self._play, name="player", daemon=True)
        self._again = False
        self._touched_s: dict[str, float] = {}
        self._tidied_s = 0.0
        self._over_s: float | None = None
        self._begin(clock.now())

    def _begin(self, at: datetime) -> None:
        self._began = at
        self._left = list(DAY)
        self._again = False
        self._over_s = None

    @property
    def speed(self) -> float:
        """See `Show`."""
        return self._pace.speed

    @property
    def paused(self) -> bool:
        """See `Show`."""
        return self._pace.paused

    @property
    def speeds(self) -> tuple[int, ...]:
        """See `Show`."""
        return CHOICES

    @property
    def began(self) -> datetime:
        """See `Show`."""
        return self._began

    @property
    def hints(self) -> tuple[Hint, ...]:
        """See `Show`."""
        return HINTS

    @property
    def outlook(self) -> str:
        """See `Show`."""
        if self._again:
            return TIDYING
        if len(self._left) == len(DAY):
            return BEFORE
        return BETWEEN if self._left else AFTER

    def pins(self, ref: str) -> Pins | None:
        """See `Show`."""
        return BY_REF[ref].pins if ref in BY_REF else None

    def pause(self) -> None:
        """See `Show`."""
        self._pace.pause()

    def go_on(self) -> None:
        """See `Show`."""
        self._pace.go_on()

    def run_at(self, speed: int) -> None:
        """See `Show`."""
        self._pace.run_at(speed)

    def start_again(self) -> None:
        """See `Show`."""
        self._again = True
        self._pace.go_on()

    def taken_over(self, number: str) -> None:
        """See `Show`."""
        self._touched_s[number] = monotonic_s()

    def start(self) -> None:
        """Begin to play."""
        self._thread.start()

    def _play(self) -> None:
        rest = threading.Event()
        while not rest.wait(TICK_S):
            try:
                in_app(self._app, self.tick)
            except Exception:
                log.exception("player_stumbled")

    def tick(self) -> None:
        """Do whatever the day wants now. Needs an application context."""
        self._pace.alarm_is_open(read(pretend.is_any_unresolved))
        if self.paused:
            return
        now = self._clock.now()
        if self._again:
            self._tidy(now)
            return
        self._play_scenes(now)
        self._answer_in_the_end(now)
        self._end_the_day()

    def _play_scenes(self, now: datetime) -> None:
        while self._left and self._began + self._left[0].after <= now:
            self._play_one(self._left.pop(0))

    def _play_one(self, scene: Scene) -> None:
        if self._is_played(scene.who.mobile) or not read(lambda session: _fits(session, scene)):
            return
        if isinstance(scene.does, Text):
            send_from(scene.who.mobile, scene.does.body)
            return
        try:
            self._apps[scene.who.ref].do(scene.does)
        except requests.RequestException as fault:
            log.warning("app_refused", who=scene.who.ref, why=str(fault))

    def _answer_in_the_end(self, now: datetime) -> None:
        if self._somebody_plays(LEAVES_ALONE_S):
            return
        for answer in read(lambda session: answers.in_the_end(session, now)):
            self._send(answer)

    def _somebody_plays(self, within_s: float) -> bool:
        return monotonic_s() - max(self._touched_s.values(), default=-within_s) < within_s

    def _is_played(self, number: str) -> bool:
        return monotonic_s() - self._touched_s.get(number, -HANDS_OFF_S) < HANDS_OFF_S

    @staticmethod
    def _send(answer: Answer) -> None:
        send_from(answer.who.mobile, answer.body)

    def _tidy(self, now: datetime) -> None:
        """Bring everybody home by their own texts, one round of them after another."""
        if monotonic_s() - self._tidied_s < TIDIES_EVERY_S:
            return
        self._tidied_s = monotonic_s()
        left = read(lambda session: answers.home_again(session, now))
        for answer in left:
            self._send(answer)
        if not left:
            self._next_day()

    def _end_the_day(self) -> None:
        """Once the script is through, nobody is out and nobody plays: rest, then begin again."""
        quiet = not self._left and not self._somebody_plays(QUIET_S)
        if not quiet or read(_anything_open):
            self._over_s = None
            return
        self._over_s = self._over_s or monotonic_s()
        if monotonic_s() - self._over_s >= REST_S:
            self._next_day()

    def _next_day(self) -> None:
        """The night passes at once; nobody is out, so nothing is missed by it."""
        begins = next_beginning(self._clock.now())
        self._skip(begins)
        self._begin(begins)


def _anything_open(session: Session) -> bool:
    return pretend.is_any_unresolved(session) or pretend.is_anyone_out(session)


def _fits(session: Session, scene: Scene) -> bool:
    """Whether it still makes sense: whoever watches may have begun or ended that visit."""
    is_out = any(v.worker.ref == scene.who.ref for v in pretend.open_visits(session))
    return is_out is not scene.begins
