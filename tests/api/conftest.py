"""Riverside on a manual clock, over a database of either kind, with a phone for everybody."""

from pathlib import Path

import pytest
from flask import Flask

from tests.api.phone import Phone
from tests.support.clock import ManualClock
from tests.support.people import Org, open_app, settle
from tests.support.town import Town


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock) -> Flask:
    return open_app(database_url, tmp_path, clock)


@pytest.fixture
def org(app: Flask, clock: ManualClock) -> Org:
    return settle(app, clock)


@pytest.fixture
def lakeside(app: Flask, clock: ManualClock, org: Org) -> Org:
    """Another organisation in the same database, with people of the same names."""
    return settle(app, clock, slug="lakeside")


@pytest.fixture
def town(app: Flask, clock: ManualClock, org: Org) -> Town:
    """The engine, driven by hand."""
    return Town(app, clock)


@pytest.fixture
def amy(app: Flask, org: Org) -> Phone:
    return Phone(app, org["amy"])


@pytest.fixture
def ben(app: Flask, org: Org) -> Phone:
    return Phone(app, org["ben"])


@pytest.fixture
def cat(app: Flask, org: Org) -> Phone:
    return Phone(app, org["cat"])


@pytest.fixture
def dan(app: Flask, org: Org) -> Phone:
    return Phone(app, org["dan"])
