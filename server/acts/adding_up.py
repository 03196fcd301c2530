"""What a manager's teams did in a span of time, in figures; nobody's name, no league table.

What a veil hides from her is hidden here: while a duress of hers is unresolved, it is not counted
(P4).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.acts.history import first_owned
from server.acts.seeing import see_alarm, see_visit
from server.store import alarms, figures, history, visits
from server.store.figures import HOUR_S, QUARTER_S, AlarmFact, Extent, Fates, Slot
from server.store.messages import Fate
from server.store.people import Person
from shared.states import AlarmOutcome, Way

ENOUGH = 5
"""From so many on, the middle and the slowest tenth say something; below, they are one person's."""
QUICK = timedelta(minutes=5)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Bin:
    """What fell into one week, one day of the week or one hour of the day."""

    visits: int = 0
    late: int = 0
    alarms: int = 0
    answered: int = 0
    quickly: int = 0


@dataclass(frozen=True)
class Answers:
    """How long it took until somebody first took charge; None where there are too few to say."""

    alarms: int
    answered: int
    middle: timedelta | None
    slow: timedelta | None


@dataclass(frozen=True)
class Sum:
    """The figures."""

    extent: Extent
    visits: int
    late: int
    workers: int
    by_kind: dict[str, int]
    by_outcome: dict[str, int]
    answers: Answers
    false_alarms: int
    in_charge: timedelta
    weeks: dict[date, Bin]
    weekdays: dict[int, Bin]
    hours: dict[int, Bin]
    fates: Sequence[Fates] = field(default=())

    @property
    def alarms(self) -> int:
        """How many alarms were raised."""
        return sum(self.by_kind.values())

    @property
    def messages(self) -> int:
        """How many messages left the house."""
        gone = (Fate.ACCEPTED, Fate.DELIVERED)
        return sum(one.number for one in self.fates if one.status in gone)

    def sent_by(self, way: Way) -> int:
        """How many of them by this way."""
        gone = (Fate.ACCEPTED, Fate.DELIVERED)
        return sum(one.number for one in self.fates if one.status in gone and one.way == way)


def add_up(session: Session, viewer: Person, extent: Extent, zone: ZoneInfo) -> Sum:
    """Everything on the page of reports."""
    veil = _Veil(session, viewer, extent)
    size_s = HOUR_S if _whole_hours(zone, extent) else QUARTER_S
    found = [*figures.slots(session, extent, size_s, veil.visit_ids), *veil.slots()]
    raised = [*figures.alarm_facts(session, extent, veil.alarm_ids), *veil.alarm_facts()]
    bins = _Bins(zone)
    for slot in found:
        bins.add_visits(slot)
    for one in raised:
        bins.add_alarm(one)
    return Sum(
        extent=extent,
        visits=sum(slot.visits for slot in found),
        late=sum(slot.late for slot in found),
        workers=figures.count_workers(session, extent),
        by_kind=dict(Counter(one.kind for one in raised)),
        by_outcome=dict(Counter(one.outcome for one in raised if one.outcome)),
        answers=_answers(raised),
        false_alarms=sum(one.outcome == AlarmOutcome.FALSE_ALARM for one in raised),
        in_charge=_in_charge(raised),
        weeks=bins.weeks_of(extent),
        weekdays=bins.weekdays,
        hours=bins.hours,
        fates=figures.fates(session, extent, veil.ends()),
    )


def _whole_hours(zone: ZoneInfo, extent: Extent) -> bool:
    offset = extent.since.astimezone(zone).utcoffset() or timedelta()
    return not offset % timedelta(hours=1)


class _Veil:
    """The handful of visits and alarms of which this viewer sees another picture."""

    def __init__(self, session: Session, viewer: Person, extent: Extent) -> None:
        self._session, self._viewer, self._extent = session, viewer, extent
        self._visits = visits.veiled_for(session, viewer)
        self._alarms = alarms.veiled_for(session, viewer)
        self.hidden_ids = {alarm.id for alarm in history.own_duress(session, viewer.id)}
        self.visit_ids = {visit.id for visit in self._visits}
        self.alarm_ids = {alarm.id for alarm in self._alarms} | self.hidden_ids

    def ends(self) -> dict[UUID, datetime]:
        """From when on nothing said of these alarms may be counted."""
        found = dict.fromkeys(self.hidden_ids, LONG_AGO)
        for alarm in self._alarms:
            found.setdefault(alarm.id, see_alarm(self._viewer, alarm).resolved_at or LONG_AGO)
        return found

    def slots(self) -> list[Slot]:
        """The visits as she may know them."""
        found = []
        for visit in self._visits:
            if visit.team_id in self._extent.teams and self._has(visit.starts_at):
                seen = see_visit(self._session, self._viewer, visit, ())
                late = seen.closed_at is not None and seen.closed_at > seen.ends_at
                found.append(Slot(visit.starts_at, 1, int(late)))
        return found

    def alarm_facts(self) -> list[AlarmFact]:
        """The alarms as she may know them."""
        found = []
        for alarm in self._alarms:
            known = alarm.id not in self.hidden_ids and alarm.team_id in self._extent.teams
            if known and self._has(alarm.raised_at):
                seen = see_alarm(self._viewer, alarm)
                first = first_owned(alarm, seen)
                found.append(
                    AlarmFact(
                        alarm.id, alarm.kind, seen.outcome, alarm.raised_at, first, seen.resolved_at
                    )
                )
        return found

    def _has(self, at: datetime) -> bool:
        return self._extent.since <= at < self._extent.until


class _Bins:
    """Sorts what happened into weeks, days of the week and hours, by the clock on the wall."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._weeks: dict[date, Bin] = {}
        self.weekdays = {n: Bin() for n in range(7)}
        self.hours = {n: Bin() for n in range(24)}

    def _places(self, at: datetime) -> tuple[Bin, Bin, Bin]:
        local = at.astimezone(self._zone)
        week = self._weeks.setdefault(monday(local.date()), Bin())
        return week, self.weekdays[local.weekday()], self.hours[local.hour]

    def add_visits(self, slot: Slot) -> None:
        """Visits begun."""
        for place in self._places(slot.at):
            place.visits += slot.visits
            place.late += slot.late

    def add_alarm(self, one: AlarmFact) -> None:
        """An alarm raised."""
        after = answered_after(one)
        for place in self._places(one.raised_at):
            place.alarms += 1
            place.answered += after is not None
            place.quickly += after is not None and after <= QUICK

    def weeks_of(self, extent: Extent) -> dict[date, Bin]:
        """Every week of the span, those in which nothing happened too."""
        week = monday(extent.since.astimezone(self._zone).date())
        last = (extent.until - timedelta(microseconds=1)).astimezone(self._zone).date()
        found = {}
        while week <= last:
            found[week] = self._weeks.get(week, Bin())
            week += timedelta(days=7)
        return found


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def answered_after(one: AlarmFact) -> timedelta | None:
    """How long until somebody first took charge; None where it ended before."""
    return one.first_owned_at - one.raised_at if one.first_owned_at is not None else None


def _answers(raised: Sequence[AlarmFact]) -> Answers:
    after = sorted(span for one in raised if (span := answered_after(one)) is not None)
    if len(after) < ENOUGH:
        return Answers(len(raised), len(after), None, None)
    slow = after[min(len(after) - 1, int(len(after) * 0.9))]
    middle = timedelta(seconds=median(span.total_seconds() for span in after))
    return Answers(len(raised), len(after), middle, slow)


def _in_charge(raised: Sequence[AlarmFact]) -> timedelta:
    """How long somebody had charge of an alarm, all of them together."""
    spans = [
        one.resolved_at - one.first_owned_at
        for one in raised
        if one.resolved_at is not None and one.first_owned_at is not None
    ]
    return sum((max(span, timedelta()) for span in spans), timedelta())
