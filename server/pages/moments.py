"""Days and times as people give them in a form, in their organisation's time zone."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from server.pages import times
from server.pages.forms import Form
from shared.grammar.quantities import whole_span
from shared.spans import LONGEST_GUESS, is_either_half, minutes_words, next_wall_time, parse_clock
from shared.wire.fields import FIRST_YEAR, LAST_YEAR

LONGEST_NUMBER = 3
"""'45' and '720' are minutes; four digits, as '1430', are a time."""


def read_moment(form: Form, name: str, wanted: str) -> datetime | None:
    """The instant a field of type datetime-local holds; None where it holds none, and the form
    says so."""
    try:
        found = datetime.strptime(form.text(name), "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - given its zone below
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        form.blame(name, wanted)
        return None
    return found.replace(tzinfo=times.zone()).astimezone(UTC)


def local_field(instant: datetime) -> str:
    """The same instant as such a field holds it."""
    return f"{instant.astimezone(times.zone()):%Y-%m-%dT%H:%M}"


class Length(NamedTuple):
    """How long a visit takes: so many minutes, or until an instant."""

    minutes: int | None = None
    ends_at: datetime | None = None


def read_length(form: Form, name: str, most: int, start: datetime) -> Length:
    """'45', '1 h 30', or the time at which it should be over: '14:30'. At most so many minutes
    after `start`; where it is none of them, the form says so."""
    said = form.text(name)
    if said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER:
        return Length(minutes=form.whole(name, 1, most, _wanted(most)))
    minutes, clock = whole_span(said), parse_clock(said)
    if minutes is not None and 1 <= minutes <= most:
        return Length(minutes=minutes)
    if minutes is not None or clock is None:
        form.blame(name, _wanted(most))
        return Length()
    half = is_either_half(said)
    ahead = min(most, LONGEST_GUESS // timedelta(minutes=1)) if half else most
    ends_at = next_wall_time(clock.hour, clock.minute, times.zone(), start, either_half=half)
    if ends_at > start + timedelta(minutes=ahead):
        would = f"That would be {times.clock(ends_at)}, more than {minutes_words(ahead)} away."
        form.blame(name, f"{would} {_wanted(most)}")
    return Length(ends_at=ends_at)


def read_minutes(form: Form, name: str, most: int) -> int:
    """'15', '15 min' or '1 h 30', as minutes; where it is none of them, the form says so."""
    minutes = whole_span(form.text(name))
    if minutes is not None and 1 <= minutes <= most:
        return minutes
    return form.whole(name, 1, most, f"Give whole minutes, from 1 to {most}.")


def _wanted(most: int) -> str:
    return f"Give whole minutes, from 1 to {most}, or a time such as 14:30."
