"""What is kept so that a copy of the database tells nothing: encrypted under a key of its own."""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.domain.secrets import Keyring

NONCE_LENGTH = 12


class Unreadable(Exception):
    """Sealed with another secret key, for another person, or damaged."""


def seal_letter(keys: Keyring, purpose: str, about: UUID, text: str) -> bytes:
    """`text` so that only `open_letter` with the same key, purpose and person reads it again."""
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + AESGCM(keys.derive(purpose)).encrypt(nonce, text.encode(), about.bytes)


def open_letter(keys: Keyring, purpose: str, about: UUID, sealed: bytes) -> str:
    """The text that was sealed; Unreadable where it was not sealed for this."""
    nonce, rest = sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:]
    try:
        return AESGCM(keys.derive(purpose)).decrypt(nonce, rest, about.bytes).decode()
    except (InvalidTag, ValueError):
        raise Unreadable from None
