"""Twilio's words for how far a message has come, in ours."""

from server.gateways.base import Delivery, DeliveryStatus
from server.gateways.codes import judge_failure

STATUSES = {
    "accepted": DeliveryStatus.ACCEPTED,
    "scheduled": DeliveryStatus.ACCEPTED,
    "queued": DeliveryStatus.QUEUED,
    "sending": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "undelivered": DeliveryStatus.UNDELIVERED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}

FAILED = frozenset({DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED})


def read_delivery(word: str, code: int | str | None) -> Delivery | None:
    """Where a message stands, or None where Twilio uses a word we do not know."""
    status = STATUSES.get(word)
    if status is None:
        return None
    if status not in FAILED:
        return Delivery(status=status)
    number = int(code) if code and str(code).isdecimal() else None
    verdict = judge_failure(number)
    return Delivery(
        status=status,
        code=str(number) if number else None,
        fate=verdict.fate,
        why=verdict.why,
        opted_out=verdict.opted_out,
    )
