"""Times and spans as the log says them: always with their day, since a log is read years later."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.spans import date_words, minutes_words

MINUTE = timedelta(minutes=1)


def day_and_time(at: datetime | None, zone: ZoneInfo) -> str:
    """'25 Nov 2026 14:30'; nothing for no time."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{date_words(local.date())} {local:%H:%M}"


def time_near(at: datetime, near: datetime, zone: ZoneInfo) -> str:
    """'14:30' on the day of `near`, else with its date."""
    local = at.astimezone(zone)
    same = local.date() == near.astimezone(zone).date()
    return f"{local:%H:%M}" if same else f"{date_words(local.date())} {local:%H:%M}"


def length(span: timedelta | None) -> str:
    """'12 min', 'under a minute'; nothing for none."""
    if span is None:
        return ""
    return minutes_words(span // MINUTE) if span >= MINUTE else "under a minute"
