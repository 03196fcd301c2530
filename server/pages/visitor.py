"""Who is looking at a page: found by the cookie, once for each request.

me()             the person who is signed in, or 303 to the sign-in page
visitor()        the same, or None for a stranger
must_manage(id)  404 for a team that she does not manage
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from flask import g, request

from server.acts import signing_in
from server.domain.refusals import NotYours
from server.domain.secrets import hash_token
from server.pages import cookies
from server.running import running
from server.store import db, people, roster, sessions
from server.store.db import Session
from server.store.faults import AWAY
from server.store.people import Person, Team
from server.store.pulse import Pulse, polled
from server.store.sessions import Stage, WebSession
from shared.states import Role

T = TypeVar("T")
LONGEST_SECRET = 100

log = structlog.get_logger()


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in, and what she may do."""

    person: Person
    session: WebSession

    @property
    def org_id(self) -> UUID:
        """Her organisation: every query is scoped to it."""
        return self.person.org_id

    @property
    def is_admin(self) -> bool:
        """Whether she runs the organisation."""
        return self.person.is_admin

    @property
    def is_manager(self) -> bool:
        """Whether she runs a team."""
        return self.person.has_role(Role.MANAGER) and bool(self.teams)

    @cached_property
    def teams(self) -> frozenset[UUID]:
        """The teams she is in."""
        return frozenset(db.read(lambda session: people.team_ids(session, self.person.id)))

    def manages(self, team_id: UUID) -> bool:
        """Whether she runs that team."""
        return self.person.has_role(Role.MANAGER) and team_id in self.teams

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of her organisation, in which she reads every time."""
        return ZoneInfo(self.person.org.timezone)


def entry() -> WebSession | None:
    """What this browser's cookie is worth now, at whatever stage; None where nothing."""
    if "wayhome_entry" not in g:
        g.wayhome_entry = _worth(_asked(sessions.session_by_hash))
    return cast(WebSession | None, g.wayhome_entry)


def polls() -> None:
    """Find out who a script asks for, and in the same look what her board is made of."""
    found = _asked(polled)
    g.wayhome_entry, g.wayhome_pulse = (_worth(found[0]), found[1]) if found else (None, None)


def pulse() -> Pulse:
    """What the visitor's board is made of; for routes that a script polls."""
    return cast(Pulse, g.wayhome_pulse)


def _asked(ask: Callable[[Session, str], T | None]) -> T | None:
    secret = cookies.secret()
    if secret is None or len(secret) > LONGEST_SECRET:
        return None
    return db.read(lambda session: ask(session, hash_token(secret)))


def _worth(found: WebSession | None) -> WebSession | None:
    here = running()
    live = found is not None and signing_in.is_live(found, here.desk, here.clock.now())
    return found if live else None


def lapsed() -> WebSession | None:
    """The sign-in of this browser that was whole and is over by time alone; None where there is
    none, or where somebody ended it."""
    found = _asked(sessions.session_by_hash)
    over = found is not None and _worth(found) is None and found.stage == Stage.FULL
    return found if found is not None and over and found.person.left_at is None else None


def visitor() -> Visitor | None:
    """Who is signed in, wholly; None for a stranger and for somebody half way in."""
    if "wayhome_visitor" not in g:
        found = entry()
        whole = found is not None and found.stage == Stage.FULL
        g.wayhome_visitor = Visitor(found.person, found) if found and whole else None
    return cast(Visitor | None, g.wayhome_visitor)


def known_visitor() -> Visitor | None:
    """Who is signed in as far as this request has found out: asks nothing, so it cannot fail."""
    return cast(Visitor | None, g.get("wayhome_visitor"))


def me() -> Visitor:
    """Who is signed in; the route's guard has seen to it that somebody is."""
    found = visitor()
    if found is None:
        raise RuntimeError(f"{request.endpoint} asks who is there and lets anybody in")
    return found


def touch() -> None:
    """She did something: idleness begins anew. Stored at most once a minute; never by a poll."""
    found = visitor()
    now = running().clock.now()
    if found is None or now < found.session.seen_at + signing_in.SEEN_EVERY:
        return
    try:
        db.write(lambda session: sessions.seen(session, found.session.id, now))
    except AWAY:
        log.warning("sign_in_not_renewed", session=str(found.session.id))


def must_manage(team_id: UUID) -> Team:
    """The team, where she manages it; NotYours for every other, there or not (P7)."""
    seen = me()
    team = db.read(lambda session: roster.find_team(session, seen.org_id, team_id))
    if team is None or not seen.manages(team_id):
        raise NotYours("team")
    return team
