"""What load balancers, watchdogs and Prometheus ask."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from server.store import db
from tests.api.phone import Phone, ok, refused
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, open_app
from tests.support.town import Town

pytestmark = sqlite_only


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database answers nobody."""

    def nothing(_work: Callable[..., Any]) -> Any:
        raise OperationalError("SELECT 1", {}, OSError("no route to host"))

    monkeypatch.setattr(db, "read", nothing)
    monkeypatch.setattr(db, "write", nothing)


def test_the_process_answers(app: Flask) -> None:
    assert app.test_client().get("/healthz").status_code == 200


def test_ready_while_database_and_engine_are_there(
    app: Flask, town: Town, clock: ManualClock
) -> None:
    client = app.test_client()
    assert client.get("/readyz").status_code == 503
    town.round()
    assert ok(client.get("/readyz")) == {
        "database": "ok",
        "engine": {"alive": True, "lag_s": 0.0},
        "way_out": "ok",
    }
    clock.forward(seconds=11)
    assert ok(client.get("/readyz"), 503)["engine"]["alive"] is False


def test_not_ready_without_a_database(app: Flask, away: None) -> None:
    assert ok(app.test_client().get("/readyz"), 503) == {
        "database": "away",
        "engine": {"alive": False, "lag_s": None},
        "way_out": "none",
    }
    assert app.test_client().get("/healthz").status_code == 200


def test_without_a_database_phones_are_told_to_try_again(
    app: Flask, amy: Phone, away: None
) -> None:
    for answer in (amy.get("/me"), amy.post("/visits", place="x", minutes=5), amy.post("/alarms")):
        refused(answer, 503, "unavailable")
        assert answer.headers["Retry-After"] == "5"


TOKEN = "m" * 32
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock) -> Flask:
    return open_app(database_url, tmp_path, clock, metrics_token=TOKEN)


def metrics(app: Flask, **headers: str) -> dict[str, float]:
    answer = app.test_client().get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines}


def test_metrics(app: Flask, amy: Phone, town: Town, org: Org) -> None:
    visit = amy.start()
    town.forward(minutes=41)
    amy.get(f"/visits/{visit['id']}")
    amy.get("/visits/made-up")
    app.test_client().get("/made/up/address")
    found = metrics(app, **OPERATOR)
    assert found["wayhome_database_up"] == 1
    assert found["wayhome_engine_alive"] == 1
    assert found["wayhome_visits_open"] == 1
    assert found['wayhome_alarms_open{status="raised"}'] == 1
    assert found["wayhome_way_out"] == 2
    route = 'route="/api/v1/visits/<visit_id>"'
    assert found[f'wayhome_http_answers_total{{method="GET",{route},status="200"}}'] == 1
    assert found[f'wayhome_http_answers_total{{method="GET",{route},status="404"}}'] == 1
    text = app.test_client().get("/metrics", headers=OPERATOR).text
    assert not re.search("made|12 High|Okafor", text)


def test_metrics_without_a_database(app: Flask, away: None) -> None:
    assert metrics(app)["wayhome_database_up"] == 0
    assert metrics(app, **OPERATOR)["wayhome_database_up"] == 0


def test_a_stranger_learns_whether_it_works_and_nothing_else(
    app: Flask, amy: Phone, town: Town
) -> None:
    amy.start()
    town.forward(minutes=41)
    assert metrics(app) == {
        "wayhome_database_up": 1,
        "wayhome_engine_alive": 1,
        "wayhome_engine_lag_seconds": 0,
        "wayhome_way_out": 2,
    }


@pytest.mark.parametrize("given", ["Bearer " + "n" * 32, "Bearer", f"Basic {TOKEN}", "Bearer é"])
def test_another_token_opens_no_metrics(app: Flask, given: str) -> None:
    answer = app.test_client().get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "wayhome" not in answer.text


def test_without_a_token_set_none_opens_them(
    database_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    app = open_app(database_url, tmp_path, clock)
    answer = app.test_client().get("/metrics", headers={"Authorization": "Bearer None"})
    assert answer.status_code == 401
