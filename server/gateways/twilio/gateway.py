"""Texts out through Twilio, with Twilio's own package."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from server.gateways.base import CannotAsk, CheckResult, Delivery, Fate, Handover
from server.gateways.codes import CALLBACK_REFUSED
from server.gateways.twilio.examination import examine
from server.gateways.twilio.settings import TwilioSettings
from server.gateways.twilio.statuses import read_delivery
from server.gateways.twilio.wire import Wire, code_of, judge_exception
from shared.states import Way

WEBHOOK_RETRIES = "#rc=5&rp=all"
"""Asks Twilio to post a report up to five times more, whatever went wrong with it."""

STALE_AFTER_S = 900
"""How long a text that is not urgent may wait in Twilio's queue before it is dropped."""

NEWEST = 100
"""How many of the newest texts to a number are looked through: one request's worth."""

TRIAL_PREFIX = "Sent from your Twilio trial account - "
"""What Twilio puts before every text of an account on trial."""


class TwilioGateway:
    """One account's sender. Its connections are shared by all threads."""

    name = "twilio"
    ways = frozenset({Way.TEXT})

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        self._client = _make_client(settings)
        self._messages = self._client.api.v2010.account.messages

    def send_text(self, to: str, body: str, callback_url: str | None, urgent: bool) -> Handover:
        """Hand one text over; see `Gateway`.

        Where Twilio refuses the address for reports it refuses the text with it, so the text goes
        once more without: better that its fate is learnt late than that it is not sent.
        """
        fields = self._fields(to, body, urgent)
        if callback_url is None:
            return self._create(fields)
        handover = self._create(fields | {"status_callback": callback_url + WEBHOOK_RETRIES})
        return self._create(fields) if handover.code == CALLBACK_REFUSED else handover

    def find_text(
        self, to: str, body: str, since: datetime, exclude: Collection[str]
    ) -> str | None:
        """The sid of that text, if Twilio has it; see `Gateway`.

        Not asked for by date: Twilio's filter goes by when a text was sent on, which one still in
        the queue was not.
        """
        try:
            listed = self._messages.list(to=to, limit=NEWEST, page_size=NEWEST)
            found = [one for one in listed if _is_it(one, body, since.replace(microsecond=0))]
        except Exception as problem:
            raise CannotAsk(judge_exception(problem).why) from problem
        return next((one.sid for one in found if one.sid and one.sid not in exclude), None)

    def fetch(self, sid: str) -> Delivery:
        """Where the message stands now; see `Gateway`."""
        try:
            message = self._messages(sid).fetch()
        except Exception as problem:
            raise CannotAsk(judge_exception(problem).why) from problem
        delivery = read_delivery(str(message.status), message.error_code)
        if delivery is None:
            raise CannotAsk("Twilio's answer has no status that we know.")
        return delivery

    def check(self) -> list[CheckResult]:
        """What `wayhome doctor` should say about the account and its sender; never raises."""
        return examine(self._client, self._settings)

    def _fields(self, to: str, body: str, urgent: bool) -> dict[str, Any]:
        sender = self._settings.sender
        from_ = "messaging_service_sid" if sender.startswith("MG") else "from_"
        # Twilio's filter against fraud silently swallows texts that look alike, as alarms do.
        fields = {"to": to, "body": body, from_: sender, "risk_check": "disable"}
        return fields if urgent else fields | {"validity_period": STALE_AFTER_S}

    def _create(self, fields: dict[str, Any]) -> Handover:
        try:
            message = self._messages.create(**fields)
        except Exception as problem:  # noqa: BLE001 - a sender must outlive every answer
            verdict = judge_exception(problem)
            code = code_of(problem)
            return Handover(
                verdict.fate, None, str(code) if code else None, verdict.why, verdict.opted_out
            )
        return _accepted(message)


def _make_client(settings: TwilioSettings) -> Client:
    client = Client(
        settings.account_sid,
        settings.auth_token,
        http_client=Wire(settings.timeout_s, settings.connections),
    )
    # Left to themselves they come from the environment and bend the address that was set.
    client.edge = client.region = None
    if settings.api_url:
        client.api.base_url = settings.api_url
    return client


def _accepted(message: MessageInstance) -> Handover:
    """The outcome of a request that Twilio took; it may say at once that the text has failed."""
    if not message.sid:
        return Handover(Fate.AMBIGUOUS, None, None, "Twilio's answer names no message.")
    delivery = read_delivery(str(message.status), message.error_code)
    if delivery is not None and delivery.fate is not None:
        return Handover(delivery.fate, message.sid, delivery.code, delivery.why, delivery.opted_out)
    return Handover(Fate.ACCEPTED, message.sid, None, "Twilio has taken the text.")


def _is_it(message: MessageInstance, body: str, since: datetime) -> bool:
    if message.date_created is None or message.date_created < since:
        return False
    sent = (message.body or "").removeprefix(TRIAL_PREFIX)
    return sent.strip() == body.strip()
