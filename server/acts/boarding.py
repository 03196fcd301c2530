"""What one person's board may show: the visits and alarms that are her business (P7), as far as
she may know of them (P4). The same rules as `acts.seeing` has for one, for many at once."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.seeing import is_hidden
from server.acts.tell import has_ended_for
from server.store import around, board, people
from server.store.alarms import Alarm
from server.store.board import Brief, OutRow, Reach
from server.store.people import Person
from shared.states import Role

Row = TypeVar("Row", Brief, OutRow)


def reach_of(session: Session, viewer: Person) -> Reach:
    """Whose business is hers."""
    teams = frozenset(people.team_ids(session, viewer.id))
    return Reach(
        viewer_id=viewer.id,
        org_id=viewer.org_id,
        managed=teams if viewer.has_role(Role.MANAGER) else frozenset(),
        teams=teams,
        ranks=around.ranks_of(session, viewer.id),
        told=frozenset(board.told_of(session, viewer.id)),
    )


def visits_shown(session: Session, reach: Reach, now: datetime) -> list[Brief]:
    """Visits that are open or begin soon; what has ended for her eyes is not among them."""
    return _shown(board.visits_briefly(session, reach, now), reach)


def rows_shown(
    session: Session, reach: Reach, now: datetime, ids: Collection[UUID] | None = None
) -> list[OutRow]:
    """The same visits, or these of them, with everything that a board says of them."""
    return _shown(board.visits_out(session, reach, now, ids), reach)


def _shown(rows: Iterable[Row], reach: Reach) -> list[Row]:
    viewer = str(reach.viewer_id)
    return [row for row in rows if viewer not in (row.veil or {})]


def alarms_shown(session: Session, viewer: Person, reach: Reach) -> list[Alarm]:
    """Open alarms, the oldest first; never her own duress, nor what has ended for her eyes."""
    found: Sequence[Alarm] = board.alarms_open(session, reach)
    return [
        alarm
        for alarm in found
        if not is_hidden(alarm, viewer) and not has_ended_for(alarm, viewer.id)
    ]
