"""A drill: everybody whom a team's alarms can reach is asked, over the real ways, for a sign.

It raises no alarm, so nothing real is hidden by it and nobody can end a real one by mistake: an
alarm that somebody was told of always comes before a drill when she answers `1`.
"""

from collections.abc import Sequence
from uuid import UUID

from server.acts.base import Desk, Turn, record
from server.acts.boarding import alarms_shown, reach_of
from server.acts.caring import managed_team
from server.acts.circle import ways_of
from server.acts.coverage import Coverage
from server.acts.owning import actor_of
from server.acts.tell import queue
from server.domain.refusals import Conflict, NotYours
from server.domain.secrets import hash_token
from server.domain.words import drills as words
from server.store import drills, roster
from server.store.db import Session
from server.store.drills import LASTS, Drill, DrillCall
from server.store.messages import Lane, Purpose
from server.store.people import Organisation, Person, Team
from shared.states import Way

BY_WORD = (Way.TEXT, Way.EMAIL)
"""The ways that a drill goes by: a call would be answered by whoever is near the telephone."""


def to_be_asked(session: Session, desk: Desk, team: Team, actor: Person) -> list[Person]:
    """Whoever alarms of this team can reach, by name; not whoever holds the drill."""
    org = session.get_one(Organisation, team.org_id)
    found = Coverage(roster.roster_of(session, org), desk).reached_in(team)
    return sorted((p for p in found if p.id != actor.id), key=lambda one: (one.name, one.ref))


def start(turn: Turn, team: Team) -> Drill:
    """Ask them all now. Refused while one is going on, and while she knows of an open alarm of the
    team's: nobody is to wonder which of the two is meant."""
    actor = actor_of(turn)
    # Two who press in the same second hold one drill.
    roster.lock_team(turn.session, team)
    if drills.open_drill(turn.session, team.id, turn.now) is not None:
        raise Conflict("A drill is going on in this team. End it before you hold another.")
    raised = alarms_shown(turn.session, actor, reach_of(turn.session, actor))
    if any(alarm.team_id == team.id for alarm in raised):
        raise Conflict("An alarm is open in this team. Hold the drill when it is over.")
    asked = to_be_asked(turn.session, turn.desk, team, actor)
    if not asked:
        raise Conflict("Nobody else can be told of this team's alarms yet. Add people first.")
    drill = Drill(
        org_id=team.org_id,
        team_id=team.id,
        team=team,
        started_by_id=actor.id,
        started_by=actor,
        started_at=turn.now,
        ends_at=turn.now + LASTS,
    )
    turn.session.add(drill)
    turn.session.flush()
    for person in asked:
        _ask(turn, drill, person)
    record(turn, "drill_started", org_id=team.org_id, team=team.name, asked=len(asked))
    return drill


def _ask(turn: Turn, drill: Drill, person: Person) -> None:
    way = next((one for one in ways_of(person, turn.desk) if one in BY_WORD), None)
    token = turn.desk.keys.link(drill.id, person.id)
    call = DrillCall(
        drill=drill,
        person_id=person.id,
        person=person,
        way=way.value if way else None,
        link_hash=hash_token(token),
    )
    turn.session.add(call)
    turn.session.flush()
    if way is None:
        return
    link = f"{turn.desk.public_url}/d/{token}" if way is Way.EMAIL else None
    body = words.asks(drill.started_by.name, drill.team.name, link)
    sent = queue(turn, person, way, Purpose.NOTICE, body, call.key, expires_at=drill.ends_at)
    if sent is not None:
        # Behind every alarm and what its owner is told; its fate is followed as theirs is.
        sent.lane = Lane.ALL_CLEAR.value


def answer(turn: Turn, call: DrillCall) -> str:
    """It has reached her; the first answer counts. Returns what to say to her."""
    drill = call.drill
    if not drill.is_open(turn.now):
        raise Conflict("This drill is over. Thank you all the same.")
    if call.answered_at is None:
        call.answered_at = turn.now
        record(turn, "drill_answered", org_id=drill.org_id, subject_id=call.person_id)
    return words.thanks(drill.started_by.name, call.answered_at - drill.started_at)


def answer_by_text(turn: Turn, people: Sequence[Person]) -> str | None:
    """`1` from somebody who knows of no open alarm: the drills she was asked in; None for none."""
    said = [
        answer(turn, call)
        for call in drills.unanswered(turn.session, [one.id for one in people], turn.now)
    ]
    return said[-1] if said else None


def end(turn: Turn, drill: Drill) -> None:
    """No answer counts from now on."""
    if drill.is_open(turn.now):
        drill.ends_at = turn.now
        record(turn, "drill_ended", org_id=drill.org_id, team=drill.team.name)


def drill_for(session: Session, viewer: Person, drill_id: UUID) -> Drill:
    """A drill of a team this person manages; NotYours otherwise."""
    found = drills.find_drill(session, viewer.org_id, drill_id)
    if found is None:
        raise NotYours("drill")
    managed_team(session, viewer, found.team_id)
    return found
