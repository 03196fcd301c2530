"""The API's own description: openapi.json, and the same as a page without any script."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, redirect, render_template

from server import __version__
from server.access import ANYBODY, open_to
from server.api.book import ABOUT, BEARER, URL, PhoneApi
from shared.wire.problems import BY_NAME, KINDS

TITLE = "Wayhome"
OPENAPI = "3.1.0"


def describe(app: Flask) -> PhoneApi:
    """The description to which routes are added."""
    return PhoneApi(  # type: ignore[no-untyped-call]
        app,
        spec_kwargs={
            "title": TITLE,
            "version": __version__,
            "openapi_version": OPENAPI,
            "info": {"description": ABOUT},
            "security": [{BEARER: []}],
            "components": {
                "securitySchemes": {BEARER: {"type": "http", "scheme": "bearer"}},
            },
        },
    )


def serve_description(app: Flask, api: PhoneApi) -> None:
    """Serve what has been described, worked out once, when somebody asks for it."""

    @cache
    def as_json() -> str:
        return json.dumps(api.spec.to_dict(), indent=1)

    @open_to(ANYBODY)
    def openapi() -> Response:
        return Response(as_json(), content_type="application/json")

    @open_to(ANYBODY)
    def explain(name: str) -> Response:
        if name not in BY_NAME:
            abort(HTTPStatus.NOT_FOUND)
        return cast(Response, redirect(f"{URL}/docs#{name}"))

    @open_to(ANYBODY)
    def page() -> str:
        found = list(operations(json.loads(as_json())))
        return render_template("api_docs.html", about=ABOUT, url=URL, operations=found, kinds=KINDS)

    docs_here = Blueprint("api-docs", __name__, template_folder="templates")
    docs_here.add_url_rule("/openapi.json", view_func=openapi)
    docs_here.add_url_rule("/docs", view_func=page)
    docs_here.add_url_rule("/problems/<name>", view_func=explain)
    app.register_blueprint(docs_here, url_prefix=URL)


@dataclass(frozen=True)
class Operation:
    """One route, as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[tuple[str, str, str]]
    fields: list[tuple[str, str, str]]
    answers: list[tuple[str, str, str]]


def operations(spec: dict[str, Any]) -> Iterator[Operation]:
    """Every route of the description, in its order."""
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method, said in methods.items():
            if method == "parameters":
                continue
            body = said.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield Operation(
                anchor=said.get("operationId", f"{method}{path}".replace("/", "-")),
                method=method.upper(),
                path=path,
                summary=said.get("summary", ""),
                description=said.get("description", ""),
                parameters=[_parameter(one) for one in [*shared, *said.get("parameters", [])]],
                fields=list(_fields(spec, body.get("schema", {}))),
                answers=[_answer(spec, *one) for one in said["responses"].items()],
            )


def _parameter(said: dict[str, Any]) -> tuple[str, str, str]:
    return said["name"], _shape(said.get("schema", {})), said.get("description", "")


def _answer(spec: dict[str, Any], status: str, said: dict[str, Any]) -> tuple[str, str, str]:
    said = _followed(spec, said)
    shapes = [_shape(kind.get("schema", {})) for kind in said.get("content", {}).values()]
    return status, ", ".join(shapes), said.get("description", "")


def _fields(spec: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    schema = _followed(spec, schema)
    needed = schema.get("required", [])
    for name, shape in schema.get("properties", {}).items():
        yield name, _shape(shape), "needed" if name in needed else ""


def _followed(spec: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What a reference means."""
    ref = said.get("$ref")
    if ref is None:
        return said
    found: Any = spec
    for part in ref.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _shape(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_shape(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join("null" if word is None else str(word) for word in schema["enum"])
    kind = schema.get("type", "")
    said = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if said == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    return f"{said} ({schema['format']})" if "format" in schema else said
