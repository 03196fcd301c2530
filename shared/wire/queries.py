"""What a phone asks for in the address of a list."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import fields

from shared.states import AlarmStatus, VisitStatus
from shared.wire.bodies import BodySchema
from shared.wire.fields import Moment, word

CURSOR = "Give the cursor exactly as it came in next."


def _words(words: type[StrEnum]) -> "fields.List[StrEnum]":
    return fields.List(
        word(words), metadata={"description": "one or several, with commas between them"}
    )


def _cursor() -> fields.String:
    return fields.String(metadata={"maxLength": 100, "description": "`next` of the page before"})


@dataclass(frozen=True)
class VisitsWanted:
    """Which of one's own visits; `since` and `until` bound when they start."""

    status: list[VisitStatus] | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None


class VisitsWantedSchema(BodySchema):
    """Which of one's own visits: those that start from `from` on and before `to`."""

    makes = VisitsWanted

    status = _words(VisitStatus)
    since = Moment(data_key="from")
    until = Moment(data_key="to")
    cursor = _cursor()


@dataclass(frozen=True)
class AlarmsWanted:
    """Which alarms; raised and owned ones where it does not say."""

    status: list[AlarmStatus] | None = None
    cursor: str | None = None


class AlarmsWantedSchema(BodySchema):
    """Which alarms; raised and owned ones where it does not say."""

    makes = AlarmsWanted

    status = _words(AlarmStatus)
    cursor = _cursor()


def split(schema: BodySchema, given: dict[str, str]) -> dict[str, Any]:
    """The parameters as they came, with lists taken apart at their commas."""
    lists = {name for name, field in schema.fields.items() if isinstance(field, fields.List)}
    return {
        name: ([part for part in text.split(",") if part] if name in lists else text)
        for name, text in given.items()
    }
