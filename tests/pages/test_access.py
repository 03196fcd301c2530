"""Who gets in where: every route says so, and what it says is kept to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule

from server.access import ANYBODY, GATEWAY, PHONE, declared
from server.pages.route import POLL, SIGNED_IN, SignedIn
from tests.pages.conftest import SignIn
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import open_app
from tests.support.visitor import Visitor, tree

pytestmark = sqlite_only
BUILT_IN = {"static"}


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route and method there is."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in BUILT_IN:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def address(rule: Rule) -> str:
    """An address that this rule matches, with ids that nobody has."""
    values = {name: _value(rule, name) for name in rule.arguments}
    built = rule.build(values)
    assert built is not None
    return built[1]


def _value(rule: Rule, name: str) -> object:
    kind = type(rule._converters[name]).__name__
    return {"UUIDConverter": uuid4(), "IntegerConverter": 1}.get(kind, "nothing")


@pytest.mark.parametrize("mode", [{"demo": True}, {"demo": False}, {"pretend": False}])
def test_every_route_declares_who_may_use_it(
    database_url: str, tmp_path: Path, clock: ManualClock, mode: dict[str, bool]
) -> None:
    changes: dict[str, Any] = {"demo": False, **mode}
    app = open_app(database_url, tmp_path, clock, **changes)
    undeclared = [
        f"{method} {rule.rule}"
        for rule, method in rules(app)
        if declared(app.view_functions[rule.endpoint]) is None
    ]
    assert undeclared == []


def test_a_stranger_gets_in_nowhere_but_where_anybody_may(app: Flask, stranger: Visitor) -> None:
    for rule, method in rules(app):
        view = app.view_functions[rule.endpoint]
        who, path = declared(view), address(rule)
        if isinstance(who, SignedIn):
            answer = stranger.client.open(path, method=method)
            wanted = 401 if getattr(view, POLL, False) else 303
            assert answer.status_code == wanted, f"{method} {path}"
            if wanted == 303:
                assert answer.headers["Location"].startswith("/sign-in"), path
        elif who is PHONE:
            assert stranger.client.open(path, method=method).status_code == 401, path
        elif who is GATEWAY:
            assert stranger.client.open(path, method=method).status_code == 403, path
        else:
            assert who is not None


def test_whoever_has_no_right_is_told_so(app: Flask, signed_in: SignIn) -> None:
    """Amy is a worker: signed in, and neither manager nor admin."""
    amy = signed_in("amy")
    for rule, method in rules(app):
        who = declared(app.view_functions[rule.endpoint])
        if isinstance(who, SignedIn) and who is not SIGNED_IN:
            answer = amy.client.open(address(rule), method=method)
            assert answer.status_code == 403, f"{method} {rule.rule} lets {who.name} in only"


def test_no_form_works_without_the_pages_token(app: Flask, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    for rule, method in rules(app):
        who = declared(app.view_functions[rule.endpoint])
        if method == "POST" and (isinstance(who, SignedIn) or who is ANYBODY):
            if rule.rule.startswith("/api/"):
                continue
            assert cat.client.post(address(rule)).status_code == 403, rule.rule


def test_the_way_back_is_kept(stranger: Visitor) -> None:
    answer = stranger.get("/account?a=1")
    assert answer.headers["Location"] == "/sign-in?next=/account?a%3D1"


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "/\x00"]
)
def test_nobody_is_led_elsewhere_after_signing_in(signed_in: SignIn, path: str) -> None:
    answer = signed_in("cat").client.get("/sign-in", query_string={"next": path})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/nothing-here", "/people/nothing-here", "/phones"])
def test_what_is_not_there_is_said_in_our_look(stranger: Visitor, path: str) -> None:
    page = stranger.page(path, 404)
    assert page.one("h1").text == "There is no such page"


def test_phones_and_gateways_get_no_pages(stranger: Visitor) -> None:
    assert stranger.get("/api/v1/nothing").mimetype == "application/problem+json"
    assert stranger.client.post("/hooks/twilio/message").data == b""


def test_a_strange_host_is_refused(stranger: Visitor) -> None:
    answer = stranger.get("/sign-in", headers={"Host": "evil.example"})
    assert tree(answer, 400).one("h1").text == "This cannot be read"


def test_whoever_is_signed_in_keeps_her_menu_where_there_is_no_page(signed_in: SignIn) -> None:
    page = tree(signed_in("cat").get("/no-such-page"), 404)
    assert "Ladder" in page.one("nav", **{"aria-label": "Menu"}).text
