"""Every refusal a phone can get (RFC 9457): its stable type, its status, and what it is about."""

from dataclasses import dataclass
from typing import Any

from marshmallow import INCLUDE, Schema, fields

TYPE_PREFIX = "/api/v1/problems/"
CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One kind of problem; `name` never changes once it has shipped."""

    name: str
    status: int
    title: str

    @property
    def type(self) -> str:
        """What the answer's `type` says."""
        return TYPE_PREFIX + self.name


KINDS = (
    Kind("not-json", 400, "The body is not JSON"),
    Kind("bad-request", 400, "The request cannot be read"),
    Kind("code-refused", 400, "The enrolment code does not work"),
    Kind("unauthorized", 401, "Not signed in"),
    Kind("forbidden", 403, "Not for this person to do"),
    Kind("pin-required", 403, "A PIN is asked for"),
    Kind("pin-wrong", 403, "The PIN is not right"),
    Kind("not-found", 404, "Not there"),
    Kind("method-not-allowed", 405, "Not done this way"),
    Kind("conflict", 409, "Not as things stand"),
    Kind("visit-closed", 409, "The visit is over"),
    Kind("visit-open", 409, "Another visit is open"),
    Kind("alarm-owned", 409, "Somebody has charge of it"),
    Kind("id-reused", 409, "The id was used before"),
    Kind("too-large", 413, "The body is too large"),
    Kind("uri-too-long", 414, "The address is too long"),
    Kind("not-json-type", 415, "Only JSON is read"),
    Kind("invalid", 422, "Some fields are not right"),
    Kind("too-many-tries", 429, "Too many tries"),
    Kind("failed", 500, "A fault of ours"),
    Kind("unavailable", 503, "Out of reach for a moment"),
)
BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Problem:
    """A refusal as a phone reads it. `errors`: by field, a sentence each; `more`: all the rest."""

    name: str
    status: int
    detail: str
    errors: dict[str, list[str]]
    more: dict[str, Any]


class ProblemSchema(Schema):
    """A refusal. `detail` is one plain sentence for people; `errors` has sentences by field."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(
        required=True,
        metadata={"enum": [kind.type for kind in KINDS], "format": "uri-reference"},
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    retry_after_s = fields.Integer(metadata={"description": "with too-many-tries"})
    visit = fields.String(metadata={"description": "with visit-open: which"})
    owner = fields.String(metadata={"description": "with alarm-owned: whose"})
    outcome = fields.String(metadata={"description": "of an alarm that is over"})


def read_problem(answer: dict[str, Any]) -> Problem:
    """A problem as it came; one this version does not know keeps its name."""
    known = {"type", "title", "status", "detail", "errors"}
    return Problem(
        name=str(answer.get("type", "")).removeprefix(TYPE_PREFIX),
        status=int(answer.get("status", 0)),
        detail=str(answer.get("detail", "")),
        errors=dict(answer.get("errors") or {}),
        more={key: value for key, value in answer.items() if key not in known},
    )
