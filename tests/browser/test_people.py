"""A manager sets her team up in a browser: a file with two faults, mended on the page, imported; a
phone's code as a picture; the ladder changed with its plan beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.watch import Watch
from tests.support.database import make_schema
from tests.support.web import WebHouse

FILE = """ref,name,mobile,team,roles,buddies
eve,Eve Shah,999,ot-north,worker;buddy,ben;amy
gil,Gil Roy,07700 900161,ot-north,worker,nobody
"""
REFUSED = "console: Failed to load resource: the server responded with a status of 400"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    url = f"sqlite:///{tmp_path / 'wayhome.db'}"
    make_schema(url)
    made = WebHouse(url, tmp_path, pretend=True, demo=True)
    yield made
    made.stop()


def rows(page: Page) -> list[str]:
    """The lines of the table on a page that is known to be there."""
    return [" ".join(text.split()) for text in page.locator("tbody tr").all_inner_texts()]


def test_from_a_file_with_faults_to_a_ladder_with_its_plan(
    browser: Browser, watch: Watch, house: WebHouse, tmp_path: Path
) -> None:
    watch.expected = [REFUSED]
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([house.sign_in("cat")])  # type: ignore[list-item]
    page = context.new_page()
    watch.over(page, house.address)
    _imports(page, house, tmp_path)
    _enrols(page)
    house.visit("amy", "12 High St", minutes=40)
    _edits_the_ladder(page, house)
    context.close()
    watch.check()


def _imports(page: Page, house: WebHouse, folder: Path) -> None:
    file = folder / "team.csv"
    file.write_text(FILE, encoding="utf-8")
    page.goto(f"{house.address}/people/import")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="See what it would do").click()
    expect(page.locator("h1")).to_have_text("2 faults in the file")
    assert [row.split(" ", 4)[:4] for row in rows(page)] == [
        ["Row", "2", "Eve", "Shah"],
        ["Row", "3", "Gil", "Roy"],
    ]
    mended = FILE.replace("999", "07700 900160").replace("nobody", "dan")
    page.get_by_label("Mend it here").fill(mended)
    page.get_by_role("button", name="Look again").click()
    expect(page.locator("h1")).to_have_text("What the file would do")
    assert [row.split()[-1].lower() for row in rows(page)] == ["new", "new"]
    page.get_by_role("button", name="Import exactly this").click()
    expect(page.get_by_text("The file is imported.")).to_be_visible()
    expect(page.get_by_role("link", name="Eve Shah").first).to_be_visible()


def _enrols(page: Page) -> None:
    page.locator("table").get_by_role("link", name="Eve Shah").click()
    page.get_by_role("button", name="Make a code for a phone").click()
    code = page.locator(".letters").inner_text()
    assert len(code) == len("XXXX-XXXX-XXXX")
    box = page.locator(".code svg").bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(box["height"], abs=2)
    assert box["width"] > 200


def _edits_the_ladder(page: Page, house: WebHouse) -> None:
    page.goto(f"{house.address}/policy")
    plan = page.locator("ol.steps")
    expect(plan).to_contain_text("At 14:50 Ben Hughes is texted")
    page.get_by_label("Then wait this long after the end").fill("3 min")
    page.keyboard.press("Enter")
    expect(plan).to_contain_text("At 14:43 Ben Hughes is texted")
    expect(page.get_by_text("The plan as you have it here.")).to_be_visible()
    beside = page.locator(".plan").bounding_box()
    settings = page.locator(".settings").bounding_box()
    assert beside is not None
    assert settings is not None
    assert beside["x"] >= settings["x"] + settings["width"]
    page.get_by_role("button", name="Save and put in force").click()
    expect(page.get_by_text("is saved and in force")).to_be_visible()
    page.get_by_role("link", name="Who changed what").click()
    newest = page.locator(".versions > li").first
    expect(newest).to_contain_text("Version 2 in force")
    expect(newest).to_contain_text("Cat Lin")
