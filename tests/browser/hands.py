"""What somebody does on a page, for tests and for the README's pictures alike."""

from playwright.sync_api import Page


def goes_out(page: Page, who: str, place: str, minutes: str) -> None:
    """On the open page /out/start: start a visit for this person."""
    page.get_by_label("Who is going out?").select_option(label=who)
    page.get_by_label("Where").fill(place)
    page.get_by_label("How long?").fill(minutes)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button").first.click()
