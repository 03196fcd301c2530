"""Numbers as people read them."""

from collections.abc import Sequence
from typing import Any


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` per cent of them do not exceed; values must not be empty."""
    ordered = sorted(values)
    place = min(len(ordered) - 1, int(len(ordered) * percent / 100))
    return ordered[place]


def lines(title: str, found: dict[str, Any]) -> str:
    """A bench's results, one line each."""
    width = max(len(name) for name in found)
    shown = [f"  {name:<{width}}  {_number(value)}" for name, value in found.items()]
    return "\n".join([title, *shown])


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
