"""From a request to its answer: authorisation, faults, latency, and a note of what was asked."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.support.gateway.account_api import Account
from tests.support.gateway.dialect import (
    ApiError,
    Operation,
    Reply,
    Request,
    Route,
    error_reply,
    find_route,
)
from tests.support.gateway.faults import Slot, spoil


@dataclass(frozen=True)
class Asked:
    """One request to the API and how it was answered; `status` 0 where the answer was cut."""

    operation: Operation
    method: str
    path: str
    query: Mapping[str, str]
    status: int
    monotonic_s: float


class Exchange:
    """Answers the API's requests; safe to use from any thread."""

    def __init__(
        self, account: Account, routes: Sequence[Route], changed: threading.Condition
    ) -> None:
        self._account = account
        self._routes = routes
        self._changed = changed
        self._stopping = threading.Event()
        self._under_way = 0
        self.fault, self.list_fault = Slot(), Slot()
        self.latency_s = 0.0
        self.requests: list[Asked] = []

    @property
    def idle(self) -> bool:
        """Whether no request is being answered."""
        return self._under_way == 0

    def stop(self) -> None:
        """Let whatever hangs or waits go on."""
        self._stopping.set()
        self.fault.set(None)
        self.list_fault.set(None)

    def answer(self, request: Request) -> Reply:
        """The answer, spoilt by whatever fault is set."""
        found = find_route(self._routes, request)
        operation: Operation = found[0].operation if found else "unknown"
        self._count(1)
        try:
            reply = self._through_faults(
                operation, lambda fails_with: self._act(request, found, fails_with)
            )
            self._note(operation, request, reply)
            return reply
        finally:
            self._count(-1)

    def _through_faults(self, operation: Operation, act: Callable[[int | None], Reply]) -> Reply:
        for slot in (self.list_fault, self.fault):
            met = slot.take(operation)
            if met is not None:
                self._count(0)
                return spoil(*met, act)
        return act(None)

    def _act(
        self,
        request: Request,
        found: tuple[Route, Mapping[str, str]] | None,
        fails_with: int | None,
    ) -> Reply:
        try:
            reply = self._handle(request, found, fails_with)
        except ApiError as error:
            reply = error_reply(error.status, error.code)
        if self.latency_s:
            self._stopping.wait(self.latency_s)
        return reply

    def _handle(
        self,
        request: Request,
        found: tuple[Route, Mapping[str, str]] | None,
        fails_with: int | None,
    ) -> Reply:
        if request.credentials != (self._account.sid, self._account.token):
            raise ApiError(401, 20003)
        if found is None or found[1]["account"] != self._account.sid:
            raise ApiError(404, 20404)
        return found[0].handler(request, found[1], fails_with)

    def _count(self, change: int) -> None:
        with self._changed:
            self._under_way += change
            self._changed.notify_all()

    def _note(self, operation: Operation, request: Request, reply: Reply) -> None:
        status = 0 if reply.sends == "nothing" else reply.status
        asked = Asked(
            operation, request.method, request.path, request.query, status, request.monotonic_s
        )
        with self._changed:
            self.requests.append(asked)
