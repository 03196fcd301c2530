"""P8, P10: the buttons of a notification count though Python is dead, and never lie."""

import sqlite3

import pytest

from mobile.core.acts import UNDO_S, close_act, extend_act
from mobile.core.statements import LEASE_S
from tests.mobile.android.conftest import Handset, said


def test_more_time_is_kept_exactly_as_the_app_would_keep_it(handset: Handset) -> None:
    visit = handset.on_a_visit()
    handset.passes(600)
    after = handset.tap("extend", visit)
    (row,) = handset.waiting()
    planned = extend_act(visit)
    assert (row.kind, row.act.path, row.act.stream) == ("extend", planned.path, visit)
    assert row.act.body == planned.body
    assert (row.tries, row.has_pin, row.state) == (0, False, "queued")
    assert said(after) == "More time asked for 12:10: waiting for an answer"
    assert after.happened("service")[0]["name"]["to"] == "org.wayhome.phone.ServiceWatch"
    handset.passes(300)
    handset.awake().sync()
    (extend,) = [body for path, body in handset.house.done if path.endswith("/extend")]
    assert extend == {"id": row.act.key, "minutes": 15, "at": "2026-03-10T12:10:00+00:00"}
    assert handset.waiting() == []


def test_done_waits_as_long_as_it_may_be_taken_back_and_is_done_once(handset: Handset) -> None:
    visit = handset.on_a_visit()
    handset.tap("extend", visit)
    after = handset.tap("safe", visit)
    handset.tap("safe", visit)
    rows = handset.waiting()
    assert [row.kind for row in rows] == ["extend", "close"]
    assert rows[1].act.body == close_act(visit).body
    assert said(after) == "Not finished yet (12:00): waiting for an answer"
    pocket = handset.awake()
    assert pocket.visit().phase == "closing"
    assert pocket.visit().undo_s == UNDO_S
    pocket.sync()
    assert [row.kind for row in pocket.phone.sync.outbox.waiting()] == ["close"]
    handset.passes(UNDO_S + 1)
    pocket.sync()
    assert handset.house.visits[visit]["status"] == "closed"
    sent = [path.rsplit("/", 1)[1] for path, _ in handset.house.done]
    assert sent == ["visits", "extend", "close"]


def test_a_button_pressed_in_a_visit_nobody_has_heard_of_comes_after_its_start(
    handset: Handset,
) -> None:
    pocket = handset.enrolled().awake()
    visit = pocket.phone.acts.start("12 High St", 30)
    pocket.phone.refresh()
    handset.dies()
    handset.tap("safe", visit)
    handset.passes(LEASE_S)
    handset.awake().sync()
    assert [path for path, _ in handset.house.done] == ["/visits", f"/visits/{visit}/close"]


@pytest.mark.parametrize("name", ["extend", "safe"])
def test_when_a_pin_may_be_asked_for_nothing_is_done_and_she_is_told_to_open_the_app(
    handset: Handset, name: str
) -> None:
    visit = handset.on_a_visit(minutes=30)
    handset.passes(40 * 60 - 1)
    handset.tap(name, visit)
    assert len(handset.waiting()) == 1
    handset.passes(1)
    after = handset.tap(name, visit)
    assert said(after) == "Tap to open, and type your PIN"
    assert after.notices["said"]["opens"]["kind"] == "activity"
    assert len(handset.waiting()) == 1


def test_a_team_that_always_asks_for_the_pin_has_no_tap_that_goes_round_it(
    handset: Handset,
) -> None:
    handset.house.asks_pin = True
    visit = handset.on_a_visit()
    assert said(handset.tap("safe", visit)) == "Tap to open, and type your PIN"
    assert handset.waiting() == []


def test_a_notification_of_yesterdays_visit_does_nothing_to_todays(handset: Handset) -> None:
    handset.on_a_visit()
    after = handset.tap("safe", "33333333-1111-4111-8111-111111111111")
    assert said(after) == "Tap to open, and type your PIN"
    assert handset.waiting() == []


def test_buttons_of_a_phone_that_became_somebody_elses_do_nothing_of_hers(handset: Handset) -> None:
    visit = handset.on_a_visit()
    sql = sqlite3.connect(handset.device.database)
    sql.execute("UPDATE kept SET value = replace(value, '11111111-1', '99999999-1')"
                " WHERE kind = 'identity'")  # fmt: skip
    sql.commit()
    sql.close()
    assert said(handset.tap("extend", visit)) == "Tap to open, and type your PIN"
    assert handset.waiting() == []


def test_a_store_that_takes_nothing_is_said_at_once(handset: Handset) -> None:
    visit = handset.on_a_visit()
    sql = sqlite3.connect(handset.device.database, isolation_level=None)
    sql.execute("BEGIN IMMEDIATE")
    after = handset.tap("extend", visit)
    sql.execute("ROLLBACK")
    sql.close()
    assert said(after) == "This phone could not store it. Tap to open"
    assert after.happened("service") == []
    assert handset.waiting() == []


def test_a_phone_that_was_never_used_does_not_fall_over(handset: Handset) -> None:
    assert "said" not in handset.tap("extend", "any").notices
    assert handset.tap("again").notices["said"]["text"].startswith("This phone is signed out")
    assert not handset.device.database.exists()


def test_the_reminder_whose_button_was_pressed_goes_and_the_standing_one_stays(
    handset: Handset,
) -> None:
    visit = handset.on_a_visit()
    handset.device.do("show", text='{"key": "visit", "title": "Until 12:30", "text": "x"}')
    handset.device.do("show", text='{"key": "r/1", "title": "t", "text": "x", "urgent": true}')
    after = handset.tap("extend", visit, key="r/1")
    assert sorted(after.notices) == ["#1", "said"]


def test_without_leave_to_know_where_she_is_the_watch_is_not_woken_but_the_tap_counts(
    handset: Handset,
) -> None:
    visit = handset.on_a_visit()
    places = ["FINE", "COARSE"]
    handset.be(denied=[f"android.permission.ACCESS_{each}_LOCATION" for each in places])
    after = handset.tap("extend", visit)
    assert after.happened("service") == []
    assert len(handset.waiting()) == 1
