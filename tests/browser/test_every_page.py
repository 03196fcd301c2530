"""Every page in a real browser: at every width, by keyboard, with and without scripts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.audit import appearance, audit, bare_faults
from tests.browser.paths import PAGES, Seen, Stage
from tests.browser.watch import Watch
from tests.support.database import make_schema

ANSWERED = "console: Failed to load resource: the server responded with a status of"
MISSING, REFUSED = f"{ANSWERED} 404", f"{ANSWERED} 400"
FORMS = (
    (lambda _: "/sign-in", "", "Sign in"),
    (lambda _: "/people/new", "cat", "Save"),
    (lambda _: "/out/start", "cat", "Start the visit"),
    (lambda _: "/me", "amy", "Start"),
    (lambda house: f"/alarms/{house.alarm}", "cat", "Resolve the alarm"),
)
"""Sent as they open, each is refused: where, who sends it, and its button."""


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


@pytest.mark.parametrize(("where", "ref", "button"), FORMS, ids=[form[2] for form in FORMS])
def test_a_form_that_was_refused_is_fit_for_everybody(
    browser: Browser,
    stage: Stage,
    watch: Watch,
    where: Callable[[Stage], str],
    ref: str,
    button: str,
) -> None:
    """Its summary has the focus, which by night must not make it too faint to read."""
    context = browser.new_context()
    context.add_cookies([stage.sign_in(ref)] if ref else [])  # type: ignore[list-item]
    page = context.new_page()
    watch.over(page, stage.address)
    watch.expected = [REFUSED]
    page.goto(stage.address + where(stage))
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    assert appearance(page) == []
    context.close()
    watch.check()
