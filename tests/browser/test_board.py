"""The board and an alarm's page in a real browser, on the real `wayhome serve` and its engine."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from server.store.sessions import WebSession
from tests.browser.hands import goes_out
from tests.browser.watch import Watch, overflow
from tests.support.house import House
from tests.support.houses import new_house, world
from tests.support.people import open_app, writing
from tests.support.phone_app import ok
from tests.support.visitor import sign_in

__all__ = ["new_house", "world"]

Opener = Callable[..., Page]
NewHouse = Callable[..., House]
RAISED_MS = 12_000
SOON_MS = 15_000
COUNT_NEWS = """
    window.news = [];
    new MutationObserver(() => {
      window.news.push(document.querySelector('[data-announcer]').textContent);
    }).observe(document.querySelector('[data-announcer]'), {childList: true});
"""
ASK = "document.dispatchEvent(new Event('poll-now'))"


class Desk:
    """Somebody at her browser, at a house that runs beside it."""

    def __init__(self, house: House, folder: Path, open_page: Opener) -> None:
        self.house, self._open = house, open_page
        self._app = open_app(house.database_url, folder, house.clock, demo=False, pretend=False)

    def page(self, who: str, path: str = "/", **wanted: object) -> Page:
        """The page there, seen by this person."""
        person_id = UUID(self.house[who].id)
        secret = sign_in(self._app, person_id, self.house.now())
        cookie = {"name": "wayhome", "value": secret, "domain": "127.0.0.1", "path": "/"}
        more = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        state = {"cookies": [cookie | more], "origins": []}
        return self._open(self.house.url + path, storage_state=state, **wanted)

    def sign_everybody_out(self) -> None:
        writing(self._app, lambda session: session.execute(delete(WebSession)))


@pytest.fixture
def desk(new_house: NewHouse, tmp_path: Path, open_page: Opener) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(new_house().open(), folder, open_page)


@pytest.mark.slow
def test_an_alarm_comes_to_an_open_board_and_is_ended_by_keyboard(desk: Desk, watch: Watch) -> None:
    house = desk.house
    # Whoever presses a button leaves a page that may just be asking for news.
    watch.expected += [f"failed: {house.url}/board/now", f"failed: {house.url}/alarms/"]
    visit = ok(house["amy"].app.start("12 High St", minutes=10), 201)
    page = desk.page("cat")
    row = page.locator(f"#v{visit['id']}")
    expect(row).to_have_text("Amy Okafor")
    row.focus()
    page.evaluate(COUNT_NEWS)

    house.forward(minutes=12.5)
    alarm = page.locator("article.alarm")
    expect(alarm).to_contain_text("Amy Okafor is overdue", timeout=RAISED_MS)
    expect(row).to_be_focused()
    expect(page.locator("[data-announcer]")).to_contain_text("New alarm: Amy Okafor is overdue.")
    expect(page).to_have_title("(1) Board - Wayhome")
    for _ in range(3):
        with page.expect_response("**/board/now"):
            page.evaluate(ASK)
    assert sum("New alarm" in said for said in page.evaluate("window.news")) == 1

    alarm.get_by_role("button", name="Take charge").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#standing")).to_contain_text("Cat Lin took charge", timeout=SOON_MS)
    page.get_by_label("is safe").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Resolve the alarm").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#standing")).to_contain_text("Amy Okafor is safe.", timeout=SOON_MS)
    house.told("ben", "All clear: Amy Okafor is safe (Cat Lin")


@pytest.mark.slow
def test_a_board_says_when_it_is_stale_and_when_one_is_signed_out(desk: Desk, watch: Watch) -> None:
    watch.expected += ["console: Failed to load resource", "failed: "]
    page = desk.page("cat")
    page.evaluate(ASK)
    desk.house.stop()
    warning = page.locator("[data-stale]")
    page.evaluate(ASK)
    expect(warning).to_contain_text("Not up to date", timeout=SOON_MS)
    expect(page.locator("body")).to_have_class(re.compile("is-stale"))
    expect(page).to_have_title("Not up to date: Board - Wayhome")
    desk.house.restart()
    expect(warning).to_be_hidden(timeout=SOON_MS)
    expect(page).to_have_title("Board - Wayhome")
    desk.sign_everybody_out()
    expect(warning).to_contain_text("You are signed out", timeout=SOON_MS)
    expect(warning).to_have_attribute("role", "alert")


@pytest.mark.slow
def test_every_page_about_an_alarm_fits_and_works_without_scripts(desk: Desk) -> None:
    house = desk.house
    visit = ok(house["amy"].app.start("12 High St", minutes=10), 201)
    house.forward(minutes=12.5)
    (alarm,) = ok(house["cat"].app.get("/alarms"))["items"]
    paths = ["/", f"/alarms/{alarm['id']}", f"/out/{visit['id']}", "/board/print", "/walls"]
    for path in paths:
        for width in (320, 768):
            page = desk.page("cat", path, size=(width, 800))
            assert overflow(page) == 0, f"{path} at {width}"
            page.close()
    page = desk.page("cat", java_script_enabled=False)
    expect(page.get_by_text("does not renew itself")).to_be_visible()
    page.get_by_role("button", name="Take charge").click()
    expect(page.locator("#standing")).to_contain_text("Cat Lin took charge", timeout=SOON_MS)


@pytest.mark.slow
def test_a_visit_is_started_for_whoever_rings_in(desk: Desk) -> None:
    page = desk.page("cat", "/out/start")
    goes_out(page, "Amy Okafor", "3 Mill Lane", "45")
    page.goto(desk.house.url)
    expect(page.get_by_role("region", name="Out now")).to_contain_text("3 Mill Lane")
