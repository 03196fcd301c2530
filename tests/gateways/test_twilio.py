"""Texts handed to Twilio, over real HTTP, and every way in which that goes wrong (P3)."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from server.clock import monotonic_s
from server.gateways import GatewaySettings, TwilioSettings, gateways
from server.gateways.base import DeliveryStatus, Fate, Handover
from server.gateways.twilio.gateway import TwilioGateway
from tests.support.gateway import Fault, Gateway, Message, faults
from tests.support.gateway.dialect import Reply

BEN = "+447700900102"
PUBLIC = "https://wayhome.example"
CALLBACK = PUBLIC + "/hooks/twilio/message-status"
BODY = "Amy Okafor is overdue at 12 High St. Reply 1 to take charge"
TIMEOUT_S = 0.5


@pytest.fixture
def world() -> Iterator[Gateway]:
    with Gateway() as world:
        yield world


def make(world: Gateway, **others: object) -> TwilioGateway:
    settings: dict[str, object] = {
        "account_sid": world.account.sid,
        "auth_token": world.account.token,
        "sender": world.sender,
        "public_url": PUBLIC,
        "api_url": world.url,
        "timeout_s": TIMEOUT_S,
    }
    return TwilioGateway(TwilioSettings(**(settings | others)))  # type: ignore[arg-type]


@pytest.fixture
def twilio(world: Gateway) -> TwilioGateway:
    return make(world)


def send(twilio: TwilioGateway, body: str = BODY, *, urgent: bool = True) -> Handover:
    return twilio.send_text(BEN, body, None, urgent)


def find(twilio: TwilioGateway, world: Gateway, body: str = BODY) -> str | None:
    return twilio.find_text(BEN, body, world.now() - timedelta(minutes=1), ())


def only(world: Gateway) -> Message:
    (message,) = world.messages
    return message


def test_a_text_is_taken_and_reaches_the_phone(world: Gateway, twilio: TwilioGateway) -> None:
    ben = world.phone(BEN, "Ben")
    handover = send(twilio)
    assert handover.fate is Fate.ACCEPTED
    assert handover.sid == only(world).sid
    assert (handover.code, handover.opted_out) == (None, False)
    ben.expects_text(BODY)
    world.assert_quiet()


def test_an_alarm_never_grows_stale_and_is_not_taken_for_fraud(
    world: Gateway, twilio: TwilioGateway
) -> None:
    send(twilio)
    asked = only(world).asked
    assert asked == {"To": BEN, "From": world.sender, "Body": BODY, "RiskCheck": "disable"}


def test_a_text_that_is_not_urgent_may_grow_stale(world: Gateway, twilio: TwilioGateway) -> None:
    send(twilio, urgent=False)
    assert only(world).asked["ValidityPeriod"] == "900"


def test_reports_are_asked_for_and_asked_to_be_repeated(
    world: Gateway, twilio: TwilioGateway
) -> None:
    twilio.send_text(BEN, BODY, CALLBACK, True)
    assert only(world).callback_url == CALLBACK + "#rc=5&rp=all"


def test_a_messaging_service_may_be_the_sender(world: Gateway) -> None:
    service = "MG" + "0" * 32
    assert send(make(world, sender=service)).fate is Fate.ACCEPTED
    assert only(world).service_sid == service
    assert "From" not in only(world).asked


def test_where_the_address_for_reports_is_refused_the_text_goes_without(
    world: Gateway, twilio: TwilioGateway
) -> None:
    handover = twilio.send_text(BEN, BODY, "ftp://nowhere", True)
    assert handover.fate is Fate.ACCEPTED
    assert handover.sid == only(world).sid
    assert only(world).callback_url is None


@pytest.mark.parametrize(
    ("fault", "fate", "code"),
    [
        (faults.throttled(), Fate.TEMPORARY, "20429"),
        (faults.unavailable(), Fate.TEMPORARY, "20503"),
        (faults.broken(), Fate.AMBIGUOUS, "20500"),
        (faults.unauthorised(), Fate.ACCOUNT, "20003"),
        (faults.trial(), Fate.PERMANENT, "21608"),
        (faults.status(400, 21611), Fate.ACCOUNT, "21611"),
        (faults.status(400, 21612), Fate.PERMANENT, "21612"),
        (faults.status(400, 21999), Fate.TEMPORARY, "21999"),
        (faults.html_body(502), Fate.AMBIGUOUS, "502"),
        (faults.html_body(503), Fate.TEMPORARY, "503"),
        (faults.html_body(403), Fate.ACCOUNT, "403"),
        (faults.html_body(404), Fate.ACCOUNT, "404"),
        (faults.html_body(302), Fate.TEMPORARY, "302"),
        (faults.html_body(200), Fate.AMBIGUOUS, None),
        (faults.html_body(201), Fate.AMBIGUOUS, None),
        (faults.drop(), Fate.AMBIGUOUS, None),
    ],
)
def test_p3_every_refusal_and_break_has_its_fate(
    world: Gateway, twilio: TwilioGateway, fault: Fault, fate: Fate, code: str | None
) -> None:
    world.fault = fault
    handover = send(twilio)
    assert (handover.fate, handover.code, handover.sid) == (fate, code, None)
    assert handover.why.endswith(".")
    assert world.faults_met == 1, "a text is handed over once; trying again is the sender's"
    assert world.messages == []


@pytest.mark.parametrize("code", [21211, 21610, 21614])
def test_a_number_that_cannot_be_texted_is_given_up_at_once(
    world: Gateway, twilio: TwilioGateway, code: int
) -> None:
    world.phone(BEN).refused(code)
    handover = send(twilio)
    assert (handover.fate, handover.code) == (Fate.PERMANENT, str(code))
    assert handover.opted_out is (code == 21610)


def test_p3_a_gateway_that_is_away_has_certainly_not_taken_the_text(
    world: Gateway, twilio: TwilioGateway
) -> None:
    send(twilio)
    world.down()
    assert send(twilio, "while it is away").fate is Fate.TEMPORARY
    world.up()
    assert send(twilio, "when it is back").fate is Fate.ACCEPTED


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        (faults.drop_after_accept(times=1), True),
        (faults.half_body(times=1), True),
        (faults.hang(60, accepts=True, times=1), True),
        (faults.html_body(201, accepts=True, times=1), True),
        (faults.html_body(502, accepts=True, times=1), True),
        (faults.drop(times=1), False),
        (faults.hang(60, times=1), False),
    ],
)
def test_p3_where_nobody_can_say_the_gateway_is_asked_and_knows(
    world: Gateway, twilio: TwilioGateway, fault: Fault, taken: bool
) -> None:
    world.fault = fault
    assert send(twilio).fate is Fate.AMBIGUOUS
    assert find(twilio, world) == (only(world).sid if taken else None)


def test_a_gateway_that_hangs_is_left_in_time(world: Gateway, twilio: TwilioGateway) -> None:
    world.fault = faults.hang(60)
    before_s = monotonic_s()
    assert send(twilio).fate is Fate.AMBIGUOUS
    assert monotonic_s() - before_s < 4 * TIMEOUT_S


@pytest.mark.parametrize(
    ("api_url", "fate"), [("ftp://127.0.0.1", Fate.ACCOUNT), ("nonsense", Fate.ACCOUNT)]
)
def test_an_address_that_is_none_is_for_somebody_to_mend(
    world: Gateway, api_url: str, fate: Fate
) -> None:
    assert send(make(world, api_url=api_url)).fate is fate


def test_a_wrong_token_is_for_somebody_to_mend(world: Gateway) -> None:
    assert send(make(world, auth_token="last year's")).fate is Fate.ACCOUNT


def test_the_environment_does_not_bend_the_address(
    world: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    assert send(make(world)).fate is Fate.ACCEPTED


def test_threads_never_get_one_anothers_answers(
    world: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    twilio = make(world, timeout_s=10.0)
    world.latency_s = 0.002
    bodies = [f"text {number}" for number in range(300)]
    with caplog.at_level(logging.DEBUG), ThreadPoolExecutor(24) as senders:
        handovers = dict(zip(bodies, senders.map(lambda b: send(twilio, b), bodies), strict=True))
    assert {message.body: message.sid for message in world.messages} == {
        body: handover.sid for body, handover in handovers.items()
    }
    assert not any("pool is full" in record.message for record in caplog.records)


def test_nothing_of_a_text_is_logged(
    world: Gateway, twilio: TwilioGateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        send(twilio)
        world.fault = faults.status(400, 21999)
        send(twilio)
    assert "overdue" not in caplog.text
    assert world.account.token not in caplog.text


def test_a_text_taken_and_failed_in_one_answer_needs_another_try(
    world: Gateway, twilio: TwilioGateway
) -> None:
    told = b'{"sid": "SM1", "status": "failed", "error_code": 30034}'
    world.fault = Fault(on=faults.CREATE, reply=Reply(201, told))
    handover = send(twilio)
    assert (handover.fate, handover.code, handover.sid) == (Fate.ACCOUNT, "30034", "SM1")


@pytest.mark.parametrize("answer", [b"[]", b"null", b"{}", b'"SM1"', b"\xff", b""])
def test_p3_an_answer_that_makes_no_sense_is_no_acceptance(
    world: Gateway, twilio: TwilioGateway, answer: bytes
) -> None:
    world.fault = Fault(on=faults.CREATE, reply=Reply(201, answer))
    assert send(twilio).fate is Fate.AMBIGUOUS


def test_the_factory_makes_this_gateway(world: Gateway) -> None:
    settings = TwilioSettings(
        world.account.sid, world.account.token, world.sender, PUBLIC, api_url=world.url
    )
    (way,) = gateways(GatewaySettings(twilio=settings))
    assert way.name == "twilio"
    handover = way.send_text(BEN, BODY, None, True)
    assert handover.sid is not None
    assert way.fetch(handover.sid).status is DeliveryStatus.DELIVERED


UNTOUCHED = """
import sys
from server.gateways import GatewaySettings, TwilioSettings, gateways, webhooks
assert not [name for name in sys.modules if name.startswith(("twilio.", "requests"))]
webhooks(GatewaySettings(twilio=TwilioSettings("AC1", "t", "+447700900000", "https://x.example")))
assert "twilio.rest" not in sys.modules and "requests" not in sys.modules
class Sink: pass
gateways(GatewaySettings(pretend=Sink()))
assert "twilio.rest" not in sys.modules and "requests" not in sys.modules
"""


def test_the_package_is_loaded_only_where_texts_leave_the_house() -> None:
    subprocess.run([sys.executable, "-c", UNTOUCHED], check=True)
