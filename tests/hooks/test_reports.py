"""Contract 7, P3 and P4: what became of a message, by the signed report of whoever carried it."""

import pytest

from server.store import fates
from server.store.log import Audience, Entry
from server.store.messages import Fate, Message
from server.store.outbox import Attempt
from shared.states import AlarmStatus, Way
from tests.hooks.conftest import NewLine
from tests.hooks.line import STATUS, Line
from tests.support.people import reading, writing

SILENT, BLOCKED, OFF, OPTED_OUT = 30008, 30004, 30003, 21610


@pytest.fixture
def told(line: Line) -> Line:
    """Amy is overdue at 12 High St, and Ben's phone has been sent the alarm."""
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    line.new("ben"), line.new("amy")
    return line


def sent_to(line: Line, who: str) -> list[Message]:
    """The messages of the alarm to this person, oldest first."""
    person_id = line.org[who].id

    def find(session: object) -> list[Message]:
        rows = session.query(Message).filter_by(person_id=person_id)  # type: ignore[attr-defined]
        return [m for m in rows.order_by(Message.decided_at) if m.alarm_id]

    return reading(line.app, find)


def the_sid(line: Line, who: str) -> str:
    sid = sent_to(line, who)[-1].sid
    assert sid is not None
    return sid


def test_delivered_is_kept_and_is_no_acknowledgement(told: Line) -> None:
    assert told.reports(the_sid(told, "ben"), "delivered").status_code == 204
    (message,) = sent_to(told, "ben")
    assert (message.status, message.final_at) == (Fate.DELIVERED, told.clock.now())
    (alarm,) = told.alarms("amy")
    assert (alarm.status, alarm.owner_id) == (AlarmStatus.RAISED, None)
    told.forward(minutes=4)
    assert told.new("cat")


@pytest.mark.parametrize(
    "order",
    [
        ["queued", "sending", "sent", "delivered"],
        ["delivered", "sent", "sending", "queued"],
        ["delivered", "delivered"],
        ["sent", "delivered", "undelivered"],
        ["delivered", "failed", "sent"],
    ],
)
def test_reports_twice_and_out_of_order_only_move_up(told: Line, order: list[str]) -> None:
    sid = the_sid(told, "ben")
    for status in order:
        assert told.reports(sid, status, SILENT).status_code == 204
    told.town.round()
    (message,) = sent_to(told, "ben")
    assert (message.status, message.rank) == (Fate.DELIVERED, 5)
    assert told.new("ben") == []


def test_what_fails_for_a_while_is_tried_again_within_bounds(told: Line) -> None:
    for n in range(4):
        assert told.reports(the_sid(told, "ben"), "undelivered", OFF).status_code == 204
        told.forward(seconds=21)
        assert len(told.new("ben")) == 1, n
    told.reports(the_sid(told, "ben"), "undelivered", OFF)
    told.town.round()
    first = sent_to(told, "ben")[0]
    assert (first.status, first.code) == (Fate.FAILED, str(OFF))
    assert reading(told.app, lambda s: s.query(Attempt).filter_by(message_id=first.id).count()) == 5


def test_a_failed_try_is_repeated_after_two_seconds(told: Line) -> None:
    told.reports(the_sid(told, "ben"), "failed", SILENT)
    told.forward(seconds=1)
    assert told.new("ben") == []
    told.forward(seconds=1)
    assert len(told.new("ben")) == 1


def test_a_late_report_on_an_earlier_try_says_nothing_of_the_newest(told: Line) -> None:
    old = the_sid(told, "ben")
    told.reports(old, "undelivered", OFF)
    told.forward(seconds=2)
    told.new("ben")
    for status in ("undelivered", "delivered", "sent"):
        assert told.reports(old, status, OFF).status_code == 204
    told.forward(seconds=30)
    assert told.new("ben") == []
    assert sent_to(told, "ben")[-1].status == Fate.ACCEPTED


def test_where_the_only_person_of_a_rung_cannot_be_reached_the_next_one_goes_now(
    told: Line,
) -> None:
    told.reports(the_sid(told, "ben"), "undelivered", BLOCKED)
    assert sent_to(told, "ben")[0].status == Fate.FAILED
    told.town.round()
    assert told.new("cat") or told.new("ben")
    assert told.alarms("amy")[0].rung >= 2


def test_p3_where_one_way_fails_for_good_the_same_person_is_told_by_the_next(
    new_line: NewLine,
) -> None:
    line = new_line(ways=frozenset({Way.TEXT, Way.CALL}))
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    assert line.reports(the_sid(line, "ben"), "undelivered", BLOCKED).status_code == 204
    text, call = sent_to(line, "ben")
    assert (text.way, text.status, call.way, call.body) == ("text", Fate.FAILED, "call", text.body)
    assert line.alarms("amy")[0].rung == 1
    line.town.round()
    line.reports(the_sid(line, "ben"), "failed", BLOCKED)
    assert [m.way for m in sent_to(line, "ben")] == ["text", "call"]
    line.town.round()
    assert line.alarms("amy")[0].rung >= 2


def test_a_second_report_of_the_same_failure_hurries_nothing(told: Line) -> None:
    sid = the_sid(told, "ben")
    told.reports(sid, "undelivered", BLOCKED)
    told.town.round()
    rung = told.alarms("amy")[0].rung
    for _ in range(3):
        told.reports(sid, "undelivered", BLOCKED)
        told.town.round()
    assert told.alarms("amy")[0].rung == rung


def test_a_broadcast_that_fails_keeps_its_rhythm(told: Line) -> None:
    told.forward(minutes=11)
    rounds = told.alarms("amy")[0].round
    for who in ("ben", "cat", "dan"):
        told.reports(the_sid(told, who), "undelivered", BLOCKED)
    told.forward(seconds=30)
    assert told.alarms("amy")[0].round == rounds


def test_failure_after_somebody_took_charge_repeats_nothing(told: Line) -> None:
    sid = the_sid(told, "ben")
    told.forward(minutes=4)
    told.says("cat", "1")
    told.new("ben")
    told.reports(sid, "undelivered", OFF)
    told.forward(seconds=30)
    assert not any("overdue" in text for text in told.new("ben"))


def test_failure_after_the_end_repeats_nothing(told: Line) -> None:
    sid = the_sid(told, "ben")
    told.says("amy", "DONE 4821")
    told.new("ben")
    told.reports(sid, "undelivered", OFF)
    told.forward(minutes=5)
    assert told.new("ben") == []


def test_a_reminder_that_fails_is_not_sent_after_the_visit_is_closed(line: Line) -> None:
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=15)
    sid = line.postbox.posted[-1].sid
    line.new("amy")
    line.says("amy", "DONE 4821")
    line.reports(sid, "undelivered", OFF)
    line.forward(seconds=30)
    assert line.new("amy") == []


def test_opted_out_marks_the_number_and_tells_the_managers(told: Line) -> None:
    told.reports(the_sid(told, "ben"), "undelivered", OPTED_OUT)
    told.town.round()
    assert told.somebody("ben").unreachable_since is not None
    assert any("Ben Hughes's number blocks our texts" in text for text in told.new("cat"))


def test_an_unknown_message_changes_nothing_and_is_logged(
    told: Line, logged: list[dict[str, str]]
) -> None:
    assert told.reports("SMunknown", "undelivered", OFF).status_code == 204
    assert "report_on_unknown_message" in [one["event"] for one in logged]


def test_a_report_that_overtakes_the_record_of_its_message_is_asked_for_again(told: Line) -> None:
    """Twilio may report a failure before we have stored the sid it gave us."""

    def take_again(session: object) -> None:
        message = session.query(Message).filter_by(person_id=told.org["ben"].id).one()  # type: ignore[attr-defined]
        message.status = Fate.SENDING.value

    writing(told.app, take_again)
    assert told.reports("SMunknown", "undelivered", OFF).status_code == 503


def test_a_report_whose_message_is_recorded_while_we_look_is_weighed(
    told: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P3: the sid was not there at the first look, and no message is in flight at the second."""
    sid = the_sid(told, "ben")
    told.new("ben")
    first = iter([None])
    look = fates.id_of_sid
    monkeypatch.setattr(fates, "id_of_sid", lambda *asked: next(first, look(*asked)))
    assert told.reports(sid, "undelivered", OFF).status_code == 204
    told.forward(seconds=30)
    assert any("overdue" in text for text in told.new("ben"))


@pytest.mark.parametrize(
    "form", [{"MessageSid": "SM1"}, {"MessageSid": "SM1", "MessageStatus": "x"}, {}]
)
def test_reports_nobody_understands_are_let_be(line: Line, form: dict[str, str]) -> None:
    assert line.post(STATUS, form).status_code == 204


def test_p9_a_failure_is_in_the_log_and_a_duress_never_in_hers(line: Line) -> None:
    line.says("amy", "VISIT 20 12 High St")
    line.says("amy", "DONE 7390")
    line.reports(the_sid(line, "ben"), "undelivered", BLOCKED)
    entries = reading(line.app, lambda s: s.query(Entry).filter_by(what="message_failed").all())
    assert [entry.audience for entry in entries] == [Audience.NOT_SUBJECT]
