"""Her own alarm, as she sees it: whoever holds her phone must not read the rescue from it."""

from tests.pages.alarm.test_alarm import press, told
from tests.pages.conftest import SignIn
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.day import Day

pytestmark = sqlite_only


def test_what_others_do_to_help_shows_her_twelve_hours_later(
    day: Day, signed_in: SignIn, clock: ManualClock
) -> None:
    visit = day.start("amy", 30)
    alarm, cat = f"/alarms/{day.sos('amy')}", signed_in("cat")
    assert press(cat, alarm, "own") == 303
    cat.fills(alarm, f"{alarm}/note", note="The police are at the back door.")
    cat.presses(alarm, "Open the sheet")
    tick = cat.page(alarm).one("ol", class_="steps").all("button")[0].attributes["id"]
    assert press(cat, alarm, tick) == 303
    hers = told(signed_in("amy").page(alarm))
    for page in (hers, signed_in("amy").page(f"/log/{visit}").text):
        assert "Cat Lin took charge" in page
        for words in ("back door", "opened the sheet", "ticked off"):
            assert words not in page
    clock.forward(minutes=12 * 60 + 1)
    hers = told(signed_in("amy").page(alarm))
    for words in ("back door", "opened the sheet", "ticked off"):
        assert words in hers
