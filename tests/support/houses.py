"""Fixtures that open whole houses; imported by the conftest of tests/journeys and tests/faults."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.database import Maker
from tests.support.gateway import Gateway
from tests.support.house import House

LOG_TAIL = 6000

NewHouse = Callable[..., House]
"""new_house(kind="sqlite", **fields of House): a house that is not open yet."""

on_both = pytest.mark.parametrize(
    "house", ["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)], indirect=True
)
"""For the journeys that are told on one process over SQLite, and on several over PostgreSQL."""

kinds = pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)]
)
"""The same for tests that open their houses themselves."""

WHOLE_SYSTEM = ("tests/journeys/", "tests/faults/")

_REPORT = pytest.StashKey[pytest.TestReport]()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, None]:
    """Keep whether the test itself passed, and show what the house said where it did not."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    if call.when == "call":
        item.stash[_REPORT] = report
    if report.failed:
        for path in sorted(
            getattr(item, "funcargs", {}).get("tmp_path", Path("/-")).glob("*/*.log")
        ):
            report.sections.append((path.name, path.read_text()[-LOG_TAIL:]))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey, so that a quick run can leave it out."""
    for item in items:
        if item.nodeid.startswith(WHOLE_SYSTEM):
            item.add_marker(pytest.mark.journeys)


@pytest.fixture
def world() -> Iterator[Gateway]:
    """The gateway outside, with everybody's phones."""
    with Gateway() as world:
        yield world


@pytest.fixture
def new_house(
    request: pytest.FixtureRequest, tmp_path: Path, new_database: Maker, world: Gateway
) -> Iterator[NewHouse]:
    """Makes houses; each is checked at the end of a test that passed, and ended in any case."""
    houses: list[House] = []

    def make(kind: str = "sqlite", **changes: Any) -> House:
        folder = tmp_path / f"house-{len(houses) + 1}"
        changes.setdefault("world", world)
        houses.append(House(folder, new_database(kind), **changes))
        return houses[-1]

    yield make
    try:
        report = request.node.stash.get(_REPORT, None)
        if report is not None and report.passed:
            for house in houses:
                if not house.checked:
                    house.check()
    finally:
        for house in houses:
            house.close()


@pytest.fixture
def house(request: pytest.FixtureRequest, new_house: NewHouse) -> House:
    """An open house of the usual people, on SQLite unless the test is marked `on_both`."""
    return new_house(getattr(request, "param", "sqlite")).open()
