"""One pretend phone: whose it is, how she stands, her texts, and the answers that make sense."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from server.pages.phones import replies
from server.pages.phones.sentences import few, first_name, listed
from server.pages.phones.show import Pins, Show
from server.store import pretend
from server.store.alarms import Alarm, Told
from server.store.db import Session
from server.store.house import PretendText
from server.store.people import Person
from server.store.visits import Visit
from shared.numbers import national
from shared.spans import clock_time
from shared.states import Role

FEW = 3


@dataclass(frozen=True)
class Bubble:
    """One text. `side`: 'sent' from this phone, 'got' by it, or 'app' for what its app did."""

    id: str
    side: str
    body: str
    at: str


@dataclass(frozen=True)
class Standing:
    """How somebody stands; `mood` is alarm, told, charge, late, out or calm."""

    mood: str
    words: str


@dataclass(frozen=True)
class Phone:
    """One card of the page."""

    key: str
    name: str
    short: str
    part: str
    number: str
    e164: str
    standing: Standing
    bubbles: tuple[Bubble, ...]
    replies: tuple[str, ...]
    pins: Pins | None


@dataclass(frozen=True)
class Facts:
    """What the database says of everybody on the page, read once for all of them."""

    now: datetime
    texts: dict[str, list[PretendText]]
    visits: Sequence[Visit]
    alarms: Sequence[Alarm]
    parts: dict[UUID, list[Told]]
    watched: dict[UUID, list[tuple[int, str]]]
    show: Show | None

    @classmethod
    def gather(
        cls,
        session: Session,
        people: Sequence[Person],
        now: datetime,
        show: Show | None,
        most_texts: int,
    ) -> "Facts":
        """Ask for all of it."""
        ids = [person.id for person in people]
        numbers = [person.mobile for person in people if person.mobile]
        parts: dict[UUID, list[Told]] = {}
        for told in pretend.parts_in_alarms(session, ids):
            parts.setdefault(told.person_id, []).append(told)
        return cls(
            now=now,
            texts=pretend.texts_on(session, numbers, show.began if show else None, most_texts),
            visits=pretend.open_visits(session),
            alarms=pretend.unresolved(session),
            parts=parts,
            watched=pretend.watched_by_all(session, ids),
            show=show,
        )

    def visit_of(self, person: Person) -> Visit | None:
        """Her open visit, the one due first."""
        return next((v for v in self.visits if v.worker_id == person.id), None)

    def alarm_about(self, person: Person) -> Alarm | None:
        """Her own open alarm, the oldest."""
        return next((a for a in self.alarms if a.worker_id == person.id), None)

    def told(self, person: Person) -> list[tuple[Told, Alarm]]:
        """The open alarms she was told of, the oldest first."""
        by_id = {alarm.id: alarm for alarm in self.alarms}
        parts = self.parts.get(person.id, [])
        return [(told, by_id[told.alarm_id]) for told in parts if told.alarm_id in by_id]


def phone_of(session: Session, facts: Facts, person: Person) -> Phone:
    """The card of this person's phone."""
    number = person.mobile or ""
    zone = ZoneInfo(person.org.timezone)
    pins = facts.show.pins(person.ref) if facts.show else None
    return Phone(
        key=f"p{number.lstrip('+')}",
        name=person.name,
        short=first_name(person.name),
        part=_part(person, facts.watched.get(person.id, [])),
        number=national(number, person.org.country),
        e164=number,
        standing=_standing(facts, person, zone),
        bubbles=tuple(_bubble(text, facts.now, zone) for text in facts.texts.get(number, [])),
        replies=_replies(session, facts, person, pins),
        pins=pins,
    )


def _bubble(text: PretendText, now: datetime, zone: ZoneInfo) -> Bubble:
    side = "app" if (text.extra or {}).get("app") else ("got" if text.outgoing else "sent")
    return Bubble(f"t{text.id.hex}", side, text.body, clock_time(text.at, zone, now))


def _part(person: Person, watched: Sequence[tuple[int, str]]) -> str:
    """Her part in plain words: 'Dee's buddy, goes out alone'."""
    said = []
    if person.has_role(Role.MANAGER):
        said.append("manager")
    hers = [f"{first_name(name)}'s" for rank, name in watched if rank == 0]
    if hers:
        said.append(f"{listed(hers)} buddy" if len(hers) <= FEW else f"buddy of {len(hers)} people")
    covers = [first_name(name) for rank, name in watched if rank > 0]
    if covers:
        said.append(f"cover for {few(covers)}")
    if person.has_role(Role.WORKER):
        said.append("goes out alone")
    if person.has_role(Role.CONTACT):
        said.append("contact outside the organisation")
    return ", ".join(said) or "in the team"


def _standing(facts: Facts, person: Person, zone: ZoneInfo) -> Standing:
    told = facts.told(person)
    own = facts.alarm_about(person)
    visit = facts.visit_of(person)
    if own is not None:
        return Standing("alarm", f"Alarm open since {clock_time(own.raised_at, zone, facts.now)}")
    if told:
        return _part_in_alarm(person, told, facts.now, zone)
    if visit is not None:
        due = clock_time(visit.due_at, zone, facts.now)
        if visit.due_at <= facts.now:
            return Standing("late", f"Was due at {due}: {visit.place}")
        return Standing("out", f"Out until {due}: {visit.place}")
    if person.away_until is not None and person.away_until > facts.now:
        return Standing("calm", f"Away until {clock_time(person.away_until, zone, facts.now)}")
    return Standing("calm", "Not out" if person.has_role(Role.WORKER) else "On duty")


def _part_in_alarm(
    person: Person, told: Sequence[tuple[Told, Alarm]], now: datetime, zone: ZoneInfo
) -> Standing:
    for part, alarm in told:
        about = f"{first_name(alarm.worker.name)}'s alarm"
        if alarm.owner_id == person.id:
            return Standing("charge", f"Has charge of {about}")
        if part.passed_at is not None:
            return Standing("told", f"Passed {about} on")
    part, alarm = told[0]
    since = clock_time(part.since, zone, now)
    return Standing("told", f"Told of {first_name(alarm.worker.name)}'s alarm at {since}")


def _replies(session: Session, facts: Facts, person: Person, pins: Pins | None) -> tuple[str, ...]:
    found: list[str] = []
    for told, alarm in facts.told(person):
        letter = replies.letter_of(session, told, facts.now)
        found += replies.to_alarm(letter, owns=alarm.owner_id == person.id, pins=pins)
    own, visit = facts.alarm_about(person), facts.visit_of(person)
    if own is not None and pins is not None:
        found.append(f"SAFE {pins.safe}")
    if visit is not None:
        found += replies.on_visit(pins, raised=own is not None)
    free = person.has_role(Role.WORKER) and visit is None and not found
    found += replies.always(may_go_out=free)
    return replies.without_doubles(found)
