"""What the gateway has accepted and what became of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from tests.support.gateway.segments import count_segments


@dataclass(frozen=True)
class Step:
    """One status a message reaches."""

    status: str
    error_code: int | None = None


DELIVERED = (Step("queued"), Step("sent"), Step("delivered"))
UNKNOWN = (Step("queued"), Step("sent"))


def undelivered(code: int) -> tuple[Step, ...]:
    """The fate of a message that the network could not deliver."""
    return (Step("queued"), Step("sent"), Step("undelivered", code))


def failed(code: int) -> tuple[Step, ...]:
    """The fate of a message that the gateway itself could not send."""
    return (Step("queued"), Step("failed", code))


def new_sid() -> str:
    """A message sid that was never used before."""
    return "SM" + uuid4().hex


@dataclass
class Message:
    """A message the gateway accepted; `accepted_at` by the world's clock."""

    to: str
    sender: str
    body: str
    accepted_at: datetime
    monotonic_s: float
    service_sid: str | None = None
    callback_url: str | None = None
    asked: dict[str, str] = field(default_factory=dict)
    """Every field of the request."""
    sid: str = field(default_factory=new_sid)
    status: str = "queued"
    error_code: int | None = None
    sent_at: datetime | None = None

    @property
    def segments(self) -> int:
        """How many segments the body is sent in."""
        return count_segments(self.body)

    def reaches(self, step: Step, at: datetime) -> None:
        """Move on to `step`; from `sent` on it has a date of sending."""
        self.status, self.error_code = step.status, step.error_code
        if step.status == "sent":
            self.sent_at = at

    def describe(self) -> dict[str, object]:
        """The message as the log and the control API show it."""
        return {
            "sid": self.sid,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "accepted_at": self.accepted_at.isoformat(),
            "monotonic_s": self.monotonic_s,
            "status": self.status,
            "error_code": self.error_code,
        }


class Ledger:
    """Every accepted message, in order; safe to use from any thread."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._messages: list[Message] = []
        self._by_sid: dict[str, Message] = {}

    def enter(self, message: Message) -> None:
        """Keep a message and tell whoever waits for one."""
        with self._changed:
            self._messages.append(message)
            self._by_sid[message.sid] = message
            self._changed.notify_all()

    def find(self, sid: str) -> Message | None:
        """The message with that sid."""
        with self._changed:
            return self._by_sid.get(sid)

    def all(self) -> list[Message]:
        """Everything accepted, oldest first."""
        with self._changed:
            return list(self._messages)

    def matching(self, wanted: Callable[[Message], bool]) -> list[Message]:
        """What is wanted, newest first, as the vendor lists it."""
        return [message for message in reversed(self.all()) if wanted(message)]

    def clear(self) -> None:
        """Forget everything."""
        with self._changed:
            self._messages.clear()
            self._by_sid.clear()
