"""The vendor's HTTP dialect: requests, replies, errors and routes, with no state of its own."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import parse_qsl

API = "/2010-04-01"
ACCOUNT = API + r"/Accounts/(?P<account>[^/]+)"

Operation = Literal["create", "list", "fetch", "account", "unknown"]
"""What a request is about, in the words faults are aimed with."""

MEANINGS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    20503: "Service unavailable",
    21211: "The 'To' number is not a valid phone number.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided is not a valid message-capable phone number.",
    21608: "The number is unverified. Trial accounts cannot send messages to unverified numbers.",
    21609: "The StatusCallback URL is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21701: "The Messaging Service does not exist.",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30008: "Unknown error",
}


@dataclass(frozen=True)
class Request:
    """One request as it arrived; `monotonic_s` is when it had been read whole."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    authorization: str
    monotonic_s: float

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form body, blank ones too."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @cached_property
    def credentials(self) -> tuple[str, str] | None:
        """User and password of Basic authorisation; None where there is none to be read."""
        scheme, _, encoded = self.authorization.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return user, password


@dataclass(frozen=True)
class Reply:
    """One answer; `sends` says how much of it goes out before the connection is cut."""

    status: int
    body: bytes
    content_type: str = "application/json"
    sends: Literal["all", "half", "nothing"] = "all"


class ApiError(Exception):
    """A refusal with the vendor's error code."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"{status}/{code}")
        self.status = status
        self.code = code


def json_reply(status: int, payload: object) -> Reply:
    """`payload` as a JSON answer."""
    return Reply(status, json.dumps(payload, ensure_ascii=False).encode())


def error_reply(status: int, code: int) -> Reply:
    """The vendor's error body for `code`."""
    return json_reply(
        status,
        {
            "code": code,
            "message": MEANINGS.get(code, "Refused"),
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        },
    )


Handler = Callable[[Request, Mapping[str, str], int | None], Reply]
"""Answers a request, given its path's parts and the code a fault makes the message fail with."""


@dataclass(frozen=True)
class Route:
    """A path of the API and who answers it."""

    operation: Operation
    method: str
    path: str
    handler: Handler

    def parts(self, request: Request) -> Mapping[str, str] | None:
        """The named parts of the request's path, or None where it is another route's."""
        found = re.fullmatch(self.path, request.path)
        return found.groupdict() if found and request.method == self.method else None


def find_route(routes: Sequence[Route], request: Request) -> tuple[Route, Mapping[str, str]] | None:
    """The route that answers `request`, with the parts of its path."""
    for route in routes:
        parts = route.parts(request)
        if parts is not None:
            return route, parts
    return None
