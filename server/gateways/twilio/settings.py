"""What the Twilio gateway must be told."""

import re
from dataclasses import dataclass, field

SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{5,6}|MG[0-9a-fA-F]{32}", re.ASCII)
"""Never letters: Twilio would send from them, and nobody could answer."""
NO_SENDER = (
    "give a number like +447700900999, a short code of 5 or 6 digits, or a Messaging Service"
    " (MG...); nobody can answer a text from a name."
)


@dataclass(frozen=True)
class TwilioSettings:
    """One account and the sender texts go out from; raises ValueError where something is missing.

    `sender` is a number (E.164), a Messaging Service (`MG...`) or a short code. `api_url` is None
    for Twilio's own address. While a token is being rotated, `other_auth_token` is the second one:
    webhooks signed with either are believed; requests of ours carry `auth_token`. `timeout_s` is
    for one request, from connecting to the answer; `connections` is how many may be open at once.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    public_url: str
    api_url: str | None = None
    timeout_s: float = 10.0
    connections: int = 32
    other_auth_token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name in ("account_sid", "auth_token", "sender", "public_url"):
            if not getattr(self, name):
                raise ValueError(f"Twilio needs {name}.")
        if self.timeout_s <= 0:
            raise ValueError("Twilio's timeout_s must be more than 0 seconds.")

    @property
    def tokens(self) -> tuple[str, ...]:
        """Every token a webhook may be signed with."""
        return tuple(token for token in (self.auth_token, self.other_auth_token) if token)

    def address(self, path: str) -> str:
        """Our public address of `path`, which is what Twilio signs."""
        return self.public_url.rstrip("/") + path
