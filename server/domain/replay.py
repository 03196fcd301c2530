"""A past alarm climbed again by another ladder: who would have been told when. Pure.

People are as they are today and free to answer: nobody remembers who was away on a past night. How
long somebody took to answer once she was told is taken to be the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.ladder import Circle, Firing, Ladder, climb

HORIZON = timedelta(hours=2)


@dataclass(frozen=True)
class ToldAt:
    """One person told at one moment of a past alarm, or of its replay."""

    person_id: str
    name: str
    ways: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Past:
    """An alarm that is over: when it was raised and who was told when. `answered_by` took charge
    of it first; `ended_at` is when it was over; `by_herself`: the worker gave the sign that ended
    it, and would have given it without the alarm too."""

    raised_at: datetime
    told: tuple[ToldAt, ...]
    answered_by: str | None
    answered_at: datetime | None
    ended_at: datetime
    by_herself: bool


@dataclass(frozen=True)
class Replayed:
    """What the other ladder would have done. `raised_at` None: no alarm, because all was well
    before its grace was over. `answered_at` None: nobody is known to have answered."""

    raised_at: datetime | None
    told: tuple[ToldAt, ...]
    answered_at: datetime | None


def replay(past: Past, ladder: Ladder, circle: Circle, raise_at: datetime) -> Replayed:
    """Climb this alarm by another ladder from `raise_at`, until somebody would have answered. An
    end that the alarm itself brought about is no sign that all was well: nobody would have looked.
    """
    if past.by_herself and past.ended_at < raise_at:
        return Replayed(None, (), None)
    fired, _ = climb(ladder, ladder.start(raise_at), circle, raise_at + HORIZON)
    again = _repeats(fired, ladder, raise_at + HORIZON)
    told = [one for firing in (*fired, *again) for one in _told_in(firing)]
    answered_at = _answer(past, told)
    until = answered_at or max(past.ended_at, raise_at + (past.ended_at - past.raised_at))
    return Replayed(raise_at, tuple(one for one in told if one.at <= until), answered_at)


def _repeats(fired: Sequence[Firing], ladder: Ladder, until: datetime) -> Iterator[Firing]:
    """The broadcast over and over, as it goes until somebody takes charge."""
    last = next((firing for firing in fired if firing.broadcast), None)
    while last is not None and last.at < until:
        last = replace(last, at=last.at + timedelta(seconds=ladder.broadcast_every_s))
        yield last


def _told_in(firing: Firing) -> list[ToldAt]:
    return [
        ToldAt(t.party.id, t.party.name, tuple(way.value for way in t.ways), firing.at)
        for t in firing.tellings
    ]


def first_told(told: Sequence[ToldAt], person_id: str | None) -> datetime | None:
    """When this person was first told."""
    return min((one.at for one in told if one.person_id == person_id), default=None)


def _answer(past: Past, told: Sequence[ToldAt]) -> datetime | None:
    """When whoever answered would have answered: as long after she is told as it took her then."""
    was = first_told(past.told, past.answered_by)
    would = first_told(told, past.answered_by)
    if past.answered_at is None or was is None or would is None:
        return None
    return would + (past.answered_at - was)
