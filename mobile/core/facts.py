"""Everything a screen may be made of, taken together at one moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from mobile.core.clock import PhoneClock
from mobile.core.memory import Known, Memory
from mobile.core.outbox import Entry, Outbox
from mobile.core.statements import OPENED, SOS
from mobile.core.things import (
    Alarm,
    Me,
    Unreadable,
    Visit,
    Watched,
    read_alarm,
    read_me,
    read_visit,
    read_watched,
)
from mobile.ports import Signal
from shared.spans import clock_time
from shared.states import VisitStatus

LATEST = (SOS, "close", "extend", "stand_down", "note")

T = TypeVar("T")
UTC_ZONE = "UTC"
NEWS = timedelta(minutes=5)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Seen(Generic[T]):
    """Something the server said, and when that was true."""

    value: T
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What the phone knows and what waits in it. `sure`: `now` is the server's time. `reminds`:
    the device shows notifications."""

    now: datetime
    zone: ZoneInfo
    signal: Signal = Signal.UNKNOWN
    sure: bool = True
    signed_out_at: datetime | None = None
    name: str = ""
    person: str = ""
    me: Seen[Me] | None = None
    visits: tuple[Seen[Visit], ...] = ()
    alarms: tuple[Seen[Alarm], ...] = ()
    watching: tuple[Watched, ...] = ()
    watching_at: datetime = NEVER
    waiting: tuple[Entry, ...] = ()
    refused: tuple[Entry, ...] = ()
    places: dict[str, Any] = field(default_factory=dict)
    journeys: dict[str, Any] = field(default_factory=dict)
    preferences: dict[str, Any] = field(default_factory=dict)
    opened: dict[str, datetime] = field(default_factory=dict)
    """When she put what waits into a text, by its key."""
    latest: Mapping[str, Entry] = field(default_factory=dict)
    stranded: int = 0
    was_broken: bool = False
    reminds: bool = True
    time_of: Callable[[Entry], datetime] = lambda entry: _instant(entry.stamp.at)
    held_back_s: Callable[[Entry], float] = lambda _: 0.0

    def says(self, instant: datetime) -> str:
        """A time as clocks in her team's zone show it."""
        return clock_time(instant, self.zone, self.now)

    def is_news(self, at: datetime) -> bool:
        """Whether what became known then is news still. To a clock that is behind it nothing is."""
        return timedelta() <= self.now - at <= NEWS

    @property
    def has_data(self) -> bool:
        """Whether data may get through: the device says so, or cannot tell."""
        return self.signal in (Signal.DATA, Signal.UNKNOWN)

    def visit(self, name: str) -> Seen[Visit] | None:
        """A visit the server has confirmed."""
        return next((seen for seen in self.visits if seen.value.id == name), None)

    @property
    def buddy(self) -> str:
        """Who comes first of those who watch over her, by name; '' where nobody is known."""
        return self.me.value.buddies[0].name if self.me and self.me.value.buddies else ""

    @property
    def every_alarm(self) -> tuple[Seen[Alarm], ...]:
        """Each alarm this phone knows of once, as last heard, whichever list told of it. What has
        ended does not begin again."""
        listed = (Seen(a, self.watching_at) for each in self.watching for a in each.alarms)
        found = sorted((*listed, *self.alarms), key=lambda s: (not s.value.is_open, s.at))
        return tuple({seen.value.id: seen for seen in found}.values())

    @property
    def open_visits(self) -> tuple[Seen[Visit], ...]:
        """Her open visits, the one due first before the others: a way home may be one of two."""
        found = [seen for seen in self.visits if seen.value.status is VisitStatus.OPEN]
        return tuple(sorted(found, key=lambda seen: seen.value.due_at))

    def pending(self, stream: str, *kinds: str) -> Entry | None:
        """The newest act of these kinds on a visit or alarm that has not reached the server."""
        found = [e for e in self.waiting if e.act.stream == stream and e.kind in kinds]
        return found[-1] if found else None

    def last(self, kind: str) -> Entry | None:
        """What she did last of this kind, one of `LATEST`, whatever became of it."""
        return self.latest.get(kind)

    def refusal(self, stream: str, *kinds: str) -> Entry | None:
        """The newest such act the server would not do, unless she tried again since."""
        found = [e for e in self.refused if e.act.stream == stream and e.kind in kinds]
        return found[-1] if found else None


def gather(
    memory: Memory,
    outbox: Outbox,
    clock: PhoneClock,
    signal: Signal,
    *,
    name: str = "",
    signed_out_at: float | None = None,
    reminds: bool = True,
) -> Facts:
    """The facts as they stand now."""
    me, watching = _read(memory.get("me"), read_me), memory.get("watching")
    return Facts(
        now=clock.now(),
        zone=_zone(me.value.timezone if me else UTC_ZONE),
        signal=signal,
        sure=clock.sure,
        signed_out_at=None if signed_out_at is None else _instant(signed_out_at),
        name=me.value.person.name if me else name,
        person=outbox.owner,
        me=me,
        visits=_read_all(memory.all("visit"), read_visit),
        alarms=_read_all(memory.all("alarm"), read_alarm),
        watching=_watching(watching),
        watching_at=_instant(watching.known_at) if watching else NEVER,
        waiting=tuple(outbox.waiting()),
        refused=tuple(outbox.refused()),
        places={name: known.value for name, known in memory.all("place").items()},
        journeys={name: known.value for name, known in memory.all("journey").items()},
        preferences={name: known.value for name, known in memory.all("preference").items()},
        opened={key: _instant(one.known_at) for key, one in memory.all(OPENED).items()},
        latest={kind: last for kind in LATEST if (last := outbox.latest(kind)) is not None},
        stranded=outbox.stranded(),
        was_broken=memory.db.was_broken,
        reminds=reminds,
        time_of=lambda entry: clock.resolve(entry.stamp) or _instant(entry.stamp.at),
        held_back_s=outbox.held_back_s,
    )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(UTC_ZONE)


def _read(known: Known | None, read: Callable[[Any], T]) -> Seen[T] | None:
    if known is None:
        return None
    try:
        return Seen(read(known.value), _instant(known.known_at))
    except Unreadable:
        return None


def _read_all(known: dict[str, Known], read: Callable[[Any], T]) -> tuple[Seen[T], ...]:
    found = (_read(each, read) for each in known.values())
    return tuple(seen for seen in found if seen is not None)


def _watching(known: Known | None) -> tuple[Watched, ...]:
    if known is None or not isinstance(known.value, list):
        return ()
    found = []
    for each in known.value:
        try:
            found.append(read_watched(each))
        except Unreadable:
            continue
    return tuple(found)
