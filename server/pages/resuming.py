"""A form sent by somebody who has to show first that it is still her, or whose sign-in has run out:
set aside, not lost.

It is kept sealed for an hour, in the database because the next request may reach another process;
one that holds a secret is not kept at all, for no secret is stored that can be read again.
"""

import json
from io import BytesIO
from typing import NamedTuple
from uuid import UUID

from flask import request, url_for

from server.domain.refusals import NotYours
from server.domain.sealing import open_letter, seal_letter
from server.pages.visitor import me
from server.running import running
from server.store import copies, db
from server.store.people import Person
from shared.states import PinRule

PURPOSE = NAME = "form set aside"
TOKEN = "token"  # noqa: S105 - the name of a field
SECRETS = frozenset({"answer", "code", "duress_pin", "old", "own_pin", "password", "pin"})
NO_SECRETS = frozenset(PinRule)
"""What `pin` says in a ladder: when she is asked for hers."""


class Aside(NamedTuple):
    """What was sent, and where to."""

    path: str
    fields: list[tuple[str, str]]


def set_aside(person: Person) -> str | None:
    """Keep the form that this request sends. Where it waits; None where it may not be kept."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != TOKEN]
    if request.files or any(name in SECRETS and said not in NO_SECRETS for name, said in fields):
        return None
    here = running()
    text = json.dumps([request.path, fields])
    into = BytesIO(seal_letter(here.desk.keys, PURPOSE, person.id, text))
    copy_id = copies.keep(into, person.id, NAME, "application/octet-stream", here.clock.now())
    return url_for("sign_in.go_on", copy_id=copy_id)


def fetch(copy_id: UUID) -> Aside:
    """What she set aside; NotYours where it is not hers or is kept no longer."""
    here, person = running(), me().person
    now = here.clock.now()
    found = db.read(lambda session: copies.find_copy(session, person.id, copy_id, now))
    if found is None or found.name != NAME:
        raise NotYours("page")
    sealed = b"".join(copies.pieces(found.id))
    path, fields = json.loads(open_letter(here.desk.keys, PURPOSE, person.id, sealed))
    return Aside(path, [(name, value) for name, value in fields])
