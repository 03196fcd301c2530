"""Who looked at whose visit, alarm or history: written down once, whatever was looked with (P7).

The only thing that looking changes. A page or phone that asks again within ten minutes is the same
look, not another.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from server.store import alarms, db, looking, visits
from server.store.alarms import Alarm
from server.store.faults import AWAY
from server.store.house import Look
from server.store.looking import Seen
from server.store.people import Person
from server.store.visits import Visit
from shared.states import AlarmKind, Means

SAME_LOOK = timedelta(minutes=10)
"""A phone asks every few seconds; that is one look, not hundreds."""
SHOWN_AFTER = timedelta(hours=12)
"""P4: while a duress of hers is open, others look at her as never before. She, and whoever holds
her phone, must see none of that; were only those looks held back, their absence would show. So all
are, for as long as a duress may last, and longer where one does."""

log = structlog.get_logger()


def look_at(shown: Visit | Alarm) -> Seen:
    """What a look at this visit or alarm is written down as."""
    if isinstance(shown, Visit):
        return Seen(shown.worker_id, shown.id, "visit")
    return Seen(shown.worker_id, shown.visit_id, "alarm")


def history_of(subject_id: UUID) -> Seen:
    """What a look at a list of somebody's visits and alarms is written down as."""
    return Seen(subject_id, None, "history")


def new_looks(session: Session, viewer: Person, seen: Iterable[Seen], now: datetime) -> set[Seen]:
    """What of this is somebody else's and was not written down within the last 10 minutes."""
    others = {one for one in seen if one.subject_id != viewer.id}
    if not others:
        return set()
    subjects = {one.subject_id for one in others}
    return others - looking.looked_since(session, viewer.id, subjects, now - SAME_LOOK)


def write_down(viewer: Person, looks: Collection[Seen], by: Means, now: datetime) -> None:
    """Keep who looked, in a transaction of its own. What is shown is not held back by a database
    that takes no writes."""
    if not looks:
        return
    try:
        db.write(
            lambda session: looking.note_looks(
                session, viewer.org_id, viewer.id, looks, by.value, now
            )
        )
    except AWAY:
        log.warning("look_not_kept", viewer=str(viewer.id))


def own_looks_until(session: Session, viewer: Person, now: datetime) -> datetime:
    """Up to when looks at herself are shown to her, wherever they are shown (P4, decision 15)."""
    hidden = alarms.open_alarms(session, viewer.id, AlarmKind.DURESS)
    return min([now - SHOWN_AFTER, *(alarm.raised_at for alarm in hidden)])


def shown_until(session: Session, viewer: Person, now: datetime) -> dict[UUID, datetime]:
    """Up to when looks by others are shown to this viewer, for herself and for everybody of whom
    something has ended for her eyes alone: that somebody opens the sheet of one whose alarm is
    over would say that it is not (P4)."""
    found = {viewer.id: own_looks_until(session, viewer, now)}
    over: list[Visit | Alarm] = [*visits.veiled_for(session, viewer)]
    for one in (*over, *alarms.veiled_for(session, viewer)):
        seen = (one.veil or {})[str(viewer.id)]
        ended = datetime.fromisoformat(seen.get("resolved_at") or seen["closed_at"])
        found[one.worker_id] = min(found.get(one.worker_id, ended), ended)
    return found


def looks_shown(
    session: Session, viewer: Person, looks: Sequence[Look], now: datetime
) -> list[Look]:
    """Those of these looks that this viewer may know of; her own she knows."""
    until = shown_until(session, viewer, now)
    return [
        look
        for look in looks
        if look.viewer_id == viewer.id or look.at < until.get(look.subject_id, now + SAME_LOOK)
    ]
