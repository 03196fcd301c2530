"""What every body has in common: how it is read, its id, its time, and a position."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import RAISE, Schema, fields, post_load

from shared.wire.fields import Ident, Moment, Real


@dataclass(frozen=True)
class Body:
    """What every request that changes something carries."""

    id: UUID
    at: datetime | None = None


class BodySchema(Schema):
    """Reads a body into `makes`."""

    makes: ClassVar[type[Any]] = Body
    error_messages = {  # noqa: RUF012 - marshmallow reads it so
        "unknown": "There is no such field here; leave it out.",
        "type": "Give a JSON object.",
    }

    class Meta:
        unknown = RAISE

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Any:
        return self.makes(**data)


class ActSchema(BodySchema):
    """An act with nothing to add to it: check-in, start, accept, decline, release, cancel."""

    id = Ident(required=True)
    at = Moment(allow_none=True)


@dataclass(frozen=True)
class Position:
    """Where a phone is, and how far off that may be, in metres."""

    lat: float
    lon: float
    accuracy_m: float | None = None


class PositionSchema(BodySchema):
    """Degrees in WGS 84."""

    makes = Position

    lat = Real(-90, 90, required=True)
    lon = Real(-180, 180, required=True)
    accuracy_m = Real(0, 1_000_000, allow_none=True)


def position() -> fields.Nested:
    """Where the phone is, if it says so."""
    return fields.Nested(PositionSchema, allow_none=True)
