"""Bars as they are drawn: worked out here, written as SVG by a macro. No script, no colours."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 168
TOP, FLOOR, LEFT, RIGHT = 22, 138, 30, 4
FEW = 9
"""Up to so many bars, each says its own number."""
MOST_LABELS = 8


@dataclass(frozen=True)
class Bar:
    """One bar, its place, and what stands under and above it."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    number: str


@dataclass(frozen=True)
class Line:
    """A line across, and the number at its left."""

    y: float
    number: str


@dataclass(frozen=True)
class Chart:
    """One chart: its bars, its lines across, and what it says to those who listen."""

    id: str
    title: str
    says: str
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.height for bar in self.bars)


def chart(id_: str, title: str, points: Sequence[tuple[str, int]]) -> Chart:
    """A chart of these labels and numbers."""
    most = max((value for _, value in points), default=0)
    top = _round_up(most)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    every = -(-len(points) // MOST_LABELS)
    bars = []
    for n, (label, value) in enumerate(points):
        height = (FLOOR - TOP) * value / top
        width = step * 0.72
        x = LEFT + n * step + (step - width) / 2
        said = str(value) if len(points) <= FEW and value else ""
        shown = label if n % every == 0 else ""
        bars.append(Bar(x, FLOOR - height, width, height, x + width / 2, shown, said))
    return Chart(id_, title, _in_a_sentence(points), tuple(bars), _lines(top))


def _round_up(most: int) -> int:
    """A round number at or above, for the top line."""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if most <= step * size:
                return step * size
        size *= 10


def _lines(top: int) -> tuple[Line, ...]:
    half = top // 2
    places = [(0, 0), (half, half), (top, top)]
    return tuple(Line(FLOOR - (FLOOR - TOP) * value / top, f"{value:,}") for value, _ in places)


def _in_a_sentence(points: Sequence[tuple[str, int]]) -> str:
    known = [(label, value) for label, value in points if value]
    if not known:
        return "Nothing to show."
    label, value = max(known, key=lambda point: point[1])
    return f"{sum(value for _, value in known):,} in all; the most, {value:,}, for {label}."
