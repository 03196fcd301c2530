"""How long a visit is, among the words before and behind VISIT.

The form is minutes, or the time it ends, then the place: `VISIT 45 12 High St`,
`VISIT 14:30 12 High St`. How the rest is read:

- `VISIT 45 The Willows`, `VISIT 45, High St`: minutes, for nothing there is a house number.
- `VISIT 12 High St`: one bare number, then within four words a street. That is an address, as
  tired people write it, and says no length: it asks. So does `VISIT 1430 High St`.
- `VISIT 12 High St 45 mins`, `VISIT High St until 14:30`, `45 min visit at 12 High St`: a length
  that cannot be mistaken (it has a unit, or is a clock time) counts before VISIT, at the end,
  or behind 'for' or 'until'.
- `VISIT 12a High St`, `VISIT 12-14 High St`: house numbers, never minutes.
- `VISIT at 14:30` says when it begins, not how long: it asks.
- `VISIT 25:00 High St` names a time that is none: it asks, and begins nothing. `VISIT 0 High St`
  is no length: it asks how long.
"""

import re
from dataclasses import dataclass

from shared.grammar import words
from shared.grammar.commands import WallTime
from shared.grammar.fold import Kind
from shared.grammar.quantities import (
    Moment,
    Tokens,
    count_at,
    is_address,
    moment_at,
    span_at,
)

_COMMA = re.compile(r"[,;:\n]")
_NO_TIME = re.compile(r"\d{1,2}(?:[:.]\d{2}(?!\d)|\s?[ap]\.?m\b)", re.IGNORECASE)
_RANGE = re.compile(r"[-/\u2010-\u2015]?")


@dataclass(frozen=True)
class Length:
    """How long, and the tokens behind VISIT that say so: from `start` up to `after`."""

    start: int
    after: int
    minutes: int | None = None
    until: WallTime | None = None
    either_half: bool = False

    @property
    def is_said(self) -> bool:
        """Whether it says how long."""
        return self.minutes is not None or self.until is not None


def length_before(before: Tokens) -> Length | None:
    """Give the length said before VISIT: '45 min visit', 'until 14:30 visit'."""
    for at in range(len(before)):
        if found := _until_at(before, at) or _with_unit_at(before, at):
            return Length(0, 0, found.minutes, found.until, found.either_half)
    return None


def length_behind(text: str, rest: Tokens) -> Length:
    """Give the length among the tokens behind VISIT; one that says nothing where they say none."""
    at = 0
    while at < len(rest) and rest[at].text in words.SPAN_FILLERS:
        at += 1
    unmistakable = _unmistakable_at(rest, at)
    if unmistakable:
        return _from_start(unmistakable)
    bare = _bare_at(text, rest, at)
    if bare and _is_set_off(text, rest, bare):
        return _from_start(bare)
    if later := _later(rest, at):
        return later
    if bare and not is_address(rest, bare.after):
        return _from_start(bare)
    return Length(0, _nought_at(text, rest, at))


def names_no_time(text: str, rest: Tokens) -> bool:
    """Whether a time is named that no clock shows ('25:00', '13pm'), where the length stands."""
    leading = words.SPAN_FILLERS | words.UNTIL_WORDS
    return any(
        token.kind is Kind.NUMBER
        and (at == 0 or rest[at - 1].text in leading)
        and _NO_TIME.match(text, token.start)
        for at, token in enumerate(rest)
    )


def _nought_at(text: str, rest: Tokens, at: int) -> int:
    """Give the token behind a length of nought at token `at`, 0 where there is none."""
    span = span_at(rest, at)
    if span is None or span.minutes or _is_joined(text, rest, span.after):
        return 0
    return span.after


def _from_start(length: Length) -> Length:
    return Length(0, length.after, length.minutes, length.until, length.either_half)


def _later(rest: Tokens, at: int) -> Length | None:
    """Give the one length, past `at`, that ends the text or is led in by 'for' or 'until'."""
    found: list[Length] = []
    for start in range(at + 1, len(rest)):
        length = _unmistakable_at(rest, start)
        led_in = rest[start].text in words.UNTIL_WORDS | words.SPAN_FILLERS
        if length and (led_in or length.after == len(rest)) and start >= _end(found):
            found.append(length)
    return found[0] if len(found) == 1 else None


def _end(found: list[Length]) -> int:
    return found[-1].after if found else 0


def _unmistakable_at(tokens: Tokens, at: int) -> Length | None:
    """Read 'until 14:30', '14:30', '45 mins' or 'for 45 mins' at token `at`."""
    if at < len(tokens) and tokens[at].text in words.SPAN_FILLERS:
        inner = _with_unit_at(tokens, at + 1)
        return inner and Length(at, inner.after, inner.minutes)
    return _until_at(tokens, at) or _clock_at(tokens, at) or _with_unit_at(tokens, at)


def _until_at(tokens: Tokens, at: int) -> Length | None:
    if at + 1 >= len(tokens) or tokens[at].text not in words.UNTIL_WORDS:
        return None
    behind = tokens[at + 1]
    if behind.kind is Kind.CLOCK:
        return _until(at, moment_at(tokens, at + 1))
    if tokens[at].text not in words.SURELY_UNTIL or behind.kind is not Kind.NUMBER:
        return None
    if len(behind.text) == 2 and 13 <= int(behind.text) <= 23:
        return Length(at, at + 2, until=(int(behind.text), 0))
    return _until(at, moment_at(tokens, at + 1))


def _clock_at(tokens: Tokens, at: int) -> Length | None:
    if at >= len(tokens) or tokens[at].kind is not Kind.CLOCK:
        return None
    if at and tokens[at - 1].text in words.NOT_LENGTH_BEFORE:
        return None
    return _until(at, moment_at(tokens, at))


def _with_unit_at(tokens: Tokens, at: int) -> Length | None:
    span = span_at(tokens, at)
    return Length(at, span.after, span.minutes) if span and span.unit and span.minutes else None


def _bare_at(text: str, rest: Tokens, at: int) -> Length | None:
    """Read '45' or '1430' at token `at`; nothing where a letter or a second number is joined on."""
    count = count_at(rest, at)
    if count is None or _is_joined(text, rest, count.after):
        return None
    if len(count.digits) == 4:
        return _until(at, moment_at(rest, at))
    if len(count.digits) > 3 or not int(count.digits):
        return None
    return Length(at, count.after, int(count.digits))


def _is_joined(text: str, rest: Tokens, after: int) -> bool:
    """Whether the token at `after` hangs on the one before it: '12a', '12-14', '12/3'."""
    if after >= len(rest):
        return False
    between = text[rest[after - 1].end : rest[after].start]
    return _RANGE.fullmatch(between) is not None


def _is_set_off(text: str, rest: Tokens, bare: Length) -> bool:
    """Whether a comma or a second number sets a bare number off from the place."""
    if bare.after >= len(rest):
        return True
    between = text[rest[bare.after - 1].end : rest[bare.after].start]
    return _COMMA.search(between) is not None or count_at(rest, bare.after) is not None


def _until(at: int, moment: Moment | None) -> Length | None:
    if moment is None:
        return None
    return Length(at, moment.after, until=moment.wall, either_half=moment.either_half)
