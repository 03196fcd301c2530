"""A gateway that keeps every text in the house, for rehearsals and the demo."""

from collections.abc import Collection
from datetime import datetime
from threading import Event
from typing import Protocol
from uuid import uuid4

from server.gateways.base import (
    CannotAsk,
    CheckGravity,
    CheckResult,
    Delivery,
    DeliveryStatus,
    Fate,
    Handover,
)
from shared.states import Way


class Sink(Protocol):
    """Where pretend texts arrive: the application keeps them, so that the page can show them."""

    def deliver(self, to: str, body: str, sid: str) -> None:
        """Keep the text; once this returns, it has arrived."""
        ...

    def find(self, to: str, body: str, since: datetime, exclude: Collection[str]) -> str | None:
        """The sid of such a text kept at or after `since` and not in `exclude`, or None."""
        ...

    def status(self, sid: str) -> DeliveryStatus | None:
        """How far that text has come; None where there is none."""
        ...


class PretendGateway:
    """Takes any number and opens no socket: what it is handed goes to its sink and nowhere else."""

    name = "pretend"
    ways = frozenset({Way.TEXT})

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._away = Event()

    @property
    def away(self) -> bool:
        """Whether it is rehearsing an outage."""
        return self._away.is_set()

    def go_away(self) -> None:
        """Refuse everything from now on, as in an outage."""
        self._away.set()

    def come_back(self) -> None:
        """End the outage."""
        self._away.clear()

    def send_text(self, to: str, body: str, callback_url: str | None, urgent: bool) -> Handover:
        """Put one text into the sink; see `Gateway`. Nothing is reported to `callback_url`."""
        if self.away:
            return Handover(Fate.TEMPORARY, None, None, "The pretend gateway is away.")
        sid = "PT" + uuid4().hex
        try:
            self._sink.deliver(to, body, sid)
        except Exception:  # noqa: BLE001 - a sender must outlive whatever the sink does
            return Handover(Fate.AMBIGUOUS, None, None, "The pretend phone may not have kept it.")
        return Handover(Fate.ACCEPTED, sid, None, "The pretend phone has it.")

    def find_text(
        self, to: str, body: str, since: datetime, exclude: Collection[str]
    ) -> str | None:
        """The sid of that text, if the sink has it; see `Gateway`."""
        self._must_be_here()
        try:
            return self._sink.find(to, body, since, exclude)
        except Exception as problem:
            raise CannotAsk("The pretend phones cannot be looked at.") from problem

    def fetch(self, sid: str) -> Delivery:
        """Where the text stands; see `Gateway`."""
        self._must_be_here()
        try:
            status = self._sink.status(sid)
        except Exception as problem:
            raise CannotAsk("The pretend phones cannot be looked at.") from problem
        if status is None:
            raise CannotAsk("No pretend phone has this text.")
        return Delivery(status=status)

    def check(self) -> list[CheckResult]:
        """That nobody will be told; see `Gateway`."""
        sentence = "REHEARSAL: nobody will be told. Texts only reach the pretend phones."
        return [CheckResult(CheckGravity.HOLE, "rehearsal", sentence)]

    def _must_be_here(self) -> None:
        if self.away:
            raise CannotAsk("The pretend gateway is away.")
