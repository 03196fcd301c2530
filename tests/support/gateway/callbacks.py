"""When and how often the server hears what became of a message, and the postman who tells it."""

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import urllib3

from server.clock import monotonic_s
from tests.support.gateway.hooks import Hooks
from tests.support.gateway.ledger import Message, Step

RETRY_PAUSE_S = 0.2


@dataclass(frozen=True)
class Mode:
    """How callbacks go out; what became of the message itself is settled at once in any mode."""

    after_s: float = 0.0
    times: int = 1
    reverse: bool = False
    hold: bool = False
    silent: bool = False

    def arrange(self, steps: tuple[Step, ...]) -> list[Step]:
        """The steps as they are told."""
        ordered = reversed(steps) if self.reverse else steps
        return [step for step in ordered for _ in range(self.times)]


NORMAL = Mode()
DOUBLED = Mode(times=2)
REVERSED = Mode(reverse=True)
NEVER = Mode(silent=True)
HELD = Mode(hold=True)
"""Kept back until `world.release_callbacks()`."""


def late(seconds: float) -> Mode:
    """Callbacks go out so many real seconds after the message was accepted."""
    return Mode(after_s=seconds)


MODES = {"normal": NORMAL, "doubled": DOUBLED, "reversed": REVERSED, "never": NEVER, "held": HELD}


@dataclass(order=True)
class Round:
    """The callbacks of one message, told in order by one postman."""

    due_s: float
    number: int
    message: Message = field(compare=False)
    steps: list[Step] = field(compare=False)


class Postman:
    """Posts status callbacks in the background; never holds up the request that caused them."""

    def __init__(
        self, hooks: Hooks, account_sid: str, told: Callable[[str], None], workers: int = 8
    ) -> None:
        self.mode = NORMAL
        self._hooks = hooks
        self._account_sid = account_sid
        self._told = told
        self._work = threading.Condition()
        self._rounds: list[Round] = []
        self._held: list[Round] = []
        self._numbers = count()
        self._busy = 0
        self._stopping = False
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(workers)]

    def start(self) -> None:
        """Begin to post."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Post nothing more; returns when the last request under way has ended."""
        with self._work:
            self._stopping = True
            self._work.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def tell(self, message: Message, steps: tuple[Step, ...]) -> None:
        """Tell the server about `steps` as the mode says, if it gave an address for them."""
        mode = self.mode
        if mode.silent or not message.callback_url:
            return
        due_s = monotonic_s() + mode.after_s
        job = Round(due_s, next(self._numbers), message, mode.arrange(steps))
        with self._work:
            if mode.hold:
                self._held.append(job)
                return
            heapq.heappush(self._rounds, job)
            self._work.notify()

    def release(self) -> None:
        """Send what was held back."""
        with self._work:
            for job in self._held:
                heapq.heappush(self._rounds, job)
            self._held.clear()
            self._work.notify_all()

    def wait_idle(self, within_s: float) -> bool:
        """Whether everything not held back was posted within so many seconds."""
        with self._work:
            return self._work.wait_for(lambda: not (self._rounds or self._busy), within_s)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                for step in job.steps:
                    self._post(job.message, step)
            finally:
                with self._work:
                    self._busy -= 1
                    self._work.notify_all()

    def _next(self) -> Round | None:
        with self._work:
            while not self._stopping:
                wait_s = self._rounds[0].due_s - monotonic_s() if self._rounds else None
                if wait_s is not None and wait_s <= 0:
                    self._busy += 1
                    return heapq.heappop(self._rounds)
                self._work.wait(wait_s)
            return None

    def _post(self, message: Message, step: Step) -> None:
        url, event_id = message.callback_url or "", str(uuid4())
        tries, retries_errors = _overrides(url)
        for attempt in range(tries + 1):
            if attempt and self._stops_within(RETRY_PAUSE_S):
                return
            status, trouble = self._try(url, self._fields(message, step), event_id)
            if status and status < 400:
                return
            if status and not retries_errors:
                break
        self._told(f"{step.status} callback for {message.sid} to {url}: {trouble}")

    def _try(self, url: str, fields: dict[str, str], event_id: str) -> tuple[int, str]:
        """One attempt: the answer's status, 0 where none came, and what was wrong with it."""
        try:
            answer = self._hooks.post(url, fields, event_id=event_id)
        except (OSError, urllib3.exceptions.HTTPError) as error:
            return 0, repr(error)
        return answer.status, f"HTTP {answer.status}"

    def _stops_within(self, seconds: float) -> bool:
        with self._work:
            return self._work.wait_for(lambda: self._stopping, seconds)

    def _fields(self, message: Message, step: Step) -> dict[str, str]:
        fields = {
            "AccountSid": self._account_sid,
            "ApiVersion": "2010-04-01",
            "From": message.sender,
            "MessageSid": message.sid,
            "MessageStatus": step.status,
            "SmsSid": message.sid,
            "SmsStatus": step.status,
            "To": message.to,
        }
        if message.service_sid:
            fields["MessagingServiceSid"] = message.service_sid
        if step.error_code is not None:
            fields["ErrorCode"] = str(step.error_code)
        return fields


def _overrides(url: str) -> tuple[int, bool]:
    """How often a callback is tried again, and whether error statuses are (`#rc=5&rp=all`)."""
    wishes = parse_qs(urlsplit(url).fragment)
    policy = ",".join(wishes.get("rp", ["ct"]))
    return int(wishes.get("rc", ["1"])[0]), any(word in policy for word in ("all", "5xx"))
