"""Fields that refuse what JSON or a database would bend: one plain sentence says what is right."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from marshmallow import ValidationError, fields, validate

W = TypeVar("W", bound=StrEnum)

RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
FIRST_YEAR, LAST_YEAR = 2000, 2100

A_UUID = "Give a UUID, such as 7d3f0c9e-5b7a-4a57-9d6e-0a7f6f6f2c11."
A_TIME = "Give a time with its zone, such as 2026-03-10T14:30:00Z."
A_FLAG = "Give true or false."
UNSTORABLE_SENTENCE = "Leave out NUL and unpaired surrogates; no text has them."


def _all_say(sentence: str) -> dict[str, Any]:
    """Whatever is wrong with a field, its sentence says what would be right."""
    kinds = ("invalid", "null", "invalid_uuid", "unknown", "too_large", "special")
    return {**dict.fromkeys(kinds, sentence), "required": f"This is missing. {sentence}"}


def read_uuid(given: object) -> UUID | None:
    """The UUID, written as RFC 9562 writes it; None for everything else."""
    if isinstance(given, str) and CANONICAL_UUID.fullmatch(given):
        return UUID(given)
    return None


def read_moment(given: object) -> datetime | None:
    """The instant, in UTC, of an RFC 3339 time between 2000 and 2100; None for everything else."""
    if not isinstance(given, str) or not RFC_3339.fullmatch(given):
        return None
    try:
        found = datetime.fromisoformat(given.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None


def is_storable(text: str) -> bool:
    """Whether every database can keep this text: PostgreSQL has no NUL, UTF-8 no half pairs."""
    return UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """The text with a question mark for each character that cannot be kept."""
    return UNSTORABLE.sub("?", text)


class Ident(fields.UUID):
    """A UUID."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages=_all_say(A_UUID), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> UUID:
        found = read_uuid(value)
        if found is None:
            raise self.make_error("invalid")
        return found


class Moment(fields.AwareDateTime):
    """An instant: RFC 3339 with its offset; in UTC on both ends."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages=_all_say(A_TIME), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        found = read_moment(value)
        if found is None:
            raise self.make_error("invalid")
        return found

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat()


class Flag(fields.Boolean):
    """true or false, and nothing that looks like it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages=_all_say(A_FLAG), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Whole(fields.Integer):
    """A whole number between two bounds, both allowed."""

    def __init__(self, low: int, high: int, *, sentence: str = "", **kwargs: Any) -> None:
        sentence = sentence or f"Give a whole number from {low} to {high}."
        super().__init__(
            strict=True,
            validate=validate.Range(low, high, error=sentence),
            error_messages=_all_say(sentence),
            **kwargs,
        )


class Real(fields.Float):
    """A number between two bounds; never NaN or infinite, never a text."""

    def __init__(self, low: float, high: float, **kwargs: Any) -> None:
        sentence = f"Give a number from {low:g} to {high:g}."
        super().__init__(
            validate=validate.Range(low, high, error=sentence),
            error_messages=_all_say(sentence),
            **kwargs,
        )

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        try:
            found = float(value)
        except OverflowError:
            raise self.make_error("invalid") from None
        if not math.isfinite(found):
            raise self.make_error("invalid")
        return found


class Text(fields.String):
    """Text of a bounded length. On one line, where asked: every gap in it is one space."""

    def __init__(self, most: int, *, least: int = 0, one_line: bool = False, **kwargs: Any) -> None:
        self.least, self.most, self.one_line = least, most, one_line
        sentence = f"Give a text of {least} to {most} characters."
        if not least:
            sentence = f"Give a text of at most {most} characters."
        solid = r"^[^\u0000]*[^\s\u0000][^\u0000]*$" if least else r"^[^\u0000]*$"
        shape = {"maxLength": most, "pattern": solid} | ({"minLength": least} if least else {})
        super().__init__(error_messages=_all_say(sentence), metadata=shape, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not is_storable(value):
            raise ValidationError(UNSTORABLE_SENTENCE)
        kept = " ".join(value.split()) if self.one_line else value.strip()
        if not self.least <= len(kept) <= self.most:
            raise self.make_error("invalid")
        return kept


class Digits(fields.String):
    """A PIN as it was typed: 4 to 6 digits."""

    sentence = "A PIN has 4 to 6 digits."

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            error_messages=_all_say(self.sentence),
            validate=validate.Regexp(re.compile(r"^[0-9]{4,6}\Z", re.ASCII), error=self.sentence),
            metadata={"pattern": "^[0-9]{4,6}$"},
            **kwargs,
        )


def word(words: type[W], **kwargs: Any) -> "fields.Enum[W]":
    """A field that holds one of these words."""
    sentence = f"Choose one of: {', '.join(words)}."
    says = _all_say(sentence)
    return fields.Enum(
        words, by_value=fields.String(error_messages=says), error_messages=says, **kwargs
    )
