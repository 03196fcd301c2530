"""Bodies about alarms."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import Schema, fields

from shared.states import AlarmOutcome
from shared.wire.bodies.base import ActSchema, Body, position
from shared.wire.fields import Digits, Flag, Ident, Moment, Text, word

LONGEST_ALARM_NOTE = 2000


@dataclass(frozen=True)
class StandDown(Body):
    """The worker's own all-clear."""

    pin: str | None = None


class StandDownSchema(ActSchema):
    """The worker's own all-clear; without her PIN it is refused."""

    makes = StandDown

    pin = Digits(allow_none=True)


@dataclass(frozen=True)
class Own(Body):
    """Taking charge of an alarm."""

    take_over: bool | None = None


class OwnSchema(ActSchema):
    """Taking charge of an alarm; `take_over` where somebody else has it."""

    makes = Own

    take_over = Flag(allow_none=True)


@dataclass(frozen=True)
class Note(Body):
    """What was done about an alarm."""

    text: str = ""


class NoteSchema(ActSchema):
    """What was done about an alarm; from its owner it is a sign that she is still with it."""

    makes = Note

    text = Text(LONGEST_ALARM_NOTE, least=1, required=True)


@dataclass(frozen=True)
class Resolve(Body):
    """Somebody knows how she is."""

    outcome: AlarmOutcome = AlarmOutcome.SAFE
    note: str | None = None
    until: datetime | None = None
    pin: str | None = None


class ResolveSchema(ActSchema):
    """Ends an alarm; with `until` its visit is watched on to that moment."""

    makes = Resolve

    outcome = word(AlarmOutcome, required=True)
    note = Text(LONGEST_ALARM_NOTE, allow_none=True)
    until = Moment(allow_none=True)
    pin = Digits(allow_none=True)


class CryOutSchema(Schema):
    """How an SOS should look. It is never refused for looking otherwise, so nothing loads this."""

    id = Ident(required=True)
    kind = fields.String(required=True, metadata={"enum": ["sos", "duress"]})
    visit = Ident(allow_none=True)
    visit_snapshot = fields.Dict(keys=fields.String(), allow_none=True)
    at = Moment(allow_none=True)
    age_s = fields.Float(
        allow_none=True,
        metadata={
            "description": "Instead of `at`: so many seconds ago, from a phone without a time"
        },
    )
    position = position()
