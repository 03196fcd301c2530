"""The fixtures of both packages of simulations."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.engine.night import Night
from tests.engine.rules import broken_rules
from tests.engine.stage import Stage
from tests.support.database import Postgres

NewNight = Callable[..., Night]
BAD = ("error", "critical", "exception")


class Stages:
    """Stages over one kind of database, each built when it is first asked for."""

    def __init__(self, source: Path | Postgres, folders: pytest.TempPathFactory) -> None:
        self._source, self._folders = source, folders
        self._built: list[Stage] = []

    def __getitem__(self, number: int) -> Stage:
        while len(self._built) <= number:
            self._built.append(Stage(self._folders.mktemp("stage"), self._source))
        return self._built[number]

    def strike(self) -> None:
        for stage in self._built:
            stage.strike()


@pytest.fixture(scope="session")
def sqlite_stages(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stages]:
    """Stages over the embedded database."""
    stages = Stages(sqlite_template, tmp_path_factory)
    yield stages
    stages.strike()


@pytest.fixture(scope="session")
def postgresql_stages(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stages]:
    """Stages over PostgreSQL."""
    stages = Stages(postgres, tmp_path_factory)
    yield stages
    stages.strike()


@pytest.fixture
def new_night(database_kind: str, request: pytest.FixtureRequest) -> Iterator[NewNight]:
    """Makes nights over one database each; each must have kept every rule when the test ends,
    and nothing may have been logged as an error."""
    stages: Stages = request.getfixturevalue(f"{database_kind}_stages")
    made: list[Night] = []

    def make(**wanted: Any) -> Night:
        made.append(Night(stages[len(made)], **wanted))
        return made[-1]

    with capture_logs() as lines:
        yield make
        for night in made:
            night.town.settle()
            assert broken_rules(night) == []
            night.end()
    allowed = {word for night in made for word in night.may_log}
    bad = [line for line in lines if line["log_level"] in BAD and line["event"] not in allowed]
    assert bad == []


@pytest.fixture
def night(new_night: NewNight) -> Night:
    """A winter's afternoon in Riverside: Amy, Ben, Cat and Dan, and the default policy."""
    return new_night()
