"""What is said where something cannot be shown or done: in our look, kind, and without a clue.

Not for phones and gateways, which speak otherwise (`api.problems`, hooks).
"""

import secrets
from contextlib import suppress

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from server.domain.refusals import Refusal, TooManyTries
from server.pages.render import render
from server.pages.visitor import visitor
from server.store.faults import AWAY

log = structlog.get_logger()

NOT_PAGES = ("/api/", "/hooks/", "/assets/", "/healthz", "/readyz", "/metrics", "/favicon.ico")
STATUS = {
    "not-found": 404,
    "forbidden": 403,
    "too-many-tries": 429,
    "invalid": 400,
    "unauthorized": 401,
    "pin-required": 403,
    "pin-wrong": 403,
}
TITLES = {
    400: "This cannot be read",
    401: "You are signed out",
    403: "That is not allowed",
    404: "There is no such page",
    405: "That cannot be done here",
    409: "Things have changed",
    413: "That is too large",
    429: "Too many tries",
    500: "Something went wrong on our side",
    503: "Wayhome cannot reach its database just now",
}
SENTENCES = {
    400: "Go back, look at what you typed, and try again.",
    401: "Sign in again to go on.",
    403: "Somebody else may be able to do it: ask your manager.",
    404: "It may have been there and gone, or the address may be wrong.",
    405: "Go back and use the buttons of the page.",
    409: "Somebody else was quicker. Open the page again to see how things stand.",
    413: "Send less at once.",
    500: "Nothing was changed. Try again; if it goes on, tell whoever runs Wayhome for you.",
    503: "Nothing was changed. Alarms that are due go out as soon as it is back. Try again soon.",
}


def install(app: Flask) -> None:
    """Answer for everything that goes wrong outside the API and the hooks."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refusal, _refused)
    for fault in AWAY:
        app.register_error_handler(fault, _away)


def _http(fault: HTTPException) -> HTTPException | Response:
    status = fault.code or 500
    if request.path.startswith(NOT_PAGES) or status < 400:
        return fault
    if request.url_rule is None:
        # Nobody has asked yet who looks: whoever is signed in keeps her menu.
        with suppress(*AWAY):
            visitor()
    answer = error_page(status, _own_words(fault))
    if fault.response is None:
        kept = {"Allow", "Retry-After"}
        answer.headers.extend([(k, v) for k, v in fault.get_headers() if k in kept])
    return answer


def _own_words(fault: HTTPException) -> str:
    """The sentence, if it is one of ours and not the library's."""
    said = fault.description or ""
    return "" if said == type(fault).description else said


def _refused(refusal: Refusal) -> Response:
    answer = error_page(STATUS.get(refusal.kind, 409), refusal.sentence, refusal.heading)
    if isinstance(refusal, TooManyTries):
        answer.headers["Retry-After"] = str(refusal.retry_after_s)
    return answer


def _away(_fault: Exception) -> Response:
    log.warning("page_without_database", path=request.path)
    answer = error_page(503, "")
    answer.headers["Retry-After"] = "5"
    return answer


def error_page(status: int, sentence: str, heading: str = "") -> Response:
    """The page that says so, under its own heading or the status's. A fault of ours has a
    reference, to be found in the service's log."""
    reference = ""
    if status == 500:
        reference = secrets.token_hex(4)
        log.error("page_failed", reference=reference, path=request.path)
        sentence = ""
    title = heading or TITLES.get(status, "That did not work")
    said = sentence or SENTENCES.get(status, "Go back and try again.")
    page = render("error.html", title=title, sentence=said, reference=reference)
    return Response(page, status, mimetype="text/html")
