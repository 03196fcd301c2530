"""Showing one thing to one person, and writing down who looked at whose (P7)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from flask import Response

from server.acts import looking
from server.api.acting import JSON, Show
from server.api.callers import caller
from server.api.lens import Lens
from server.running import running
from server.store import db
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.looking import Seen
from server.store.people import Person
from server.store.visits import Visit
from shared.states import Means

S = TypeVar("S", Visit, Alarm)


def show_one(find: Callable[[Session, Person], S], show: Show[S]) -> Response:
    """One visit or alarm, as the caller may see it; 404 where `find` says so."""
    now = running().clock.now()
    me = caller(now).person

    def look(session: Session) -> tuple[bytes, set[Seen]]:
        found = find(session, me)
        body = show(Lens(session, running().desk, me, now), found)
        return body, new_looks(session, me, [found], now)

    body, looks = db.read(look)
    write_down(me, looks, now)
    return Response(body, content_type=JSON)


def new_looks(
    session: Session, viewer: Person, shown: Iterable[Visit | Alarm], now: datetime
) -> set[Seen]:
    """What of this is somebody else's and was not written down within the last 10 minutes."""
    return looking.new_looks(session, viewer, map(looking.look_at, shown), now)


def write_down(viewer: Person, looks: set[Seen], now: datetime) -> None:
    """Keep who looked, by app; see `acts.looking.write_down`."""
    looking.write_down(viewer, looks, Means.APP, now)
