"""The fixtures of pages about what is going on: texts can leave the house, and a day goes by."""

from pathlib import Path

import pytest
from flask import Flask

from server.gateways.base import Gateway
from tests.support.clock import ManualClock
from tests.support.day import Day
from tests.support.people import Org, open_app
from tests.support.postbox import Postbox
from tests.support.town import Town


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock) -> Flask:
    """A house whose texts go into a postbox."""
    ways_out: list[Gateway] = [Postbox(clock.now)]
    return open_app(database_url, tmp_path, clock, ways_out=ways_out, demo=False, pretend=False)


@pytest.fixture
def day(app: Flask, org: Org, town: Town, clock: ManualClock) -> Day:
    """An afternoon in Riverside."""
    return Day(app, org, town, clock)
