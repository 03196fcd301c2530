"""One line of the board for each visit: who, where, until when, and how it stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from server.pages.board import words
from server.store.board import OutRow, Watcher
from shared.spans import clock_time
from shared.states import Risk, VisitKind, VisitStatus

OUT, SOON, LATE, ALARM, PLANNED = "out", "soon", "late", "alarm", "planned"
TAGS = {
    OUT: "Out",
    SOON: "Due soon",
    LATE: "Past due",
    ALARM: "Alarm",
    PLANNED: "Planned",
}
KINDS = {VisitKind.TRAVEL.value: "on the way", VisitKind.HOME.value: "on the way home"}


class Row(NamedTuple):
    """One visit. `state` is out, soon, late, alarm or planned; `watch` says who looks after her."""

    id: UUID
    worker_id: UUID
    name: str
    yours: bool
    state: str
    tag: str
    place: str
    high: bool
    starts_at: datetime
    ends_at: datetime
    due: str
    due_in: str
    then: str
    watch: str
    hands_off: bool
    mobile: str | None
    alarm_id: UUID | None

    @property
    def tel(self) -> str | None:
        """The number to ring, unless ringing could harm her."""
        return None if self.hands_off else self.mobile


@dataclass(frozen=True)
class Light:
    """What every row is seen by: the time, where, and what else is known. `alarmed`: the open
    alarm of a visit or of a worker."""

    now: datetime
    zone: ZoneInfo
    viewer_id: UUID
    warnings: Mapping[UUID, timedelta]
    alarmed: Mapping[UUID, UUID]
    hands_off: Collection[UUID]
    answers: Mapping[UUID, Mapping[UUID, bool]]
    covers: Mapping[UUID, Sequence[Watcher]]

    known: dict[datetime, tuple[str, str]] = field(default_factory=dict)

    def clock(self, instant: datetime) -> str:
        """An instant as clocks here show it."""
        return self._said(instant)[0]

    def away(self, instant: datetime) -> str:
        """How far from now: 'in 12 min'."""
        return self._said(instant)[1]

    def _said(self, instant: datetime) -> tuple[str, str]:
        """A thousand visits share some hundred minutes."""
        minute = words.minute_of(instant)
        said = self.known.get(minute)
        if said is None:
            said = clock_time(minute, self.zone, self.now), words.due(minute, self.now)
            self.known[minute] = said
        return said


def row_of(row: OutRow, light: Light) -> Row:
    """The visit as the board shows it."""
    state = _state(row, light)
    at = row.starts_at if state == PLANNED else row.due_at
    return Row(
        id=row.id,
        worker_id=row.worker_id,
        name=row.worker,
        yours=row.worker_id == light.viewer_id,
        state=state,
        tag=TAGS[state],
        place=_place(row),
        high=row.risk == Risk.HIGH,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        due=light.clock(at),
        due_in=light.away(at),
        then=_then(row, state, light),
        watch=_watch(row, light),
        hands_off=row.worker_id in light.hands_off,
        mobile=row.mobile,
        alarm_id=light.alarmed.get(row.id) or light.alarmed.get(row.worker_id),
    )


def _state(row: OutRow, light: Light) -> str:
    if row.id in light.alarmed or row.worker_id in light.alarmed:
        return ALARM
    if row.status == VisitStatus.PLANNED:
        return PLANNED
    if row.due_at <= light.now:
        return LATE
    return SOON if light.now >= row.due_at - light.warnings[row.team_id] else OUT


def changes_at(row: OutRow, light: Light) -> list[datetime]:
    """The moments at which this line will say something else, besides each full minute."""
    warned = row.due_at - light.warnings[row.team_id]
    moments = (row.starts_at, warned, row.due_at, row.raise_at)
    return [at for at in moments if at is not None and at > light.now]


def _place(row: OutRow) -> str:
    going = KINDS.get(row.kind)
    return f"{row.place} ({going})" if going else row.place


def _then(row: OutRow, state: str, light: Light) -> str:
    if state == ALARM:
        return "An alarm is open"
    if state == PLANNED:
        return "Not started yet" if row.starts_at <= light.now else ""
    if row.raise_at is None:
        return ""
    if row.raise_at <= light.now:
        return "The alarm goes now"
    return f"Alarm at {light.clock(row.raise_at)}"


def _watch(row: OutRow, light: Light) -> str:
    """Whoever comes first and did not decline; with a yes where there was one."""
    said = light.answers.get(row.id, {})
    first = [(row.chosen_id, row.chosen), (row.paired_id, row.paired)]
    covers = light.covers.get(row.worker_id, ()) if said else ()
    for person_id, name in [*first, *((one.id, one.name) for one in covers)]:
        if person_id is not None and name and said.get(person_id) is not False:
            return f"{name}, who said yes" if said.get(person_id) else name
    return "Nobody in particular"
