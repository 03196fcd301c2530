"""A person to herself, and what her phone needs before a visit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import fields

from shared.states import WayOut
from shared.wire.fields import Ident, Moment, word
from shared.wire.objects.base import Named, NamedSchema, ObjectSchema
from shared.wire.objects.visits import PlanStep, PlanStepSchema


@dataclass(frozen=True)
class PersonObject:
    """A person as she sees herself."""

    id: UUID
    name: str
    mobile: str | None
    email: str | None
    has_pins: bool
    away_from: datetime | None
    away_until: datetime | None
    usual_minutes: int | None


class PersonSchema(ObjectSchema):
    """A person as she sees herself."""

    makes = PersonObject

    id = Ident(required=True)
    name = fields.String(required=True)
    mobile = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    has_pins = fields.Boolean(required=True)
    away_from = Moment(required=True, allow_none=True)
    away_until = Moment(required=True, allow_none=True)
    usual_minutes = fields.Integer(required=True, allow_none=True)


@dataclass(frozen=True)
class TeamObject:
    """The team her visits belong to."""

    id: UUID
    slug: str
    name: str
    timezone: str


class TeamSchema(ObjectSchema):
    """The team her visits belong to; times are read in its `timezone`."""

    makes = TeamObject

    id = Ident(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    timezone = fields.String(required=True)


@dataclass(frozen=True)
class Monitoring:
    """Whether the house could raise an alarm and get it out, now."""

    alive: bool
    lag_s: float
    way_out: WayOut


class MonitoringSchema(ObjectSchema):
    """Whether an alarm could be raised and sent now; `lag_s`: how far decisions are behind."""

    makes = Monitoring

    alive = fields.Boolean(required=True)
    lag_s = fields.Float(required=True)
    way_out = word(WayOut, required=True)


@dataclass(frozen=True)
class Me:
    """Everything a phone needs before a visit. `notice`: what must be said on every screen;
    `text_to`: the number that commands are texted to, None where texts cannot be answered."""

    person: PersonObject
    team: TeamObject | None
    roles: list[str]
    buddies: list[Named]
    policy: dict[str, Any]
    safety_chain: list[PlanStep]
    server_time: datetime
    monitoring: Monitoring
    notice: str | None
    text_to: str | None


class MeSchema(ObjectSchema):
    """`safety_chain` is for a visit started now; `notice` must be said on every screen; `text_to`
    is the number that commands such as DONE are texted to, null where there is none."""

    makes = Me

    person = fields.Nested(PersonSchema, required=True)
    team = fields.Nested(TeamSchema, required=True, allow_none=True)
    roles = fields.List(fields.String(), required=True)
    buddies = fields.List(fields.Nested(NamedSchema), required=True)
    policy = fields.Dict(keys=fields.String(), required=True)
    safety_chain = fields.List(fields.Nested(PlanStepSchema), required=True)
    server_time = Moment(required=True)
    monitoring = fields.Nested(MonitoringSchema, required=True)
    notice = fields.String(required=True, allow_none=True)
    text_to = fields.String(required=True, allow_none=True)


@dataclass(frozen=True)
class Enrolled:
    """A phone that is now somebody's; its token is shown this once."""

    token: str
    person: PersonObject
    server_time: datetime


class EnrolledSchema(ObjectSchema):
    """A phone that is now somebody's; its token is shown this once."""

    makes = Enrolled

    token = fields.String(required=True)
    person = fields.Nested(PersonSchema, required=True)
    server_time = Moment(required=True)
