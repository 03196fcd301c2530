"""A display on a wall that was ended shows nobody any more, and says so."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import HURRY
from tests.browser.paths import Stage, wall
from tests.support.database import make_schema


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    url = f"sqlite:///{tmp_path / 'wayhome.db'}"
    make_schema(url)
    return Stage(url, tmp_path)


def test_an_ended_display_clears_itself(browser: Browser, stage: Stage) -> None:
    display = browser.new_context().new_page()
    display.goto(stage.address + wall(stage))
    expect(display.get_by_text("Amy Okafor")).to_be_visible()
    desk = browser.new_context()
    desk.add_cookies([stage.sign_in("cat")])  # type: ignore[list-item]
    page = desk.new_page()
    page.goto(f"{stage.address}/walls")
    with page.expect_navigation():
        page.get_by_role("button", name="End it").click()
    display.evaluate(HURRY)
    display.evaluate("document.dispatchEvent(new CustomEvent('poll-now'))")
    expect(display.get_by_role("alert")).to_have_text(
        "This display was ended. A manager can make a new one."
    )
    expect(display.get_by_text("Amy Okafor")).to_have_count(0)
    expect(display).to_have_title("Not up to date: Ot North - Wayhome")
    display.context.close()
    desk.close()
    stage.stop()
