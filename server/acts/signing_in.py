"""Coming in to the pages and going out again: sessions, how long they last, and how they end.

A browser holds a random secret; the database holds its hash. Signing in, and showing again that it
is her, makes a new secret, so that one that leaked before is worth nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.acts import factors
from server.acts.base import Desk, Turn, record
from server.domain.secrets import hash_token
from server.store import people, sessions
from server.store.people import Person
from server.store.sessions import Stage, WebSession

IDLE = timedelta(minutes=60)
IDLE_ADMIN = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
HALF_WAY = timedelta(minutes=5)
SETTING_UP = timedelta(minutes=30)
PROVEN_FOR = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)

LASTS = {Stage.HALF: HALF_WAY, Stage.SETUP: SETTING_UP, Stage.FULL: LONGEST}


@dataclass(frozen=True)
class Begun:
    """A sign-in that has begun, and the secret that only the browser keeps."""

    row: WebSession
    secret: str


def begin(
    turn: Turn,
    person: Person,
    how: str,
    agent: str,
    stage: Stage = Stage.FULL,
    *,
    shown_at: datetime | None = None,
) -> Begun:
    """Let this browser in as that person, as far as `stage` says. `shown_at`: when she showed that
    it is her, where that was not now."""
    secret = secrets.token_urlsafe(32)
    row = WebSession(
        person_id=person.id,
        secret_hash=hash_token(secret),
        stage=stage.value,
        how=how,
        agent=agent,
        made_at=turn.now,
        seen_at=turn.now,
        proven_at=min(shown_at or turn.now, turn.now),
        ends_at=turn.now + turn.desk.in_life(LASTS[stage]),
    )
    row.person = person
    turn.session.add(row)
    if stage is Stage.FULL:
        record(turn, "signed_in", org_id=person.org_id, subject_id=person.id, how=how, agent=agent)
    return Begun(row, secret)


def stage_after_first(turn: Turn, person: Person, is_required: bool) -> Stage:
    """How far a right password, or her employer's word, lets her come in."""
    if factors.has_factor(turn.session, person):
        return Stage.HALF
    return Stage.SETUP if is_required else Stage.FULL


def finish(turn: Turn, row: WebSession, how: str, agent: str) -> Begun:
    """The second factor was right: she is in, under a new secret."""
    sessions.end_session(turn.session, row.person_id, row.id)
    return begin(turn, people.person(turn.session, row.person_id), how, agent)


def prove(turn: Turn, row: WebSession) -> Begun:
    """She has shown again that it is her: the same sign-in goes on under a new secret."""
    secret = secrets.token_urlsafe(32)
    known = turn.session.get_one(WebSession, row.id)
    known.secret_hash, known.proven_at, known.seen_at = hash_token(secret), turn.now, turn.now
    return Begun(known, secret)


def is_live(row: WebSession, desk: Desk, now: datetime) -> bool:
    """Whether this sign-in still opens anything: not left, not over, not idle for too long."""
    person = row.person
    idle = IDLE_ADMIN if person.is_admin else IDLE
    return person.left_at is None and now < row.ends_at and now < row.seen_at + desk.in_life(idle)


def is_proven(row: WebSession, desk: Desk, now: datetime) -> bool:
    """Whether she has shown recently enough that it is her, for what is dangerous."""
    return now < row.proven_at + desk.in_life(PROVEN_FOR)


def sign_out(turn: Turn, row: WebSession) -> None:
    """End this browser's sign-in at her wish."""
    if sessions.end_session(turn.session, row.person_id, row.id):
        _say(turn, row.person, browsers=1)


def end_others(turn: Turn, person: Person, keep: WebSession | None) -> int:
    """Sign every other browser of hers out; returns how many."""
    ended = sessions.end_sessions(turn.session, person.id, keep.id if keep else None)
    if ended:
        _say(turn, person, browsers=ended)
    return ended


def _say(turn: Turn, person: Person, browsers: int) -> None:
    record(
        turn, "browser_signed_out", org_id=person.org_id, subject_id=person.id, browsers=browsers
    )
