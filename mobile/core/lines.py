"""The lines to the server, each for one thing at a time: what is asked on one waits for nothing
that is asked on another."""

from collections.abc import Callable
from typing import Any

from mobile.core.identity import Identity
from mobile.core.transport import Transport
from mobile.core.verdict import Answer, judge


class Lines:
    """Opened by name when first asked on, and kept."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._open: dict[str, tuple[str, Transport]] = {}

    def ask(
        self,
        identity: Identity,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        within_s: float,
        line: str,
    ) -> Answer:
        """What the server says, judged; within so many seconds."""
        transport = self._line(identity, line)
        return judge(
            transport.ask(method, path, token=identity.token, body=body, within_s=within_s)
        )

    def _line(self, identity: Identity, name: str) -> Transport:
        where = str(identity.address)
        found = self._open.get(name)
        if found is None or found[0] != where:
            found = self._open[name] = (where, Transport(identity.address, self._ticks))
        return found[1]

    def close(self) -> None:
        """Hang up."""
        for _, transport in self._open.values():
            transport.close()
