"""Every page in a real browser: at every width, by keyboard, with and without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import audit, bare_faults
from tests.browser.paths import PAGES, Seen, Stage
from tests.browser.watch import Watch
from tests.support.database import make_schema

MISSING = "console: Failed to load resource: the server responded with a status of 404"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("stage")
    url = f"sqlite:///{folder / 'wayhome.db'}"
    make_schema(url)
    made = Stage(url, folder)
    yield made
    made.stop()


@pytest.mark.parametrize("seen", PAGES, ids=lambda seen: f"{seen}-{seen.ref}")
def test_every_page_is_fit_for_everybody(
    browser: Browser, stage: Stage, watch: Watch, seen: Seen
) -> None:
    url = stage.address + seen.where(stage)
    cookies = [stage.sign_in(seen.ref, seen.entry, seen.minutes_ago)] if seen.ref else []
    wrong = []
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts)
        context.add_cookies(cookies)  # type: ignore[arg-type]
        # A part that is swapped while it is walked through would lose the walker's marks.
        context.route("**/now", lambda route: route.fulfill(status=304))
        page = context.new_page()
        watch.over(page, url)
        answer = page.goto(url)
        assert answer is not None
        watch.expected = [MISSING] if answer.status == 404 else []
        wrong += audit(page) if scripts else bare_faults(page, answer.status)
        context.close()
    assert wrong == []
    watch.check()
