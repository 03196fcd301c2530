"""The API is what its description says: openapi.json, the page, and every answer (OpenAPI 3.1)."""

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from schemathesis import BaseSchema, Case

from server import api
from tests.api.phone import API, ok
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, open_app, settle

SEED = 20_260_310
REFUSED_BY_MEANING = ["2xx", "401", "403", "404", "409", "422"]
"""A schema cannot say that a time lies ahead or that a PIN is right: that is 4xx and no fault."""

CHECKS = {
    "seed": SEED,
    "checks": {"positive_data_acceptance": {"expected-statuses": REFUSED_BY_MEANING}},
    "operations": [
        {
            # An SOS is accepted whatever it carries (contract 5): nothing is there to reject.
            "include-name": "POST /api/v1/alarms",
            "checks": {"negative_data_rejection": {"enabled": False}},
        },
        {
            # No generated code works, and after ten of them nobody's does for an hour.
            "include-name": "POST /api/v1/enrolments",
            "checks": {"positive_data_acceptance": {"expected-statuses": ["400", "429"]}},
        },
    ],
}


@pytest.fixture(scope="module")
def riverside(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Flask, Org]:
    """One house for all operations, so that they meet what others left behind."""
    folder = tmp_path_factory.mktemp("described")
    shutil.copyfile(sqlite_template, folder / "wayhome.db")
    clock = ManualClock()
    url = f"sqlite:///{folder / 'wayhome.db'}"
    app = open_app(url, folder, clock, lasting=True, rate_limits=False)
    return app, settle(app, clock)


class Door:
    """Where requests go in; what is behind it is there only while tests run."""

    app: Flask

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


DOOR = Door()


def described() -> BaseSchema:
    """The description, which needs no database."""
    bare = Flask("server")
    api.register(bare)
    spec = ok(bare.test_client().get(f"{API}/openapi.json"))
    found = schemathesis.openapi.from_dict(spec, config=schemathesis.Config.from_dict(CHECKS))
    found.app = DOOR
    # Signing out would end the token the others use; it has tests of its own.
    return found.exclude(path=f"{API}/devices/current")


schema = described()


@pytest.mark.slow
@pytest.mark.timeout(600)
@schema.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_its_description(
    case: Case[Any], riverside: tuple[Flask, Org]
) -> None:
    DOOR.app, org = riverside
    case.call_and_validate(headers=org["amy"].headers)


@pytest.fixture
def spec(app: Flask) -> dict[str, Any]:
    return ok(app.test_client().get(f"{API}/openapi.json"))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_contracts_routes_are_described(spec: dict[str, Any]) -> None:
    assert spec["openapi"].startswith("3.1")
    found = {
        f"{method.upper()} {path.removeprefix(API)}"
        for path, said in spec["paths"].items()
        for method in said
        if method != "parameters"
    }
    visit, alarm = "/visits/{visit_id}", "/alarms/{alarm_id}"
    assert found == {
        "POST /enrolments",
        "DELETE /devices/current",
        "GET /me",
        "POST /me/pins",
        "POST /me/away",
        "POST /visits",
        "GET /visits",
        f"GET {visit}",
        *(f"POST {visit}/{a}" for a in ("start", "check-in", "extend", "close", "cancel")),
        f"POST {visit}/position",
        "POST /alarms",
        "GET /alarms",
        f"GET {alarm}",
        *(f"POST {alarm}/{a}" for a in ("stand-down", "own", "release", "note", "resolve")),
        "GET /watching",
        "POST /watching/{visit_id}/accept",
        "POST /watching/{visit_id}/decline",
    }


@sqlite_only
def test_every_route_is_described(app: Flask, spec: dict[str, Any]) -> None:
    rules = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{API}/")
    }
    aside = {f"{API}/openapi.json", f"{API}/docs", f"{API}/problems/{{name}}"}
    assert rules - aside == set(spec["paths"])


@sqlite_only
def test_every_operation_says_what_it_refuses(spec: dict[str, Any]) -> None:
    for path, said in spec["paths"].items():
        for method, operation in said.items():
            if method == "parameters":
                continue
            statuses = set(operation["responses"])
            assert operation["summary"], path
            if path != f"{API}/enrolments":
                assert "401" in statuses, path
            if method == "post" and path not in (f"{API}/alarms",):
                assert {"400", "413", "415", "422"} <= statuses, path


class Page(HTMLParser):
    """What a page loads, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.addresses += [given[name] or "" for name in ("href", "src", "action") if name in given]
        self.ids |= {given["id"] or ""} if "id" in given else set()


@sqlite_only
def test_the_page_is_readable_without_scripts_or_other_addresses(app: Flask) -> None:
    answer = app.test_client().get(f"{API}/docs")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    page = Page(answer.text)
    assert not page.tags & {"script", "style", "iframe", "img", "link"}
    assert {one for one in page.addresses if not one.startswith("#")} == {f"{API}/openapi.json"}
    assert {one[1:] for one in page.addresses if one.startswith("#")} <= page.ids
    for words in ("POST /api/v1/visits/{visit_id}/close", "spoke_to_her", "pin-required"):
        assert words in answer.text


@sqlite_only
def test_a_problems_type_leads_to_its_explanation(app: Flask) -> None:
    client = app.test_client()
    answer = client.get(f"{API}/problems/pin-wrong")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{API}/docs#pin-wrong")
    assert 'id="pin-wrong"' in client.get(f"{API}/docs").text
    assert client.get(f"{API}/problems/none").status_code == 404


@sqlite_only
def test_the_description_is_the_same_from_every_process(
    app: Flask, tmp_path: Path, database_url: str
) -> None:
    other = open_app(database_url, tmp_path, ManualClock())
    texts = [one.test_client().get(f"{API}/openapi.json").text for one in (app, other)]
    assert texts[0] == texts[1]
    assert json.loads(texts[0])["security"] == [{"phone": []}]
