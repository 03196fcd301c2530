"""The safety chain of an open alarm: who has been told, who comes next."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from server.acts.base import Desk
from server.acts.climbing import plan_of
from server.pages.phones.sentences import few, first_name, listed
from server.store import pretend
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.pretend import Telling
from shared.ladder import Step
from shared.spans import clock_time
from shared.states import AlarmKind

ASKED = "asked for a sign"
KINDS = {
    AlarmKind.OVERDUE: "overdue",
    AlarmKind.SOS: "SOS",
    AlarmKind.DURESS: "duress",
    AlarmKind.NOT_STARTED: "not started",
}


@dataclass(frozen=True)
class Link:
    """One line: `at` is when and by what; `state` is done, charge, next, later, or if: what comes
    only where whoever has charge goes quiet."""

    at: str
    who: str
    why: str
    state: str


@dataclass(frozen=True)
class Chain:
    """One open alarm, from what was done to what would be done."""

    id: str
    title: str
    links: tuple[Link, ...]


def chain_of(session: Session, desk: Desk, alarm: Alarm, now: datetime, zone: ZoneInfo) -> Chain:
    """The chain of this alarm as it stands."""
    done = [
        (at, _done(at, list(group), now, zone))
        for at, group in groupby(pretend.tellings(session, alarm.id), lambda t: _minute(t.at))
    ]
    if alarm.owner is not None and alarm.owned_at is not None:
        since = clock_time(alarm.owned_at, zone, now)
        taken = Link(f"since {since}", alarm.owner.name, "", "charge")
        done.append((alarm.owned_at, taken))
    done.sort(key=lambda line: line[0])
    steps = plan_of(session, desk, alarm)
    owned = alarm.owner is not None
    ahead = [_ahead(step, _state(n, step, owned), now, zone) for n, step in enumerate(steps)]
    links = (*(link for _, link in done), *ahead)
    worker, raised = first_name(alarm.worker.name), clock_time(alarm.raised_at, zone, now)
    title = f"{worker}'s safety chain: {KINDS[AlarmKind(alarm.kind)]}, alarm at {raised}"
    return Chain(str(alarm.id), title, links)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _done(at: datetime, tellings: list[Telling], now: datetime, zone: ZoneInfo) -> Link:
    names = list(dict.fromkeys(telling.name for telling in tellings))
    ways = list(dict.fromkeys(telling.way for telling in tellings))
    return Link(f"{clock_time(at, zone, now)} by {listed(ways)}", few(names), "", "done")


def _state(n: int, step: Step, owned: bool) -> str:
    if owned and step.why != ASKED:
        return "if"
    return "later" if n else "next"


def _ahead(step: Step, state: str, now: datetime, zone: ZoneInfo) -> Link:
    by = f" by {step.by}" if step.by else ""
    why = step.why[:1].upper() + step.why[1:]
    who = few(step.who.split(", "))
    return Link(f"{clock_time(step.at, zone, now)}{by}", who, why, state)
