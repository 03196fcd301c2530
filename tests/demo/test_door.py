"""Coming in with one click: in the demo, and nowhere else."""

from datetime import timedelta
from pathlib import Path

import pytest

from server.access import declared
from server.clock import SteadyClock
from server.demo.house import make_demo
from tests.support.database import sqlite_only
from tests.support.people import open_app, plain_settings
from tests.support.visitor import Visitor, filled

pytestmark = sqlite_only


def test_one_click_is_enough(database_url: str, tmp_path: Path) -> None:
    demo = make_demo(plain_settings(database_url, tmp_path), 1.0, weeks=False)
    visitor = Visitor(demo.app)
    forms = visitor.page("/sign-in").all("form", action="/demo/sign-in")
    assert len(forms) == 5
    assert visitor.client.post("/demo/sign-in", data=dict(filled(forms[0]))).status_code == 303
    assert visitor.page("/account").all("dl")[0].all("dd")[0].text == "Eve Costa"
    missing = {**dict(filled(forms[0])), "ref": "zoe"}
    assert Visitor(demo.app).client.post("/demo/sign-in", data=missing).status_code == 403
    assert declared(demo.app.view_functions["demo.enter"]) is not None


@pytest.mark.parametrize("pretend", [True, False])
def test_it_exists_nowhere_else(database_url: str, tmp_path: Path, pretend: bool) -> None:
    app = open_app(database_url, tmp_path, SteadyClock(), demo=False, pretend=pretend)
    visitor = Visitor(app)
    assert visitor.client.post("/demo/sign-in", data={"ref": "cat"}).status_code == 404
    assert not visitor.page("/sign-in").all("form", action="/demo/sign-in")


def test_nobody_there_is_asked_to_show_again_who_she_is(database_url: str, tmp_path: Path) -> None:
    """She has nothing to show: no password, and a clock that runs and leaps."""
    demo = make_demo(plain_settings(database_url, tmp_path), 1.0, weeks=False)
    visitor = Visitor(demo.app)
    forms = visitor.page("/sign-in").all("form", action="/demo/sign-in")
    visitor.client.post("/demo/sign-in", data=dict(filled(forms[0])))
    demo.clock.skip_to(demo.clock.now() + timedelta(minutes=40))
    assert visitor.get("/account/password").status_code == 200
