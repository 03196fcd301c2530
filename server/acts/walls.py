"""A display on a wall: made for one team by its manager, and ended by one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.acts.base import Turn, record
from server.acts.caring import managed_team
from server.acts.owning import actor_of
from server.domain.refusals import NotYours
from server.domain.secrets import hash_token, new_token
from server.store import visits, walls
from server.store.db import Session
from server.store.people import Person, Team
from server.store.walls import Wall
from shared.states import AlarmKind


def make(turn: Turn, team: Team, name: str) -> str:
    """A new display of this team; returns its token, which is shown once and kept only hashed."""
    token = new_token()
    wall = Wall(
        org_id=team.org_id,
        team_id=team.id,
        name=name,
        token_hash=hash_token(token),
        made_by_id=actor_of(turn).id,
        made_at=turn.now,
    )
    turn.session.add(wall)
    record(turn, "wall_made", org_id=team.org_id, team=team.name, name=name)
    return token


def wall_for(session: Session, viewer: Person, wall_id: UUID) -> Wall:
    """A display of a team this person manages; NotYours otherwise."""
    found = walls.find_wall(session, viewer.org_id, wall_id)
    if found is None:
        raise NotYours("display")
    managed_team(session, viewer, found.team_id)
    return found


def revoke(turn: Turn, wall: Wall) -> None:
    """From now on its address opens nothing."""
    wall.revoked_at, wall.revoked_by_id = turn.now, actor_of(turn).id
    record(turn, "wall_revoked", org_id=wall.org_id, name=wall.name)


@dataclass(frozen=True)
class Shown:
    """One name and how it stands: alarm, late or out."""

    name: str
    state: str


STATES = ("alarm", "late", "out")


def names_shown(session: Session, team_id: UUID, now: datetime) -> list[Shown]:
    """Everybody of one team who is out or has an open alarm: alarms first, then by name.

    Nobody knows who stands before a display, or on whose phone its address is open. So of a duress
    it shows what the phone of whoever is under it shows, and nothing else; and what somebody has
    ended under duress, her own or a colleague's, is over here too (P4).
    """
    standing: dict[UUID, Shown] = {}
    for visit in visits.open_visits_of_team(session, team_id):
        if not visit.veil:
            state = "late" if visit.due_at <= now else "out"
            known = standing.get(visit.worker_id)
            if known is None or state == "late":
                standing[visit.worker_id] = Shown(visit.worker.name, state)
    for alarm in walls.open_alarms_of_team(session, team_id):
        if alarm.kind != AlarmKind.DURESS and not alarm.veil:
            standing[alarm.worker_id] = Shown(alarm.worker.name, "alarm")
    return sorted(standing.values(), key=lambda one: (STATES.index(one.state), one.name))
