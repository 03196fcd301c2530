"""Asking Twilio what it has (P3): only the very text is adopted, and silence is no answer."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
import urllib3.exceptions as urllib3_errors

from server.gateways.base import CannotAsk, DeliveryStatus, Fate
from server.gateways.twilio.gateway import TRIAL_PREFIX, TwilioGateway
from server.gateways.twilio.settings import TwilioSettings
from server.gateways.twilio.wire import judge_exception
from tests.support.gateway import Fault, Gateway, faults
from tests.support.gateway.dialect import Reply

BEN, CAT = "+447700900102", "+447700900103"
BODY = "Amy Okafor is overdue at 12 High St. Reply 1 to take charge"
NOON = datetime(2026, 11, 23, 12, 0, 0, 700_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def world() -> Iterator[Gateway]:
    with Gateway() as world:
        world.now = lambda: NOON
        yield world


@pytest.fixture
def twilio(world: Gateway) -> TwilioGateway:
    account = world.account
    settings = TwilioSettings(
        account.sid,
        account.token,
        world.sender,
        "https://wayhome.example",
        api_url=world.url,
        timeout_s=0.5,
    )
    return TwilioGateway(settings)


def send(twilio: TwilioGateway, to: str = BEN, body: str = BODY) -> str:
    sid = twilio.send_text(to, body, None, True).sid
    assert sid is not None
    return sid


def find(
    twilio: TwilioGateway, since: datetime = NOON, exclude: tuple[str, ...] = ()
) -> str | None:
    return twilio.find_text(BEN, BODY, since, exclude)


def test_the_text_is_found(twilio: TwilioGateway) -> None:
    assert find(twilio) is None
    sid = send(twilio)
    assert find(twilio) == sid


def test_what_is_known_already_is_not_adopted(twilio: TwilioGateway) -> None:
    known = send(twilio)
    assert find(twilio, exclude=(known,)) is None
    later = send(twilio)
    assert find(twilio, exclude=(known,)) == later


def test_an_older_text_is_not_adopted(world: Gateway, twilio: TwilioGateway) -> None:
    world.now = lambda: NOON - SECOND
    send(twilio)
    assert find(twilio) is None
    assert find(twilio, since=NOON - SECOND) is not None


def test_dates_are_only_good_to_the_second(world: Gateway, twilio: TwilioGateway) -> None:
    world.now = lambda: NOON.replace(microsecond=900_000)
    sid = send(twilio)
    assert find(twilio, since=NOON.replace(microsecond=950_000)) == sid
    assert find(twilio, since=NOON.replace(microsecond=0) + SECOND) is None


@pytest.mark.parametrize(
    "body", ["Amy Okafor is overdue", BODY + " B", BODY.upper(), "DRILL " + BODY]
)
def test_another_text_is_not_adopted(twilio: TwilioGateway, body: str) -> None:
    send(twilio, body=body)
    assert find(twilio) is None


def test_another_persons_text_is_not_adopted(twilio: TwilioGateway) -> None:
    send(twilio, to=CAT)
    assert find(twilio) is None


def test_a_text_from_a_trial_account_is_known_by_its_end(twilio: TwilioGateway) -> None:
    sid = send(twilio, body=TRIAL_PREFIX + BODY)
    assert find(twilio) == sid


def test_a_text_still_in_the_queue_is_found(world: Gateway, twilio: TwilioGateway) -> None:
    world.phone(BEN).switched_off()
    sid = send(twilio)
    assert find(twilio) == sid


def test_asking_is_one_request(world: Gateway, twilio: TwilioGateway) -> None:
    for number in range(120):
        send(twilio, body=f"{BODY} {number}")
    sid = send(twilio)
    before = len(world.requests)
    assert find(twilio) == sid
    assert find(twilio, exclude=(sid,)) is None
    assert len(world.requests) == before + 2


def test_a_list_that_lags_says_nothing_of_the_text(world: Gateway, twilio: TwilioGateway) -> None:
    send(twilio)
    world.list_lag_s = 60.0
    assert find(twilio) is None


CANNOT = [
    faults.throttled(),
    faults.broken(),
    faults.unavailable(),
    faults.unauthorised(),
    faults.html_body(200),
    faults.html_body(502),
    faults.hang(60),
    faults.drop(),
    faults.half_body(),
]


@pytest.mark.parametrize("fault", CANNOT)
def test_a_gateway_that_cannot_be_asked_says_so(
    world: Gateway, twilio: TwilioGateway, fault: Fault
) -> None:
    sid = send(twilio)
    world.fault = fault
    with pytest.raises(CannotAsk, match=r"\.$"):
        find(twilio)
    with pytest.raises(CannotAsk, match=r"\.$"):
        twilio.fetch(sid)


def test_a_gateway_that_is_away_cannot_be_asked(world: Gateway, twilio: TwilioGateway) -> None:
    world.down()
    with pytest.raises(CannotAsk):
        find(twilio)
    with pytest.raises(CannotAsk):
        twilio.fetch("SM1")


def test_a_message_twilio_does_not_know_cannot_be_asked_after(twilio: TwilioGateway) -> None:
    with pytest.raises(CannotAsk):
        twilio.fetch("SM" + "0" * 32)


def test_a_delivered_message_is_delivered(twilio: TwilioGateway) -> None:
    delivery = twilio.fetch(send(twilio))
    assert (delivery.status, delivery.fate) == (DeliveryStatus.DELIVERED, None)
    assert delivery.final


def test_a_message_to_a_phone_that_is_off_is_on_its_way(
    world: Gateway, twilio: TwilioGateway
) -> None:
    world.phone(BEN).switched_off()
    delivery = twilio.fetch(send(twilio))
    assert delivery.status is DeliveryStatus.SENT
    assert not delivery.final


@pytest.mark.parametrize(
    ("code", "fate"), [(30003, Fate.TEMPORARY), (30005, Fate.PERMANENT), (30034, Fate.ACCOUNT)]
)
def test_p3_undelivered_is_a_failure_with_a_next_step(
    world: Gateway, twilio: TwilioGateway, code: int, fate: Fate
) -> None:
    world.phone(BEN).rejects(code)
    delivery = twilio.fetch(send(twilio))
    assert (delivery.status, delivery.code) == (DeliveryStatus.UNDELIVERED, str(code))
    assert delivery.fate is fate


def test_an_account_suspended_meanwhile_fails_its_messages(
    world: Gateway, twilio: TwilioGateway
) -> None:
    world.fault = faults.suspended(times=1)
    assert twilio.fetch(send(twilio)).fate is Fate.ACCOUNT


def test_a_status_of_the_future_is_no_answer(world: Gateway, twilio: TwilioGateway) -> None:
    sid = send(twilio)
    world.fault = Fault(reply=Reply(200, b'{"sid": "SM1", "status": "teleported"}'))
    with pytest.raises(CannotAsk):
        twilio.fetch(sid)


def packed(reason: Exception) -> urllib3_errors.MaxRetryError:
    """What `requests` is given by the layer below it."""
    return urllib3_errors.MaxRetryError(None, "/", reason)  # type: ignore[arg-type]


PROXY_AWAY = urllib3_errors.ProxyError("no proxy", OSError("refused"))
UNKNOWN_HOST = urllib3_errors.NameResolutionError("host", None, OSError("unknown"))  # type: ignore[arg-type]
FORGED = urllib3_errors.SSLError(ssl.SSLCertVerificationError("self-signed"))
CUT_TLS = urllib3_errors.SSLError(ssl.SSLEOFError("cut"))


@pytest.mark.parametrize(
    ("problem", "fate"),
    [
        (requests.ConnectTimeout(packed(urllib3_errors.ConnectTimeoutError())), Fate.TEMPORARY),
        (requests.ConnectionError(packed(UNKNOWN_HOST)), Fate.TEMPORARY),
        (requests.exceptions.ProxyError(packed(PROXY_AWAY)), Fate.TEMPORARY),
        (requests.exceptions.SSLError(packed(FORGED)), Fate.TEMPORARY),
        (requests.exceptions.SSLError(packed(CUT_TLS)), Fate.AMBIGUOUS),
        (requests.ReadTimeout("late"), Fate.AMBIGUOUS),
        (requests.ConnectionError(urllib3_errors.ProtocolError("reset")), Fate.AMBIGUOUS),
        (requests.exceptions.ChunkedEncodingError("half"), Fate.AMBIGUOUS),
        (ValueError("not JSON"), Fate.AMBIGUOUS),
        (RuntimeError("anything"), Fate.AMBIGUOUS),
    ],
)
def test_p3_only_what_was_certainly_not_written_may_be_sent_again_unasked(
    problem: Exception, fate: Fate
) -> None:
    assert judge_exception(problem).fate is fate
