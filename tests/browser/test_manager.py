"""A manager's first day, told whole: in a real browser, at the real `wayhome serve`.

She is invited, comes in with a second factor, brings her team in from a file with two faults, makes
a phone one of theirs, sees a visit go overdue on her open board, takes charge, ends it, finds it in
the log and takes it home as a file.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.watch import Watch
from tests.support.house import House
from tests.support.houses import new_house, world
from tests.support.phone_app import PhoneApp, ok
from tests.support.riverside import mobile_of, riverside

__all__ = ["new_house", "world"]

NewHouse = Callable[..., House]
PASSWORD = "three blue otters"
RAISED_MS = 12_000
"""How long an alarm may take from the engine to an open board, at the pace the page itself asks."""
FILE = f"""ref,name,mobile,team,roles,buddies
amy,Amy Okafor,999,ot-north,worker;buddy,ben
ben,Ben Hughes,{mobile_of("ben")},ot-north,worker;buddy,nobody
"""
REFUSED = "console: Failed to load resource: the server responded with a status of 400"


@pytest.fixture
def house(new_house: NewHouse) -> House:
    """Riverside on its first day: Cat, who is to manage the team, and nobody else."""
    file = riverside(people={"cat": {"email": "cat@example.org"}})
    file["people"] = [one for one in file["people"] if one["ref"] == "cat"]
    return new_house(file=file).open()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield made
    made.close()


@pytest.mark.slow
def test_a_managers_first_day(house: House, context: BrowserContext, watch: Watch) -> None:
    page = context.new_page()
    watch.over(page, house.url)
    # Whoever presses a button leaves a page that may just be asking for news, and a page that turns
    # out to be a file is left too; Chromium tells of the cache that signing out empties, and drops
    # a picture that was on its way through it.
    left = ("board/now", "alarms/", "assets/", "log/copy")
    failed = [f"failed: {house.url}/{part}" for part in left]
    watch.expected += [REFUSED, "console: Clear-Site-Data header", *failed]
    _comes_in(page, house)
    _imports(page, house)
    amy = _enrols(page, house)
    _sees_it_go_overdue(page, house, amy)
    _ends_it(page, house)
    _takes_it_home(page)
    amy.close_connections()
    watch.check()


def _comes_in(page: Page, house: House) -> None:
    code, link, errors = house.command("invite", "cat@example.org")
    assert code == 0, errors
    page.goto(link.strip())
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    secret = page.locator(".qr-box + .reference").inner_text().replace(" ", "")
    page.get_by_label("Code from your app").fill(pyotp.TOTP(secret).at(house.now()))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("E-mail address").fill("cat@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    house.clock.pass_time(30)  # the code that set the app up opens nothing a second time
    page.get_by_label("Code from your authenticator app").fill(pyotp.TOTP(secret).at(house.now()))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("out")


def _imports(page: Page, house: House) -> None:
    file = house.folder / "team.csv"
    file.write_text(FILE, encoding="utf-8")
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Import a file").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("I vouch for the numbers in it").check()
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 faults in the file")
    faults = page.locator("tbody tr").all_inner_texts()
    assert ["Amy Okafor" in faults[0], "Ben Hughes" in faults[1]] == [True, True]
    mended = FILE.replace("999", mobile_of("amy")).replace("nobody", "amy")
    page.get_by_label("Mend it here").fill(mended)
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Import exactly this").click()
    expect(page.get_by_text("The file is imported.")).to_be_visible()


def _enrols(page: Page, house: House) -> PhoneApp:
    """Amy's phone, with the code that stands on the page."""
    page.locator("table").get_by_role("link", name="Amy Okafor").click()
    page.get_by_role("button", name="Make a code for a phone").click()
    amy = PhoneApp("amy", [house.url], page.locator(".letters").inner_text())
    assert amy.enrolment["person"]["name"] == "Amy Okafor"
    return amy


def _sees_it_go_overdue(page: Page, house: House, amy: PhoneApp) -> None:
    visit = ok(amy.start("12 High St", minutes=10), 201)
    page.get_by_role("link", name="Board", exact=True).click()
    expect(page.locator(f"#v{visit['id']}")).to_have_text("Amy Okafor")
    house.forward(minutes=12.5)
    alarm = page.locator("article.alarm")
    expect(alarm).to_contain_text("Amy Okafor is overdue", timeout=RAISED_MS)
    expect(alarm).to_contain_text("12 High St")


def _ends_it(page: Page, house: House) -> None:
    page.locator("article.alarm").get_by_role("button", name="Take charge").click()
    expect(page.locator("#standing")).to_contain_text("Cat Lin took charge")
    page.get_by_label("is safe").check()
    page.get_by_role("button", name="Resolve the alarm").click()
    expect(page.locator("#standing")).to_contain_text("Amy Okafor is safe.")
    house.settle()
    house["amy"].phone.reads_all()
    house.told("ben", "Amy Okafor is overdue")
    house["ben"].phone.reads_all()


def _takes_it_home(page: Page) -> None:
    page.get_by_role("link", name="Log", exact=True).click()
    row = page.locator("tbody tr")
    expect(row).to_contain_text("12 High St")
    row.get_by_role("link").click()
    story = page.locator("main")
    expect(story).to_contain_text("Cat Lin took charge")
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("button", name="Plain table (CSV)").click()
    path: Path = download.value.path()
    with path.open(encoding="utf-8-sig", newline="") as file:
        (found,) = csv.DictReader(file)
    assert (found["Worker"], found["Place"]) == ("Amy Okafor", "12 High St")
