"""Passwords: length and nothing else is asked of them, common ones are refused, and only a slow
hash is kept (argon2id). Two at once at the most, so that many tries cost no memory."""

import re
import threading
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 128
AT_ONCE = 2
FEWEST_OF_NO_MEANING = 6
OURS = "wayhome"
COMMON = Path(__file__).with_name("common_passwords.txt")
NEXT = (-1, 1, ord("0") - ord("9"), ord("9") - ord("0"))
_TURN = threading.BoundedSemaphore(AT_ONCE)


def hash_password(password: str) -> str:
    """What is kept of it."""
    with _TURN:
        return _hasher().hash(password)


def is_password(hashed: str | None, password: str) -> bool:
    """Whether it is the one; takes as long where there is none, so that nobody learns who signs in
    here."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _TURN:
        try:
            _hasher().verify(hashed or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return hashed is not None


def fault_in(password: str, *own_words: str) -> str | None:
    """Why it must not be used, in a sentence; None where it may. `own_words`: her name, her
    address, her employer."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Three or four words are easy to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    plain = _plain(password)
    if _is_common(plain):
        return "Many people use this one, so it is soon guessed. Use another."
    if _is_about_her(plain, own_words):
        return "This is too close to your name, address or organisation. Use another."
    return None


def _is_common(plain: str) -> bool:
    """A common one, one of few letters, a short one twice, one that counts up or down, or a common
    one with figures added."""
    if len(set(plain)) < 5 or plain in (plain * 2)[1:-1] or _counts(plain):
        return True
    return plain in _common() or plain.strip("0123456789") in _common()


def _counts(plain: str) -> bool:
    """Whether most of it counts up or down, as 123456789012 and abcdefgh1234 do."""
    steps = [(ord(after) - ord(before)) for before, after in pairwise(plain)]
    return sum(step in NEXT for step in steps) * 3 >= len(steps) * 2


def _is_about_her(plain: str, own_words: Sequence[str]) -> bool:
    """Whether little of it is left without her name, address, employer and ours, whole or in
    parts."""
    whole = [_plain(word) for word in own_words]
    parts = {_plain(part) for word in own_words for part in re.split(r"[^\w]+", word)}
    left = plain
    for word in sorted({*whole, *parts, OURS}, key=len, reverse=True):
        left = left.replace(word, "") if len(word) >= 3 else left
    return len(left) < FEWEST_OF_NO_MEANING or any(plain in word for word in whole)


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())


@cache
def _hasher() -> "PasswordHasher":
    # Loaded with the first sign-in only.
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody's password")
