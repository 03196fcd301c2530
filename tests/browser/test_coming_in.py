"""Coming in for real, in a browser: an invitation, a passkey, out, and in again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.paths import Stage, invitation
from tests.browser.watch import Watch
from tests.support.database import make_schema

PASSWORD = "three blue otters"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("stage")
    url = f"sqlite:///{folder / 'wayhome.db'}"
    make_schema(url)
    made = Stage(url, folder)
    yield made
    made.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


class Key:
    """Chromium's virtual authenticator: a phone or security key in front of this page."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self._cdp = context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = made["authenticatorId"]

    def knows_her(self, does: bool) -> None:
        """Whether finger or PIN are right from now on."""
        wish = {"authenticatorId": self._id, "isUserVerified": does}
        self._cdp.send("WebAuthn.setUserVerified", wish)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def knock(page: Page, stage: Stage, ref: str = "amy", path: str = "/sign-in") -> None:
    page.goto(stage.address + path)
    page.get_by_label("E-mail address").fill(f"{ref}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_from_the_invitation_to_a_passkey_and_in_again(
    stage: Stage, context: BrowserContext, watch: Watch
) -> None:
    page = context.new_page()
    watch.over(page, stage.address)
    # Chromium tells of the emptied cache, and drops a picture that was on its way through it.
    watch.expected = ["console: Clear-Site-Data header", f"failed: {stage.address}/assets/"]
    key = Key(context, page)

    page.goto(stage.address + invitation(stage))
    expect(page.get_by_role("heading", name="Welcome, Amy Okafor")).to_be_visible()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("button", name="I have kept them").click()
    account = page.get_by_role("navigation", name="Account")
    expect(account.get_by_role("link", name="Amy Okafor")).to_be_visible()

    sign_out(page)
    page.goto(stage.address + "/account")
    expect(page).to_have_url(f"{stage.address}/sign-in?next=/account")

    knock(page, stage, path="/sign-in?next=/account")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(f"{stage.address}/account")
    expect(page.get_by_role("cell", name="This one")).to_be_visible()

    sign_out(page)
    key.knows_her(False)
    knock(page, stage)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_text("cancelled or took too long")).to_be_visible(timeout=10_000)
    page.goto(stage.address + "/account")
    expect(page).to_have_url(f"{stage.address}/sign-in?next=/account")
    watch.check()


def test_what_a_key_signed_opens_once(stage: Stage, context: BrowserContext) -> None:
    """A recorded answer, sent again after another sign-in, opens nothing."""
    page = context.new_page()
    Key(context, page)
    page.goto(stage.address + invitation(stage, "pat"))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="I have kept them").click()
    sign_out(page)
    sent = []
    page.on("request", lambda one: sent.append(one) if one.url.endswith("/passkey") else None)
    knock(page, stage, "pat")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("link", name="Pat Moor")).to_be_visible()
    sign_out(page)
    answer = sent[0].post_data_json["answer"]
    knock(page, stage, "pat")
    expect(page.get_by_role("button", name="Use your passkey")).to_be_visible()
    page.evaluate(
        "answer => { document.querySelector('[data-passkey]').answer.value = answer }", answer
    )
    page.evaluate("() => document.querySelector('[data-passkey]').submit()")
    expect(page.get_by_text("That code does not work")).to_be_visible()


def test_a_passkey_is_added_on_the_account_page_and_serves(
    stage: Stage, context: BrowserContext, watch: Watch
) -> None:
    """One more key for whoever is signed in, after she has shown that it is still she."""
    page = context.new_page()
    watch.over(page, stage.address)
    Key(context, page)
    context.add_cookies([stage.sign_in("cat")])  # type: ignore[list-item]
    page.goto(f"{stage.address}/account")
    passkeys = page.locator("dt", has_text="Passkey")
    expect(passkeys).to_have_count(1)
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.get_by_text("Your passkey is set up.")).to_be_visible()
    expect(passkeys).to_have_count(2)
    stage.clock.forward(minutes=16)
    page.goto(f"{stage.address}/account/password")
    expect(page).to_have_url(f"{stage.address}/sign-in/again?next=/account/password")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(f"{stage.address}/account/password")
    watch.check()
