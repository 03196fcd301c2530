"""A gateway that keeps every text in memory, for tests that need no HTTP."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from server.gateways.base import CannotAsk, CheckResult, Delivery, DeliveryStatus, Fate, Handover
from shared.states import Way


@dataclass(frozen=True)
class Posted:
    """One text that was handed over."""

    to: str
    body: str
    sid: str
    at: datetime


class Postbox:
    """Keeps the promises of `server.gateways.base.Gateway`; can be told to fail."""

    name = "postbox"
    ways = frozenset({Way.TEXT})

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._read: dict[str, int] = {}
        self.posted: list[Posted] = []
        self.answers: dict[str, Handover] = {}
        self.answer: Handover | None = None
        self.keeps_all_the_same = False
        self.asked = 0
        self.tries = 0
        self.can_ask = True

    def send_text(self, to: str, body: str, callback_url: str | None, urgent: bool) -> Handover:
        with self._lock:
            self.tries += 1
            bad = self.answers.get(to) or self.answer
            if bad is not None and not self.keeps_all_the_same:
                return bad
            sid = f"SM{len(self.posted):032d}"
            self.posted.append(Posted(to, body, sid, self._now()))
            return bad or Handover(Fate.ACCEPTED, sid, None, "")

    def find_text(
        self, to: str, body: str, since: datetime, exclude: Collection[str]
    ) -> str | None:
        self.asked += 1
        if not self.can_ask:
            raise CannotAsk
        found = [
            p.sid
            for p in self.posted
            if p.to == to and p.body == body and p.at >= since and p.sid not in exclude
        ]
        return found[0] if found else None

    def fetch(self, sid: str) -> Delivery:
        return Delivery(status=DeliveryStatus.DELIVERED)

    def check(self) -> list[CheckResult]:
        return []

    def texts_to(self, number: str) -> list[str]:
        """Every text this number was ever sent, in order."""
        return [p.body for p in self.posted if p.to == number]

    def new_to(self, number: str) -> list[str]:
        """The texts this number was sent since this was last asked."""
        texts = self.texts_to(number)
        seen = self._read.get(number, 0)
        self._read[number] = len(texts)
        return texts[seen:]
