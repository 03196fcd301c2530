"""What can go wrong at the gateway; each constructor makes one kind of `Fault`."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from tests.support.gateway.dialect import Operation, Reply, error_reply

ALL: frozenset[Operation] = frozenset({"create", "list", "fetch", "account", "unknown"})
CREATE: frozenset[Operation] = frozenset({"create"})


@dataclass(frozen=True)
class Fault:
    """How requests go wrong: for the next `times` of them, or (None) until it is cleared."""

    on: frozenset[Operation] = ALL
    times: int | None = None
    accepts: bool = False
    """Whether the request takes effect although its answer goes wrong."""
    reply: Reply | None = None
    """What is answered in place of the gateway's own answer."""
    hang_s: float = 0.0
    cut: Literal["no", "half", "whole"] = "no"
    fails_with: int | None = None
    """The error code with which an accepted message fails later."""


def status(
    http: int, code: int, *, on: frozenset[Operation] = ALL, times: int | None = None
) -> Fault:
    """Refused with that HTTP status and vendor code; nothing takes effect."""
    return Fault(on=on, times=times, reply=error_reply(http, code))


def throttled(times: int | None = None) -> Fault:
    """429 with 20429: too many requests."""
    return status(429, 20429, times=times)


def broken(times: int | None = None) -> Fault:
    """500 with 20500."""
    return status(500, 20500, times=times)


def unavailable(times: int | None = None) -> Fault:
    """503 with 20503."""
    return status(503, 20503, times=times)


def unauthorised(times: int | None = None) -> Fault:
    """401 with 20003 for everything: the account's token no longer works."""
    return status(401, 20003, times=times)


def trial(times: int | None = None) -> Fault:
    """400 with 21608 for every message: a trial account and an unverified number."""
    return status(400, 21608, on=CREATE, times=times)


def suspended(times: int | None = None) -> Fault:
    """Messages are accepted and then fail with 30002, as in an account suspended meanwhile."""
    return Fault(on=CREATE, times=times, accepts=True, fails_with=30002)


def drop_after_accept(times: int | None = None) -> Fault:
    """The message is accepted and stored, and the connection cut before the answer."""
    return Fault(on=CREATE, times=times, accepts=True, cut="whole")


def drop(times: int | None = None) -> Fault:
    """The connection is cut without an answer; nothing takes effect."""
    return Fault(times=times, cut="whole")


def hang(seconds: float, *, accepts: bool = False, times: int | None = None) -> Fault:
    """No answer for so many real seconds, or until cleared.

    With `accepts` the request took effect first and the answer comes late; without it nothing
    takes effect and the connection is cut in the end.
    """
    cut: Literal["no", "whole"] = "no" if accepts else "whole"
    return Fault(times=times, accepts=accepts, hang_s=seconds, cut=cut)


def html_body(http: int = 502, *, accepts: bool = False, times: int | None = None) -> Fault:
    """A web page in place of JSON, as a proxy before the gateway answers."""
    page = b"<html><head><title>Bad gateway</title></head><body>Bad gateway</body></html>"
    return Fault(times=times, accepts=accepts, reply=Reply(http, page, "text/html"))


def half_body(times: int | None = None) -> Fault:
    """The request takes effect; its answer breaks off in the middle."""
    return Fault(times=times, accepts=True, cut="half")


BY_NAME: dict[str, Callable[..., Fault]] = {
    make.__name__: make
    for make in (
        broken,
        drop,
        drop_after_accept,
        half_body,
        hang,
        html_body,
        status,
        suspended,
        throttled,
        trial,
        unauthorised,
        unavailable,
    )
}


class Slot:
    """Where one fault is set, counted down and cleared; clearing lets whatever hangs go on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._left: int | None = None
        self._fault: Fault | None = None
        self.met = 0

    @property
    def fault(self) -> Fault | None:
        """What the next request may meet."""
        return self._fault

    def set(self, fault: Fault | None) -> None:
        """Replace the fault; None clears it."""
        with self._lock:
            self._released.set()
            self._released = threading.Event()
            self._fault = fault
            self._left = fault.times if fault else None

    def take(self, operation: Operation) -> tuple[Fault, threading.Event] | None:
        """The fault this request meets, counted as met, and what ends its hanging."""
        with self._lock:
            fault = self._fault
            if fault is None or operation not in fault.on:
                return None
            self.met += 1
            if self._left is not None:
                self._left -= 1
                self._fault = fault if self._left > 0 else None
            return fault, self._released


def spoil(fault: Fault, released: threading.Event, act: Callable[[int | None], Reply]) -> Reply:
    """What a request that meets `fault` is answered; `act` is what it would have done."""
    answer = act(fault.fails_with) if fault.accepts else Reply(500, b"")
    if fault.hang_s:
        released.wait(fault.hang_s)
    if fault.reply:
        answer = fault.reply
    sends: dict[str, Literal["all", "half", "nothing"]]
    sends = {"no": "all", "half": "half", "whole": "nothing"}
    return replace(answer, sends=sends[fault.cut])
