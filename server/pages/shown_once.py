"""What is made for somebody and shown only once: a code, a link. It is kept as a hash, so the page
that shows it has it from a signed cookie, for as long as a reload may take."""

from datetime import datetime
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeTimedSerializer

from server.pages import cookies
from server.running import running

GOOD_FOR_S = 300


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(running().desk.keys.derive("shown once"))


class Shown(NamedTuple):
    """A secret, and until when it opens something."""

    secret: str
    ends_at: datetime


def keep(what: str, secret: str, ends_at: datetime) -> None:
    """Have the next page show this; `what`: which page, and about whom."""
    cookies.keep(cookies.ONCE, _signer().dumps([what, secret, ends_at.isoformat()]))


def kept(what: str) -> Shown | None:
    """What is to be shown there; None where it is not known any more."""
    given = cookies.given(cookies.ONCE)
    if given is None:
        return None
    try:
        name, secret, ends_at = _signer().loads(given, max_age=GOOD_FOR_S)
    except (BadSignature, ValueError, TypeError):
        return None
    return Shown(secret, datetime.fromisoformat(ends_at)) if name == what else None
