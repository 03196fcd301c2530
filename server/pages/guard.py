"""Who may send a form here: only a page of ours, opened under a name of ours.

Two locks. The browser's own word on where a request comes from (Sec-Fetch-Site, else Origin), and a
token that only our pages hold. A third keeps strangers' pages from reading ours under a name of
theirs that points here.
"""

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request, abort

from server.domain.secrets import Keyring

FORM_FIELD = "token"
OURS = ("same-origin", "none")
HERE = ("localhost", "wayhome.localhost")


def form_token(keys: Keyring, page: str) -> str:
    """What the forms of one page carry; the same in every process of an installation."""
    return keys.seal("form", page)


def check_form(request: Request, keys: Keyring, page: str) -> None:
    """403 unless this form was sent from that page of ours."""
    if not is_from(request, keys, page):
        abort(403, "This form was not sent from this page. Open the page again and retry.")


def is_from(request: Request, keys: Keyring, page: str) -> bool:
    """Whether this form was sent from that page of ours."""
    given = request.form.get(FORM_FIELD, "")
    return comes_from_here(request) and _same(given, form_token(keys, page))


def comes_from_here(request: Request) -> bool:
    """What the browser says of where a request was made; a client that says nothing may go on to
    the token."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OURS
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def check_host(request: Request, public_url: str) -> None:
    """400 under a host name that is neither this installation's nor an address of the machine."""
    name = _name(request)
    if name in HERE or name == urlsplit(public_url).hostname or _is_address(name):
        return
    abort(400, "This page is not served under that name.")


def is_under_a_name(request: Request) -> bool:
    """Whether a browser may make passkeys here: none does for an address of figures."""
    return not _is_address(_name(request))


def _name(request: Request) -> str:
    return urlsplit(f"//{request.host}").hostname or ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
