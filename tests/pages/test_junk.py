"""Forms no browser of ours would send: each field of each form with what it never holds, and no
answer is a fault of ours."""

import pytest

from tests.pages.conftest import SignIn
from tests.pages.day import day as day
from tests.pages.rehearsal import Element
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org
from tests.support.visitor import Visitor, filled

pytestmark = sqlite_only

JUNK = ("banana", "²", "9999-12-31T23:59", "\x00")
OURS = ("token", "once", "back")
"""What guards every form; wrong ones are refused before anything is read."""
PAGES = {
    "cat": (
        "/", "/me", "/out/start", "/out/{visit}", "/alarms/{alarm}", "/people/new",
        "/people/{amy}", "/people/{amy}/edit", "/policy", "/policy/document?version=draft",
        "/policy/document/ot-north/write", "/procedure/{team}", "/walls", "/drills", "/account",
        "/sheet", "/people/import",
    ),
    "amy": ("/me", "/account", "/sheet"),
    "pat": ("/account", "/people", "/policy"),
}  # fmt: skip


def forms(page: Element) -> list[Element]:
    return [form for form in page.all("form") if form.attributes.get("method") == "post"]


def broken_by(visitor: Visitor, path: str) -> list[str]:
    """Which fields of this page's forms bring a fault about, and with what."""
    found = []
    for form in forms(visitor.page(path)):
        action = form.attributes.get("action", path)
        if "sign-out" in action:
            continue
        for name in sorted({name for name, _ in filled(form)} - set(OURS)):
            for junk in JUNK:
                status = visitor.send(path, form, {name: junk}).status_code
                if status >= 500:
                    found.append(f"{path}: {action} {name}={junk!r} -> {status}")
    return found


@pytest.mark.parametrize("who", PAGES)
def test_no_form_can_be_filled_in_so_that_it_breaks(
    day: Day, org: Org, signed_in: SignIn, who: str
) -> None:
    visit = day.start("amy", 240)
    day.start("dan", 10)
    day.forward(minutes=21)
    names = {"visit": visit, "alarm": day.alarm_of("dan"), "team": org.teams["ot-north"]}
    visitor = signed_in(who)
    paths = [path.format(amy=org["amy"].id, **names) for path in PAGES[who]]
    reached = [path for path in paths if visitor.get(path).status_code == 200]
    assert len(reached) >= len(paths) - 1, sorted(set(paths) - set(reached))
    assert [said for path in reached for said in broken_by(visitor, path)] == []
