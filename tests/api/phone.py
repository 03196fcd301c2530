"""A phone in a test: sends what a phone sends, in process, and makes its own ids."""

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.people import Settled

API = "/api/v1"
IDS = UUID("0d9e6a3e-6a6f-4c55-8b6b-5f4d7d0a1c11")


class Phone:
    """One person's phone. Ids depend only on whose it is and how often it asked before."""

    def __init__(self, app: Flask, owner: Settled) -> None:
        self.owner = owner
        self._client = app.test_client()
        self._numbers = count(1)

    def new_id(self) -> str:
        """An id this phone has not used."""
        return str(uuid5(IDS, f"{self.owner.id}/{next(self._numbers)}"))

    def get(self, path: str, **query: str) -> TestResponse:
        """Look at something."""
        return self._client.get(API + path, query_string=query or None, headers=self.owner.headers)

    def post(self, path: str, /, **body: Any) -> TestResponse:
        """Ask for something; an id is made unless one is given. `from_` and `for_` are words of
        Python's, so they lose their underscore."""
        given = {name.rstrip("_"): _plain(value) for name, value in body.items()}
        return self.send(path, {"id": self.new_id(), **given})

    def send(self, path: str, body: Any, **options: Any) -> TestResponse:
        """Send this very JSON."""
        return self.send_bytes(path, json.dumps(body).encode(), **options)

    def send_bytes(
        self,
        path: str,
        data: bytes,
        *,
        kind: str | None = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Send these very bytes."""
        return self._client.post(
            API + path,
            data=data,
            content_type=kind,
            headers={**self.owner.headers, **(headers or {})},
        )

    def delete(self, path: str) -> TestResponse:
        """Remove something."""
        return self._client.delete(API + path, headers=self.owner.headers)

    def start(self, place: str = "12 High St", minutes: int = 30, **body: Any) -> dict[str, Any]:
        """A visit that was started, as the server answered."""
        if "ends_at" not in body:
            body["minutes"] = minutes
        return ok(self.post("/visits", place=place, **body), 201)

    def visit(self, visit: Mapping[str, Any]) -> dict[str, Any]:
        """The visit as this phone sees it now."""
        return ok(self.get(f"/visits/{visit['id']}"))

    def alarms(self, **query: str) -> list[dict[str, Any]]:
        """The alarms this phone lists."""
        found: list[dict[str, Any]] = ok(self.get("/alarms", **query))["items"]
        return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def ok(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    """The answer's JSON; fails, showing what came instead, where the status is another."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    found: dict[str, Any] = answer.get_json() if answer.data else {}
    return found


def refused(answer: TestResponse, status: int, name: str) -> dict[str, Any]:
    """The problem in a refusal, which must be this one and look like every other."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.content_type == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.data)
    assert found["type"] == f"/api/v1/problems/{name}", found
    assert found["status"] == status
    assert found["title"]
    assert found["detail"].endswith((".", "?"))
    return found


def wrong(answer: TestResponse, *fields: str) -> dict[str, list[str]]:
    """The sentences of a 422, which must be about exactly these fields."""
    errors: dict[str, list[str]] = refused(answer, 422, "invalid")["errors"]
    assert sorted(errors) == sorted(fields), errors
    for sentences in errors.values():
        assert sentences
        for sentence in sentences:
            assert sentence[0].isupper(), sentence
            assert sentence.endswith("."), sentence
    return errors
