"""The audit finds what it is there to find."""

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import audit

GOOD = """<!doctype html><html lang="en"><head><title>Good</title></head><body><main><h1>Good</h1>
<p>Words</p><a href="#x">Somewhere</a> <button>Press</button></main></body></html>"""


@pytest.mark.parametrize(
    ("change", "finds"),
    [
        (("<p>Words", '<p style="width: 900px">Words'), "beyond the edge"),
        (("<p>", '<p style="color: #999; background: #fff">'), "color-contrast"),
        (("<h1>Good</h1>", "<h3>Good</h3>"), "heading"),
        (("<button>", '<button tabindex="-1">'), "out of reach: <button"),
        (("<button>", '<button style="outline: none">'), "does not show the focus: <button"),
        (('lang="en"', ""), "html-has-lang"),
        (("<p>Words</p>", '<input type="text">'), "label"),
    ],
)
def test_it_finds(browser: Browser, change: tuple[str, str], finds: str) -> None:
    page = browser.new_page()
    page.set_content(GOOD.replace(*change))
    assert [one for one in audit(page) if finds in one]
    page.close()


def test_it_lets_a_good_page_be(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(GOOD)
    assert audit(page) == []
    page.close()
