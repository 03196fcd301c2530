"""Whose phone this is: her id, the server's address, and the token, sealed."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from mobile.core.memory import Memory
from mobile.core.transport import Address, read_address
from mobile.ports import Secrets

KIND = "identity"


@dataclass(frozen=True)
class Identity:
    """Who is signed in. `signed_out_at`: since when the server has refused the token."""

    person: str
    name: str
    address: Address
    token: str
    signed_out_at: float | None = None


class Identities:
    """At most one at a time."""

    def __init__(self, memory: Memory, secrets: Secrets) -> None:
        self._memory = memory
        self._secrets = secrets
        self._unsealed: tuple[str, str] | None = None

    def current(self) -> Identity | None:
        """Whoever this phone was last enrolled for. A token whose key is gone counts as refused."""
        known = self._memory.get(KIND)
        if known is None:
            return None
        value = known.value
        plain = self._unseal(value["token"])
        out_at = value["signed_out_at"]
        return Identity(
            value["person"],
            value["name"],
            read_address(value["address"], plain_ok=True),
            plain or "",
            known.known_at if plain is None and out_at is None else out_at,
        )

    def _unseal(self, sealed: str) -> str | None:
        # Key stores are slow, and this is asked for once a second.
        if self._unsealed is not None and self._unsealed[0] == sealed:
            return self._unsealed[1]
        plain = self._secrets.unseal(b64decode(sealed))
        if plain is None:
            return None
        self._unsealed = (sealed, plain.decode())
        return self._unsealed[1]

    def enrol(self, identity: Identity) -> None:
        """From now on it is this person's phone."""
        self._write(identity)

    def sign_out(self, token: str, at: float) -> None:
        """The server refused this token; one that has replaced it meanwhile stays."""
        with self._memory.db.write():
            current = self.current()
            if current and current.token == token and current.signed_out_at is None:
                value: dict[str, Any] = dict(self._memory.all(KIND)[""].value)
                self._memory.keep(KIND, "", value | {"signed_out_at": at})

    def _write(self, identity: Identity) -> None:
        value = {
            "person": identity.person,
            "name": identity.name,
            "address": str(identity.address),
            "token": b64encode(self._secrets.seal(identity.token.encode())).decode(),
            "signed_out_at": identity.signed_out_at,
        }
        self._memory.keep(KIND, "", value)
