"""Times and spans as people say them: pure, in their zone, through every change of clocks.

Instants go in and come out aware; those that come out are in UTC. Day names are English on
every machine, whatever its locale.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_HALF_DAY = timedelta(hours=12)
LONGEST_GUESS = timedelta(hours=6)
"""A time said without telling morning from evening is taken for the nearer one no further ahead
than this: '11:00' at 11:39 is a slip, and a watch until 23:00 would look for nobody all day."""
_SECOND = timedelta(seconds=1)

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})\s?[:.h]\s?(?P<minute>\d{2})(?:\s?(?P<half>[ap])\.?\s?m\.?)?"
    r"|(?P<four>\d{4})"
    r"|(?P<bare>\d{1,2})\s?(?P<bare_half>[ap])\.?\s?m\.?"
)
_NAMED = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}


class Clock(NamedTuple):
    """A wall clock time as read: equal to the plain pair (hour, minute), hour 0-23."""

    hour: int
    minute: int


def clock_time(instant: datetime, zone: ZoneInfo, near: datetime) -> str:
    """Say `instant` as clocks in `zone` show it: '14:30', with the day if it is not that of `near`.

    Within six days the weekday is enough ('Tue 09:30'), beyond it the date is said. In the hour
    that comes twice the zone is named ('01:30 BST'), so that nobody is told a time that means two.
    """
    local = instant.astimezone(zone)
    words = [_day_words(local.date(), near.astimezone(zone).date()), f"{local:%H:%M}"]
    if _comes_twice(local):
        words.append(local.tzname() or "")
    return " ".join(word for word in words if word)


def next_wall_time(
    hour: int, minute: int, zone: ZoneInfo, now: datetime, *, either_half: bool = False
) -> datetime:
    """Give the first instant after `now` at which clocks in `zone` have reached that time; in UTC.

    A time that spring skips is reached at the jump (01:30 asked for where 01:00 is followed by
    02:00 gives 02:00): of two readings the earlier one, so that no watch runs longer than meant.
    Of a time that autumn repeats, the first one still ahead. With `either_half`, for times said
    without telling morning from evening ('2.30'), also twelve hours apart, whichever comes first.
    """
    if either_half:
        other = (hour + 12) % 24
        return min(next_wall_time(each, minute, zone, now) for each in (hour, other))
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=offset) for offset in (-1, 0, 1, 2)]
    found = (at for day in days for at in _reached(day, time(hour, minute), zone))
    return min(at for at in found if at > now)


def parse_clock(raw: str) -> Clock | None:
    """Read '14:30', '1430', '14.30', '14h30', '2pm', '2.30 p.m.' or 'noon'; None for all else."""
    said = raw.strip().casefold()
    if said in _NAMED:
        return Clock(*_NAMED[said])
    match = _CLOCK.fullmatch(said)
    if match is None or not said.isascii():
        return None
    if match["four"]:
        return _valid(int(match["four"][:2]), int(match["four"][2:]))
    half = match["half"] or match["bare_half"]
    return _valid_half(int(match["hour"] or match["bare"]), int(match["minute"] or 0), half)


def is_either_half(raw: str) -> bool:
    """Whether `raw` may mean morning or evening: '2:30', '9.15'; never '02:30', '14:30', '2pm'."""
    match = _CLOCK.fullmatch(raw.strip().casefold())
    if match is None or match["hour"] is None or match["half"]:
        return False
    return not match["hour"].startswith("0") and 1 <= int(match["hour"]) <= 12


def minutes_words(minutes: int) -> str:
    """Say whole minutes: '45 min', '1 h', '1 h 05', '12 h 30'. ValueError below nought."""
    if minutes < 0:
        raise ValueError("a span of minutes is nought or more")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def ago(delta: timedelta) -> str:
    """Say how long since: 'just now' under a minute (and for clocks that differ), '5 min ago',
    '1 h 30 ago', from two days on '3 days ago'. Never more than has passed."""
    minutes = delta // timedelta(minutes=1)
    if minutes < 1:
        return "just now"
    if delta >= timedelta(days=2):
        return f"{delta.days} days ago"
    return f"{minutes_words(minutes)} ago"


def date_words(day: date) -> str:
    """Say a date whole: '4 Nov 2026'."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _day_words(day: date, near: date) -> str:
    """Give '' for the day of `near`, 'Tue' where that is plain, else '4 Nov' or '4 Nov 2027'."""
    apart = abs((day - near).days)
    if apart == 0:
        return ""
    if apart <= 6:
        return _DAYS[day.weekday()]
    words = f"{day.day} {_MONTHS[day.month - 1]}"
    return words if day.year == near.year else f"{words} {day.year}"


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _reached(day: date, wall: time, zone: ZoneInfo) -> Iterator[datetime]:
    """Give each instant at which clocks in `zone` reach `wall` on `day`: one, or two in autumn."""
    naive = datetime.combine(day, wall)
    folds = [naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    shown = [at for at in folds if at.astimezone(zone).replace(tzinfo=None) == naive]
    yield from sorted(set(shown)) or [_jump(folds[1], folds[0], zone)]


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Give the first second between the two at which clocks in `zone` show the new offset."""
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _valid(hour: int, minute: int) -> Clock | None:
    if (hour, minute) == (24, 0):
        return Clock(0, 0)
    return Clock(hour, minute) if hour <= 23 and minute <= 59 else None


def _valid_half(hour: int, minute: int, half: str | None) -> Clock | None:
    if half is None:
        return _valid(hour, minute)
    if not 1 <= hour <= 12:
        return None
    return _valid(hour % 12 + (12 if half == "p" else 0), minute)
