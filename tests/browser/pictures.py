"""Pictures of every page, to be looked at: python -m tests.browser.pictures FOLDER [PART [dark]]"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from tests.browser.conftest import NAMES, QUIET
from tests.browser.paths import PAGES, Stage
from tests.support.database import make_schema

SIZES = ((1280, 900), (375, 800), (320, 640))


def main(folder: Path, part: str, look: Literal["light", "dark"]) -> None:
    """Take them."""
    folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp())
    url = f"sqlite:///{home / 'wayhome.db'}"
    make_schema(url)
    stage = Stage(url, home)
    chromium = next(found for name in NAMES if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for seen in PAGES:
            path = seen.where(stage)
            if part not in path:
                continue
            context = browser.new_context(color_scheme=look)
            if seen.ref:
                context.add_cookies([stage.sign_in(seen.ref, seen.entry, seen.minutes_ago)])  # type: ignore[list-item]
            page = context.new_page()
            page.goto(stage.address + path)
            name = (str(seen).strip("/") or "front").replace("/", "-").replace("?", "-")
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                file = folder / f"{name}-{seen.ref}-{width}.png"
                page.screenshot(path=str(file), full_page=True)
            context.close()
        browser.close()
    stage.stop()


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        sys.argv[2] if len(sys.argv) > 2 else "",
        "dark" if "dark" in sys.argv[3:] else "light",
    )
