"""Pages as people meet them: the system's own Chromium, driven by Playwright."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.watch import Watch

PATIENCE_MS = 15_000
"""How long a page may take to show what is expected of it, where the test itself sets no limit."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

HURRY = "document.querySelector('main').dataset.pollEvery = 250"
"""A test need not wait as long as a reader for the next news."""

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run, with nothing of its own to say to anybody."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, f"a browser is needed: one of {', '.join(NAMES)}"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield made
        made.close()


@pytest.fixture
def watch() -> Watch:
    """What the pages of one test said and asked for."""
    return Watch()


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[Opener]:
    """Opens pages; at the end nothing may have been said on the console or asked of others."""
    made = []

    def open_one(url: str, **wanted: Any) -> Page:
        size = wanted.pop("size", (1280, 800))
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **wanted)
        made.append(context)
        page = context.new_page()
        watch.over(page, url)
        page.goto(url)
        if wanted.get("java_script_enabled", True):
            page.evaluate(HURRY)
        return page

    yield open_one
    for context in made:
        context.close()
    watch.check()
