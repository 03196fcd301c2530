"""The files that pages load: ours alone, and exactly those that were built."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from server.pages.assets import ASSETS, asset_url
from tests.pages.conftest import SignIn
from tests.pages.day import app, day
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org
from tests.support.visitor import Visitor

__all__ = ["app", "day"]
ROOT = Path(__file__).parents[2]
STATIC = ROOT / "server/pages/static"
BUILT = (STATIC, ROOT / "tests/browser/axe")
# Split, so that this file does not hold what it forbids.
MARKS = (
    "assets." + "nhs.uk",
    "fru" + "tiger",
    "© nhs " + "england",
    "(c) nhs " + "england",
    "M200 0v80H0V0h200Z" + "m-27.5 5.5",
    "@font" + "-face",
)


def test_no_asset_asks_for_anything_elsewhere() -> None:
    for name, asset in ASSETS.items():
        text = asset.data.decode().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import", text), name
        for asked in re.findall(r"url\(\"?([^)\"]*)", text):
            assert asked in ASSETS, f"{name} asks for {asked}"


@pytest.mark.parametrize("folder", BUILT, ids=lambda folder: folder.name)
def test_what_was_built_is_what_is_committed(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in manifest}
    assert found == manifest
    assert len(manifest) >= 2
    assert any("LICEN" in name for name in manifest)


def shipped() -> list[Path]:
    found = sorted((ROOT / "server").rglob("*"))
    return [path for path in found if path.is_file() and path.parent.name != "__pycache__"]


def marks_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark.casefold() in text.casefold()]


def test_nothing_shipped_carries_marks_or_fonts_of_the_nhs() -> None:
    assert {"nhsuk.css", "frame.html", "icon.svg"} <= {path.name for path in shipped()}
    found = {path.name: marks_in(path.read_text("utf-8", errors="replace")) for path in shipped()}
    assert {name: marks for name, marks in found.items() if marks} == {}


def test_the_versions_built_are_the_versions_named() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    version = wanted["dependencies"]["nhsuk-frontend"]
    assert (STATIC / "nhsuk.css").read_text().startswith(f"/* nhsuk-frontend {version},")
    assert lock["packages"]["node_modules/nhsuk-frontend"]["version"] == version
    assert not [name for name, one in lock["packages"].items() if "resolved" in one]


FRAME = re.compile(r'class="([^"{]*)"')
TOP = re.compile(r"^\.([\w-]+)(?=[ ,{.:>])", re.MULTILINE)
OWN_FRAME = {"phones/phones.css", "wall/wall.css"}
"""Pages that are not in the frame that all the others share."""


def test_no_page_restyles_the_frame_around_it() -> None:
    """A page's own class that is called like one of the frame's would bend the whole page."""
    frame = (ROOT / "server/pages/frame.html").read_text(encoding="utf-8")
    taken = {name for found in FRAME.findall(frame) for name in found.split()}
    assert {"fills-screen", "stale", "said"} <= taken
    bent = {
        (name, one)
        for name, asset in ASSETS.items()
        if name.endswith(".css") and "/" in name and name not in OWN_FRAME
        for one in TOP.findall(asset.data.decode())
        if one in taken
    }
    assert bent == set()


PACKED = {"Accept-Encoding": "br, gzip;q=0.8"}
MOST_AT_FIRST = 90_000
"""Bytes over the line for a manager's first look: some ten seconds with one bar of signal."""


@sqlite_only
def test_files_are_sent_packed_to_whoever_can_unpack_them(app: Flask, stranger: Visitor) -> None:
    with app.test_request_context():
        path = asset_url("nhsuk.css")
    plain, packed = (stranger.client.get(path, headers=asks) for asks in ({}, PACKED))
    refused = stranger.client.get(path, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert refused.data == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 8 < len(plain.data)
    assert {one.headers["Vary"] for one in (plain, packed)} == {"Accept-Encoding"}


@sqlite_only
def test_a_first_look_at_the_board_is_small(org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    page = cat.client.get("/", headers=PACKED)
    named = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.text)
    assert len(named) > 5
    files = [cat.client.get(path, headers=PACKED).data for path in set(named)]
    assert sum(map(len, [page.data, *files])) < MOST_AT_FIRST


@sqlite_only
def test_what_is_polled_is_packed_and_a_page_with_a_token_is_not(
    day: Day, signed_in: SignIn
) -> None:
    """BREACH: what shrinks beside a secret tells of it."""
    day.start("amy", 30)
    day.start("dan", 45)
    cat = signed_in("cat")
    plain = cat.client.get("/board/now")
    packed = cat.client.get("/board/now", headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    again = {**PACKED, "If-None-Match": packed.headers["ETag"]}
    assert cat.client.get("/board/now", headers=again).status_code == 304
    assert 'name="token"' not in plain.text
    assert "Content-Encoding" not in cat.client.get("/", headers=PACKED).headers
