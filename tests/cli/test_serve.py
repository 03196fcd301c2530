"""`wayhome serve` as a process: ready, watching, one at a time, small, and gone when told."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.support.command import ROOT, Serving, finish, until, wayhome_env

PRETEND = ("serve", "--port", "0", "--pretend")
MEMORY_MB = 150

Start = Callable[..., Serving]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def serving() -> Iterator[Start]:
    """Starts servers that are gone after the test, whatever became of it."""
    begun: list[Serving] = []

    def begin(
        data: Path, *, before: Callable[[], object] | None = None, **settings: str
    ) -> Serving:
        begun.append(Serving(PRETEND, wayhome_env(data, **settings), preexec_fn=before))
        return begun[-1]

    yield begin
    for server in begun:
        server.kill()


def last_round(data: Path) -> int | None:
    """When the engine last finished a round, as the database has it."""
    with closing(sqlite3.connect(f"file:{data / 'wayhome.db'}?mode=ro", uri=True)) as database:
        found: int | None = database.execute("SELECT round_at FROM house").fetchone()[0]
    return found


def a_new_round(data: Path) -> int:
    """Wait for the engine to finish a round."""
    before = last_round(data)
    return until(lambda: (now := last_round(data)) != before and now, "another round")


def answers(server: Serving) -> bool:
    try:
        return requests.get(f"{server.address}/healthz", timeout=20).ok
    except requests.ConnectionError:
        return False


def pss_mb(pid: int) -> float:
    """What this process really takes: its own memory and its share of what it shares."""
    said = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    line = next(line for line in said.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024


def test_it_makes_the_database_serves_and_watches(data: Path, serving: Start) -> None:
    server = serving(data).until_ready()
    assert answers(server)
    a_new_round(data)
    assert server.stop() == 0
    assert server.out.rest() == []
    assert server.out.seen == [f"ready {server.address}"]
    assert server.err.rest() == ["wayhome: REHEARSAL: nobody will be told."]


def test_everything_it_keeps_is_for_its_owner_only(data: Path, serving: Start) -> None:
    serving(data).until_ready()
    modes = {path.name: path.stat().st_mode & 0o077 for path in [data, *data.iterdir()]}
    assert {"data", "secret_key", "wayhome.db"} <= modes.keys()
    assert set(modes.values()) == {0}


@pytest.fixture
def not_under_nohup() -> Iterator[None]:
    """What is started here may be told by SIGHUP, though these tests themselves may not."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_is_gone_within_ten_seconds_of_being_told(
    data: Path, serving: Start, not_under_nohup: None, number: int
) -> None:
    """All of it is told at once, as by Ctrl-C and by a closed terminal; SIGTERM also by itself."""
    server = serving(data).until_ready()
    with requests.Session() as kept_alive:
        assert kept_alive.get(f"{server.address}/healthz", timeout=20).ok
        workers = server.children()
        os.killpg(server.pid, number)
        assert server.process.wait(10) == 0
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []


def _as_by_nohup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def test_no_signal_makes_another_worker_or_begins_anew(data: Path, serving: Start) -> None:
    server = serving(data, before=_as_by_nohup).until_ready()
    [worker] = server.children()
    for number in (signal.SIGHUP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR2, signal.SIGWINCH):
        server.process.send_signal(number)
    a_new_round(data)
    a_new_round(data)
    assert server.children() == [worker]
    assert server.stop() == 0


def test_a_second_one_on_the_same_data_is_refused(data: Path, serving: Start) -> None:
    first = serving(data).until_ready()
    second = finish(PRETEND, wayhome_env(data))
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr.splitlines()[-1] == (
        f"wayhome: Another `wayhome serve` is running on {data / 'wayhome.db'}; "
        "stop that one first."
    )
    assert first.stop() == 0
    assert serving(data).until_ready().stop() == 0


def test_a_killed_worker_is_replaced(data: Path, serving: Start) -> None:
    server = serving(data).until_ready()
    [worker] = server.children()
    os.kill(worker, signal.SIGKILL)
    until(lambda: [pid for pid in server.children() if pid != worker], "another worker")
    until(lambda: answers(server), "an answer")
    a_new_round(data)
    assert server.out.waiting() == []


def test_a_killed_master_leaves_nobody_behind(data: Path, serving: Start) -> None:
    """The worker goes by itself, and until it has gone nobody else may serve the same data."""
    server = serving(data).until_ready()
    [worker] = server.children()
    server.process.kill()
    server.process.wait()
    again = until(lambda: _starts(data, serving), "a new server")
    until(lambda: not Path(f"/proc/{worker}").exists(), "the old worker to be gone")
    assert again.stop() == 0


def _starts(data: Path, serving: Start) -> Serving | None:
    try:
        return serving(data).until_ready()
    except AssertionError:
        return None


@pytest.mark.slow
def test_the_watchdog_ends_a_hung_engine_and_another_takes_over(
    data: Path, serving: Start, tmp_path: Path
) -> None:
    """Design 3.6: no finished round in ten seconds, and the worker dumps its stacks and goes."""
    hung = tmp_path / "hung"
    env = wayhome_env(data, PYTHONPATH=str(ROOT))
    server = Serving(
        PRETEND, env, program=(sys.executable, "-m", "tests.cli.hanging_engine", str(hung))
    )
    try:
        server.until_ready()
        [worker] = server.children()
        until(hung.exists, "a hung round")
        server.err.find("no round was finished in time", within_s=30)
        server.err.find(rf"Worker \(pid:{worker}\) exited with code 70", within_s=30)
        until(lambda: [pid for pid in server.children() if pid != worker], "another worker")
        a_new_round(data)
        assert server.stop() == 0
    finally:
        server.kill()


def test_it_stays_small(data: Path, serving: Start) -> None:
    server = serving(data).until_ready()
    assert answers(server)
    a_new_round(data)
    assert sum(pss_mb(pid) for pid in [server.pid, *server.children()]) < MEMORY_MB


def test_limits_switched_off_are_said_at_start_up(data: Path, serving: Start) -> None:
    server = serving(data, WAYHOME_RATE_LIMITS="off").until_ready()
    assert server.err.find("WAYHOME_RATE_LIMITS", within_s=5).string == (
        "wayhome: WAYHOME_RATE_LIMITS is off: guessing is not slowed down. For load tests only."
    )


def test_a_header_or_a_line_too_long_is_refused(data: Path, serving: Start) -> None:
    server = serving(data).until_ready()
    long_line = requests.get(f"{server.address}/healthz?{'x' * 5000}", timeout=20)
    assert long_line.status_code == 414
    headers = {f"x-{n}": "y" for n in range(100)}
    many_headers = requests.get(f"{server.address}/healthz", headers=headers, timeout=20)
    assert many_headers.status_code == 431
