"""What the server says, as the phone reads it: leniently, without the wire schemas, which would
cost a slow phone most of its start. What cannot be read at all is Unreadable and is not kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from shared.states import AlarmKind, AlarmStatus, Risk, VisitKind, VisitStatus, WayOut

W = TypeVar("W", bound=StrEnum)
T = TypeVar("T")


class Unreadable(ValueError):
    """Not what it should be."""


LONGEST_MINUTES = 960


@dataclass(frozen=True)
class Step:
    """One line of the safety chain."""

    at: datetime
    who: str
    by: str
    why: str


@dataclass(frozen=True)
class Person:
    """Somebody, by id and name."""

    id: str
    name: str


@dataclass(frozen=True)
class Alarm:
    """An alarm as this person may know it."""

    id: str
    kind: AlarmKind
    status: AlarmStatus
    visit: str | None
    worker: Person
    raised_at: datetime
    owner: Person | None
    outcome: str | None
    resolved_at: datetime | None
    next_step: Step | None
    ring: str | None = None
    place: str | None = None
    owner_until: datetime | None = None
    due_at: datetime | None = None
    heard_at: datetime | None = None
    said: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it has not been resolved."""
        return self.status is not AlarmStatus.RESOLVED


@dataclass(frozen=True)
class Visit:
    """A visit as this person may know it."""

    id: str
    kind: VisitKind
    status: VisitStatus
    place: str
    starts_at: datetime
    ends_at: datetime
    due_at: datetime
    raise_at: datetime | None
    risk: Risk
    buddy: Person | None = None
    closed_at: datetime | None = None
    closed_how: str | None = None
    alarms: tuple[Alarm, ...] = ()
    chain: tuple[Step, ...] = ()

    def open_alarm(self, kind: AlarmKind) -> Alarm | None:
        """Its newest unresolved alarm of that kind."""
        return next((a for a in self.alarms if a.kind is kind and a.is_open), None)


@dataclass(frozen=True)
class Me:
    """What the server says to the person herself."""

    person: Person
    has_pins: bool
    mobile: str | None
    away_until: datetime | None
    team: str | None
    timezone: str
    roles: tuple[str, ...]
    buddies: tuple[Person, ...]
    policy: Mapping[str, Any]
    chain: tuple[Step, ...]
    server_time: datetime
    alive: bool
    way_out: WayOut
    notice: str | None
    text_to: str | None = None
    usual_minutes: int | None = None


@dataclass(frozen=True)
class Watched:
    """A visit this person is buddy or cover for, or alarms without one."""

    worker: Person
    part: str
    answer: str | None
    visit: Visit | None
    alarms: tuple[Alarm, ...] = field(default=())


def read_moment(value: Any) -> datetime:
    """An RFC 3339 time, in UTC."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable("no time") from None
    if found.tzinfo is None:
        raise Unreadable("a time without its zone")
    return found.astimezone(UTC)


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable("no object")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unreadable("no text")
    return value


def _minutes(value: Any) -> int | None:
    """A length to suggest; None for what cannot be one, which hides nothing else."""
    known = isinstance(value, int) and not isinstance(value, bool)
    return value if known and 1 <= value <= LONGEST_MINUTES else None


def _word(words: type[W], value: Any) -> W:
    try:
        return words(value)
    except ValueError:
        raise Unreadable(f"no {words.__name__}") from None


def _maybe(read: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else read(value)


def _list(read: Callable[[Any], T], value: Any) -> tuple[T, ...]:
    """Those that can be read: one bad line does not hide the others."""
    found = []
    for each in value if isinstance(value, list) else []:
        try:
            found.append(read(each))
        except Unreadable:
            continue
    return tuple(found)


def read_person(value: Any) -> Person:
    """Somebody."""
    given = _object(value)
    return Person(_text(given.get("id")), _text(given.get("name")))


def read_step(value: Any) -> Step:
    """A line of a chain."""
    given = _object(value)
    words = (_text(given.get(name)) for name in ("who", "by", "why"))
    return Step(read_moment(given.get("at")), *words)


def read_alarm(value: Any) -> Alarm:
    """An alarm."""
    given = _object(value)
    return Alarm(
        id=_text(given.get("id")),
        kind=_word(AlarmKind, given.get("kind")),
        status=_word(AlarmStatus, given.get("status")),
        visit=_maybe(_text, given.get("visit")),
        worker=read_person(given.get("worker")),
        raised_at=read_moment(given.get("raised_at")),
        owner=_maybe(read_person, given.get("owner")),
        outcome=_maybe(_text, given.get("outcome")),
        resolved_at=_maybe(read_moment, given.get("resolved_at")),
        next_step=_maybe(read_step, given.get("next_step")),
        ring=_maybe(_text, given.get("ring")),
        place=_maybe(_text, given.get("place")),
        owner_until=_maybe(read_moment, given.get("owner_until")),
        due_at=_maybe(read_moment, given.get("due_at")),
        heard_at=_maybe(read_moment, given.get("heard_at")),
        said=_list(_text, given.get("said")),
    )


def read_visit(value: Any) -> Visit:
    """A visit."""
    given = _object(value)
    return Visit(
        id=_text(given.get("id")),
        kind=_word(VisitKind, given.get("kind")),
        status=_word(VisitStatus, given.get("status")),
        place=_text(given.get("place")),
        starts_at=read_moment(given.get("starts_at")),
        ends_at=read_moment(given.get("ends_at")),
        due_at=read_moment(given.get("due_at")),
        raise_at=_maybe(read_moment, given.get("raise_at")),
        risk=_word(Risk, given.get("risk")),
        buddy=_maybe(read_person, given.get("buddy")),
        closed_at=_maybe(read_moment, given.get("closed_at")),
        closed_how=_maybe(_text, given.get("closed_how")),
        alarms=_list(read_alarm, given.get("alarms")),
        chain=_list(read_step, given.get("safety_chain")),
    )


def read_me(value: Any) -> Me:
    """What the server says to the person herself."""
    given = _object(value)
    person = _object(given.get("person"))
    team = _object(given.get("team") or {})
    monitoring = _object(given.get("monitoring"))
    return Me(
        person=read_person(person),
        has_pins=person.get("has_pins") is True,
        mobile=_maybe(_text, person.get("mobile")),
        away_until=_maybe(read_moment, person.get("away_until")),
        team=_maybe(_text, team.get("name")),
        timezone=str(team.get("timezone") or "Europe/London"),
        roles=_list(_text, given.get("roles")),
        buddies=_list(read_person, given.get("buddies")),
        policy=_object(given.get("policy") or {}),
        chain=_list(read_step, given.get("safety_chain")),
        server_time=read_moment(given.get("server_time")),
        alive=monitoring.get("alive") is True,
        way_out=_word(WayOut, monitoring.get("way_out")),
        notice=_maybe(_text, given.get("notice")),
        text_to=_maybe(_text, given.get("text_to")),
        usual_minutes=_minutes(person.get("usual_minutes")),
    )


def read_watched(value: Any) -> Watched:
    """Something to watch over."""
    given = _object(value)
    return Watched(
        worker=read_person(given.get("worker")),
        part=_text(given.get("part")),
        answer=_maybe(_text, given.get("answer")),
        visit=_maybe(read_visit, given.get("visit")),
        alarms=_list(read_alarm, given.get("alarms")),
    )
