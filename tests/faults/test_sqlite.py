"""The embedded database on a disk that fills up, or held by another program, while serving (P1).

What a start on a bad database is refused with is in tests/cli.
"""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.support.disks import SmallDisk, children_of, small_disk
from tests.support.house import House, wait_until
from tests.support.houses import NewHouse
from tests.support.phone_app import ok

DISK_TROUBLE = ("disk", "round_failed", "duty_failed", "full", "sender_failed", "spare_job_failed")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of its own for a database."""
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def tight(new_house: NewHouse, disk: SmallDisk) -> House:
    """An open house whose database is on that disk."""
    house = new_house()
    house.database_url = f"sqlite:///{disk.folder}/wayhome.db"
    return house.open()


def writers(house: House) -> list[int]:
    """Every process of the house."""
    return [pid for process in house.processes for pid in children_of(process.pid)]


def test_a_full_disk_while_serving(tight: House, disk: SmallDisk) -> None:
    """P1: what cannot be stored is not confirmed; what was is raised once there is room."""
    house = tight
    house.expects_error(*DISK_TROUBLE)
    amy, gil = house.people("amy", "gil")
    assert gil.app.token
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=6, seconds=52)
    amy.phone.reads_all()
    disk.fill(writers(house))
    refused = gil.app.start("9 Far Rd", minutes=30)
    assert refused.status_code in (503, 507), refused.text
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    assert refused.json()["detail"]
    house.away(seconds=10)
    assert requests.get(f"{house.url}/healthz", timeout=20).status_code == 200
    house.world.assert_quiet()
    disk.empty(writers(house))
    house["ben"].phone.expects_text("Amy Okafor is overdue", within=15)
    assert ok(gil.app.get("/visits"))["items"] == []
    later = ok(gil.app.again(refused), 201)
    house.settle()
    ok(gil.app.close(later))
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")
    house.check()


def test_another_program_holds_the_database_for_a_moment(house: House) -> None:
    """P1: whoever waits gets through; nothing is lost and nothing is said twice."""
    amy = house["amy"]
    assert amy.app.token
    path = house.database_url.removeprefix("sqlite:///")
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        ThreadPoolExecutor(1) as one,
    ):
        other.execute("BEGIN IMMEDIATE")
        before = house.clock.rounds
        asked = one.submit(amy.app.start, "12 High St", minutes=5)
        wait_until(lambda: house.clock.rounds > before or not asked.done(), "the lock to be felt")
        assert not asked.done()
        other.execute("ROLLBACK")
        visit = ok(asked.result(), 201)
    house.forward(minutes=7)
    amy.phone.reads_all()
    house.only_told("ben", "overdue")
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")
