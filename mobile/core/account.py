"""What is done with the server while she waits: enrolling, PINs, history, signing out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from mobile.core import words
from mobile.core.identity import Identity
from mobile.core.sync import Sync
from mobile.core.transport import BadAddress, Transport, read_address
from mobile.core.verdict import DONE, Answer, Verdict, judge

ENROL_S = 15.0


@dataclass(frozen=True)
class Outcome:
    """Whether it was done, and what to say."""

    done: bool
    words: str = ""


HERS = ("me", "visit", "alarm", "watching", "again", "place", "journey", "buttons", "reminder")
"""What is kept about one person and goes when the phone becomes another's."""


@dataclass(frozen=True)
class Scanned:
    """What a code that was scanned or typed says."""

    address: str
    code: str


def read_code(text: str) -> Scanned:
    """A code alone, or an address with the code behind '#' or in 'code='."""
    text = text.strip()
    if "://" not in text:
        return Scanned("", text)
    parts = urlsplit(text)
    code = parts.fragment or next(iter(parse_qs(parts.query).get("code", [])), "")
    return Scanned(f"{parts.scheme}://{parts.netloc}", code)


class Account:
    """`ring` is called when there is something for the worker to do."""

    def __init__(self, sync: Sync, ring: Callable[[], None], *, plain_ok: bool = False) -> None:
        self._sync = sync
        self._ring = ring
        self._plain_ok = plain_ok

    def enrol(self, address: str, code: str, device: str) -> Outcome:
        """Make this phone hers. What waited from before goes, if it was hers."""
        try:
            server = read_address(address, plain_ok=self._plain_ok)
        except BadAddress as fault:
            return Outcome(False, str(fault))
        if not code.strip():
            return Outcome(False, words.NO_CODE)
        transport = Transport(server, self._sync.clock.ticks)
        body = {"code": code.strip(), "device": device}
        heard = transport.ask("POST", "/enrolments", body=body, within_s=ENROL_S)
        transport.close()
        answer = judge(heard)
        if answer.verdict not in DONE:
            return Outcome(False, _why(answer))
        person, token = answer.body.get("person"), answer.body.get("token")
        if not isinstance(person, dict) or not isinstance(token, str):
            return Outcome(False, words.NO_ANSWER)
        self._become(Identity(str(person["id"]), str(person["name"]), server, token), answer)
        return Outcome(True)

    def _become(self, identity: Identity, answer: Answer) -> None:
        sync = self._sync
        before = sync.identities.current()
        with sync.memory.db.write():
            if before is None or before.person != identity.person:
                for kind in HERS:
                    sync.memory.forget(kind)
            sync.identities.enrol(identity)
            sync.identity()
            sync.outbox.release()
            sync.learning.learn_time(answer)
        self._ring()

    def set_pins(self, pin: str, duress_pin: str, old: str | None = None) -> Outcome:
        """Set both PINs; they go nowhere but over the line."""
        fault = pins_fault(pin, duress_pin)
        if fault:
            return Outcome(False, fault)
        body = {"id": str(uuid4()), "pin": pin, "duress_pin": duress_pin}
        answer = self._sync.ask("POST", "/me/pins", body | ({"old": old} if old else {}))
        return _outcome(answer)

    def history(self) -> tuple[list[Any] | None, Outcome]:
        """Her visits that are over, newest first; None where nobody answered."""
        answer = self._sync.ask("GET", "/visits?status=closed,cancelled")
        items = answer.body.get("items")
        if answer.verdict in DONE and isinstance(items, list):
            return items, Outcome(True)
        return None, _outcome(answer)

    @property
    def address(self) -> str:
        """Of the server this phone was last enrolled with; '' where with none."""
        identity = self._sync.identity()
        return str(identity.address) if identity else ""

    def sign_out(self) -> Outcome:
        """End this phone's token and forget what it knows of her. An open visit stays watched by
        the server; what has not reached it stays here until she is back."""
        answer = self._sync.ask("DELETE", "/devices/current")
        if answer.verdict in DONE or answer.verdict is Verdict.SIGNED_OUT:
            self._leave()
            return Outcome(True)
        return _outcome(answer)

    def _leave(self) -> None:
        sync, identity = self._sync, self._sync.identities.current()
        with sync.memory.db.write():
            for kind in HERS:
                sync.memory.forget(kind)
            if identity:
                sync.identities.sign_out(identity.token, sync.clock.now().timestamp())
            sync.outbox.hold()
        self._ring()


def pins_fault(pin: str, duress_pin: str) -> str:
    """What is wrong with two PINs; '' where nothing is."""
    for each in (pin, duress_pin):
        if not (each.isascii() and each.isdigit() and 4 <= len(each) <= 6):
            return words.PIN_SHAPE
    unlike = sum(a != b for a, b in zip(pin, duress_pin, strict=False))
    return "" if unlike + abs(len(pin) - len(duress_pin)) >= 2 else words.TWO_PINS


def _outcome(answer: Answer) -> Outcome:
    done = answer.verdict in DONE
    return Outcome(done, "" if done else answer.detail or words.NO_ANSWER)


def _why(answer: Answer) -> str:
    if answer.verdict in (Verdict.SILENT, Verdict.UNSENT):
        return words.NOBODY_THERE
    if answer.verdict is Verdict.NOT_WAYHOME:
        return words.NOT_WAYHOME
    return answer.detail or words.ENROL_FAILED
