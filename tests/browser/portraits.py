"""The README's pictures of the pages: a demo with Dee's alarm, as its manager meets it.

python -m tests.browser.portraits [FOLDER]
"""

import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import NAMES, QUIET
from tests.browser.hands import goes_out
from tests.support.demo import Demo

ROOT = Path(__file__).parents[2]
WIDE, HIGH = 1280, 960
COLOURS = 64
ALARM_MS = 120_000
OTHERS = (("Amy Okafor", "22 Orchard Way", "35"), ("Ben Hughes", "Bay 4, Elm Ward", "50"))


class Painter:
    """Takes pictures of one browser's page."""

    def __init__(self, page: Page, address: str, folder: Path) -> None:
        self.page, self._address, self._folder = page, address, folder

    def go(self, path: str) -> None:
        self.page.goto(self._address + path)

    def take(self, name: str, high: int = HIGH, begin: str = "") -> None:
        """A picture so many pixels high, of the top of the page or of what stands from `begin`
        (a selector) on."""
        self.page.set_viewport_size({"width": WIDE, "height": high})
        if begin:
            top = self.page.locator(begin).evaluate("e => e.getBoundingClientRect().top")
            self.page.evaluate("top => scrollTo(0, scrollY + top - 32)", top)
        path = self._folder / f"{name}.png"
        self.page.screenshot(path=str(path))
        # A few colours are enough for what is drawn in a few.
        Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main(folder: Path) -> None:
    """All six, in place of those from before."""
    demo = Demo("--speed", "60").wait()
    chromium = next(found for name in NAMES if (found := shutil.which(name)))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
            page = browser.new_page(locale="en-GB")
            page.set_default_timeout(30_000)
            _paint(Painter(page, demo.address, folder))
            browser.close()
    finally:
        demo.stop()


def _paint(painter: Painter) -> None:
    page = painter.page
    painter.go("/sign-in")
    page.get_by_role("button", name="Eve Costa").click()
    expect(page.locator("article.alarm")).to_be_visible(timeout=ALARM_MS)
    for who, place, minutes in OTHERS:
        painter.go("/out/start")
        goes_out(page, who, place, minutes)
    painter.go("/")
    painter.take("board", 990)
    page.get_by_role("button", name="Take charge").click()
    for _ in range(2):
        with page.expect_navigation():
            page.locator("li.step button").first.click()
    painter.go(urlsplit(page.url).path)
    painter.take("alarm", 1_080)
    page.get_by_label("is safe").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Resolve the alarm").click()
    painter.go("/log")
    with page.expect_navigation():
        page.locator("tbody tr", has_text="Elm Court").first.get_by_role("link").click()
    painter.take("visit", 1_050)
    painter.go("/policy")
    painter.take("policy", 1_000)
    painter.go("/people/pairings")
    painter.take("pairings", 920)
    painter.go("/reports")
    # Not from the top: this browser writes dates as Americans do.
    painter.take("reports", 1_000, "ul.sums")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/pictures")
