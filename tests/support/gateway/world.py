"""The gateway as one object: what tests and benches set, ask and wait for."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from server.clock import wall_s
from tests.support.gateway.account_api import Account, AccountApi
from tests.support.gateway.callbacks import Mode, Postman
from tests.support.gateway.exchange import Asked, Exchange
from tests.support.gateway.faults import Fault
from tests.support.gateway.hooks import HookAnswer, Hooks, Signed
from tests.support.gateway.ledger import Ledger, Message, Step
from tests.support.gateway.messages_api import MessagesApi
from tests.support.gateway.phones import Phone
from tests.support.gateway.texts import Text
from tests.support.gateway.wire import Listener

ACCOUNT_SID = "AC" + "5a" * 16
AUTH_TOKEN = "a-token-for-rehearsals"
SENDER = "+447700900000"


def real_now() -> datetime:
    """The host's wall clock, aware, in UTC."""
    return datetime.fromtimestamp(wall_s(), UTC)


class Gateway:
    """A text gateway on a loopback port; `port` and `url` are known before it starts.

    Set `webhook_url` to the server's public address (what requests are signed for) and, where
    the server really listens elsewhere, `deliver_to` to that. `now` dates messages.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        sender: str = SENDER,
        log_file: Path | None = None,
    ) -> None:
        self.changed = threading.Condition()
        self.sender = sender
        self.senders = {sender}
        self.account = Account(account_sid, auth_token)
        self.now: Callable[[], datetime] = real_now
        self.errors: list[str] = []
        self.failed_callbacks: list[str] = []
        self._phones: dict[str, Phone] = {}
        self._ledger = Ledger(self.changed)
        self._log = log_file.open("a", buffering=1, encoding="utf-8") if log_file else None
        self.hooks = Hooks(auth_token)
        self._postman = Postman(self.hooks, account_sid, self._note_failed_callback)
        self._messages = MessagesApi(self._ledger, self.senders, self._accept, lambda: self.now())
        routes = self._messages.routes + AccountApi(self.account, self.senders).routes
        self._exchange = Exchange(self.account, routes, self.changed)
        self._listener = Listener(self._exchange.answer, self.errors.append, host, port)
        self.port = self._listener.port
        self.url = self._listener.url

    def start(self) -> Self:
        """Listen and begin to post callbacks."""
        self._postman.start()
        self._listener.up()
        return self

    def stop(self) -> None:
        """End it all; nothing is posted afterwards."""
        self._exchange.stop()
        self._listener.close()
        self._postman.stop()
        self.hooks.close()
        if self._log:
            self._log.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def down(self) -> None:
        """Refuse connections, as in an outage; open ones are cut."""
        self._listener.down()

    def up(self) -> None:
        """Listen again on the same port."""
        self._listener.up()

    @property
    def fault(self) -> Fault | None:
        """What the next requests meet; setting None clears it and lets hanging ones go on."""
        return self._exchange.fault.fault

    @fault.setter
    def fault(self, fault: Fault | None) -> None:
        self._exchange.fault.set(fault)

    @property
    def list_fault(self) -> Fault | None:
        """What listing messages meets, beside `fault`, so that what was sent cannot be asked."""
        return self._exchange.list_fault.fault

    @list_fault.setter
    def list_fault(self, fault: Fault | None) -> None:
        self._exchange.list_fault.set(replace(fault, on=frozenset({"list"})) if fault else None)

    @property
    def faults_met(self) -> int:
        """How many requests have met a fault so far."""
        return self._exchange.fault.met + self._exchange.list_fault.met

    @property
    def latency_s(self) -> float:
        """How many real seconds every answer takes."""
        return self._exchange.latency_s

    @latency_s.setter
    def latency_s(self, latency_s: float) -> None:
        self._exchange.latency_s = latency_s

    @property
    def requests(self) -> list[Asked]:
        """Every request that was answered or cut, in order."""
        with self.changed:
            return list(self._exchange.requests)

    @property
    def list_lag_s(self) -> float:
        """For how many real seconds a new message is missing from lists."""
        return self._messages.lag_s

    @list_lag_s.setter
    def list_lag_s(self, lag_s: float) -> None:
        self._messages.lag_s = lag_s

    @property
    def list_by_day(self) -> bool:
        """Whether lists heed only the day of a date, and not its time."""
        return self._messages.by_day

    @list_by_day.setter
    def list_by_day(self, by_day: bool) -> None:
        self._messages.by_day = by_day

    @property
    def callbacks(self) -> Mode:
        """How status callbacks go out for messages accepted from now on."""
        return self._postman.mode

    @callbacks.setter
    def callbacks(self, mode: Mode) -> None:
        self._postman.mode = mode

    @property
    def webhook_url(self) -> str | None:
        """The server's public base address, for which requests to it are signed."""
        return self.hooks.webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.hooks.webhook_url = url

    @property
    def deliver_to(self) -> str | None:
        """Where the server really listens, if not at `webhook_url`."""
        return self.hooks.deliver_to

    @deliver_to.setter
    def deliver_to(self, url: str | None) -> None:
        self.hooks.deliver_to = url

    def environment(self) -> dict[str, str]:
        """The settings that make Wayhome send through this gateway."""
        return {
            "WAYHOME_TWILIO_ACCOUNT_SID": self.account.sid,
            "WAYHOME_TWILIO_API_URL": self.url,
            "WAYHOME_TWILIO_AUTH_TOKEN": self.account.token,
            "WAYHOME_TWILIO_FROM": self.sender,
        }

    def client(self, timeout_s: float = 5.0) -> Client:
        """The vendor's own client, pointed here."""
        http = TwilioHttpClient(timeout=timeout_s)
        client = Client(self.account.sid, self.account.token, http_client=http)
        client.api.base_url = self.url
        return client

    def phone(self, number: str, name: str = "") -> Phone:
        """The phone with that E.164 number, always the same object."""
        if not re.fullmatch(r"\+[1-9]\d+", number):
            raise AssertionError(f"not E.164, so nothing can reach it: {number!r}")
        with self.changed:
            phone = self._phones.setdefault(number, Phone(self, number, name or number))
            phone.name = name or phone.name
            return phone

    @property
    def phones(self) -> list[Phone]:
        """Every phone asked for or written to."""
        with self.changed:
            return list(self._phones.values())

    @property
    def messages(self) -> list[Message]:
        """Everything accepted, in order, whether or not it reached a phone."""
        return self._ledger.all()

    def wait_for(self, condition: Callable[[], object], within: float = 5.0, why: str = "") -> None:
        """Wait until `condition` holds, asked whenever something arrives; fails saying `why`."""
        with self.changed:
            if not self.changed.wait_for(condition, within):
                raise AssertionError(
                    f"not within {within:g} s: {why or 'the condition waited for'}"
                )

    def wait_idle(self, within: float = 10.0) -> None:
        """Wait until no request is under way and every callback not held back was posted."""
        self.wait_for(lambda: self._exchange.idle, within, "every request answered")
        if not self._postman.wait_idle(within):
            raise AssertionError(f"callbacks were still to be posted after {within:g} s")

    def release_callbacks(self) -> None:
        """Post what `callbacks.HELD` kept back."""
        self._postman.release()

    def unexpected(self) -> list[Text]:
        """Texts that reached a phone and that no test expected, oldest first."""
        unread = [text for phone in self.phones for text in phone.unread]
        return sorted(unread, key=lambda text: text.monotonic_s)

    def assert_quiet(self) -> None:
        """Fail if a text was not expected, or the gateway itself went wrong; names each."""
        found = [f"{self.phone(text.number)!r}: {str(text)!r}" for text in self.unexpected()]
        if found or self.errors:
            raise AssertionError("\n".join(["nobody expected this:", *found, *self.errors]))

    def forget(self) -> None:
        """Forget every message and empty every phone; settings and faults stay."""
        self._ledger.clear()
        self._exchange.requests.clear()
        self.failed_callbacks.clear()
        for phone in self.phones:
            phone.forget()

    def post_webhook(
        self, path: str, fields: Mapping[str, str], *, signed: Signed = "right"
    ) -> HookAnswer:
        """Post a webhook of the gateway's to one of the server's paths."""
        return self.hooks.post(self.hooks.public_url(path), fields, signed=signed)

    def settle(self, message: Message, steps: tuple[Step, ...]) -> None:
        """Settle what became of a message, and let the postman tell it."""
        at = self.now()
        with self.changed:
            for step in steps:
                message.reaches(step, at)
            self.changed.notify_all()
        self._postman.tell(message, steps)

    def _accept(self, message: Message, fails_with: int | None) -> None:
        phone = self.phone(message.to)
        phone.check_reachable()
        # At one stroke, so that nobody sees the text while its status still says `queued`.
        with self.changed:
            self._ledger.enter(message)
            self.settle(message, phone.meets(message, fails_with))
        self._write_log(message)

    def _note_failed_callback(self, trouble: str) -> None:
        with self.changed:
            self.failed_callbacks.append(trouble)
            self.changed.notify_all()

    def _write_log(self, message: Message) -> None:
        if self._log:
            self._log.write(json.dumps(message.describe(), ensure_ascii=False) + "\n")
