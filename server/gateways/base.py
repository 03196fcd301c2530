"""What every way out promises, whoever runs it: hand over, find again, ask after, be examined.

Nothing here knows a provider, a framework, a database or a clock.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.states import Way


class Fate(StrEnum):
    """What became of one attempt, as what to do next.

    `PERMANENT` is about this text to this number: it does not heal by itself, so the next way is
    tried now. It does not say that the number is dead; only `opted_out` does.
    """

    ACCEPTED = "accepted"
    PERMANENT = "permanent"
    """Will not get there however often it is tried: next way now."""
    ACCOUNT = "account"
    """Of no use to anybody until somebody mends it: next provider, and the admin is told."""
    TEMPORARY = "temporary"
    """Certainly not taken, or failed in a way that heals: try again, within the sender's bounds."""
    AMBIGUOUS = "ambiguous"
    """May or may not have been taken: ask (`find_text`) before sending again."""


@dataclass(frozen=True)
class Handover:
    """One attempt's outcome; `why` is a sentence for people, `code` the provider's own word."""

    fate: Fate
    sid: str | None
    code: str | None
    why: str
    opted_out: bool = False


class DeliveryStatus(StrEnum):
    """How far an accepted message has come, in order; the last three are final."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNDELIVERED = "undelivered"

    @property
    def rank(self) -> int:
        """1 to 5; reports come twice and out of order, so a message only ever moves up."""
        return _RANK[self]

    @property
    def final(self) -> bool:
        """Whether nothing more is to be learnt."""
        return self.rank == _FINAL_RANK

    def follows(self, known: "DeliveryStatus | None") -> bool:
        """Whether this is news to somebody who knows `known`: never a step back, never a repeat."""
        return known is None or self.rank > known.rank


_FINAL_RANK = 5
_RANK = {
    DeliveryStatus.ACCEPTED: 1,
    DeliveryStatus.QUEUED: 2,
    DeliveryStatus.SENDING: 3,
    DeliveryStatus.SENT: 4,
    DeliveryStatus.DELIVERED: _FINAL_RANK,
    DeliveryStatus.FAILED: _FINAL_RANK,
    DeliveryStatus.UNDELIVERED: _FINAL_RANK,
}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Where a message stands; `fate` and `why` are set only where it failed."""

    status: DeliveryStatus
    code: str | None = None
    fate: Fate | None = None
    why: str = ""
    opted_out: bool = False

    @property
    def rank(self) -> int:
        """The rank of its status."""
        return self.status.rank

    @property
    def final(self) -> bool:
        """Whether nothing more is to be learnt."""
        return self.status.final


@dataclass(frozen=True, kw_only=True)
class DeliveryReport(Delivery):
    """What a provider's status webhook says of the message `sid`."""

    sid: str


class OptOut(StrEnum):
    """What a provider says it did by itself with a text that is one of its own words."""

    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True)
class InboundText:
    """A text somebody sent us, as it came: the body's spaces are kept."""

    sid: str
    from_: str
    to: str
    body: str
    opt_out: OptOut | None = None


class CheckGravity(StrEnum):
    """How much one result of a check weighs; `doctor` turns it into a finding of its own."""

    FINE = "fine"
    NOTE = "note"
    HOLE = "hole"
    """Somebody might not be told: `wayhome doctor` exits 1."""


@dataclass(frozen=True)
class CheckResult:
    """One thing a gateway's check found; `about` is a short stable word, `sentence` for people."""

    gravity: CheckGravity
    about: str
    sentence: str


class CannotAsk(Exception):
    """The provider could not be asked, which says nothing about the message."""


class Gateway(Protocol):
    """A way out. Every method may be called from any thread, at the same time as any other."""

    @property
    def name(self) -> str:
        """A short word, stable: it is stored with every message."""
        ...

    @property
    def ways(self) -> frozenset[Way]:
        """What it can carry."""
        ...

    def send_text(self, to: str, body: str, callback_url: str | None, urgent: bool) -> Handover:
        """Hand one text over; never raises, and answers within the provider's time-out.

        `to` is E.164. Fates are reported to `callback_url`; a text that is not urgent may be
        dropped by the provider when it has grown stale.
        """
        ...

    def find_text(
        self, to: str, body: str, since: datetime, exclude: Collection[str]
    ) -> str | None:
        """The sid of a text taken at or after `since` that is not in `exclude`, or None.

        Raises `CannotAsk`. To the second: providers date messages no finer.
        """
        ...

    def fetch(self, sid: str) -> Delivery:
        """Where the message stands now. Raises `CannotAsk`."""
        ...

    def check(self) -> list[CheckResult]:
        """What `wayhome doctor` should say about it; never raises."""
        ...


class Form(Protocol):
    """A posted form: a field may come several times, and spaces in it are kept."""

    def __iter__(self) -> Iterator[str]: ...

    def getlist(self, key: str, /) -> list[str]:
        """Every value of a field, none if it is missing."""
        ...


class Headers(Protocol):
    """Request headers, whose names are found whatever their case."""

    def get(self, key: str, /) -> str | None:
        """The header's value."""
        ...


class Webhooks(Protocol):
    """The way back in: what a provider posts to us, believed only when it is signed."""

    def verify(self, path: str, form: Form, headers: Headers) -> bool:
        """Whether the provider signed this form for our public address and `path`; fails closed."""
        ...

    def read_text(self, form: Form) -> InboundText | None:
        """The text in the form; None where it names no message or no sender."""
        ...

    def read_report(self, form: Form) -> DeliveryReport | None:
        """The report in the form; None where it names no message or no status we know."""
        ...


def first(form: Form, *fields: str) -> str:
    """The first value there is of the first field that has one, else ''."""
    return next((value for field in fields for value in form.getlist(field) if value), "")
