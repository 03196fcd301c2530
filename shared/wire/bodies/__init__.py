"""What a phone sends. A schema's `load` gives the dataclass beside it, or ValidationError with one
sentence for each field at fault; fields it does not know are refused too.

`id` is the request's own (P6): the phone makes it, and sends the same one again when it gets no
answer. An optional field may be left out or null. `at` is when it happened, where that was earlier.
"""

from shared.wire.bodies.alarms import (
    LONGEST_ALARM_NOTE,
    CryOutSchema,
    Note,
    NoteSchema,
    Own,
    OwnSchema,
    Resolve,
    ResolveSchema,
    StandDown,
    StandDownSchema,
)
from shared.wire.bodies.base import (
    ActSchema,
    Body,
    BodySchema,
    Position,
    PositionSchema,
)
from shared.wire.bodies.people import (
    Enrol,
    EnrolSchema,
    GoAway,
    GoAwaySchema,
    SetPins,
    SetPinsSchema,
)
from shared.wire.bodies.visits import (
    LONGEST_HOME_MIN,
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_VISIT_MIN,
    CheckIn,
    CheckInSchema,
    Close,
    CloseSchema,
    Extend,
    ExtendSchema,
    ReportPosition,
    ReportPositionSchema,
    StartPlanned,
    StartPlannedSchema,
    StartVisit,
    StartVisitSchema,
)

__all__ = [
    "LONGEST_ALARM_NOTE",
    "LONGEST_HOME_MIN",
    "LONGEST_NOTE",
    "LONGEST_PLACE",
    "LONGEST_VISIT_MIN",
    "ActSchema",
    "Body",
    "BodySchema",
    "CheckIn",
    "CheckInSchema",
    "Close",
    "CloseSchema",
    "CryOutSchema",
    "Enrol",
    "EnrolSchema",
    "Extend",
    "ExtendSchema",
    "GoAway",
    "GoAwaySchema",
    "Note",
    "NoteSchema",
    "Own",
    "OwnSchema",
    "Position",
    "PositionSchema",
    "ReportPosition",
    "ReportPositionSchema",
    "Resolve",
    "ResolveSchema",
    "SetPins",
    "SetPinsSchema",
    "StandDown",
    "StandDownSchema",
    "StartPlanned",
    "StartPlannedSchema",
    "StartVisit",
    "StartVisitSchema",
]
