"""The script of the day: who does what, how long after it begins. What is not here nobody does."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.demo.team import AMY, BEN, DEE, Member

ZONE = ZoneInfo("Europe/London")
BEGINS = time(14, 0)


@dataclass(frozen=True)
class Text:
    """Sends this text."""

    body: str


@dataclass(frozen=True)
class Start:
    """Starts a visit in the app."""

    place: str
    minutes: int


@dataclass(frozen=True)
class Close:
    """Closes the visit in the app."""


@dataclass(frozen=True)
class Scene:
    """One thing somebody does, `after` the day's beginning."""

    after: timedelta
    who: Member
    does: Text | Start | Close
    begins: bool = False
    """Whether it begins a visit; anything else needs one that is open."""


def _at(minutes: float, who: Member, does: Text | Start | Close, *, begins: bool = False) -> Scene:
    return Scene(timedelta(minutes=minutes), who, does, begins)


DAY = (
    _at(0.5, AMY, Start("12 High Street", 14), begins=True),
    _at(1, BEN, Text("VISIT 8 4 Mill Lane"), begins=True),
    _at(2, DEE, Text("VISIT 14:15 Flat 9 Elm Court"), begins=True),
    _at(6.5, BEN, Text(f"MORE 7 {BEN.pins.safe}")),
    _at(12, AMY, Close()),
    _at(15.5, BEN, Text(f"DONE {BEN.pins.safe}")),
)


def next_beginning(now: datetime) -> datetime:
    """The next two o'clock in the afternoon where the team lives."""
    local = now.astimezone(ZONE)
    days = 0 if local.time() < BEGINS else 1
    day = (local + timedelta(days=days)).date()
    return datetime.combine(day, BEGINS, ZONE)


def beginning_today(now: datetime) -> datetime:
    """Two o'clock in the afternoon of this very day, past or ahead."""
    return datetime.combine(now.astimezone(ZONE).date(), BEGINS, ZONE)
