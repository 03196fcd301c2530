"""Who watches whom, as a picture: workers on the left, whoever watches them on the right.

Drawn on the server as plain SVG without style or script. A table under it says the same in words,
so the picture itself is one image with one label for whoever cannot see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.pages.people.rows import PersonRow

ROW = 44
TOP = 40
LEFT, RIGHT = 250, 410
WIDTH = 660
LONGEST_NAME = 24


@dataclass(frozen=True)
class Spot:
    """One person at her place in the picture. `kind`: covered, thin or alone; watcher."""

    name: str
    y: int
    kind: str
    note: str


@dataclass(frozen=True)
class Line:
    """From a worker to one who watches her; `rank` 0 is her buddy."""

    y1: int
    y2: int
    rank: int


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    workers: tuple[Spot, ...]
    watchers: tuple[Spot, ...]
    lines: tuple[Line, ...]
    height: int
    alone: tuple[str, ...]
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT


KIND_NOTES = {"covered": "", "thin": "no cover", "alone": "nobody"}


def draw(rows: Sequence[PersonRow]) -> Picture:
    """The pairings of one team's workers."""
    workers = [row for row in rows if row.is_worker]
    watchers = {one.id: one for row in workers for one in row.watchers}
    ordered = sorted(watchers.values(), key=lambda one: one.name.casefold())
    at: dict[UUID, int] = {one.id: TOP + n * ROW for n, one in enumerate(ordered)}
    load = {one.id: sum(one in row.watchers for row in workers) for one in ordered}
    spots, lines = [], []
    for n, row in enumerate(workers):
        y = TOP + n * ROW
        kind = _kind(row)
        spots.append(Spot(_short(row.person.name), y, kind, KIND_NOTES[kind]))
        lines += [Line(y, at[one.id], min(rank, 1)) for rank, one in enumerate(row.watchers)]
    away = frozenset[UUID]().union(*(row.away for row in workers))
    told = [
        Spot(_short(one.name), at[one.id], "watcher", _load(load[one.id], one.id in away))
        for one in ordered
    ]
    height = TOP + max(len(spots), len(told), 1) * ROW
    alone = tuple(row.person.name for row in workers if _kind(row) != "covered")
    # The thin lines of covers lie under the thick ones of buddies.
    lines.sort(key=lambda line: -line.rank)
    return Picture(tuple(spots), tuple(told), tuple(lines), height, alone)


def _load(watched: int, away: bool) -> str:
    return f"away now; watches {watched}" if away else f"watches {watched}"


def _kind(row: PersonRow) -> str:
    if not row.watchers:
        return "alone"
    return "covered" if len(row.watchers) > 1 else "thin"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
