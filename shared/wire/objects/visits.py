"""Visits and alarms, the plan and the log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marshmallow import fields

from shared.states import (
    AlarmKind,
    AlarmOutcome,
    AlarmStatus,
    ClosedHow,
    Risk,
    VisitKind,
    VisitStatus,
)
from shared.wire.fields import Ident, Moment, word
from shared.wire.objects.base import Named, NamedSchema, ObjectSchema


@dataclass(frozen=True)
class PlanStep:
    """One line of the safety chain: who is told, by what, and why; `who` 'you' is the reader."""

    at: datetime
    who: str
    by: str
    why: str


class PlanStepSchema(ObjectSchema):
    """One line of the safety chain: who is told, by what, and why; `who` "you" is the reader."""

    makes = PlanStep

    at = Moment(required=True)
    who = fields.String(required=True)
    by = fields.String(required=True)
    why = fields.String(required=True)


@dataclass(frozen=True)
class ToldWho:
    """Somebody an entry says was told, and by what."""

    who: str
    by: str


class ToldWhoSchema(ObjectSchema):
    """Somebody an entry says was told, and by what: `text and call`."""

    makes = ToldWho

    who = fields.String(required=True)
    by = fields.String(required=True)


@dataclass(frozen=True)
class LogEntry:
    """One line of the log: what happened, when, when it was heard of, by whom, by what means, and
    whom the service then told."""

    at: datetime
    received_at: datetime
    what: str
    by_whom: str | None
    by: str
    told: list[ToldWho]


class LogEntrySchema(ObjectSchema):
    """One line of the log; `by_whom` is null where nobody acted but the service itself; `told`:
    whom it told, empty where nobody was or that is no longer kept."""

    makes = LogEntry

    at = Moment(required=True)
    received_at = Moment(required=True)
    what = fields.String(required=True)
    by_whom = fields.String(required=True, allow_none=True)
    by = fields.String(required=True)
    told = fields.List(fields.Nested(ToldWhoSchema), required=True)


@dataclass(frozen=True)
class AlarmObject:
    """An alarm as one person may know it. For those told, while it is open: `due_at`, when the
    worker was to be heard from; `heard_at`, when she last was; `said`, what came from her since, in
    sentences; `ring`, her number; `place`, where she is thought to be."""

    id: UUID
    kind: AlarmKind
    status: AlarmStatus
    visit: UUID | None
    worker: Named
    raised_at: datetime
    owner: Named | None
    owner_until: datetime | None
    outcome: AlarmOutcome | None
    resolved_at: datetime | None
    unverified: bool
    ring: str | None
    place: str | None
    next_step: PlanStep | None
    due_at: datetime | None
    heard_at: datetime | None
    said: list[str]


class UnseenSchema(ObjectSchema):
    """What a duress is answered with: the request's own id, and nothing else."""

    makes = dict

    id = Ident(required=True)


class AlarmSchema(ObjectSchema):
    """An alarm. `visit` is its visit's id; `ring`: the worker's number, none where she must not be
    rung; `next_step`: what happens next if nothing is heard; `due_at`: when she was to be heard
    from; `heard_at`: when she last was; `said`: what came from her and did not end it, in
    sentences. The last three, like `ring` and `place`, where she is thought to be, are for others
    than herself, while it is open."""

    makes = AlarmObject

    id = Ident(required=True)
    kind = word(AlarmKind, required=True)
    status = word(AlarmStatus, required=True)
    visit = Ident(required=True, allow_none=True)
    worker = fields.Nested(NamedSchema, required=True)
    raised_at = Moment(required=True)
    owner = fields.Nested(NamedSchema, required=True, allow_none=True)
    owner_until = Moment(required=True, allow_none=True)
    outcome = word(AlarmOutcome, required=True, allow_none=True)
    resolved_at = Moment(required=True, allow_none=True)
    unverified = fields.Boolean(required=True)
    ring = fields.String(required=True, allow_none=True)
    place = fields.String(required=True, allow_none=True)
    next_step = fields.Nested(PlanStepSchema, required=True, allow_none=True)
    due_at = Moment(required=True, allow_none=True)
    heard_at = Moment(required=True, allow_none=True)
    said = fields.List(fields.String(), required=True)


@dataclass(frozen=True)
class VisitObject:
    """A visit as one person may know it."""

    id: UUID
    kind: VisitKind
    status: VisitStatus
    place: str
    starts_at: datetime
    ends_at: datetime
    due_at: datetime
    raise_at: datetime | None
    risk: Risk
    buddy: Named | None
    closed_at: datetime | None
    closed_how: ClosedHow | None
    alarms: list[AlarmObject]
    safety_chain: list[PlanStep]
    log: list[LogEntry]


class VisitSchema(ObjectSchema):
    """A visit, its alarms newest first, what happens next if nothing is heard, and its log."""

    makes = VisitObject

    id = Ident(required=True)
    kind = word(VisitKind, required=True)
    status = word(VisitStatus, required=True)
    place = fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    due_at = Moment(required=True)
    raise_at = Moment(required=True, allow_none=True)
    risk = word(Risk, required=True)
    buddy = fields.Nested(NamedSchema, required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)
    closed_how = word(ClosedHow, required=True, allow_none=True)
    alarms = fields.List(fields.Nested(AlarmSchema), required=True)
    safety_chain = fields.List(fields.Nested(PlanStepSchema), required=True)
    log = fields.List(fields.Nested(LogEntrySchema), required=True)


@dataclass(frozen=True)
class Watched:
    """Something this person is buddy or cover for, now: a visit, or an alarm without one."""

    worker: Named
    part: str
    answer: str | None
    visit: VisitObject | None
    alarms: list[AlarmObject]


class WatchedSchema(ObjectSchema):
    """A visit, or alarms without one; `part`: buddy or cover; `answer`: accepted or declined."""

    makes = Watched

    worker = fields.Nested(NamedSchema, required=True)
    part = fields.String(required=True, metadata={"enum": ["buddy", "cover"]})
    answer = fields.String(
        required=True, allow_none=True, metadata={"enum": ["accepted", "declined", None]}
    )
    visit = fields.Nested(VisitSchema, required=True, allow_none=True)
    alarms = fields.List(fields.Nested(AlarmSchema), required=True)
