"""What `wayhome doctor` is told about the Twilio account."""

from collections.abc import Iterator

import pytest
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

from server.gateways.base import CheckGravity, CheckResult
from server.gateways.twilio.examination import examine, examine_number
from server.gateways.twilio.gateway import TwilioGateway
from server.gateways.twilio.settings import TwilioSettings
from tests.support.gateway import Fault, Gateway, faults

PUBLIC = "https://wayhome.example"
INBOUND = PUBLIC + "/hooks/twilio/message"


@pytest.fixture
def world() -> Iterator[Gateway]:
    with Gateway() as world:
        yield world


def make(
    world: Gateway, sender: str = "", api_url: str = "", public_url: str = PUBLIC
) -> TwilioGateway:
    account = world.account
    settings = TwilioSettings(
        account.sid,
        account.token,
        sender or world.sender,
        public_url,
        api_url=api_url or world.url,
        timeout_s=0.5,
    )
    return TwilioGateway(settings)


def find(gateway: TwilioGateway, about: str) -> CheckResult:
    (found,) = (finding for finding in gateway.check() if finding.about == about)
    return found


def test_a_healthy_account_is_fine(world: Gateway) -> None:
    gateway = make(world)
    assert find(gateway, "twilio-account").gravity is CheckGravity.FINE
    assert find(gateway, "twilio-balance").sentence == "Twilio's balance is 25.00 GBP."
    assert all(finding.gravity is not CheckGravity.HOLE for finding in gateway.check())


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (faults.unauthorised(), "sid or token"),
        (faults.broken(), "failed"),
        (faults.html_body(200), "could not be read"),
        (faults.hang(60), "in time"),
    ],
)
def test_an_account_that_does_not_answer_is_one_hole(
    world: Gateway, fault: Fault, says: str
) -> None:
    world.fault = fault
    (finding,) = make(world).check()
    assert (finding.gravity, finding.about) == (CheckGravity.HOLE, "twilio-account")
    assert says in finding.sentence


def test_a_gateway_that_is_away_is_a_hole(world: Gateway) -> None:
    gateway = make(world)
    world.down()
    assert find(gateway, "twilio-account").gravity is CheckGravity.HOLE


def test_a_suspended_account_is_a_hole(world: Gateway) -> None:
    world.account.status = "suspended"
    finding = find(make(world), "twilio-account")
    assert finding == CheckResult(
        CheckGravity.HOLE, "twilio-account", "The Twilio account is suspended."
    )


def test_a_trial_account_is_a_hole(world: Gateway) -> None:
    world.account.kind = "Trial"
    assert find(make(world), "twilio-account").gravity is CheckGravity.HOLE


@pytest.mark.parametrize(
    ("balance", "gravity"),
    [
        ("25.00", CheckGravity.FINE),
        ("10.00", CheckGravity.FINE),
        ("9.99", CheckGravity.NOTE),
        ("0.00", CheckGravity.HOLE),
        ("-3.10", CheckGravity.HOLE),
        ("plenty", CheckGravity.NOTE),
    ],
)
def test_an_empty_purse_is_a_hole(world: Gateway, balance: str, gravity: CheckGravity) -> None:
    world.account.balance = balance
    assert find(make(world), "twilio-balance").gravity is gravity


def test_an_alphanumeric_sender_is_a_hole_because_nobody_can_reply(world: Gateway) -> None:
    finding = find(make(world, sender="WAYHOME"), "twilio-sender")
    assert finding.gravity is CheckGravity.HOLE
    assert "reply" in finding.sentence


def test_somebody_elses_number_is_a_hole(world: Gateway) -> None:
    assert find(make(world, sender="+447700900777"), "twilio-sender").gravity is CheckGravity.HOLE


def test_a_number_that_cannot_text_is_a_hole(world: Gateway) -> None:
    world.account.capabilities["sms"] = False
    assert find(make(world), "twilio-sender").gravity is CheckGravity.HOLE


@pytest.mark.parametrize("sender", ["MG" + "0" * 32, "60500"])
def test_what_cannot_be_looked_at_is_noted(world: Gateway, sender: str) -> None:
    assert find(make(world, sender=sender), "twilio-sender").gravity is CheckGravity.NOTE


@pytest.mark.parametrize(
    ("api_url", "public_url", "hole"),
    [
        ("https://api.dublin.ie1.twilio.com", "http://127.0.0.1:8080", True),
        ("https://api.dublin.ie1.twilio.com", "https://localhost", True),
        ("https://api.dublin.ie1.twilio.com", "http://wayhome.example", True),
        ("https://api.dublin.ie1.twilio.com", PUBLIC, False),
        ("", "http://127.0.0.1:8080", False),
    ],
)
def test_twilio_itself_needs_a_public_https_address_of_ours(
    world: Gateway, api_url: str, public_url: str, hole: bool
) -> None:
    account = world.account
    settings = TwilioSettings(
        account.sid, account.token, world.sender, public_url, api_url=api_url or world.url
    )
    abouts = [finding.about for finding in examine(world.client(), settings)]
    assert ("twilio-public-url" in abouts) is hole


@pytest.mark.parametrize(
    ("fields", "gravity"),
    [
        ({"sms_url": INBOUND}, CheckGravity.FINE),
        ({"sms_url": INBOUND + "#rc=5&rp=all"}, CheckGravity.FINE),
        ({"sms_url": "https://demo.twilio.com/welcome/sms/reply"}, CheckGravity.HOLE),
        ({"sms_url": ""}, CheckGravity.HOLE),
        ({"sms_url": INBOUND, "sms_application_sid": "AP1"}, CheckGravity.NOTE),
        ({}, CheckGravity.NOTE),
    ],
)
def test_p4_replies_that_do_not_reach_us_are_a_hole(
    world: Gateway, fields: dict[str, str], gravity: CheckGravity
) -> None:
    settings = TwilioSettings("AC1", "t", world.sender, PUBLIC)
    payload = {"phone_number": world.sender, "capabilities": {"sms": True}, **fields}
    number = IncomingPhoneNumberInstance(world.client().api.v2010, payload, "AC1")
    assert examine_number(number, settings).gravity is gravity
