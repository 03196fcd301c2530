"""What somebody sees of herself in a browser: the same that her phone would show her (P4, P8)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.acts.monitoring import judge
from server.acts.offering import Offer, offer_for
from server.acts.pins import asks_by_page
from server.acts.planning import plan_from_now, visit_plan
from server.acts.seeing import VisitSeen, is_hidden, see_alarm, see_visit
from server.store import alarms, devices, lists, people, sheets
from server.store.alarms import Alarm
from server.store.people import Device, Person, Team
from server.store.sheets import Change
from server.store.visits import Visit
from shared.holes import NO_ENGINE, NO_WAY_OUT
from shared.ladder import Step
from shared.states import AlarmKind, Role, VisitStatus, WayOut

MOST_PAST = 10
MOST_LIVE = 20
STANDS_DOWN = (AlarmKind.SOS, AlarmKind.OVERDUE)


@dataclass(frozen=True)
class OwnVisit:
    """One visit of hers as she may know it. `asks_pin`: closing and adding time need her PIN."""

    visit: Visit
    seen: VisitSeen
    chain: list[Step]
    raised: bool
    asks_pin: bool

    @property
    def doubt(self) -> str | None:
        """Why nobody around her could be told of it; None where somebody can (P8)."""
        first = self.chain[0] if self.chain else None
        return first.why if first is not None and not first.by and first.who == "nobody" else None

    @property
    def ref(self) -> UUID:
        """What she calls it."""
        return self.visit.id


@dataclass(frozen=True)
class Own:
    """Everything on her own page. `hole`: why the service could tell nobody of anything now."""

    person: Person
    team: Team | None
    watchers: list[Person]
    watches: list[str]
    live: list[OwnVisit]
    past: list[OwnVisit]
    alarms: list[Alarm]
    chain: list[Step]
    phones: list[Device]
    is_worker: bool
    offer: Offer | None
    sheet: Change | None
    hole: str | None


def hole_in_service(session: Session, desk: Desk, now: datetime) -> str | None:
    """Why nobody could be told of an alarm of hers now; None where they can. That it is a rehearsal
    is said above every page."""
    found = judge(session, desk, now)
    if not found.alive:
        return NO_ENGINE
    return NO_WAY_OUT if found.way_out is WayOut.NONE and not desk.rehearsal else None


def own(session: Session, desk: Desk, viewer: Person, now: datetime) -> Own:
    """Her page, as of now."""
    team = people.team_of(session, viewer.id)
    watched = people.watched_by(session, viewer.id)
    is_worker = viewer.has_role(Role.WORKER)
    return Own(
        person=viewer,
        team=team,
        watchers=list(people.watchers(session, viewer.id)),
        watches=sorted(lists.names_of(session, watched).values()),
        live=_visits(session, desk, viewer, (VisitStatus.OPEN, VisitStatus.PLANNED), now),
        past=_visits(session, desk, viewer, (VisitStatus.CLOSED, VisitStatus.CANCELLED), now),
        alarms=_alarms(session, viewer),
        chain=plan_from_now(session, desk, viewer, now) if is_worker else [],
        phones=list(devices.live_devices(session, viewer.id)),
        is_worker=is_worker,
        offer=offer_for(session, viewer, now) if is_worker else None,
        sheet=sheets.last_change(session, viewer.id),
        hole=hole_in_service(session, desk, now),
    )


def _visits(
    session: Session, desk: Desk, viewer: Person, wanted: tuple[VisitStatus, ...], now: datetime
) -> list[OwnVisit]:
    is_past = VisitStatus.CLOSED in wanted
    veiled = lists.veiled_visits(session, viewer.id)
    most = MOST_PAST if is_past else MOST_LIVE
    rows = lists.own_visits(session, viewer.id, wanted, veiled, (None, None), None, most)
    found = [own_visit(session, desk, viewer, row, now, with_chain=not is_past) for row in rows]
    return found if is_past else sorted(found, key=lambda one: one.seen.due_at)


def own_visit(
    session: Session,
    desk: Desk,
    viewer: Person,
    visit: Visit,
    now: datetime,
    *,
    with_chain: bool = False,
) -> OwnVisit:
    """One visit of hers."""
    seen = see_visit(session, viewer, visit)
    policy = session.get_one(Team, visit.team_id).policy
    raised = any(see_alarm(viewer, alarm).is_open for alarm in seen.alarms)
    return OwnVisit(
        visit=visit,
        seen=seen,
        chain=visit_plan(session, desk, visit, viewer, now) if with_chain else [],
        raised=raised,
        asks_pin=viewer.has_pins and (raised or asks_by_page(policy)),
    )


def _alarms(session: Session, viewer: Person) -> list[Alarm]:
    """Alarms about her that she may know of and could stand down."""
    found = alarms.open_alarms(session, viewer.id, *STANDS_DOWN)
    return [one for one in found if not is_hidden(one, viewer) and see_alarm(viewer, one).is_open]
