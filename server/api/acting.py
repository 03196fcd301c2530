"""One act asked for by a phone: every check in its order, and the act and its answer at once (P6).

401, 413, 415, 400, 404, 422, 409, and only then something happens. The answer is stored in the
transaction of the act; the same request again, however late, gets it byte for byte.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from flask import Response, request

from server.acts.base import Desk, Turn, perform
from server.api.callers import caller
from server.api.lens import Lens
from server.api.reading import Invalid, load, read_json
from server.domain.refusals import IdReused
from server.domain.secrets import Keyring
from server.running import running
from server.store import db, requests
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.house import Request
from server.store.people import Person
from shared.states import Means
from shared.wire.bodies import BodySchema

S = TypeVar("S")

JSON = "application/json"
REPLAY = "Wayhome-Replay"


@dataclass(frozen=True)
class Answer:
    """What a phone gets: a status and the very bytes."""

    status: int
    body: bytes
    replayed: bool = False

    def response(self) -> Response:
        """The same as an HTTP response."""
        headers = {REPLAY: "1"} if self.replayed else {}
        kind = JSON if self.body else None
        return Response(self.body, self.status, headers, content_type=kind)


Show = Callable[[Lens, S], bytes]
"""Writes what an act leaves behind as the actor may see it; empty for 204."""


@dataclass(frozen=True)
class Act(Generic[S]):
    """One row of the contract: what is read, whom it concerns, what is done and what is shown.

    `workers` finds who must be locked; `find` is what it is about, or refuses with 404: both get
    the JSON as it came, because 404 comes before 422.
    """

    schema: BodySchema
    workers: Callable[[Session, Person, Any], set[Any]]
    find: Callable[[Session, Person, Any], S]
    do: Callable[[Turn, S, Any], Any]
    show: Show[Any]
    status: int = 200

    def answer(self) -> Response:
        """Do it, or say why not."""
        here = running()
        now = here.clock.now()
        me = caller(now)
        given = read_json()
        try:
            body = load(self.schema, given)
        except Invalid:
            db.read(lambda session: self.find(session, me.person, given))
            raise
        return _Once(self, here.desk, me.person, given, body, now).answer().response()


class _Once(Generic[S]):
    """One request of one person, and whether it was answered before."""

    def __init__(
        self, act: Act[S], desk: Desk, person: Person, given: Any, body: Any, now: datetime
    ) -> None:
        self._act, self._desk, self._person, self._now = act, desk, person, now
        self._given, self._body = given, body
        self._fingerprint = fingerprint(desk.keys, given)

    def answer(self) -> Answer:
        """The answer, given now or before; the whole of it in one transaction."""
        return perform(
            self._desk,
            self._work,
            now=self._now,
            by=Means.APP,
            at=getattr(self._body, "at", None),
            actor_id=self._person.id,
            lock=lambda session: self._act.workers(session, self._person, self._given),
            request=self._fingerprint,
            first=self._before,
        )

    def _before(self, session: Session, actor: Person | None) -> Answer | None:
        """The actor's row is locked: of two same requests the second finds the first's answer."""
        person = actor or self._person
        self._stored = requests.answer_to(session, person.id, self._body.id)
        if self._stored and hmac.compare_digest(self._stored.fingerprint, self._fingerprint):
            return Answer(self._stored.status, self._stored.body, replayed=True)
        self._subject = self._act.find(session, person, self._given)
        return None

    def _work(self, turn: Turn) -> Answer:
        if self._stored is not None:
            raise IdReused("This id belongs to another request of yours; make a new one.")
        actor = turn.actor or self._person
        result = self._act.do(turn, self._subject, self._body)
        body = self._act.show(Lens(turn.session, self._desk, actor, turn.now), result)
        answer = Answer(self._act.status, body)
        keep(turn, actor, self._body.id, self._fingerprint, answer)
        return answer


def keep(
    turn: Turn,
    actor: Person,
    request_id: Any,
    printed: str,
    answer: Answer,
    joined: Alarm | None = None,
) -> None:
    """Remember what was answered, with the act itself; `joined`: the alarm its id means too."""
    stored = Request(
        person_id=actor.id,
        request_id=request_id,
        fingerprint=printed,
        status=answer.status,
        body=answer.body,
        at=turn.now,
        alarm_id=joined.id if joined else None,
    )
    requests.keep_answer(turn.session, stored)


def fingerprint(keys: Keyring, given: Any) -> str:
    """What tells this request from another with its id. Keyed, because a body may hold a PIN."""
    said = json.dumps([request.method, request.path, given], sort_keys=True, separators=(",", ":"))
    return keys.seal("request", said)


def written(schema: Any, found: Any) -> bytes:
    """An object as JSON; the same object always gives the same bytes."""
    return to_json(schema.dump(found))


def to_json(value: Any) -> bytes:
    """JSON without spaces, readable in any language."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def nothing(_lens: Lens, _result: object) -> bytes:
    """204."""
    return b""
