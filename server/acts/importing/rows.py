"""What a row of an import file may hold, checked by itself: types, forms, bounds (contract 4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from server.acts.importing.faults import Faults, Place
from server.acts.importing.reading import Draft
from server.acts.self_care import DIGITS, check_pins
from server.domain.refusals import BadField
from shared.numbers import is_country
from shared.policy import TARGETS, read_policy
from shared.states import Role, Way

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*", re.ASCII)
SLUG_WORDS = "Give small letters, digits and hyphens, such as ot-north (at most 60)."
REF_WORDS = "Give letters, digits, dots, hyphens or _, such as amy or e-1042 (at most 60)."
ROLE_WORDS = f"Choose from {', '.join(role.value for role in Role)}."


def _matches(pattern: re.Pattern[str], sentence: str) -> Any:
    def check(text: str) -> None:
        if len(text) > 60 or not pattern.fullmatch(text):
            raise ValidationError(sentence)

    return check


class Line(fields.String):
    """One line of words, without what would break a text or a database."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = " ".join(super()._deserialize(value, attr, data, **kwargs).split())
        if not all(letter.isprintable() for letter in text):
            raise ValidationError("Give words on one line, without control characters.")
        return text


def _line(most: int, **kwargs: Any) -> Line:
    words = f"Give 1 to {most} characters."
    return Line(validate=validate.Length(1, most, error=words), **kwargs)


def _known_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Give a time zone such as Europe/London.")


def _no_word_of_ladders(ref: str) -> None:
    """A rung could not tell a person named like one of its own words from that word."""
    if ref in TARGETS:
        raise ValidationError("This word means somebody else in a ladder; choose another.")


class Country(Line):
    """Two letters, kept in capitals."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        country = super()._deserialize(value, attr, data, **kwargs).upper()
        if not is_country(country):
            raise ValidationError("Give a country of two letters, such as GB.")
        return country


class PolicyAsGiven(fields.Raw):
    """The policy's fields as they are in the file, each within its bounds (contract 4)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            read_policy(value)
        except ValidationError as fault:
            raise ValidationError(fault.messages, valid_data=value) from None
        return value


def _switch() -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False})


class OrganisationSchema(Schema):
    """The employer; the slug is its key."""

    class Meta:
        unknown = RAISE

    slug = Line(required=True, validate=_matches(SLUG, SLUG_WORDS))
    name = _line(200)
    timezone = Line(validate=_known_zone)
    country = Country()


class TeamSchema(Schema):
    """A team; the slug is its key."""

    class Meta:
        unknown = RAISE

    slug = Line(required=True, validate=_matches(SLUG, SLUG_WORDS))
    name = _line(200)
    policy = PolicyAsGiven()


class PersonSchema(Schema):
    """A person; the ref is her key. `left`: she has left, or with false is back."""

    class Meta:
        unknown = RAISE

    ref = Line(required=True, validate=[_matches(REF, REF_WORDS), _no_word_of_ladders])
    name = _line(100)
    mobile = fields.String(allow_none=True)
    email = Line(
        allow_none=True,
        validate=[
            validate.Email(error="Give an e-mail address such as amy@example.org."),
            validate.Length(max=254, error="An e-mail address has at most 254 characters."),
        ],
    )
    team = Line()
    teams = fields.List(Line())
    roles = fields.List(
        fields.String(validate=validate.OneOf([role.value for role in Role], error=ROLE_WORDS)),
        validate=validate.Length(min=1, error=ROLE_WORDS),
    )
    buddies = fields.List(Line(validate=_matches(REF, REF_WORDS)))
    pin = fields.String()
    duress_pin = fields.String()
    no_calls = _switch()
    prefers = fields.String(
        allow_none=True,
        validate=validate.OneOf(
            [way.value for way in Way], error="Choose text, call, email or push."
        ),
    )
    left = _switch()

    @validates_schema(skip_on_field_errors=False)
    def check_both_pins(self, data: Mapping[str, Any], **_: object) -> None:
        """PINs come in pairs that cannot be mistaken for each other."""
        if "pin" in data and "duress_pin" in data:
            try:
                check_pins(data["pin"], data["duress_pin"])
            except BadField as fault:
                raise ValidationError(fault.sentence, fault.field) from None


COLUMNS = tuple(PersonSchema().fields)


@dataclass(frozen=True)
class Row:
    """One object of the file: its place, those of its fields that can be used, and the names of
    all that are in it."""

    place: Place
    given: dict[str, Any]
    names: frozenset[str] = frozenset()

    @property
    def key(self) -> str | None:
        """Its slug or ref, if it has a usable one."""
        return self.given.get("ref") or self.given.get("slug")


@dataclass(frozen=True)
class Rows:
    """A file, checked by itself; `refs` also has the names of people whose rows are at fault."""

    organisation: Row
    teams: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    refs: frozenset[str] = frozenset()


def read_rows(draft: Draft, faults: Faults) -> Rows:
    """The usable fields of every row; everything else goes to `faults`."""
    org = Row(("organisation",), {})
    if draft.organisation is not None:
        org = _read(OrganisationSchema(), draft.organisation, org.place, faults)
    team_schema, person_schema = TeamSchema(), PersonSchema()
    teams = [
        _read(team_schema, raw, ("teams", index), faults) for index, raw in enumerate(draft.teams)
    ]
    people = []
    for index, raw in draft.people.items():
        people.append(_read(person_schema, raw, ("people", index), faults))
        _find_half_pins(people[-1], faults)
    raws = [raw.get("ref") for raw in draft.people.values() if isinstance(raw, Mapping)]
    refs = frozenset(raw.strip() for raw in raws if isinstance(raw, str))
    return Rows(org, teams, people, refs)


def _read(schema: Schema, raw: Any, place: Place, faults: Faults) -> Row:
    names = frozenset(raw) if isinstance(raw, dict) else frozenset()
    try:
        return Row(place, dict(schema.load(raw)), names)
    except ValidationError as fault:
        faults.add_messages(place, fault.messages)
        usable = fault.valid_data if isinstance(fault.valid_data, dict) else {}
        return Row(place, usable, names)


def _find_half_pins(row: Row, faults: Faults) -> None:
    for one, other in (("pin", "duress_pin"), ("duress_pin", "pin")):
        if one in row.names and other not in row.names:
            faults.add((*row.place, other), f"Give {one} and {other} together.")
            given = row.given.get(one)
            if isinstance(given, str) and not DIGITS.fullmatch(given):
                faults.add((*row.place, one), "A PIN has 4 to 6 digits.")
