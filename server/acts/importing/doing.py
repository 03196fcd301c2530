"""Storing what a file asks for in one transaction, or trying it out and storing nothing."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.acts.base import Desk, Turn, perform
from server.acts.importing.authority import check_authority, leave_their_pins
from server.acts.importing.checks import check_rows
from server.acts.importing.faults import BadImport
from server.acts.importing.rows import Rows
from server.acts.importing.standing import outlook
from server.acts.importing.storing import Done, Options, store_rows
from server.acts.importing.wanted import Wanted
from server.domain.refusals import Conflict
from server.store import roster as store
from server.store.people import lock_people
from server.store.roster import Roster
from shared.states import Means

First = Callable[[Turn, Roster], None]


class ChangedMeanwhile(Conflict):
    """Somebody else changed what this is about since it was shown."""

    kind = "changed-meanwhile"


class _TriedOut(Exception):
    """Carries the result out of a transaction that must leave nothing behind."""

    def __init__(self, done: Done) -> None:
        super().__init__()
        self.done = done


def apply(
    desk: Desk,
    wanted: Wanted,
    options: Options,
    *,
    now: datetime,
    by: Means,
    actor_id: UUID | None = None,
) -> Done:
    """Store it, or raise BadImport with every fault and store nothing."""

    def work(turn: Turn) -> Done:
        return _do(turn, wanted, options, None)

    return _perform(desk, wanted, work, now, by, actor_id)


def carry_out(
    turn: Turn,
    wanted: Wanted,
    options: Options,
    *,
    first: First | None = None,
    seen: str | None = None,
) -> Done:
    """The same in a transaction of the caller's, who has locked everybody by `locker`.

    `first` is asked under the lock before anything is checked. `seen`: the outlook of a rehearsal;
    where the outcome would be another one now, ChangedMeanwhile is raised.
    """
    try:
        done = _do(turn, wanted, options, first)
        turn.session.flush()
    except IntegrityError:
        sentence = "Somebody else changed the same people at the same moment. Try again."
        raise ChangedMeanwhile(sentence) from None
    if seen is not None and done.outlook != seen:
        raise ChangedMeanwhile("Somebody changed these people meanwhile. Look again.")
    return done


def rehearse(
    desk: Desk, wanted: Wanted, options: Options, *, now: datetime, by: Means, actor_id: UUID | None
) -> Done:
    """What `apply` would do now, by the very same steps, with nothing stored.

    Raises BadImport as `apply` would.
    """

    def work(turn: Turn) -> Done:
        raise _TriedOut(_do(turn, wanted, options, None))

    try:
        return _perform(desk, wanted, work, now, by, actor_id)
    except _TriedOut as tried:
        return tried.done


def _perform(
    desk: Desk,
    wanted: Wanted,
    work: Callable[[Turn], Done],
    now: datetime,
    by: Means,
    actor_id: UUID | None,
) -> Done:
    lock = locker(wanted, actor_id)
    try:
        return perform(desk, work, now=now, by=by, lock=lock, actor_id=actor_id)
    except IntegrityError:
        sentence = "Somebody else changed the same people at the same moment; import it again."
        raise BadImport([sentence]) from None


def locker(wanted: Wanted, actor_id: UUID | None) -> Callable[[Session], set[UUID]]:
    """Locks everybody this concerns, and who asks for it, in one order."""
    return partial(_lock, rows=wanted.rows, slug=wanted.slug, actor_id=actor_id)


def _do(turn: Turn, wanted: Wanted, options: Options, first: First | None) -> Done:
    session = turn.session
    roster = store.roster_of(session, store.organisation(session, wanted.slug))
    if first is not None:
        first(turn, roster)
    found = wanted.faults.copy()
    freed = check_rows(session, wanted.rows, roster, found)
    rows, warnings = wanted.rows, list(wanted.warnings)
    if turn.actor is not None:
        check_authority(turn.actor, rows, roster, found)
        rows, kept = leave_their_pins(rows, roster)
        warnings += kept
    found.refuse()
    before = outlook(turn.desk.keys, rows, roster)
    done = store_rows(turn, rows, roster, freed, options)
    done.warnings[:0] = warnings
    done.outlook = turn.desk.keys.seal(
        "import", f"{before}{done.created}{done.updated}{done.changed}"
    )
    return done


def _lock(session: Session, rows: Rows, slug: str, actor_id: UUID | None) -> set[UUID]:
    """Lock everybody the file may concern, always in the same order."""
    org = store.organisation(session, slug)
    if org is None:
        return set()
    changed = {row.key for row in rows.teams if "policy" in row.given}
    leavers = {row.key for row in rows.people if row.given.get("left")}
    teams = store.team_ids_named(session, org.id, {key for key in changed if key})
    gone = store.ids_named(session, org.id, {key for key in leavers if key})
    ids = store.ids_named(session, org.id, rows.refs)
    ids |= store.workers_of_live_visits(session, teams) | store.subjects_of_owned(session, gone)
    ids |= {actor_id} if actor_id else set()
    for some in store.batches(sorted(ids)):
        lock_people(session, some)
    return set()
