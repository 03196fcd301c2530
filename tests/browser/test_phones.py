"""The page of pretend phones, in a real browser on the real `wayhome demo`."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.watch import Watch, overflow
from tests.support.demo import Demo

BEN, CAT, DEE, EVE = ("#p4477009001" + last for last in ("02", "03", "04", "05"))
AMY = "#p447700900101"
SLOW_MS = 45_000
SOON_MS = 10_000

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def demo(browser: Browser) -> Iterator[Demo]:
    """A demo for the tests that need none of its story."""
    made = Demo("--speed", "1").wait()
    yield made
    made.stop()


def card(page: Page, phone: str, words: str) -> Locator:
    """A text with these words on this phone."""
    return page.locator(f"{phone} .bubble", has_text=words)


def types(page: Page, phone: str, text: str) -> None:
    """Type on this phone and press Enter."""
    field = page.locator(f"{phone}-body")
    field.fill(text)
    field.press("Enter")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


@pytest.mark.slow
def test_the_silent_worker_and_whoever_types_for_her_buddy(open_page: Opener) -> None:
    demo = Demo("--speed", "60").wait()
    try:
        page = open_page(demo.address + "/phones")
        expect(card(page, DEE, "VISIT 14:15 Flat 9 Elm Court")).to_be_visible(timeout=SOON_MS)
        expect(card(page, BEN, "Dee Marsh is overdue")).to_be_visible(timeout=SLOW_MS)
        expect(page.locator("#now")).to_contain_text("Ben was texted at 14:20. Next: Cat at 14:23.")
        expect(page.locator(f"{AMY} .bubble").last).to_contain_text("Taps Done")
        page.set_viewport_size({"width": 320, "height": 640})
        assert overflow(page) == 0
        page.set_viewport_size({"width": 1280, "height": 800})
        press(page, "30×")
        expect(card(page, CAT, "Dee Marsh is overdue")).to_be_visible(timeout=SOON_MS)
        press(page, "Pause")

        types(page, BEN, "1")
        expect(card(page, CAT, "Ben Hughes has taken charge")).to_be_visible(timeout=SOON_MS)
        expect(page.locator(".chain .link-charge")).to_contain_text("Ben Hughes")
        press(page, "60×")
        expect(page.locator("[data-clock-face]")).to_have_text("14:27", timeout=SOON_MS)
        expect(page.locator(f"{EVE} .thread")).to_have_text("No texts yet")

        types(page, BEN, "SAFE 1357")
        expect(card(page, BEN, "SAFE ****")).to_be_visible(timeout=SOON_MS)
        expect(card(page, CAT, "All clear: Dee Marsh is safe")).to_be_visible(timeout=SOON_MS)
        expect(page.locator("#now")).to_contain_text("Dee is safe (Ben says so)")
        expect(page.locator(".chain")).to_have_count(0)
        expect(page.locator(f"{EVE} .thread")).to_have_text("No texts yet")
        page.close()
    finally:
        demo.stop()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_lies_beyond_the_edge(demo: Demo, open_page: Opener, width: int) -> None:
    page = open_page(demo.address + "/phones", size=(width, 640), color_scheme="dark")
    assert overflow(page) == 0
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == 0


def test_it_works_without_scripts(demo: Demo, open_page: Opener) -> None:
    page = open_page(demo.address + "/phones", java_script_enabled=False)
    expect(page.get_by_text("does not renew itself")).to_be_visible()
    page.locator(f"{CAT}-body").fill("STATUS")
    page.locator(f"{CAT} .writes .strong").click()
    expect(card(page, CAT, "STATUS")).to_be_visible()
    expect(page).to_have_url(f"{demo.address}/phones{CAT}")
    page.get_by_role("link", name="Look again").click()
    expect(card(page, CAT, "STATUS")).to_be_visible()
    newest = page.locator(f"{CAT} .bubble").last.bounding_box()
    thread = page.locator(f"{CAT} .thread").bounding_box()
    assert newest is not None
    assert thread is not None
    assert newest["y"] + newest["height"] <= thread["y"] + thread["height"]


def test_it_works_by_keyboard_alone(demo: Demo, open_page: Opener) -> None:
    page = open_page(demo.address + "/phones")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main"))
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "STATUS":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    whose = page.evaluate("document.activeElement.closest('article').id")
    before = page.locator(f"#{whose} .bubble").count()
    page.keyboard.press("Space")
    expect(page.locator(f"#{whose} .bubble")).to_have_count(before + 2)
    assert page.evaluate("document.activeElement.closest('article').id") == whose


def test_what_is_typed_and_the_keyboards_place_outlive_news(demo: Demo, open_page: Opener) -> None:
    page = open_page(demo.address + "/phones")
    field = page.locator(f"{EVE}-body")
    field.fill("half a thou")
    field.focus()
    other = open_page(demo.address + "/phones")
    types(other, EVE, "STATUS")
    expect(card(page, EVE, "STATUS")).to_be_visible(timeout=SOON_MS)
    expect(field).to_have_value("half a thou")
    expect(field).to_be_focused()
    expect(page.locator("[data-announcer]")).to_contain_text("Eve gets:")


def test_a_page_that_gets_no_news_says_so_and_recovers(
    demo: Demo, open_page: Opener, watch: Watch
) -> None:
    watch.expected += ["console: Failed to load resource", "failed: "]
    page = open_page(demo.address + "/phones")
    page.route("**/phones/now", lambda route: route.abort())
    warning = page.get_by_role("alert").filter(has_text="Not up to date")
    expect(warning).to_be_visible(timeout=SOON_MS)
    page.unroute("**/phones/now")
    expect(warning).to_be_hidden(timeout=SOON_MS)


def test_time_can_be_stopped_and_hurried(demo: Demo, open_page: Opener) -> None:
    page = open_page(demo.address + "/phones")
    press(page, "Pause")
    expect(page.get_by_text("Time stands still")).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    press(page, "4×")
    expect(page.get_by_text("4 times as fast as life", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="4×")).to_have_attribute("aria-pressed", "true")
    press(page, "1×")
    expect(page.get_by_text("As fast as life", exact=True)).to_be_visible()
