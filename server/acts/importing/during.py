"""What an import does to people who are out this minute.

Who watches over somebody may be changed while she is out. It is kept in the log of her visit, and
whoever would take protection away hears it before.
"""

from collections.abc import Iterator, Sequence

from server.acts.base import Turn, record
from server.acts.importing.people import Change
from server.acts.tell import is_veiled, local
from server.store import visits
from server.store.log import Audience
from server.store.roster import Roster
from server.store.visits import Visit
from shared.states import Role


def during_visits(turn: Turn, roster: Roster, changes: Sequence[Change]) -> list[str]:
    """Write in the log of every open visit who watches over it from now on; returns a sentence for
    each protection that somebody who is out would lose."""
    about = {one.person.id: one for one in changes if _could_matter(one)}
    viewer_id = turn.actor.id if turn.actor else None
    lost: dict[str, None] = {}
    for visit in visits.going_on_of(turn.session, about, viewer_id):
        change = about[visit.worker_id]
        _keep(turn, visit, change)
        lost.update(dict.fromkeys(_lost(turn, roster, visit, change)))
    return list(lost)


def _could_matter(change: Change) -> bool:
    return not change.new and (change.watched_by is not None or "roles" in change.fields)


def _keep(turn: Turn, visit: Visit, change: Change) -> None:
    if change.watched_by is None:
        return
    was, now = change.shown["buddies"]
    # Her own page has ended a visit that she closed under threat: nothing happens to it any more.
    hidden = is_veiled(visit, visit.worker_id)
    seen_by = Audience.NOT_SUBJECT if hidden else Audience.ALL
    record(
        turn,
        "watchers_changed",
        org_id=visit.org_id,
        visit=visit,
        audience=seen_by,
        was=was,
        now=now,
    )


def _lost(turn: Turn, roster: Roster, visit: Visit, change: Change) -> Iterator[str]:
    person = change.person
    out = f"{person.name} is out until {local(turn, person, visit.due_at)}"
    left = len(roster.watchers.get(person.id, []))
    if change.watched_by and not left:
        yield f"{out}: NOBODY would be named to watch any more."
    elif change.watched_by and left < len(change.watched_by):
        yield f"{out}: fewer would be named to watch, only {change.shown['buddies'][1]}."
    if "roles" in change.fields and not person.has_role(Role.WORKER):
        yield f"{out}: watched to the end, then no longer counted among those who go out."
