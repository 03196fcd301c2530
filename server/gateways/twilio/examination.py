"""What `wayhome doctor` asks Twilio: may we send, is there money, do replies reach us."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlparse

from twilio.rest import Client
from twilio.rest.api.v2010.account import AccountInstance
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

from server.gateways.base import CheckGravity, CheckResult
from server.gateways.twilio.settings import TwilioSettings
from server.gateways.twilio.wire import judge_exception

LOW_BALANCE = Decimal(10)
"""In the account's own currency: about two hundred texts."""

INBOUND_PATH = "/hooks/twilio/message"
"""Where replies are taken in (Contract 6)."""

LOCAL_HOSTS = ("localhost", "127.", "0.0.0.0", "::1")  # noqa: S104 - recognised, not listened on


def examine(client: Client, settings: TwilioSettings) -> list[CheckResult]:
    """Everything found, the worst not first; never raises."""
    findings = [_account(client, settings)]
    if findings[0].gravity is not CheckGravity.HOLE:
        findings += [_balance(client), _sender(client, settings)]
    return findings + list(_public_url(settings))


def _account(client: Client, settings: TwilioSettings) -> CheckResult:
    try:
        account = client.api.v2010.accounts(settings.account_sid).fetch()
    except Exception as problem:  # noqa: BLE001 - an examination reports, it does not break
        why = judge_exception(problem).why
        return _hole("twilio-account", f"Twilio does not let us in. {why}")
    if str(account.status) != AccountInstance.Status.ACTIVE:
        return _hole("twilio-account", f"The Twilio account is {account.status}.")
    if str(account.type) == AccountInstance.Type.TRIAL:
        return _hole(
            "twilio-account",
            "The Twilio account is on trial: only its verified numbers can be told.",
        )
    return _fine("twilio-account", "Twilio lets us in.")


def _balance(client: Client) -> CheckResult:
    try:
        answer = client.api.v2010.account.balance.fetch()
        left = Decimal(str(answer.balance))
    except InvalidOperation:
        return _note("twilio-balance", "Twilio gives no balance.")
    except Exception as problem:  # noqa: BLE001 - an examination reports, it does not break
        return _note("twilio-balance", f"The balance is not known. {judge_exception(problem).why}")
    sentence = f"Twilio's balance is {left:.2f} {answer.currency or ''}".rstrip() + "."
    if left <= 0:
        return _hole("twilio-balance", sentence)
    return (_note if left < LOW_BALANCE else _fine)("twilio-balance", sentence)


def _sender(client: Client, settings: TwilioSettings) -> CheckResult:
    sender = settings.sender
    if sender.startswith("MG"):
        return _note(
            "twilio-sender",
            "The sender is a Messaging Service: text it to see that replies arrive.",
        )
    if sender.isdecimal():
        return _note(
            "twilio-sender", "The sender is a short code: text it to see that replies arrive."
        )
    if not sender.startswith("+"):
        return _hole("twilio-sender", f"Nobody can reply to '{sender}': it is not a number.")
    try:
        numbers = client.api.v2010.account.incoming_phone_numbers.list(phone_number=sender, limit=1)
    except Exception as problem:  # noqa: BLE001 - an examination reports, it does not break
        return _note("twilio-sender", f"The sender is not known. {judge_exception(problem).why}")
    if not numbers:
        return _hole("twilio-sender", f"{sender} is not a number of this Twilio account.")
    return examine_number(numbers[0], settings)


def examine_number(number: IncomingPhoneNumberInstance, settings: TwilioSettings) -> CheckResult:
    """Whether the sender can text, and whether what is texted to it comes to us."""
    sender = settings.sender
    capabilities: Any = number.capabilities or {}
    if not capabilities.get("sms"):
        return _hole("twilio-sender", f"{sender} cannot text.")
    wanted = settings.address(INBOUND_PATH)
    if number.sms_application_sid:
        return _note(
            "twilio-sender",
            f"Replies to {sender} go to a TwiML application: see that it posts them to {wanted}.",
        )
    if number.sms_url is None:
        return _note("twilio-sender", f"Twilio does not say where replies to {sender} go.")
    if number.sms_url.partition("#")[0] != wanted:
        return _hole(
            "twilio-sender",
            f"Replies to {sender} do not reach us: at Twilio, set its"
            f" messaging webhook to {wanted}.",
        )
    return _fine("twilio-sender", f"Replies to {sender} reach us.")


def _public_url(settings: TwilioSettings) -> Iterator[CheckResult]:
    """Only where the real Twilio must reach us: a rehearsal gateway may be next door."""
    api_host = urlparse(settings.api_url or "https://api.twilio.com").hostname or ""
    ours = urlparse(settings.public_url)
    if not api_host.endswith("twilio.com"):
        return
    if ours.scheme != "https" or (ours.hostname or "").startswith(LOCAL_HOSTS):
        yield _hole(
            "twilio-public-url",
            f"Twilio cannot safely reach {settings.public_url}: replies and delivery reports need"
            " a public https address.",
        )


def _hole(about: str, sentence: str) -> CheckResult:
    return CheckResult(CheckGravity.HOLE, about, sentence)


def _note(about: str, sentence: str) -> CheckResult:
    return CheckResult(CheckGravity.NOTE, about, sentence)


def _fine(about: str, sentence: str) -> CheckResult:
    return CheckResult(CheckGravity.FINE, about, sentence)
