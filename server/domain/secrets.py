"""Keys derived from the one secret key, and everything that is kept only as a hash.

PINs are HMACs under a derived key over person and PIN: four digits cannot be protected by a slow
hash, and a slow one would double the cost of closing a visit. Safe and duress are always both
compared, so that neither takes longer.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

TOKEN_PREFIX = "wh1_"  # noqa: S105 - marks our tokens for secret scanners; no secret itself
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


class Pin(StrEnum):
    """What a given PIN turned out to be."""

    NONE = "none"
    WRONG = "wrong"
    SAFE = "safe"
    DURESS = "duress"


@dataclass(frozen=True)
class Keyring:
    """Every key in use, each derived for one purpose from the installation's secret key."""

    secret: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """The key for one purpose; keys of different purposes tell nothing about each other."""
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()

    def seal(self, purpose: str, text: str) -> str:
        """A keyed fingerprint of `text`, 64 hexadecimal digits."""
        return hmac.new(self.derive(purpose), text.encode(), hashlib.sha256).hexdigest()

    def seal_away(self, purpose: str, text: str) -> str:
        """`text` encrypted, so that the database alone does not give it away."""
        return self._box(purpose).encrypt(text.encode()).decode()

    def open_sealed(self, purpose: str, sealed: str) -> str | None:
        """What `seal_away` put away; None where it was not sealed by this key for this purpose."""
        from cryptography.fernet import InvalidToken

        try:
            return self._box(purpose).decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def _box(self, purpose: str) -> "Fernet":
        # Loaded when it is first needed: few processes ever do.
        from cryptography.fernet import Fernet

        return Fernet(base64.urlsafe_b64encode(self.derive(f"box {purpose}")))

    def pin_hash(self, person_id: UUID, pin: str) -> str:
        """What is kept of a PIN."""
        return self.seal("pin", f"{person_id}:{pin}")

    def judge_pin(
        self, person_id: UUID, pin: str | None, safe: str | None, duress: str | None
    ) -> Pin:
        """Which of her two PINs this is, always comparing both."""
        if pin is None:
            return Pin.NONE
        given = self.pin_hash(person_id, pin)
        is_safe = hmac.compare_digest(given, safe or "-" * 64)
        is_duress = hmac.compare_digest(given, duress or "-" * 64)
        if is_duress:
            return Pin.DURESS
        return Pin.SAFE if is_safe else Pin.WRONG

    def link(self, alarm_id: UUID, person_id: UUID) -> str:
        """What stands at the end of the address by which one person told of one alarm sees it:
        96 bits, short enough for a text."""
        made = hmac.new(self.derive("link"), alarm_id.bytes + person_id.bytes, hashlib.sha256)
        return base64.urlsafe_b64encode(made.digest()[:12]).decode()


def hash_token(token: str) -> str:
    """What is kept of a long random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A device token: 256 random bits, marked as ours so that a leaked one can be found."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def new_code() -> str:
    """An enrolment code a person can type: 60 random bits in three groups, no letter to mistake."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, CODE_LENGTH, 4))


def plain_code(typed: str) -> str:
    """A typed code as it is compared: no case, no gaps, O read as 0 and I, L as 1."""
    kept = "".join(letter for letter in typed.upper() if letter.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def pins_differ_enough(safe: str, duress: str) -> bool:
    """Whether a slip of one finger cannot turn one PIN into the other (contract 4)."""
    if len(safe) != len(duress):
        return True
    return sum(a != b for a, b in zip(safe, duress, strict=True)) >= 2
