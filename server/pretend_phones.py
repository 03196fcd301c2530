"""Joins the pretend gateway to the table that the page /phones shows."""

from collections.abc import Callable, Collection
from datetime import datetime

from server.gateways.base import DeliveryStatus
from server.store.db import read, write
from server.store.house import PretendText
from server.store.pretend import find_pretend, is_known


class PretendPhones:
    """Keeps every text of a rehearsal in the house; needs an application context."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def deliver(self, to: str, body: str, sid: str) -> None:
        """Keep the text; once this returns, it has arrived."""
        at = self._now()
        write(lambda s: s.add(PretendText(sid=sid, number=to, outgoing=True, body=body, at=at)))

    def find(self, to: str, body: str, since: datetime, exclude: Collection[str]) -> str | None:
        """The sid of such a text kept at or after `since` and not in `exclude`, or None."""
        return read(lambda session: find_pretend(session, to, body, since, exclude))

    def status(self, sid: str) -> DeliveryStatus | None:
        """Delivered, where it is known."""
        known = read(lambda session: is_known(session, sid))
        return DeliveryStatus.DELIVERED if known else None
