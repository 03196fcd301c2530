"""Demos whose time the test moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server import clock
from tests.demo.stage import Life, Stage
from tests.support.database import Maker


@pytest.fixture
def life(monkeypatch: pytest.MonkeyPatch) -> Life:
    """Life passes only when the test says so, as far as fast clocks know."""
    made = Life()
    monkeypatch.setattr(clock, "monotonic_s", made)
    monkeypatch.setattr("server.demo.player.monotonic_s", made)
    return made


@pytest.fixture
def stage(new_database: Maker, tmp_path: Path, life: Life) -> Iterator[Stage]:
    """A demo at two in the afternoon, on the embedded database as always."""
    made = Stage(new_database("sqlite"), tmp_path, life)
    yield made
    made.close()
