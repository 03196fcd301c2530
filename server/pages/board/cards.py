"""One card for each open alarm: what is wrong, who has it in hand, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from server.acts.seeing import see_alarm
from server.acts.tell import place_of
from server.pages.board import words
from server.store.alarms import Alarm
from server.store.people import Person
from shared.ladder import Step
from shared.numbers import national
from shared.spans import clock_time
from shared.states import AlarmKind, AlarmStatus

NOBODY_YET, NOBODY_NOW = "Nobody has taken charge yet.", "Nobody has charge any more."


@dataclass(frozen=True)
class Card:
    """One alarm. `charge` is nobody, mine, theirs or about_you: what can be done about it.

    `request`: names what a tap on this very picture asks for, so that two taps are one (P6).
    """

    id: UUID
    kind: str
    title: str
    name: str
    place: str
    facts: tuple[str, ...]
    charge: str
    owner: str
    owned: str
    following: str
    hands_off: bool
    number: str | None
    tel: str | None
    request: UUID
    say: str


def card_of(
    alarm: Alarm,
    viewer: Person,
    steps: Sequence[Step],
    now: datetime,
    zone: ZoneInfo,
    *,
    hands_off: bool,
) -> Card:
    """The alarm as this viewer sees it; `steps`: its plan."""
    kind, worker = AlarmKind(alarm.kind), alarm.worker
    seen = see_alarm(viewer, alarm)
    number = None if hands_off else worker.mobile
    heading = words.title(kind, worker.name, is_open=seen.is_open)
    return Card(
        id=alarm.id,
        kind=alarm.kind,
        title=heading,
        name=worker.name,
        place=place_of(alarm) or "",
        facts=_facts(alarm, now, zone),
        charge=_charge(alarm, viewer),
        owner=seen.owner_name or "",
        owned=_owned(alarm, now, zone),
        following=_following(steps, now, zone),
        hands_off=hands_off,
        number=national(number, worker.org.country) if number else None,
        tel=number,
        request=request_of(alarm, viewer),
        say=f"New alarm: {heading}.",
    )


def request_of(alarm: Alarm, viewer: Person) -> UUID:
    """What a tap on the alarm as it stands is called: the same until somebody has acted on it, and
    never again: who takes it once more, or keeps it once more, does it once more."""
    owned = (alarm.status, alarm.owner_id, alarm.owned_at, alarm.owner_until)
    climbed = (alarm.rung, alarm.round, alarm.rung_at)
    return uuid5(NAMESPACE_URL, f"{alarm.id}:{viewer.id}:{owned}:{climbed}")


def _charge(alarm: Alarm, viewer: Person) -> str:
    if alarm.worker_id == viewer.id:
        return "about_you"
    if alarm.status != AlarmStatus.OWNED:
        return "nobody"
    return "mine" if alarm.owner_id == viewer.id else "theirs"


def _facts(alarm: Alarm, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """What is known, in order of use: when she was due, last heard, and since when it is open."""
    visit, kind = alarm.visit, AlarmKind(alarm.kind)
    said = []
    if kind is AlarmKind.NOT_STARTED and visit is not None:
        said.append(f"Planned for {clock_time(visit.starts_at, zone, now)}")
    elif alarm.due_at is not None:
        said.append(f"Due {clock_time(alarm.due_at, zone, now)}")
    if visit is not None and kind is not AlarmKind.NOT_STARTED:
        said.append(f"Last heard {clock_time(alarm.heard_at, zone, now)}")
    raised = clock_time(alarm.raised_at, zone, now)
    said.append(f"Alarm since {raised} ({words.since(alarm.raised_at, now)})")
    if alarm.unverified:
        said.append("From a phone that is not signed in any more")
    return tuple(said)


def _owned(alarm: Alarm, now: datetime, zone: ZoneInfo) -> str:
    if alarm.owner is None or alarm.owned_at is None:
        return NOBODY_NOW if alarm.first_owned_at else NOBODY_YET
    at = clock_time(alarm.owned_at, zone, now)
    return f"{alarm.owner.name} took charge at {at}."


def _following(steps: Sequence[Step], now: datetime, zone: ZoneInfo) -> str:
    if not steps:
        return ""
    step = steps[0]
    return words.following(step, clock_time(max(step.at, now), zone, now))
