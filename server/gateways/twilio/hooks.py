"""What Twilio posts to us: whether it did, and what it says."""

from hmac import compare_digest
from urllib.parse import urlparse

from twilio.request_validator import RequestValidator, add_port, remove_port

from server.gateways.base import (
    DeliveryReport,
    Form,
    Headers,
    InboundText,
    OptOut,
    first,
)
from server.gateways.twilio.settings import TwilioSettings
from server.gateways.twilio.statuses import read_delivery

SIGNATURE = "X-Twilio-Signature"


class TwilioWebhooks:
    """Believes a form only when it is signed for our public address with one of our tokens.

    The address is the one in the settings, never the request's: a proxy changes host and scheme
    on the way, and whoever forges a request may choose both.
    """

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        self._validators = [RequestValidator(token) for token in settings.tokens]

    def verify(self, path: str, form: Form, headers: Headers) -> bool:
        """Whether Twilio signed this form for `path` on our address (Contract 6); fails closed.

        `path` is plain ASCII without a query. Compared in constant time.
        """
        given = headers.get(SIGNATURE)
        if not given or not path.startswith("/"):
            return False
        signature = given.encode("utf-8", "replace")
        try:
            candidates = self._candidates(path, form)
        except ValueError:
            return False
        return any(compare_digest(candidate.encode(), signature) for candidate in candidates)

    def read_text(self, form: Form) -> InboundText | None:
        """The text in the form; None where it names no message or no sender."""
        sid, from_ = first(form, "MessageSid", "SmsSid"), first(form, "From")
        if not sid or not from_:
            return None
        return InboundText(sid, from_, first(form, "To"), first(form, "Body"), _read_opt_out(form))

    def read_report(self, form: Form) -> DeliveryReport | None:
        """The report in the form; None where it names no message or no status we know."""
        sid = first(form, "MessageSid", "SmsSid")
        word = first(form, "MessageStatus", "SmsStatus")
        delivery = read_delivery(word, first(form, "ErrorCode"))
        if not sid or delivery is None:
            return None
        return DeliveryReport(
            sid=sid,
            status=delivery.status,
            code=delivery.code,
            fate=delivery.fate,
            why=delivery.why,
            opted_out=delivery.opted_out,
        )

    def _candidates(self, path: str, form: Form) -> list[str]:
        """Every signature we would believe: Twilio signs with the port or without it."""
        address = urlparse(self._settings.address(path))
        return [
            validator.compute_signature(url, form)
            for validator in self._validators
            for url in (remove_port(address), add_port(address))
        ]


def _read_opt_out(form: Form) -> OptOut | None:
    """Present only where the sender is a Messaging Service that handles such words itself."""
    word = first(form, "OptOutType").lower()
    return OptOut(word) if word in set(OptOut) else None
