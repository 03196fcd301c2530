"""Rehearsals with their page of phones; and Riverside's people at their browsers.

A test of a page takes `signed_in` (and `org`, `clock`, `town`, `lakeside` as it needs them):

    def test_it(signed_in):
        page = signed_in("cat").page("/people")

Take `pytestmark = sqlite_only` (tests.support.database) unless it is about the database.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.pages.rehearsal import Rehearsal
from tests.support.clock import ManualClock
from tests.support.people import EVERYBODY, Org, open_app, settle
from tests.support.town import Town
from tests.support.visitor import Visitor
from tests.support.web import PAT

SignIn = Callable[..., Visitor]


@pytest.fixture
def rehearsal(database_url: str, tmp_path: Path) -> Rehearsal:
    """A rehearsal of Riverside's: Amy, Ben, Cat, Dan, the default policy, time standing still."""
    return Rehearsal(database_url, tmp_path)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock) -> Flask:
    return open_app(database_url, tmp_path, clock, demo=False, pretend=False)


@pytest.fixture
def org(app: Flask, clock: ManualClock) -> Org:
    """Riverside: Amy (worker), Ben (her buddy), Cat (manager), Dan (worker), Pat (admin)."""
    return settle(app, clock, (*EVERYBODY, PAT), admins=["pat"])


@pytest.fixture
def lakeside(app: Flask, clock: ManualClock, org: Org) -> Org:
    """Another organisation in the same database, with people of the same names."""
    return settle(app, clock, (*EVERYBODY, PAT), slug="lakeside", admins=["pat"])


@pytest.fixture
def town(app: Flask, clock: ManualClock, org: Org) -> Town:
    """The engine, driven by hand."""
    return Town(app, clock)


@pytest.fixture
def stranger(app: Flask, org: Org) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def signed_in(app: Flask, org: Org) -> SignIn:
    """`signed_in("cat")`: Cat at her browser; `signed_in("cat", lakeside)`: the other one."""

    def sign(ref: str, of: Org | None = None) -> Visitor:
        return Visitor(app).as_(of or org, ref)

    return sign
