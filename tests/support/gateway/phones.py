"""Phones as objects: what stands on their screens, what they answer, and when they are off."""

import threading
from typing import TYPE_CHECKING

from server.clock import monotonic_s
from tests.support.gateway.dialect import ApiError
from tests.support.gateway.hooks import HookAnswer, Signed, read_twiml
from tests.support.gateway.ledger import (
    DELIVERED,
    UNKNOWN,
    Message,
    Step,
    failed,
    new_sid,
    undelivered,
)
from tests.support.gateway.segments import count_segments
from tests.support.gateway.texts import Answer, Text, holds, quote

if TYPE_CHECKING:
    from tests.support.gateway.world import Gateway

STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"}
START_WORDS = {"START", "YES", "UNSTOP"}
MESSAGE_PATH = "/hooks/twilio/message"


class Phone:
    """A person's phone; every text that reaches it is to be expected by the test, once."""

    def __init__(self, world: "Gateway", number: str, name: str) -> None:
        self.number = number
        self.name = name
        self.world = world
        self._changed: threading.Condition = world.changed
        self._inbox: list[Text] = []
        self._unread: list[Text] = []
        self._missed: list[Text] = []
        self._waiting: list[Message] = []
        self._refused_code: int | None = None
        self._reject_code: int | None = None
        self._rejects_left: int | None = None
        self._off = False

    def __repr__(self) -> str:
        return self.number if self.name == self.number else f"{self.name} ({self.number})"

    @property
    def inbox(self) -> list[Text]:
        """Every text that reached the phone, answers to its own texts too, in order."""
        with self._changed:
            return list(self._inbox)

    @property
    def unread(self) -> list[Text]:
        """The texts that no test has expected yet."""
        with self._changed:
            return list(self._unread)

    @property
    def missed(self) -> list[Text]:
        """Texts the gateway accepted for this phone that never reached it."""
        with self._changed:
            return list(self._missed)

    def expects_text(self, *fragments: str, within: float = 5.0) -> Text:
        """The oldest unread text holding all `fragments` (in any case), which is then read.

        Waits for it up to `within` real seconds; fails naming what came instead.
        """
        return self._await("text", self._unread, fragments, within, take=True)

    def misses_text(self, *fragments: str, within: float = 5.0) -> Text:
        """A text that was accepted for this phone and could not reach it; waits like the above."""
        return self._await("missed text", self._missed, fragments, within, take=False)

    def expects_nothing(self, within: float = 0.0) -> None:
        """Fails if an unread text is there, or comes within so many real seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._unread, within)
            if self._unread:
                raise AssertionError(f"{self!r} was to get nothing, and has {quote(self._unread)}")

    def reads_all(self) -> list[Text]:
        """The unread texts, which are then read."""
        with self._changed:
            texts = list(self._unread)
            self._unread.clear()
            return texts

    def replies(self, body: str) -> Answer:
        """Text the service and return its answer; fails unless that is 200 and TwiML."""
        answer = self.texts(body)
        if answer.status != 200:
            raise AssertionError(
                f"{self!r} texted {body!r} and the server answered {answer.status}"
            )
        return answer

    def texts(self, body: str, *, sid: str | None = None, signed: Signed = "right") -> Answer:
        """Text the service; `sid` repeats an earlier text, `signed` forges it if not 'right'.

        Returns whatever status comes; raises OSError or urllib3's HTTPError if none does.
        """
        sent_sid = sid or new_sid()
        if signed == "right" and sid is None:
            self._obey_keyword(body)
        fields = self._inbound_fields(body, sent_sid)
        answer = self.world.post_webhook(MESSAGE_PATH, fields, signed=signed)
        return Answer.made(self._read_answer(answer), sid=sent_sid, status=answer.status)

    def rejects(self, code: int, times: int | None = None) -> None:
        """The next `times` messages (None: all) become undelivered with `code`, by callback."""
        with self._changed:
            self._reject_code, self._rejects_left = code, times

    def refused(self, code: int) -> None:
        """Creating a message for this number fails with `code` (400) from now on."""
        self._refused_code = code

    def opted_out(self) -> None:
        """The number sent STOP: creating a message for it fails with 21610."""
        self.refused(21610)

    def switched_off(self) -> None:
        """Messages are accepted and sent, and neither delivered nor given up."""
        self._off = True

    def recovers(self) -> None:
        """Everything above is over; what waited for a phone switched off is delivered now."""
        with self._changed:
            self._refused_code = self._reject_code = None
            self._off = False
            waiting, self._waiting = self._waiting, []
            for message in waiting:
                self._missed[:] = [text for text in self._missed if text.sid != message.sid]
                self._show(_shown(message))
        for message in waiting:
            self.world.settle(message, (Step("delivered"),))

    def check_reachable(self) -> None:
        """Raise the vendor's refusal if the number cannot be written to."""
        if self._refused_code is not None:
            raise ApiError(400, self._refused_code)

    def meets(self, message: Message, fails_with: int | None) -> tuple[Step, ...]:
        """Take a message the gateway accepted for this number, and say what becomes of it."""
        with self._changed:
            if fails_with is not None:
                return self._miss(message, failed(fails_with))
            if self._off:
                self._waiting.append(message)
                return self._miss(message, UNKNOWN)
            code = self._take_rejection()
            if code is not None:
                return self._miss(message, undelivered(code))
            self._show(_shown(message))
            return DELIVERED

    def forget(self) -> None:
        """Empty the phone."""
        with self._changed:
            for texts in (self._inbox, self._unread, self._missed):
                texts.clear()
            self._waiting.clear()

    def _miss(self, message: Message, fate: tuple[Step, ...]) -> tuple[Step, ...]:
        self._missed.append(_shown(message))
        self._changed.notify_all()
        return fate

    def _show(self, text: Text) -> None:
        self._inbox.append(text)
        self._unread.append(text)
        self._changed.notify_all()

    def _take_rejection(self) -> int | None:
        code = self._reject_code
        if code is not None and self._rejects_left is not None:
            self._rejects_left -= 1
            if self._rejects_left <= 0:
                self._reject_code = None
        return code

    def _await(
        self, what: str, texts: list[Text], fragments: tuple[str, ...], within: float, *, take: bool
    ) -> Text:
        def find() -> Text | None:
            return next((text for text in texts if holds(text, fragments)), None)

        with self._changed:
            found = self._changed.wait_for(find, within)
            if found is None:
                raise AssertionError(self._complaint(what, fragments, within))
            if take:
                texts[:] = [text for text in texts if text is not found]
            return found

    def _complaint(self, what: str, fragments: tuple[str, ...], within: float) -> str:
        wanted = " and ".join(map(repr, fragments)) or "anything"
        return (
            f"{self!r} got no {what} with {wanted} within {within:g} s; "
            f"unread: {quote(self._unread)}; all: {quote(self._inbox)}; "
            f"missed: {quote(self._missed)}"
        )

    def _obey_keyword(self, body: str) -> None:
        word = body.strip().upper()
        if word in STOP_WORDS:
            self.opted_out()
        elif word in START_WORDS and self._refused_code == 21610:
            self._refused_code = None

    def _inbound_fields(self, body: str, sid: str) -> dict[str, str]:
        return {
            "AccountSid": self.world.account.sid,
            "ApiVersion": "2010-04-01",
            "Body": body,
            "From": self.number,
            "FromCity": "",
            "FromCountry": "GB",
            "MessageSid": sid,
            "NumMedia": "0",
            "NumSegments": str(count_segments(body)),
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "To": self.world.sender,
            "ToCountry": "GB",
        }

    def _read_answer(self, answer: HookAnswer) -> list[str]:
        if answer.status != 200:
            return []
        texts = read_twiml(answer)
        if self._refused_code is None:
            with self._changed:
                self._inbox.extend(map(self._answer_text, texts))
        return texts

    def _answer_text(self, body: str) -> Text:
        return Text.made(
            body,
            sid=new_sid(),
            number=self.number,
            at=self.world.now(),
            monotonic_s=monotonic_s(),
            via="answer",
        )


def _shown(message: Message) -> Text:
    return Text.made(
        message.body,
        sid=message.sid,
        number=message.to,
        at=message.accepted_at,
        monotonic_s=message.monotonic_s,
        via="message",
    )
