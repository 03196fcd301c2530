"""A desktop as a phone: for trying Wayhome out at a desk. What a desktop lacks, it says it lacks.

It has no key store that an app may rely on: what is sealed here is kept from a careless look, by a
key that lies beside the database and is its owner's only, and no more.
"""

import hashlib
import hmac
import logging
import secrets
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from mobile.ports import Fix, Inset, Notice, Pattern, Ports, Reminder, Signal

log = logging.getLogger(__name__)
KEY_FILE = "wayhome.key"
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 16, 32


class NoLocation:
    """A desk does not move, and where it stands is nobody's business."""

    def allowed(self) -> bool:
        return False

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def last(self) -> Fix | None:
        return None


class NoAlarms:
    """Nothing rings once the window is closed; the server's reminders come all the same."""

    def arm(self, reminders: Sequence[Reminder]) -> None:
        """Nothing to arm."""

    def exact(self) -> bool:
        return False


class NoNotifier:
    """The window itself is all there is to see."""

    def allowed(self) -> bool:
        return False

    def show(self, notice: Notice) -> None:
        """Nowhere to show it."""

    def withdraw(self, key: str) -> None:
        """Nowhere to take it from."""


class NoHaptics:
    """A desk does not shake."""

    def play(self, pattern: Pattern) -> None:
        log.debug("felt %s", pattern)


class NoSpeech:
    """Left to the desktop's own screen reader."""

    def say(self, text: str) -> None:
        log.debug("said %s", text)


class FileSecrets:
    """Seals with a key in a file of its owner's: a stream from HMAC-SHA256, and a tag over it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / KEY_FILE
        self._key = self._read() or self._make()

    def _read(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""

    def _make(self) -> bytes:
        self._path.touch(mode=0o600)
        key = secrets.token_bytes(KEY_BYTES)
        self._path.write_bytes(key)
        return key

    def seal(self, plain: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        hidden = self._mix(nonce, plain)
        return nonce + self._tag(nonce + hidden) + hidden

    def unseal(self, sealed: bytes) -> bytes | None:
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        tag, hidden = rest[:TAG_BYTES], rest[TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(nonce + hidden)):
            return None
        return self._mix(nonce, hidden)

    def _tag(self, what: bytes) -> bytes:
        return hmac.new(self._key, b"tag" + what, hashlib.sha256).digest()

    def _mix(self, nonce: bytes, what: bytes) -> bytes:
        found = bytearray()
        for number in range(0, len(what), TAG_BYTES):
            block = hmac.new(self._key, nonce + number.to_bytes(8, "big"), hashlib.sha256).digest()
            part = what[number : number + TAG_BYTES]
            found += bytes(a ^ b for a, b in zip(part, block, strict=False))
        return bytes(found)


class DesktopNet:
    """Whether there is a network is found out by trying; texts and calls go to whatever handles
    them here."""

    def signal(self) -> Signal:
        return Signal.UNKNOWN

    def on_change(self, tell: Callable[[], None]) -> None:
        """It never tells."""

    def compose_text(self, to: str, text: str) -> bool:
        return webbrowser.open(f"sms:{quote(to)}?body={quote(text)}")

    def dial(self, number: str) -> bool:
        return webbrowser.open(f"tel:{quote(number)}")


class NoInsets:
    """A window is free from edge to edge."""

    def now(self) -> Inset:
        return Inset()

    def on_change(self, tell: Callable[[Inset], None]) -> None:
        """They never change."""


def desktop_ports(folder: Path) -> Ports:
    """What a desktop brings; its key lies in `folder`."""
    return Ports(
        location=NoLocation(),
        alarms=NoAlarms(),
        notifier=NoNotifier(),
        haptics=NoHaptics(),
        speech=NoSpeech(),
        secrets=FileSecrets(folder),
        net=DesktopNet(),
        insets=NoInsets(),
    )
