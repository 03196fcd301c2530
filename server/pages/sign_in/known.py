"""Browsers in which somebody has signed in before: tries from them are counted apart.

Whoever knows an address may type wrong passwords for it all day, and tries for it are slowed for
that; but they must not keep its owner out of her own browser (OWASP's device cookies). The cookie
says nothing of who she is and opens nothing: what is bound to it is a keyed hash of her address.
"""

import secrets

from itsdangerous import BadSignature, URLSafeTimedSerializer

from server.pages import cookies
from server.running import running

MOST = 5
"""So many people may share a browser; whoever came in least lately is forgotten first."""


def remember(email: str) -> None:
    """She has come in here, wholly."""
    device, accounts = _read()
    hers = _account(email)
    kept = [hers, *(one for one in accounts if one != hers)][:MOST]
    cookies.keep(cookies.KNOWN, _signer().dumps([device, kept]))


def device_for(email: str) -> str | None:
    """What tries for this address are counted for in this browser; None where she never came in
    here."""
    device, accounts = _read()
    return device if _account(email) in accounts else None


def _read() -> tuple[str, list[str]]:
    given = cookies.given(cookies.KNOWN)
    try:
        device, accounts = _signer().loads(given or "", max_age=cookies.LASTS_S[cookies.KNOWN])
    except (BadSignature, ValueError, TypeError):
        return secrets.token_urlsafe(12), []
    return str(device), list(accounts)


def _account(email: str) -> str:
    return running().desk.keys.seal("known browser", email.strip().lower())


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(running().desk.keys.derive("known browser"))
