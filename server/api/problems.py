"""Refusals as problem+json (RFC 9457): the same shape for every error under /api/."""

import json
from http import HTTPStatus
from typing import Any

from flask import Response, request

from server.domain.refusals import Refusal, TooManyTries
from shared.wire.problems import BY_NAME, CONTENT_TYPE, KINDS, Kind

PREFIX = "/api/"
FROM_STATUS = {kind.status: kind for kind in reversed(KINDS)} | {
    400: BY_NAME["bad-request"],
    403: BY_NAME["forbidden"],
    409: BY_NAME["conflict"],
}
SENTENCES = {
    400: "This request cannot be read.",
    404: "There is nothing at this address.",
    413: "Send at most 64 KiB.",
    414: "Shorten the address.",
    500: "Something went wrong on our side, and nothing was changed. Try again.",
    503: "The database cannot be reached just now, and nothing was changed. Try again in a moment.",
}


def problem(
    kind: Kind, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """One refusal; `more` stands beside the members every problem has."""
    return Response(_members(kind, detail, **more), kind.status, headers, content_type=CONTENT_TYPE)


def _members(kind: Kind, detail: str, **more: Any) -> str:
    members = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail}
    return json.dumps({**members, **more})


def refused(refusal: Refusal) -> Response:
    """What an act refused, as the phone reads it."""
    kind = BY_NAME[refusal.kind]
    headers = {"WWW-Authenticate": 'Bearer realm="wayhome"'} if kind.status == 401 else {}
    if isinstance(refusal, TooManyTries):
        headers["Retry-After"] = str(refusal.retry_after_s)
    return problem(kind, refusal.sentence, headers, **refusal.extra)


def unavailable() -> Response:
    """The database is away."""
    return problem(BY_NAME["unavailable"], SENTENCES[503], {"Retry-After": "5"})


def every_error_is_a_problem(response: Response) -> Response:
    """Turn whatever else refuses something under /api/ (routing, the server, a fault) into one.

    Whoever answers for pages may render errors as it likes; none of it reaches a phone.
    """
    if not request.path.startswith(PREFIX) or response.status_code < 400:
        return response
    if response.mimetype == CONTENT_TYPE:
        return response
    status = response.status_code
    kind = FROM_STATUS.get(status) or Kind("failed", status, HTTPStatus(status).phrase)
    detail = SENTENCES.get(status, f"{HTTPStatus(status).phrase}.")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"This address takes {response.headers.get('Allow', 'nothing')}."
    response.data = _members(kind, detail)
    response.content_type = CONTENT_TYPE
    return response
