"""What every page and every answer keeps to: headers, assets, nothing from elsewhere."""

import re

import pytest

from server.pages.assets import ASSETS, FOR_EVER
from tests.pages.rehearsal import Rehearsal, read_html
from tests.support.database import sqlite_only

pytestmark = sqlite_only

PATHS = ["/phones", "/phones/now", "/nothing-here"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(rehearsal: Rehearsal, path: str) -> None:
    headers = rehearsal.client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers


def test_https_is_kept_to_only_where_it_is_used(rehearsal: Rehearsal) -> None:
    assert "Strict-Transport-Security" not in rehearsal.client.get("/phones").headers


def test_a_page_carries_nothing_inline_and_nothing_from_elsewhere(rehearsal: Rehearsal) -> None:
    rehearsal.says("amy", "SOS <script>alert(1)</script>")
    root = read_html(rehearsal.client.get("/phones").text)
    for element in root.all():
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        for name in ("src", "href", "action"):
            target = element.attributes.get(name, "")
            assert target.startswith(("/", "#")) or not target, target
            assert not target.startswith("//")
        if element.tag in ("script", "style"):
            assert element.text == ""


def test_assets_are_kept_for_ever_under_a_name_that_changes_with_them(
    rehearsal: Rehearsal,
) -> None:
    found = re.findall(r'(?:src|href)="(/assets/[^"]+)"', rehearsal.client.get("/phones").text)
    assert len(found) >= 5
    for url in found:
        response = rehearsal.client.get(url)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == FOR_EVER
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_old_name_is_served_but_not_kept(rehearsal: Rehearsal) -> None:
    response = rehearsal.client.get("/assets/0123456789abcdef/base.css")
    assert response.data == ASSETS["base.css"].data
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["nothing.css", "../phones/phones.html", "phones/phones.html"])
def test_nothing_else_is_served_as_an_asset(rehearsal: Rehearsal, name: str) -> None:
    assert rehearsal.client.get(f"/assets/0123456789abcdef/{name}").status_code == 404


def test_the_icon_is_there_for_pages_that_do_not_name_it(rehearsal: Rehearsal) -> None:
    response = rehearsal.client.get("/favicon.ico")
    assert (response.status_code, response.mimetype) == (200, "image/svg+xml")
