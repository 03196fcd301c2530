"""Lines: houses that are texted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.hooks.line import Line

NewLine = Callable[..., Line]
BAD = ("error", "critical", "exception")


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What was logged during the test."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def may_log() -> set[str]:
    """The faults a test brings about itself, by their word in the log."""
    return set()


@pytest.fixture
def new_line(
    new_database: Callable[[str], str],
    database_kind: str,
    tmp_path: Path,
    logged: list[Any],
    may_log: set[str],
) -> Iterator[NewLine]:
    """Makes lines over one database each; nothing may have been logged as an error at the end."""
    yield from _lines(lambda: new_database(database_kind), tmp_path, logged, may_log)


@pytest.fixture
def new_small_line(
    new_database: Callable[[str], str], tmp_path: Path, logged: list[Any], may_log: set[str]
) -> Iterator[NewLine]:
    """The same on the embedded database only, for what no database has a part in."""
    yield from _lines(lambda: new_database("sqlite"), tmp_path, logged, may_log)


def _lines(
    new_url: Callable[[], str], folder: Path, logged: list[Any], may_log: set[str]
) -> Iterator[NewLine]:
    made: list[Line] = []

    def make(**wanted: Any) -> Line:
        made.append(Line(new_url(), folder, **wanted))
        return made[-1]

    yield make
    for line in made:
        line.town.settle()
        line.end()
    bad = [one for one in logged if one["log_level"] in BAD and one["event"] not in may_log]
    assert bad == []


@pytest.fixture
def line(new_line: NewLine) -> Line:
    """A winter's afternoon in Riverside: Amy, Ben, Cat and Dan, and the default policy."""
    return new_line()
