"""Routes that describe themselves: what is taken, what is answered, what is refused (OpenAPI 3.1).

flask-smorest keeps the description; reading the body is ours, because 401 comes before it is read
and 404 before it is judged.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask_smorest import Api
from flask_smorest.blueprint import Blueprint
from marshmallow import Schema, fields

from server.access import ANYBODY, PHONE, declared, open_to
from server.api.problems import refused, unavailable
from server.domain.refusals import Refusal
from server.store.faults import AWAY
from shared.wire.problems import CONTENT_TYPE, KINDS, ProblemSchema

F = TypeVar("F", bound=Callable[..., Any])

URL = "/api/v1"
BEARER = "phone"
READS = ("unauthorized", "failed", "unavailable")
TAKES = ("not-json", "too-large", "not-json-type", "invalid")
CHANGES = (*READS, *TAKES, "id-reused")
REPLAY_HEADER = {
    "Wayhome-Replay": {
        "description": "1: this request was answered before, and this is that answer",
        "schema": {"type": "string", "enum": ["1"]},
    }
}
ABOUT = (
    "JSON over HTTPS, for the phones of lone workers and those who watch over them. Every request"
    " but an enrolment carries a bearer token. A request that changes something carries an `id`"
    " (UUID) made by the phone; sent again, it has no second effect and is answered as before, with"
    " `Wayhome-Replay: 1`. Every answer carries `Wayhome-Api: 1`: without it, it is some network's"
    " and not ours. Times are RFC 3339 with their offset. Every refusal is problem+json with a"
    " stable `type`."
)


class PhoneApi(Api):
    """The description of the API. Errors are no business of smorest's: see `problems`."""

    ERROR_SCHEMA = ProblemSchema  # type: ignore[assignment]
    DEFAULT_ERROR_RESPONSE_NAME = None  # type: ignore[assignment]

    def _register_error_handlers(self) -> None:
        """Nothing app-wide: pages render errors of their own."""

    def _register_doc_blueprint(self) -> None:
        """Served by `describing`, without scripts from elsewhere."""


class Book(Blueprint):
    """A group of routes with their descriptions."""

    def __init__(self, name: str, import_name: str, description: str) -> None:
        super().__init__(name, import_name, description=description)  # type: ignore[no-untyped-call]
        self.register_error_handler(Refusal, refused)
        for fault in AWAY:
            self.register_error_handler(fault, lambda _: unavailable())

    def on(
        self, method: str, path: str, parameters: list[dict[str, Any]] | None = None
    ) -> Callable[[F], F]:
        """Answers `method` at `path`."""
        route = self.route(path, methods=[method], parameters=parameters)  # type: ignore[no-untyped-call]

        def add(view: F) -> F:
            open_to(declared(view) or PHONE)(view)
            return cast(F, route(view))

        return add

    def is_open(self) -> Callable[[F], F]:
        """Needs no token."""
        opened = self.doc(security=[])  # type: ignore[no-untyped-call]

        def add(view: F) -> F:
            return cast(F, opened(open_to(ANYBODY)(view)))

        return add

    def takes(self, schema: Schema) -> Callable[[F], F]:
        """The body this route reads."""
        return _note("arguments", {"in": "json", "required": True, "schema": schema})

    def asks(self, schema: Schema) -> Callable[[F], F]:
        """The query this route reads."""
        return _note("arguments", {"in": "query", "required": True, "schema": schema})

    def answers(
        self, status: int, schema: Any, words: str, *, replays: bool = True
    ) -> Callable[[F], F]:
        """What is answered when all is well."""
        headers = REPLAY_HEADER if replays else None
        note = self.response(status, schema, description=words, headers=headers)  # type: ignore[no-untyped-call]
        return cast(Callable[[F], F], note)

    def refuses(self, *names: str) -> Callable[[F], F]:
        """The kinds of problems this route may answer with."""
        by_status: dict[int, list[str]] = {}
        for kind in KINDS:
            if kind.name in names:
                by_status.setdefault(kind.status, []).append(f"`{kind.name}`: {kind.title}")

        def decorate(func: F) -> F:
            for status, lines in by_status.items():
                func = self._refusal(status, "; ".join(lines))(func)
            return func

        return decorate

    def _refusal(self, status: int, words: str) -> Callable[[F], F]:
        note = self.alt_response(  # type: ignore[no-untyped-call]
            status, schema=ProblemSchema, content_type=CONTENT_TYPE, description=words
        )
        return cast(Callable[[F], F], note)


def _note(section: str, parameter: dict[str, Any]) -> Callable[[F], F]:
    """Leave a description where smorest's own decorator would, without its way of reading."""

    def decorate(func: F) -> F:
        notes: dict[str, Any] = func.__dict__.setdefault("_apidoc", {})
        notes.setdefault(section, {}).setdefault("parameters", []).append(parameter)
        return func

    return decorate


def uuid_in_path(name: str, words: str) -> list[dict[str, Any]]:
    """The description of an id in the path."""
    shape = {"type": "string", "format": "uuid"}
    return [{"in": "path", "name": name, "schema": shape, "description": words}]


def listed(schema: type[Schema]) -> type[Schema]:
    """`{items, next}` of these objects."""
    name = schema.__name__.removesuffix("Schema") + "List"
    members: dict[str, Any] = {
        "items": fields.List(fields.Nested(schema), required=True),
        "next": fields.String(required=True, allow_none=True),
    }
    return Schema.from_dict(members, name=name)
