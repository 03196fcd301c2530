"""Making a phone somebody's: the only request without a token."""

from flask import Response

from server.acts.base import Turn
from server.acts.enrolling import enrol
from server.api.acting import JSON, written
from server.api.book import TAKES, Book
from server.api.callers import address
from server.api.me import person_object
from server.api.reading import load, read_json
from server.running import running
from server.store import db
from server.store.db import Session
from shared.states import Means
from shared.wire import bodies
from shared.wire.objects import Enrolled, EnrolledSchema

book = Book("enrolments", __name__, description="A code makes a phone somebody's, once")
enrolled_schema = EnrolledSchema()


@book.on("POST", "/enrolments")
@book.takes(bodies.EnrolSchema())
@book.answers(201, EnrolledSchema, "The phone's token, shown this once", replays=False)
@book.refuses(*TAKES, "code-refused", "too-many-tries", "failed", "unavailable")
@book.is_open()
def make_hers() -> Response:
    """Make this phone somebody's with the code her manager gave her

    Wrong, used and old codes get the same answer, and are counted. Phones she has already stay
    valid.
    """
    here = running()
    now = here.clock.now()
    body: bodies.Enrol = load(bodies.EnrolSchema(), read_json())
    where = address()

    def transaction(session: Session) -> bytes:
        turn = Turn(session, here.desk, now, now, Means.APP)
        done = enrol(turn, body.code, body.device, where)
        return written(enrolled_schema, Enrolled(done.token, person_object(done.person), now))

    return Response(db.write(transaction), 201, content_type=JSON)
