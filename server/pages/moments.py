"""Days and times as people give them in a form, in their organisation's time zone."""

from datetime import UTC, datetime

from server.pages import times
from server.pages.forms import Form


def read_moment(form: Form, name: str, wanted: str) -> datetime | None:
    """The instant a field of type datetime-local holds; None where it holds none, and the form
    says so."""
    try:
        found = datetime.strptime(form.text(name), "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - given its zone below
    except ValueError:
        form.blame(name, wanted)
        return None
    return found.replace(tzinfo=times.zone()).astimezone(UTC)


def local_field(instant: datetime) -> str:
    """The same instant as such a field holds it."""
    return f"{instant.astimezone(times.zone()):%Y-%m-%dT%H:%M}"
