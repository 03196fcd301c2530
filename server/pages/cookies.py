"""The cookies of the pages: one that says who is there, one for a stranger's forms, one for what
is said after a redirect, one for what is shown only once, one that says who has come in here before
(sign_in/known.py). All of them for this host only, and never for a script."""

import secrets
from typing import Any

from flask import Flask, Response, g, request

from server.running import running

SIGNED_IN = "wayhome"
DOOR = "wayhome-door"
SAID = "wayhome-said"
ONCE = "wayhome-once"
KNOWN = "wayhome-known"
LASTS_S = {KNOWN: 180 * 24 * 3600}
"""How long a browser keeps it; the others go when it is closed."""


def _is_https() -> bool:
    return running().settings.public_url.startswith("https://")


def name(plain: str) -> str:
    """What the cookie is called here: under https a browser keeps others from setting it."""
    return f"__Host-{plain}" if _is_https() else plain


def given(plain: str) -> str | None:
    """What the browser sent under that name."""
    return request.cookies.get(name(plain))


def secret() -> str | None:
    """The secret of whoever is signed in."""
    return given(SIGNED_IN)


def keep(plain: str, value: str) -> None:
    """Let the browser have this cookie with the answer; an empty one is taken away."""
    g.setdefault("wayhome_cookies", {})[plain] = value


def door() -> str:
    """A random word that this browser, signed in or not, carries with its forms."""
    waiting = g.get("wayhome_cookies", {}).get(DOOR)
    found = waiting or given(DOOR)
    if not found or len(found) > 64:
        found = secrets.token_urlsafe(24)
        keep(DOOR, found)
    return str(found)


def install(app: Flask) -> None:
    """Send with every answer what was kept for it."""

    @app.after_request
    def send(response: Response) -> Response:
        for plain, value in g.get("wayhome_cookies", {}).items():
            _send(response, plain, value)
        return response


def _send(response: Response, plain: str, value: str) -> None:
    how: dict[str, Any] = {
        "path": "/",
        "secure": _is_https(),
        "httponly": True,
        "samesite": "Lax",
    }
    if value:
        response.set_cookie(name(plain), value, max_age=LASTS_S.get(plain), **how)
    else:
        response.delete_cookie(name(plain), **how)
