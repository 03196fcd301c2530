"""Times as a visitor reads them: in her organisation's time zone, never in the browser's.

{{ visit.due_at | clock }}     14:30, Tue 14:30, 4 Nov 14:30
{{ visit.due_at | day }}       10 Mar 2026
{{ visit.due_at | stamp }}     10 Mar 2026, 14:30:05
{{ visit.due_at | ago }}       5 min ago
{{ when(visit.due_at) }}       the first, in a <time> element with the instant itself
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from server.pages.visitor import known_visitor
from server.running import running
from shared import spans

AT_HOME = ZoneInfo("Europe/London")


def zone() -> ZoneInfo:
    """The visitor's; a stranger is taken to be in Britain."""
    seen = known_visitor()
    return seen.zone if seen else AT_HOME


def today() -> date:
    """The date where the visitor is."""
    return running().clock.now().astimezone(zone()).date()


def clock(instant: datetime) -> str:
    """'14:30', with the day where it is not today."""
    return spans.clock_time(instant, zone(), running().clock.now())


def day(instant: datetime | date) -> str:
    """'10 Mar 2026'."""
    if isinstance(instant, datetime):
        instant = instant.astimezone(zone()).date()
    return spans.date_words(instant)


def stamp(instant: datetime) -> str:
    """'10 Mar 2026, 14:30:05', for what is a record."""
    return f"{day(instant)}, {instant.astimezone(zone()):%H:%M:%S}"


def ago(instant: datetime) -> str:
    """'5 min ago'."""
    return spans.ago(running().clock.now() - instant)


def when(instant: datetime) -> Markup:
    """The time as it is read, with the instant itself for machines."""
    machine = instant.isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(machine, clock(instant))


def install(app: Flask) -> None:
    """Let templates say these."""
    app.jinja_env.filters.update(clock=clock, day=day, stamp=stamp, ago=ago)
    app.jinja_env.globals["when"] = when
