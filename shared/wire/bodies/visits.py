"""Bodies about visits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from shared.states import CloseOutcome, Risk, VisitKind
from shared.timing import LONGEST_HOME_S, LONGEST_VISIT_S
from shared.wire.bodies.base import (
    ActSchema,
    Body,
    BodySchema,
    Position,
    PositionSchema,
    position,
)
from shared.wire.fields import Digits, Flag, Ident, Moment, Text, Whole, word

LONGEST_VISIT_MIN = LONGEST_VISIT_S // 60
LONGEST_HOME_MIN = LONGEST_HOME_S // 60
HOW_MANY = (
    f"Give a whole number from 1 to {LONGEST_VISIT_MIN}; for the way home up to {LONGEST_HOME_MIN}."
)
LONGEST_PLACE = 200
LONGEST_NOTE = 500


@dataclass(frozen=True)
class StartVisit(Body):
    """A visit that begins now, earlier (`at`), or later (`starts_at`)."""

    place: str = ""
    ends_at: datetime | None = None
    minutes: int | None = None
    starts_at: datetime | None = None
    kind: VisitKind | None = None
    record_ref: str | None = None
    note: str | None = None
    risk: Risk | None = None
    buddy: UUID | None = None
    position: Position | None = None
    pin: str | None = None
    on_behalf_of: UUID | None = None


class StartVisitSchema(ActSchema):
    """`for` starts it on somebody's behalf. Give `minutes` or `ends_at`, not both."""

    makes = StartVisit

    place = Text(LONGEST_PLACE, least=1, one_line=True, required=True)
    ends_at = Moment(allow_none=True)
    minutes = Whole(1, LONGEST_HOME_MIN, sentence=HOW_MANY, allow_none=True)
    starts_at = Moment(allow_none=True)
    kind = word(VisitKind, allow_none=True)
    record_ref = Text(60, one_line=True, allow_none=True)
    note = Text(LONGEST_NOTE, allow_none=True)
    risk = word(Risk, allow_none=True)
    buddy = Ident(allow_none=True)
    position = position()
    pin = Digits(allow_none=True)
    on_behalf_of = Ident(allow_none=True, data_key="for")

    @validates_schema
    def check_length(self, data: dict[str, Any], **_: object) -> None:
        minutes, ends_at = data.get("minutes"), data.get("ends_at")
        if (minutes is None) == (ends_at is None):
            raise ValidationError("Say how long: give minutes or ends_at, one of them.", "minutes")
        home = data.get("kind") is VisitKind.HOME
        if minutes is not None and not home and minutes > LONGEST_VISIT_MIN:
            raise ValidationError(HOW_MANY, "minutes")


@dataclass(frozen=True)
class CheckIn(Body):
    """A sign of life."""

    position: Position | None = None


class CheckInSchema(ActSchema):
    """A sign of life."""

    makes = CheckIn

    position = position()


@dataclass(frozen=True)
class StartPlanned(Body):
    """The start of a planned visit."""

    position: Position | None = None
    pin: str | None = None


class StartPlannedSchema(ActSchema):
    """The start of a planned visit; the PIN where it ends another that asks for one."""

    makes = StartPlanned

    position = position()
    pin = Digits(allow_none=True)


@dataclass(frozen=True)
class Extend(Body):
    """More time."""

    minutes: int = 0
    pin: str | None = None


class ExtendSchema(ActSchema):
    """More time; the PIN where the team asks for one, or to end an alarm that has gone."""

    makes = Extend

    minutes = Whole(1, LONGEST_HOME_MIN, required=True)
    pin = Digits(allow_none=True)


@dataclass(frozen=True)
class Close(Body):
    """The visit is over."""

    pin: str | None = None
    outcome: CloseOutcome | None = None
    note: str | None = None
    spoke_to_her: bool | None = None


class CloseSchema(ActSchema):
    """The visit is over; `spoke_to_her: true` where somebody else closes it."""

    makes = Close

    pin = Digits(allow_none=True)
    outcome = word(CloseOutcome, allow_none=True)
    note = Text(LONGEST_NOTE, allow_none=True)
    spoke_to_her = Flag(allow_none=True)


@dataclass(frozen=True)
class ReportPosition:
    """Where she is; says nothing about how she is."""

    id: UUID
    at: datetime
    position: Position


class ReportPositionSchema(BodySchema):
    """Where she is; says nothing about how she is."""

    makes = ReportPosition

    id = Ident(required=True)
    at = Moment(required=True)
    position = fields.Nested(PositionSchema, required=True)
