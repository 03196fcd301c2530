"""What is printed: the sheet that the police are given is one page, however much is known."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from server.acts import sheets
from server.acts.base import Turn
from server.acts.sheets import Sheet
from server.store import people
from server.store.db import Session
from shared.states import Means
from tests.support.database import make_schema
from tests.support.people import running_in, writing
from tests.support.web import WebHouse

PAGE = re.compile(rb"/Type\s*/Page\b")
LONG = "Tall, with a grey plait and a navy fleece; walks with a stick since the spring. " * 3
FULL = Sheet(LONG, LONG[:120], "Ruth Marsh, sister, who has a key", "01632 960147", LONG)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    url = f"sqlite:///{tmp_path / 'wayhome.db'}"
    make_schema(url)
    made = WebHouse(url, tmp_path)
    yield made
    made.stop()


def test_the_sheet_of_a_missing_worker_is_one_page(browser: Browser, house: WebHouse) -> None:
    def write(session: Session) -> None:
        amy = people.person(session, house.org["amy"].id)
        now = house.clock.now()
        sheets.write(
            Turn(session, running_in(house.app).desk, now, now, Means.PAGE, amy), amy, FULL
        )

    writing(house.app, write)
    house.visit("amy", "Flat 3, The Old Mill, Canal Road", minutes=20)
    for _ in range(30):
        house.town.forward(minutes=2)
        house.town.round()
    context = browser.new_context()
    context.add_cookies([house.sign_in("cat")])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(house.address)
    page.get_by_role("link", name=re.compile("^What to do")).first.click()
    page.get_by_role("button", name="Open the sheet", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Missing: Amy Okafor")
    assert len(PAGE.findall(page.pdf(format="A4"))) == 1
    context.close()
