"""Who may see and do what (P7), and what each of them sees. To everyone else it does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.tell import is_veiled
from server.domain.refusals import NotYours
from server.store import alarms, namesakes, people, requests, visits
from server.store.alarms import Alarm
from server.store.people import Person
from server.store.visits import Visit
from shared.states import AlarmKind, Role


def may_see_worker(session: Session, viewer: Person, worker_id: UUID, team_id: UUID) -> bool:
    """Whether she is the worker, her buddy or cover, or manages her team."""
    if viewer.id == worker_id:
        return True
    if worker_id in people.watched_by(session, viewer.id):
        return True
    return viewer.has_role(Role.MANAGER) and team_id in people.team_ids(session, viewer.id)


def may_see_visit(session: Session, viewer: Person, visit: Visit) -> bool:
    """The worker, her buddy and covers, whoever was told of its alarm, her team's managers."""
    if visit.org_id != viewer.org_id or viewer.left_at is not None:
        return False
    if viewer.id == visit.buddy_id or may_see_worker(
        session, viewer, visit.worker_id, visit.team_id
    ):
        return True
    raised = alarms.alarms_of_visit(session, visit.id)
    return any(alarms.was_told(session, alarm.id, viewer.id) for alarm in raised)


def may_see_alarm(session: Session, viewer: Person, alarm: Alarm) -> bool:
    """Those told of it, her watchers and her team's managers; the worker too, but never her own
    unresolved duress."""
    if alarm.org_id != viewer.org_id or viewer.left_at is not None:
        return False
    if viewer.id == alarm.worker_id:
        return not is_hidden(alarm, viewer)
    if may_see_worker(session, viewer, alarm.worker_id, alarm.team_id):
        return True
    if alarm.visit is not None and alarm.visit.buddy_id == viewer.id:
        return True
    return alarms.was_told(session, alarm.id, viewer.id) is not None


def worker_for(session: Session, viewer: Person, worker_id: UUID) -> Person:
    """Somebody she may start a visit for: one she is buddy or cover for, or manages.

    NotYours where that person does not exist, has left, or is no business of hers.
    """
    worker = people.find_person(session, viewer.org_id, worker_id)
    team = people.team_of(session, worker_id) if worker else None
    if worker is None or team is None or not may_see_worker(session, viewer, worker.id, team.id):
        raise NotYours("person")
    return worker


def may_be_buddy(session: Session, worker: Person, buddy_id: UUID) -> bool:
    """Whether that person can be asked to watch a visit of this worker's: somebody of a team of
    hers, or who watches over her anyway."""
    buddy = people.find_person(session, worker.org_id, buddy_id)
    if buddy is None or buddy.id == worker.id:
        return False
    if worker.id in people.watched_by(session, buddy.id):
        return True
    return bool(people.team_ids(session, buddy.id) & people.team_ids(session, worker.id))


def is_hidden(alarm: Alarm, viewer: Person) -> bool:
    """Whether this is the viewer's own duress, which must not show until it is resolved."""
    return alarm.kind == AlarmKind.DURESS and alarm.worker_id == viewer.id and alarm.is_open


def visit_for(session: Session, viewer: Person, ref: UUID) -> Visit:
    """The visit a person calls `ref`; NotYours where it does not exist or not for her."""
    found = visits.find_visit(session, viewer.org_id, ref, viewer.id)
    if found is None or not may_see_visit(session, viewer, found):
        raise NotYours("visit")
    return found


def alarm_for(session: Session, viewer: Person, ref: UUID) -> Alarm:
    """The alarm a person calls `ref`; NotYours where it does not exist or not for her."""
    found = alarms.find_alarm(session, viewer.org_id, ref)
    if found is None or found.raised_by_id != viewer.id:
        found = alarms.alarm_asked_for(session, viewer.id, ref) or found
    if found is None and (first := namesakes.had_it_first(session, viewer.id, ref)) is not None:
        found = alarms.find_alarm(session, viewer.org_id, first)
    if found is None:
        found = requests.alarm_joined(session, viewer.id, ref)
    if found is None or not may_see_alarm(session, viewer, found):
        raise NotYours("alarm")
    return found


@dataclass(frozen=True)
class VisitSeen:
    """A visit's standing as one viewer may know it."""

    status: str
    ends_at: datetime
    due_at: datetime
    raise_at: datetime | None
    closed_at: datetime | None
    closed_how: str | None
    close_outcome: str | None
    alarms: tuple[Alarm, ...]

    @property
    def is_open(self) -> bool:
        """Whether, for this viewer, the visit is being watched."""
        return self.status == "open"


def noted_by(session: Session, visit: Visit) -> str:
    """Who wrote a visit's note, where it was not its worker herself; else ''."""
    if visit.started_by_id == visit.worker_id:
        return ""
    return people.person(session, visit.started_by_id).name


def see_visit(
    session: Session, viewer: Person, visit: Visit, known: Sequence[Alarm] | None = None
) -> VisitSeen:
    """What this viewer sees; another picture than everybody else's only under a veil.

    `known`: every alarm the visit ever had, newest first, where the caller has them already.
    """
    found = alarms.alarms_of_visit(session, visit.id) if known is None else known
    raised = tuple(alarm for alarm in found if not is_hidden(alarm, viewer))
    if not is_veiled(visit, viewer.id):
        return VisitSeen(
            visit.status,
            visit.ends_at,
            visit.due_at,
            visit.raise_at,
            visit.closed_at,
            visit.closed_how,
            visit.close_outcome,
            raised,
        )
    seen = (visit.veil or {})[str(viewer.id)]
    return VisitSeen(
        status=seen["status"],
        ends_at=datetime.fromisoformat(seen["ends_at"]),
        due_at=datetime.fromisoformat(seen["due_at"]),
        raise_at=datetime.fromisoformat(seen["raise_at"]) if seen["raise_at"] else None,
        closed_at=datetime.fromisoformat(seen["closed_at"]),
        closed_how=seen["closed_how"],
        close_outcome=seen["close_outcome"],
        alarms=raised,
    )


@dataclass(frozen=True)
class AlarmSeen:
    """An alarm's standing as one viewer may know it."""

    status: str
    outcome: str | None
    resolved_at: datetime | None
    owner_id: str | None
    owner_name: str | None
    owner_until: datetime | None
    owned_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether, for this viewer, the alarm still needs somebody."""
        return self.status != "resolved"


def see_alarm(viewer: Person, alarm: Alarm) -> AlarmSeen:
    """What this viewer sees of an alarm; see `see_visit`."""
    owner = alarm.owner
    if not is_veiled(alarm, viewer.id):
        return AlarmSeen(
            alarm.status,
            alarm.outcome,
            alarm.resolved_at,
            str(owner.id) if owner else None,
            owner.name if owner else None,
            alarm.owner_until,
            alarm.owned_at,
        )
    seen = (alarm.veil or {})[str(viewer.id)]
    owned_by, owned_at = seen["owner"] or {}, seen.get("owned_at")
    return AlarmSeen(
        status=seen["status"],
        outcome=seen["outcome"],
        resolved_at=datetime.fromisoformat(seen["resolved_at"]),
        owner_id=owned_by.get("id"),
        owner_name=owned_by.get("name"),
        owner_until=None,
        owned_at=datetime.fromisoformat(owned_at) if owned_at else None,
    )
