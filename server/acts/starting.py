"""Starting a visit, now, later, or as it was started without signal hours ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from server.acts.base import OLDEST_NEWS, Turn, record
from server.acts.closing import raised_alarms, tell_on_behalf
from server.acts.ending import end_alarm, end_visit, veil_alarm, veil_visit
from server.acts.pins import is_asked, judge
from server.acts.raising import raise_duress
from server.acts.tell import is_over_for, is_veiled
from server.acts.timing import allow_for_late_news, planned_look, policy_for, policy_of, set_due
from server.domain.refusals import AlreadyClosed, BadField, Conflict, IdReused, OpenVisit
from server.domain.secrets import Pin
from server.domain.words.fit import NO_PLACE
from server.store import alarms, people, visits
from server.store.alarms import Alarm
from server.store.people import Person, Team
from server.store.visits import Visit
from shared.policy import Policy
from shared.states import (
    AlarmKind,
    AlarmOutcome,
    ClosedHow,
    Risk,
    VisitKind,
    VisitStatus,
)
from shared.timing import LONGEST_HOME_S, LONGEST_VISIT_S, next_due

TOLD_TWICE = timedelta(minutes=10)
"""As for the same text sent again (contract 6)."""


@dataclass(frozen=True)
class Position:
    """Where a phone said it was."""

    lat: float
    lon: float
    accuracy_m: float | None


@dataclass(frozen=True)
class NewVisit:
    """What somebody asks for when she starts or plans a visit."""

    ref: UUID
    place: str
    minutes: int | None = None
    ends_at: datetime | None = None
    starts_at: datetime | None = None
    kind: VisitKind = VisitKind.VISIT
    risk: Risk = Risk.STANDARD
    record_ref: str | None = None
    note: str | None = None
    buddy_id: UUID | None = None
    position: Position | None = None
    pin: str | None = None


def start(turn: Turn, worker: Person, wanted: NewVisit) -> Visit:
    """An open visit, or a planned one where `starts_at` lies ahead; watched from this moment.

    One open visit or travel at a time, besides the way home: starting another closes the first as
    moved on, where closing needs no PIN or the right one is given. How the first went nobody said.
    """
    team = people.team_of(turn.session, worker.id)
    if team is None:
        raise Conflict("This person is in no team yet; add them to one first.")
    found = _judge(turn, worker, wanted.pin)
    visit = _build(turn, worker, team, wanted)
    if visit.status == VisitStatus.OPEN and visit.kind != VisitKind.HOME:
        _move_on(turn, visit, worker, found)
    policy = policy_for(team.policy, worker)
    if visit.status == VisitStatus.OPEN:
        _watch(turn, visit, policy)
    else:
        visit.next_at = planned_look(visit, policy)
    place(turn, visit, wanted.position)
    turn.session.add(visit)
    turn.session.flush()
    what = "started" if visit.status == VisitStatus.OPEN else "planned"
    record(turn, what, org_id=visit.org_id, visit=visit, place=visit.place, note=visit.note)
    if turn.actor is not None and turn.actor.id != worker.id:
        tell_on_behalf(turn, visit, f"{what} a visit")
    return visit


def _build(turn: Turn, worker: Person, team: Team, wanted: NewVisit) -> Visit:
    starts_at, ends_at = span(turn, wanted)
    planned = starts_at > turn.now
    starter_id = turn.actor.id if turn.actor else worker.id
    taken_by = visits.starter_of(turn.session, wanted.ref)
    if taken_by == starter_id:
        raise IdReused("This id belongs to another visit of yours; make a new one.")
    return Visit(
        id=uuid4() if taken_by else wanted.ref,
        org_id=worker.org_id,
        team_id=team.id,
        worker_id=worker.id,
        worker=worker,
        started_by_id=starter_id,
        client_ref=wanted.ref,
        kind=wanted.kind.value,
        status=(VisitStatus.PLANNED if planned else VisitStatus.OPEN).value,
        risk=wanted.risk.value,
        place=wanted.place,
        record_ref=wanted.record_ref,
        note=wanted.note,
        buddy_id=wanted.buddy_id,
        starts_at=starts_at,
        ends_at=ends_at,
        due_at=ends_at,
        received_at=turn.now,
        heard_at=turn.at,
    )


def span(turn: Turn, wanted: NewVisit) -> tuple[datetime, datetime]:
    """When the visit begins and ends; minutes count from `at`, or from a planned beginning.

    Raises BadField where the end is not after the beginning, or the visit would be too long.
    """
    begins = wanted.starts_at or turn.at
    if begins < turn.now - OLDEST_NEWS:
        raise BadField("starts_at", "This is more than 72 hours ago; give a later beginning.")
    if wanted.starts_at is not None and wanted.starts_at <= turn.now:
        begins = min(turn.at, wanted.starts_at)
    if wanted.minutes is not None:
        ends = begins + timedelta(minutes=wanted.minutes)
    elif wanted.ends_at is not None:
        ends = wanted.ends_at
    else:
        raise BadField("minutes", "Say how long: minutes, or ends_at.")
    if ends <= begins:
        raise BadField("ends_at", "The end has to come after the beginning.")
    if ends - begins > longest(wanted.kind):
        hours = longest(wanted.kind) // timedelta(hours=1)
        raise BadField("ends_at", f"A visit lasts {hours} hours at most.")
    return begins, ends


def longest(kind: VisitKind) -> timedelta:
    """The longest time one visit may be watched without being closed."""
    return timedelta(seconds=LONGEST_HOME_S if kind is VisitKind.HOME else LONGEST_VISIT_S)


def _watch(turn: Turn, visit: Visit, policy: Policy) -> None:
    interval_s = policy.interval_for(Risk(visit.risk))
    set_due(turn, visit, policy, next_due(visit.ends_at, turn.at, interval_s))
    allow_for_late_news(turn, visit, policy)


def _judge(turn: Turn, worker: Person, pin: str | None) -> Pin:
    """What her PIN says, wherever it was given (P4); somebody else's start carries none."""
    own = turn.actor is not None and turn.actor.id == worker.id
    found = judge(turn, worker, pin) if own else Pin.NONE
    if found is Pin.DURESS:
        raise_duress(turn, worker)
    return found


def _move_on(turn: Turn, visit: Visit, worker: Person, found: Pin) -> None:
    """Close what she is still at, as moved on; refuse where that needs a PIN she did not give.

    P10: late news of a visit that began before the one she is at ends nothing.
    """
    for old in visits.unfinished_visits(turn.session, worker.id):
        if old.kind == VisitKind.HOME or is_veiled(old, worker.id) or old.id == visit.id:
            continue
        if is_over_for(turn, old):
            continue
        raised = raised_alarms(turn, old)
        if not raised and _is_told_twice(old, visit):
            visit.ends_at = max(visit.ends_at, old.ends_at)
            end_visit(turn, old, ClosedHow.MOVED_ON, None)
            continue
        if old.starts_at > visit.starts_at:
            continue
        asked = is_asked(turn, policy_of(turn, old), worker)
        if found is Pin.NONE and (asked or raised):
            where = "" if old.place == NO_PLACE else f" at {old.place}"
            raise OpenVisit(
                f"A visit{where} is still open. Close it, or send your PIN with this one.",
                visit=str(old.id),
            )
        _leave(turn, old, worker, found, raised)


def _is_told_twice(old: Visit, visit: Visit) -> bool:
    """Whether she told of one visit twice, by text because data did not get through and by what
    waited in her phone: two of them would raise an alarm after she has closed the one she sees."""
    apart = abs(old.starts_at - visit.starts_at)
    longer = visit.ends_at - old.ends_at
    same = old.place.casefold().split() == visit.place.casefold().split()
    # Not to ask for much more time without a PIN.
    return same and old.kind == visit.kind and max(apart, longer) <= TOLD_TWICE


def _leave(turn: Turn, old: Visit, worker: Person, found: Pin, raised: list[Alarm]) -> None:
    for alarm in raised:
        if alarm.kind == AlarmKind.OVERDUE and found is Pin.SAFE:
            end_alarm(turn, alarm, AlarmOutcome.SAFE)
        elif alarm.kind == AlarmKind.OVERDUE and found is Pin.DURESS:
            veil_alarm(turn, alarm, worker, AlarmOutcome.SAFE)
    if found is Pin.DURESS:
        veil_visit(turn, old, worker, ClosedHow.MOVED_ON, None)
    else:
        end_visit(turn, old, ClosedHow.MOVED_ON, None)


def start_planned(
    turn: Turn, visit: Visit, position: Position | None = None, pin: str | None = None
) -> None:
    """Begin a planned visit: it keeps its planned length, and a `not_started` is stood down. What
    she was at before it ends as with any other start."""
    if visit.status == VisitStatus.CANCELLED:
        raise Conflict("This visit was cancelled.")
    if visit.status == VisitStatus.CLOSED:
        hers = turn.actor is not None and turn.actor.id == visit.worker_id
        how = visits.how_words(visit.closed_how, to_her=hers)
        raise AlreadyClosed(f"This visit is over: {how}.")
    if visit.status == VisitStatus.OPEN:
        return
    found = _judge(turn, visit.worker, pin)
    length = visit.ends_at - visit.starts_at
    visit.starts_at, visit.ends_at = turn.at, turn.at + length
    if visit.kind != VisitKind.HOME:
        _move_on(turn, visit, visit.worker, found)
    visit.status = VisitStatus.OPEN.value
    visit.heard_at = turn.at
    _watch(turn, visit, policy_of(turn, visit))
    place(turn, visit, position)
    for alarm in alarms.open_alarms_of_visit(turn.session, visit.id):
        if alarm.kind == AlarmKind.NOT_STARTED:
            end_alarm(turn, alarm, AlarmOutcome.SAFE)
    record(turn, "started", org_id=visit.org_id, visit=visit, place=visit.place)


def place(turn: Turn, visit: Visit, position: Position | None) -> None:
    """Keep where she was, unless a newer place is known."""
    if position is None or (visit.position_at is not None and visit.position_at > turn.at):
        return
    visit.lat, visit.lon, visit.accuracy_m = position.lat, position.lon, position.accuracy_m
    visit.position_at = turn.at
