"""P8: what the device refuses, the app says; what it lost, it gets back."""

from pathlib import Path

import pytest

from mobile.core.buttons import KIND, PIN_ACTIONS
from mobile.core.reminders import KIND as REMINDER
from mobile.core.words import NO_REMINDERS
from mobile.platform.fake import FakeDevice
from mobile.ports import Need
from tests.mobile.hands import Hands
from tests.mobile.house import House, Served
from tests.mobile.phone import Pocket


def test_every_screen_says_that_notifications_are_off(pocket: Pocket) -> None:
    assert NO_REMINDERS not in pocket.today().strip.notice
    pocket.device.notifier.is_allowed = False
    pocket.phone.acts.start("12 High St", 30)
    pocket.sync()
    assert NO_REMINDERS in pocket.today().strip.notice
    assert NO_REMINDERS in pocket.visit().strip.notice


@pytest.mark.parametrize("exact", [True, False])
def test_me_says_whether_reminders_come_on_time(pocket: Pocket, exact: bool) -> None:
    pocket.device.alarms.is_exact = exact
    checks = pocket.phone.checks(pocket.phone.facts())
    (found,) = [each for each in checks if each.words == "Reminders come on time"]
    assert (found.done, found.need) == (exact, Need.REMINDERS)


def test_the_app_arms_again_what_a_kill_left_and_takes_nothing_away(
    tmp_path: Path, hands: Hands, served: Served
) -> None:
    first = Pocket(tmp_path, hands, served.url)
    assert first.enrol().done
    visit = first.phone.acts.start("12 High St", 30)
    first.sync()
    kept = first.phone.sync.memory.all(REMINDER)
    armed = first.device.alarms.armed
    first.close()
    hands.passes(1600)
    again = Pocket(tmp_path, hands, served.url, FakeDevice())
    again.phone.refresh()
    assert [each.key for each in again.device.alarms.armed] == [each.key for each in armed[1:]]
    assert again.phone.sync.memory.all(REMINDER).keys() == kept.keys()
    assert again.visit().visit == visit
    again.close()


def test_looking_begins_only_while_the_app_is_seen_and_ends_with_the_visit(
    pocket: Pocket, house: House
) -> None:
    location = pocket.device.location
    seen: list[bool] = []
    location.is_allowed = False
    visit = pocket.phone.acts.start("12 High St", 30)
    pocket.sync()
    seen.append(location.running)
    location.is_allowed = True
    # A start unseen is refused by Android.
    pocket.phone.refresh()
    seen.append(location.running)
    pocket.phone.set_screen(on=True)
    pocket.phone.refresh()
    seen.append(location.running)
    house.close(house.visits[visit], {"pin": house.pin})
    pocket.hands.passes(11)
    pocket.sync()
    assert [*seen, location.running] == [False, False, True, False]


def test_what_the_buttons_do_goes_with_the_visit_and_with_the_person(
    pocket: Pocket, house: House
) -> None:
    memory = pocket.phone.sync.memory
    visit = pocket.phone.acts.start("12 High St", 30)
    pocket.phone.refresh()
    kept = memory.get(KIND)
    assert kept is not None
    assert (kept.value["visit"], kept.value["owner"]) == (visit, pocket.phone.facts().person)
    pocket.sync()
    house.close(house.visits[visit], {"pin": house.pin})
    pocket.hands.passes(11)
    pocket.sync()
    assert memory.get(KIND) is None


def test_the_notification_opens_the_app_where_the_pin_is_asked_for(
    pocket: Pocket, house: House
) -> None:
    house.asks_pin = True
    visit = pocket.phone.acts.start("12 High St", 30)
    pocket.sync()
    notice = pocket.device.notifier.shown["visit"]
    assert (notice.opens, notice.visit) == (PIN_ACTIONS, visit)
    kept = pocket.phone.sync.memory.get(KIND)
    assert kept is not None
    assert kept.value["opens_at"] == 0.0


def test_a_check_in_that_is_owed_every_half_hour_is_urgent_though_it_has_no_warning(
    pocket: Pocket,
) -> None:
    pocket.phone.acts.start("12 High St", 120, risk="high")
    pocket.phone.refresh()
    loudest = {each.loudness > 0 for each in pocket.device.alarms.armed}
    assert loudest == {True}


def test_a_full_disk_keeps_no_reminder_from_ringing_and_no_screen_from_showing(
    pocket: Pocket,
) -> None:
    visit = pocket.phone.acts.start("12 High St", 30)
    sql = pocket.phone._db._sql
    sql.execute("PRAGMA query_only = ON")
    pocket.phone.refresh()
    assert [each.visit for each in pocket.device.alarms.armed] == [visit] * 3
    assert pocket.device.notifier.shown["visit"].visit == visit
    assert pocket.phone.sync.memory.get(KIND) is None
    sql.execute("PRAGMA query_only = OFF")
    pocket.phone.refresh()
    assert pocket.phone.sync.memory.get(KIND) is not None
