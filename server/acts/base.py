"""What every act has in hand: the transaction, who acts, by what means, and two times.

`at` is when it happened, by the phone's account; `now` is when it was received (P10).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.refusals import BadField
from server.domain.secrets import Keyring
from server.store import db, log
from server.store.alarms import Alarm
from server.store.log import Audience, Entry, Payload
from server.store.people import Person, lock_people
from server.store.visits import Visit
from shared.states import AlarmKind, Means, Way

T = TypeVar("T")

OLDEST_NEWS = timedelta(hours=72)
AHEAD_AT_MOST = timedelta(seconds=60)


@dataclass(frozen=True)
class Desk:
    """What the installation brings to every act, the same for all of them."""

    keys: Keyring
    ways: frozenset[Way]
    rehearsal: bool
    public_url: str
    hurry: float = 1.0

    def in_life(self, span: timedelta) -> timedelta:
        """How far this house's clock goes, at the most, while `span` of life passes.

        Leases, gaps between tries and the judgement that an engine hangs mean real seconds, also in
        the demo, where the ladder runs `hurry` times faster than life (contract 3).
        """
        return span * self.hurry


@dataclass(frozen=True)
class Turn:
    """One act inside one transaction."""

    session: Session
    desk: Desk
    now: datetime
    at: datetime
    by: Means
    actor: Person | None = None
    request: str | None = None

    def as_engine(self) -> "Turn":
        """The same transaction, acting for nobody."""
        return replace(self, by=Means.ENGINE, actor=None, at=self.now)


def honest_time(at: datetime | None, now: datetime) -> datetime:
    """When something happened, as far as it can be believed (P10).

    More than 60 s ahead counts as now; older than 72 h is refused by field.
    """
    if at is None or at > now + AHEAD_AT_MOST:
        return now
    if at < now - OLDEST_NEWS:
        raise BadField("at", "This is more than 72 hours old; give a time within the last 72.")
    return min(at, now)


def record(
    turn: Turn,
    what: str,
    *,
    org_id: UUID,
    visit: Visit | None = None,
    alarm: Alarm | None = None,
    subject_id: UUID | None = None,
    audience: Audience = Audience.ALL,
    **data: Any,
) -> Entry:
    """Write one line of the log in this very transaction (P9).

    Whatever is written about an open duress is kept from its subject's eyes (P4).
    """
    entry, part = draft(
        turn,
        what,
        org_id=org_id,
        visit=visit,
        alarm=alarm,
        subject_id=subject_id,
        audience=audience,
        **data,
    )
    turn.session.add(entry)
    turn.session.flush()
    part.entry_id = entry.id
    turn.session.add(part)
    return entry


def draft(
    turn: Turn,
    what: str,
    *,
    org_id: UUID,
    visit: Visit | None = None,
    alarm: Alarm | None = None,
    subject_id: UUID | None = None,
    audience: Audience = Audience.ALL,
    **data: Any,
) -> tuple[Entry, Payload]:
    """An entry and its personal part as `record` writes them; not yet written."""
    about_duress = alarm is not None and alarm.kind == AlarmKind.DURESS and alarm.is_open
    # What one person alone is shown of somebody's duress stays hers: see `ending.veil_alarm`.
    if about_duress and audience is not Audience.ONLY_SUBJECT:
        audience = Audience.NOT_SUBJECT
    salt = secrets.token_hex(16)
    entry = Entry(
        org_id=org_id,
        visit_id=visit.id if visit else (alarm.visit_id if alarm else None),
        alarm_id=alarm.id if alarm else None,
        subject_id=subject_id
        or (visit.worker_id if visit else None)
        or (alarm.worker_id if alarm else None),
        actor_id=turn.actor.id if turn.actor else None,
        audience=audience.value,
        what=what,
        by=turn.by.value,
        at=turn.at,
        received_at=turn.now,
        commitment=log.commit_to(salt, data),
    )
    return entry, Payload(salt=salt, data=data)


def perform(
    desk: Desk,
    work: Callable[[Turn], T],
    *,
    now: datetime,
    by: Means,
    at: datetime | None = None,
    actor_id: UUID | None = None,
    lock: Callable[[Session], set[UUID]] | None = None,
    request: str | None = None,
    first: Callable[[Session, Person | None], T | None] | None = None,
) -> T:
    """Run one act in one transaction with everybody it is about locked, and return its result.

    `lock` finds the ids of the workers concerned; the actor is always among them, because her PIN
    may be counted. It must not rely on what it reads: the act reads again under the lock.
    `first` is asked under the lock before anything is judged; what it returns is the result then.
    """

    def transaction(session: Session) -> T:
        ids = (lock(session) if lock else set()) | ({actor_id} if actor_id else set())
        # What was read to find the locks may be old by the time they are held.
        session.expire_all()
        held = lock_people(session, ids)
        actor = held[actor_id] if actor_id else None
        known = first(session, actor) if first else None
        if known is not None:
            return known
        turn = Turn(session, desk, now, honest_time(at, now), by, actor, request)
        return work(turn)

    return db.write(transaction)
