"""What is said on the next page after something was done: once, in a signed cookie."""

from flask import g
from itsdangerous import BadSignature, URLSafeTimedSerializer

from server.pages import cookies
from server.running import running

GOOD_FOR_S = 120
LONGEST = 400


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(running().desk.keys.derive("said"))


def say(sentence: str) -> None:
    """Say this at the top of the page that comes next."""
    cookies.keep(cookies.SAID, _signer().dumps(sentence[:LONGEST]))


def said() -> str | None:
    """What is to be said now; it is then said."""
    given = cookies.given(cookies.SAID)
    if given is None:
        return None
    if cookies.SAID not in g.get("wayhome_cookies", {}):
        cookies.keep(cookies.SAID, "")
    try:
        found = _signer().loads(given, max_age=GOOD_FOR_S)
    except BadSignature:
        return None
    return found if isinstance(found, str) else None
