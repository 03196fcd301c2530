"""What Twilio posts is read exactly, and a message only ever moves up."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from server.gateways import TwilioSettings
from server.gateways.base import Delivery, DeliveryStatus, Fate, InboundText, OptOut
from server.gateways.twilio.hooks import TwilioWebhooks
from server.gateways.twilio.statuses import STATUSES, read_delivery

HOOKS = TwilioWebhooks(TwilioSettings("AC1", "t", "+447700900000", "https://wayhome.example"))
CLIMB = [DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.SENT]
FINALS = [DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED]


def hear(reports: list[DeliveryStatus]) -> DeliveryStatus | None:
    """What somebody believes who hears these reports and only ever moves up."""
    known: DeliveryStatus | None = None
    for status in reports:
        known = status if status.follows(known) else known
    return known


@pytest.mark.parametrize("final", FINALS)
def test_reports_in_any_order_end_in_the_final_one(final: DeliveryStatus) -> None:
    for order in itertools.permutations([*CLIMB, final]):
        assert hear([*order, *order]) is final


@given(st.lists(st.sampled_from(DeliveryStatus), min_size=1))
def test_nothing_ever_moves_down_and_the_first_final_stands(reports: list[DeliveryStatus]) -> None:
    heard = hear(reports)
    assert heard is not None
    assert heard.rank == max(status.rank for status in reports)
    finals = [status for status in reports if status.final]
    assert not finals or heard is finals[0]


def test_the_ranks_climb_as_a_message_does() -> None:
    ranks = [status.rank for status in [DeliveryStatus.ACCEPTED, *CLIMB, FINALS[0]]]
    assert ranks == sorted(set(ranks))


def test_a_repeated_report_is_no_news() -> None:
    assert not any(status.follows(status) for status in DeliveryStatus)


@pytest.mark.parametrize("word", sorted(STATUSES))
def test_every_word_of_twilios_has_a_rank(word: str) -> None:
    delivery = read_delivery(word, None)
    assert delivery is not None
    assert delivery.rank == delivery.status.rank
    assert delivery.final is delivery.status.final


@pytest.mark.parametrize("word", ["", "received", "partially_delivered", "SENT", "something new"])
def test_a_word_we_do_not_know_is_no_status(word: str) -> None:
    assert read_delivery(word, None) is None


@pytest.mark.parametrize("word", ["undelivered", "failed", "canceled"])
def test_p3_a_failure_always_says_what_to_do_next(word: str) -> None:
    for code in (None, "", 30003, "30005", "30034", "99999", "no number"):
        delivery = read_delivery(word, code)
        assert delivery is not None
        assert delivery.fate not in {None, Fate.ACCEPTED, Fate.AMBIGUOUS}
        assert delivery.why.endswith(".")


def test_what_did_not_fail_has_no_fate() -> None:
    assert read_delivery("sent", "30008") == Delivery(status=DeliveryStatus.SENT)


def test_a_report_is_read() -> None:
    form = MultiDict({"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"})
    report = HOOKS.read_report(form)
    assert report is not None
    assert (report.sid, report.status, report.code) == ("SM1", DeliveryStatus.UNDELIVERED, "30005")
    assert report.fate is Fate.PERMANENT
    assert not report.opted_out


def test_a_report_in_the_old_words_is_read() -> None:
    report = HOOKS.read_report(MultiDict({"SmsSid": "SM1", "SmsStatus": "delivered"}))
    assert report is not None
    assert (report.sid, report.status, report.code) == ("SM1", DeliveryStatus.DELIVERED, None)


def test_a_report_of_an_opt_out_says_so() -> None:
    form = MultiDict({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "21610"})
    report = HOOKS.read_report(form)
    assert report is not None
    assert report.opted_out


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"MessageSid": "SM1"},
        {"MessageStatus": "sent"},
        {"MessageSid": "SM1", "MessageStatus": "???"},
    ],
)
def test_a_report_that_says_nothing_is_none(fields: dict[str, str]) -> None:
    assert HOOKS.read_report(MultiDict(fields)) is None


def test_a_text_is_read_with_its_spaces() -> None:
    form = MultiDict(
        {"MessageSid": "SM1", "From": "+447700900102", "To": "+447700900000", "Body": " 1 b\n"}
    )
    text = HOOKS.read_text(form)
    assert text == InboundText("SM1", "+447700900102", "+447700900000", " 1 b\n")


def test_a_text_without_words_is_a_text() -> None:
    text = HOOKS.read_text(MultiDict({"MessageSid": "SM1", "From": "+447700900102"}))
    assert text is not None
    assert text.body == ""


@pytest.mark.parametrize("fields", [{}, {"MessageSid": "SM1"}, {"From": "+447700900102"}])
def test_a_text_from_nobody_is_none(fields: dict[str, str]) -> None:
    assert HOOKS.read_text(MultiDict(fields)) is None


@pytest.mark.parametrize(
    ("word", "opt_out"),
    [
        ("STOP", OptOut.STOP),
        ("START", OptOut.START),
        ("HELP", OptOut.HELP),
        ("", None),
        ("?", None),
    ],
)
def test_what_twilio_did_by_itself_is_told(word: str, opt_out: OptOut | None) -> None:
    form = MultiDict({"MessageSid": "SM1", "From": "+447700900102", "OptOutType": word})
    text = HOOKS.read_text(form)
    assert text is not None
    assert text.opt_out is opt_out
