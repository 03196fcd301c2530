"""What is said of colleagues: their alarms, and their visits that ask to be watched over."""

from collections.abc import Sequence

from mobile.core.words import first

HIGH_RISK = "A visit of high risk"


YOU_ARE_ACTING = "You are acting."


def about(kind: str, name: str, at: str, *, silent: bool = False) -> str:
    """Who, what and since when. `silent`: a ringing telephone could bring harm."""
    lead = f"Do not ring or text {first(name)}. " if silent else ""
    return f"{lead}{name}: {kind} since {at}."


def somebody_elses(about: str) -> str:
    """An alarm in which nobody is acting yet."""
    return f"{about} Nobody is acting yet."


def named(kind: str, name: str, at: str) -> str:
    """An alarm among others."""
    return f"{name}, {kind} since {at}"


def not_begun(place: str, at: str) -> str:
    """Her own visit was to begin, and people are being told."""
    return f"{place} was to begin {at}: people are being told. Begin it, or call it off."


def kept_until(at: str) -> str:
    """How long she has charge of it."""
    return f"Yours until {at}. Writing down what you do keeps it longer"


def others_too(names: Sequence[str]) -> str:
    """That there are more alarms than the one that is spoken of; '' for none."""
    return f"ALSO: {', '.join(names)}." if names else ""


def alarm_over(name: str, at: str) -> str:
    """Somebody else's alarm has just ended."""
    return f"{name}: the alarm ended {at}"


def was_due(at: str) -> str:
    """When the colleague of an alarm was to be heard from."""
    return f"Was due {at}"


def last_heard(at: str) -> str:
    """When the colleague of an alarm was last heard from."""
    return f"Last heard {at}"


def written(at: str, text: str) -> str:
    """A note of hers is in the log."""
    return f"Written down {at}: {text.rstrip('.')}"


def asks_to_watch(name: str, until: str) -> str:
    """She is asked to watch over somebody's visit."""
    return f"{name} is on a visit until {until} and asks you to watch over it. Can you?"
