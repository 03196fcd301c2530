"""The watchdog ends a process whose rounds have stopped, once, and no other (design 3.6)."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

import server.engine as engine_module
from server.engine import Engine, watchdog
from server.engine.watchdog import EXIT_CODE, Watchdog
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import open_app

LIMIT_S = 0.2
A_WHILE_S = 20.0


class Bites:
    """A bite that ends nothing and can be waited for."""

    def __init__(self) -> None:
        self.count = 0
        self._bitten = threading.Event()

    def __call__(self) -> None:
        self.count += 1
        self._bitten.set()

    def came(self) -> bool:
        return self._bitten.wait(A_WHILE_S)


class Stopwatch:
    """Monotonic time that only the test moves; every look at it by a watchdog can be awaited."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._looks = threading.Semaphore(0)

    def __call__(self) -> float:
        if threading.current_thread().name == "watchdog":
            self._looks.release()
        return self.now_s

    def looked_at(self, times: int = 2) -> None:
        """Wait until the watchdog has looked again: the last look but one is over by then."""
        while self._looks.acquire(blocking=False):
            pass
        for _ in range(times):
            assert self._looks.acquire(timeout=A_WHILE_S)


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "LOOK_EVERY_S", 0.005)


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> Stopwatch:
    made = Stopwatch()
    monkeypatch.setattr(watchdog, "monotonic", made)
    return made


def ended() -> bool:
    """Whether no watchdog watches any more."""
    for thread in threading.enumerate():
        if thread.name == "watchdog":
            thread.join(A_WHILE_S)
            return not thread.is_alive()
    return True


def test_it_bites_once_when_nobody_pats_it() -> None:
    bites = Bites()
    Watchdog(LIMIT_S, bites).start()
    assert bites.came()
    assert ended()
    assert bites.count == 1


def test_it_does_not_bite_while_it_is_patted_and_does_when_that_ends(stopwatch: Stopwatch) -> None:
    bites = Bites()
    dog = Watchdog(LIMIT_S, bites)
    stopwatch.now_s = 100.0
    dog.start()
    for _ in range(5):
        stopwatch.now_s += 0.15
        stopwatch.looked_at()
        dog.pat()
    assert bites.count == 0
    stopwatch.now_s += 0.25
    assert bites.came()
    assert ended()
    assert bites.count == 1


def test_told_to_stop_it_bites_no_more(stopwatch: Stopwatch) -> None:
    bites = Bites()
    dog = Watchdog(LIMIT_S, bites)
    dog.start()
    stopwatch.looked_at()
    dog.stop()
    assert ended()
    stopwatch.now_s += 60
    assert bites.count == 0


def test_its_bite_ends_the_process_and_says_where_every_thread_stood() -> None:
    code = "from server.engine.watchdog import end_process; end_process()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == EXIT_CODE
    assert "no round was finished in time" in done.stderr
    assert "most recent call first" in done.stderr


class Faulty(ManualClock):
    """A clock on which every round fails, or hangs; a round takes a tenth of a second."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        super().__init__()
        self._stopwatch = stopwatch
        self.rounds = 0
        self.failed = threading.Semaphore(0)
        self.hangs = threading.Event()
        self.hung = threading.Event()
        self.let_go = threading.Event()

    def now(self) -> datetime:
        if threading.current_thread() is threading.main_thread():
            return super().now()
        if self.hangs.is_set():
            self.hung.set()
            self.let_go.wait(A_WHILE_S)
        else:
            self._stopwatch.now_s += 0.1
            self.failed.release()
        raise OSError("no clock, no round")


@pytest.fixture
def bites(monkeypatch: pytest.MonkeyPatch) -> Bites:
    made = Bites()
    monkeypatch.setattr(engine_module, "Watchdog", partial(Watchdog, LIMIT_S, made))
    return made


@pytest.fixture
def clock(stopwatch: Stopwatch) -> Iterator[Faulty]:
    made = Faulty(stopwatch)
    yield made
    made.let_go.set()


@sqlite_only
def test_rounds_that_fail_are_no_reason_to_bite_but_one_that_hangs_is(
    database_url: str, tmp_path: Path, clock: Faulty, stopwatch: Stopwatch, bites: Bites
) -> None:
    engine = Engine(open_app(database_url, tmp_path, clock, ways_out=[]), every_s=0.01)
    engine.start()
    try:
        for _ in range(10):
            assert clock.failed.acquire(timeout=A_WHILE_S)
        stopwatch.looked_at()
        assert bites.count == 0
        assert not engine.rounds.healthy
        clock.hangs.set()
        assert clock.hung.wait(A_WHILE_S)
        stopwatch.now_s += 0.25
        assert bites.came()
        assert bites.count == 1
    finally:
        clock.let_go.set()
        engine.stop(1.0)
    assert ended()
