"""What the server answers with: dataclasses, and the schemas that write and read them.

A phone reads leniently: fields it does not know are left out, so that an older phone goes on
working with a newer server.
"""

from shared.wire.objects.base import (
    Named,
    NamedSchema,
    ObjectSchema,
)
from shared.wire.objects.people import (
    Enrolled,
    EnrolledSchema,
    Me,
    MeSchema,
    Monitoring,
    MonitoringSchema,
    PersonObject,
    PersonSchema,
    TeamObject,
    TeamSchema,
)
from shared.wire.objects.visits import (
    AlarmObject,
    AlarmSchema,
    LogEntry,
    LogEntrySchema,
    PlanStep,
    PlanStepSchema,
    ToldWho,
    UnseenSchema,
    VisitObject,
    VisitSchema,
    Watched,
    WatchedSchema,
)

__all__ = [
    "AlarmObject",
    "AlarmSchema",
    "Enrolled",
    "EnrolledSchema",
    "LogEntry",
    "LogEntrySchema",
    "Me",
    "MeSchema",
    "Monitoring",
    "MonitoringSchema",
    "Named",
    "NamedSchema",
    "ObjectSchema",
    "PersonObject",
    "PersonSchema",
    "PlanStep",
    "PlanStepSchema",
    "TeamObject",
    "TeamSchema",
    "ToldWho",
    "UnseenSchema",
    "VisitObject",
    "VisitSchema",
    "Watched",
    "WatchedSchema",
]
