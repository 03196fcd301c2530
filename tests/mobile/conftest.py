"""A phone's database in a folder of its own, and a house to talk to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile.core.database import Database
from tests.mobile.hands import Hands
from tests.mobile.house import House, Served
from tests.mobile.phone import Line, Pocket


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    found = Database(tmp_path / "phone.sqlite3")
    yield found
    found.close()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def house(hands: Hands) -> House:
    return House(now=hands.true_now)


@pytest.fixture
def served(house: House) -> Iterator[Served]:
    found = Served(house)
    yield found
    found.close()


@pytest.fixture
def line(db: Database, hands: Hands, served: Served) -> Iterator[Line]:
    found = Line(db, hands, served.url)
    yield found
    found.close()


@pytest.fixture
def pocket(tmp_path: Path, hands: Hands, served: Served) -> Iterator[Pocket]:
    found = Pocket(tmp_path, hands, served.url)
    assert found.enrol().done
    yield found
    found.close()
