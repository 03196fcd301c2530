"""Bodies about the person herself and her phone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.wire.bodies.base import BodySchema
from shared.wire.fields import Digits, Ident, Moment, Text


@dataclass(frozen=True)
class SetPins:
    """Two PINs: the safe one, and the one that calls for help and looks the same."""

    id: UUID
    pin: str
    duress_pin: str
    old: str | None = None


class SetPinsSchema(BodySchema):
    """`old`: the present PIN, where there is one."""

    makes = SetPins

    id = Ident(required=True)
    old = Digits(allow_none=True)
    pin = Digits(required=True)
    duress_pin = Digits(required=True)


@dataclass(frozen=True)
class GoAway:
    """Absent; `until` None: back now."""

    id: UUID
    until: datetime | None
    since: datetime | None = None


class GoAwaySchema(BodySchema):
    """Absent until then; `until` null: back now."""

    makes = GoAway

    id = Ident(required=True)
    since = Moment(allow_none=True, data_key="from")
    until = Moment(required=True, allow_none=True)


@dataclass(frozen=True)
class Enrol:
    """Making a phone somebody's."""

    code: str
    device: str


class EnrolSchema(BodySchema):
    """`code` as it was read or typed; `device`: what its owner calls this phone."""

    makes = Enrol

    code = Text(100, least=1, one_line=True, required=True)
    device = Text(100, least=1, one_line=True, required=True)
