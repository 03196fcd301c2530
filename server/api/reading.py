"""The body of a request: how much of it is read, what it has to be, and what it turns out to be."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from server.domain.refusals import Refusal
from shared.wire.bodies import BodySchema

LARGEST = 64 * 1024
LARGEST_DROPPED = 8 * 1024 * 1024
PIECE = 64 * 1024
DEEPEST = 20
MOST_NAMED = 5


class TooLarge(Refusal):
    """More than 64 KiB."""

    kind = "too-large"


class NotJsonType(Refusal):
    """Not declared as JSON."""

    kind = "not-json-type"


class NotJson(Refusal):
    """Declared as JSON, and is none; says where it stops being so."""

    kind = "not-json"


class Invalid(Refusal):
    """Some fields are not right; `errors` has a sentence for each."""

    kind = "invalid"


@dataclass(frozen=True)
class Raw:
    """What arrived of a body. `whole`: all of it, and no more than is read."""

    data: bytes
    whole: bool


def read_raw() -> Raw:
    """The first 64 KiB of the body. What is more is read and dropped, up to 8 MiB, so that the
    connection can be used again; never raises."""
    pieces: list[bytes] = []
    try:
        _read(pieces, LARGEST + 1)
    except (HTTPException, OSError):
        return Raw(b"".join(pieces), whole=False)
    data = b"".join(pieces)
    if len(data) > LARGEST:
        drop_rest()
        return Raw(data[:LARGEST], whole=False)
    return Raw(data, whole=True)


def drop_rest() -> None:
    """Read and drop what nobody has read of the body, up to 8 MiB; never raises."""
    left = LARGEST_DROPPED
    try:
        while left > 0 and (piece := request.stream.read(PIECE)):
            left -= len(piece)
    except (HTTPException, OSError):
        return


def _read(pieces: list[bytes], most: int) -> None:
    while most > 0:
        piece = request.stream.read(min(PIECE, most))
        if not piece:
            return
        pieces.append(piece)
        most -= len(piece)


def read_json() -> Any:
    """The JSON value in the body; refuses what is too large (413), not declared as JSON (415) or
    is none (400), in this order."""
    raw = read_raw()
    if not raw.whole:
        raise TooLarge("Send at most 64 KiB.")
    if request.mimetype != "application/json" or request.content_encoding:
        raise NotJsonType("Send JSON, with the header Content-Type: application/json.")
    return parse(raw.data)


def parse(data: bytes) -> Any:
    """The JSON value in these bytes. Refuses NaN and Infinity, which are no JSON, a field given
    twice, of which nobody knows which one counts, and what is nested deeper than 20 levels."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise NotJson(f"Send UTF-8; byte {fault.start + 1} is none.") from None
    try:
        found = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, column {fault.colno}"
        raise NotJson(f"Send JSON; it stops being JSON at {where}.") from None
    except (ValueError, RecursionError):
        raise NotJson("Send JSON with shorter numbers and less nesting.") from None
    if not _is_shallow(found):
        raise NotJson(f"Nest at most {DEEPEST} levels deep.")
    return found


def _once_each(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotJson("Give each field once; one is there twice.")
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise NotJson(f"{name} is no number in JSON.")


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return True
    return False


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def load(schema: BodySchema, given: Any) -> Any:
    """The body as its dataclass; refuses with a sentence for every field that is not right."""
    try:
        return schema.load(given)
    except ValidationError as fault:
        raise invalid(by_field(fault.messages_dict)) from None


def invalid(errors: dict[str, list[str]]) -> Invalid:
    """The refusal that goes with these sentences."""
    named = list(errors)[:MOST_NAMED]
    more = f" and {len(errors) - MOST_NAMED} more" if len(errors) > MOST_NAMED else ""
    return Invalid(f"Please look at {', '.join(named)}{more}.", errors=errors)


def by_field(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Sentences by field, as `position.lat`; what is said of the whole body is said of `body`."""
    if not isinstance(messages, dict):
        sentences = messages if isinstance(messages, list) else [messages]
        return {path or "body": [str(one) for one in sentences]}
    found: dict[str, list[str]] = {}
    for name, inner in messages.items():
        step = path if name == "_schema" else (f"{path}.{name}" if path else str(name))
        for field, sentences in by_field(inner, step).items():
            found.setdefault(field, []).extend(sentences)
    return found
