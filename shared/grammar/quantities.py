"""Numbers, spans and clock times among the tokens of a text, in digits or spoken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.grammar import words
from shared.grammar.fold import Kind, Token, fold
from shared.spans import is_either_half, parse_clock

Tokens = Sequence[Token]

_MOST_DIGITS = 3
_APART = re.compile(r"(?<=\d)\s+(?=[hm]\b)|(?<=\dh)\s+(?=\d)|(?<=\d\sh)\s+(?=\d)", re.IGNORECASE)
"""In a field of its own an 'h' apart is no initial."""
_WORDS_TO_STREET = 4


@dataclass(frozen=True)
class Count:
    """A whole number: its digits as typed ('0482'), or as spoken, and the token after it."""

    digits: str
    after: int


@dataclass(frozen=True)
class Span:
    """A length in minutes, and the token after it. `unit`: it was said in minutes or hours."""

    minutes: int
    after: int
    unit: bool


@dataclass(frozen=True)
class Moment:
    """A wall clock time, and the token after it."""

    wall: tuple[int, int]
    either_half: bool
    after: int


def count_at(tokens: Tokens, at: int) -> Count | None:
    """Read the whole number that starts at token `at`: '45', or 'forty five'."""
    if at >= len(tokens):
        return None
    if tokens[at].kind is Kind.NUMBER:
        return Count(tokens[at].text, at + 1)
    return _hundred_at(tokens, at) or _spoken_at(tokens, at)


def span_at(tokens: Tokens, at: int) -> Span | None:
    """Read the span that starts at token `at`: '45', '45 mins', '1h30', 'half an hour'.

    Four digits and more are no span, whatever unit follows: they may be a PIN.
    """
    spoken = _fraction_at(tokens, at) or _decimal_at(tokens, at)
    if spoken:
        return spoken
    count = count_at(tokens, at) or _an_hour_at(tokens, at)
    if count is None or len(count.digits) > _MOST_DIGITS:
        return None
    if _unit_at(tokens, count.after, words.HOUR_UNITS):
        return _hours(tokens, int(count.digits), count.after + 1)
    if _texts(tokens, count.after, 3) == ("and", "a", "half") and _unit_at(
        tokens, count.after + 3, words.HOUR_UNITS
    ):
        return Span(int(count.digits) * 60 + 30, count.after + 4, unit=True)
    if _unit_at(tokens, count.after, words.MINUTE_UNITS):
        return Span(int(count.digits), count.after + 1, unit=True)
    return Span(int(count.digits), count.after, unit=False)


def whole_span(text: str) -> int | None:
    """The minutes that a text means that is nothing but a span with its unit: '1 h 30', '90 min',
    'half an hour'; None for all else."""
    tokens = fold(_APART.sub("", text)).tokens()
    found = span_at(tokens, 0)
    is_whole = found is not None and found.unit and found.after == len(tokens)
    return found.minutes if found is not None and is_whole else None


def moment_at(tokens: Tokens, at: int) -> Moment | None:
    """Read the clock time that starts at token `at`: '14:30', '2.30pm', '1430'."""
    if at >= len(tokens) or tokens[at].kind not in {Kind.CLOCK, Kind.NUMBER}:
        return None
    wall = parse_clock(tokens[at].text)
    if wall is None:
        return None
    return Moment((wall.hour, wall.minute), is_either_half(tokens[at].text), at + 1)


def is_address(rest: Tokens, after: int) -> bool:
    """Whether what follows a bare number makes it a house number: within four words, a street."""
    following = rest[after : after + _WORDS_TO_STREET + 1]
    if not following or following[0].text in words.NO_HOUSE_BEFORE:
        return False
    if following[0].text in words.STREET_STARTS:
        return True
    for at, token in enumerate(following):
        if token.kind is not Kind.WORD or count_at(rest, after + at):
            return False
        if at and token.text in words.STREET_WORDS:
            return True
    return False


def _spoken_at(tokens: Tokens, at: int) -> Count | None:
    word = _word(tokens, at)
    if word in words.ONES:
        return Count(str(words.ONES[word]), at + 1)
    if word not in words.TENS:
        return None
    ones = words.ONES.get(_word(tokens, at + 1), 0)
    if 1 <= ones <= 9:
        return Count(str(words.TENS[word] + ones), at + 2)
    return Count(str(words.TENS[word]), at + 1)


def _hundred_at(tokens: Tokens, at: int) -> Count | None:
    if _word(tokens, at) not in {"a", "one"} or _word(tokens, at + 1) != "hundred":
        return None
    rest = _spoken_at(tokens, at + 3) if _word(tokens, at + 2) == "and" else None
    rest = rest or _spoken_at(tokens, at + 2)
    return Count(str(100 + int(rest.digits)), rest.after) if rest else Count("100", at + 2)


def _an_hour_at(tokens: Tokens, at: int) -> Count | None:
    if _word(tokens, at) in {"a", "an"} and _word(tokens, at + 1) in words.HOUR_UNITS:
        return Count("1", at + 1)
    return None


_FRACTIONS = {
    ("half", "an", "hour"): 30,
    ("half", "a", "hour"): 30,
    ("half", "hour"): 30,
    ("quarter", "of", "an", "hour"): 15,
    ("three", "quarters", "of", "an", "hour"): 45,
}


def _fraction_at(tokens: Tokens, at: int) -> Span | None:
    for phrase, minutes in _FRACTIONS.items():
        if _texts(tokens, at, len(phrase)) == phrase:
            return Span(minutes, at + len(phrase), unit=True)
    return None


def _decimal_at(tokens: Tokens, at: int) -> Span | None:
    if at >= len(tokens) or tokens[at].kind is not Kind.DECIMAL:
        return None
    if not _unit_at(tokens, at + 1, words.HOUR_UNITS):
        return None
    whole, _, tenths = tokens[at].text.replace(",", ".").partition(".")
    return Span(int(whole or 0) * 60 + int(tenths) * 6, at + 2, unit=True)


def _hours(tokens: Tokens, hours: int, at: int) -> Span:
    """Read what may follow hours: 'and a half', '30 min', or minutes joined on ('1h30')."""
    if _texts(tokens, at, 3) == ("and", "a", "half"):
        return Span(hours * 60 + 30, at + 3, unit=True)
    start = at + 1 if _word(tokens, at) == "and" else at
    count = count_at(tokens, start)
    if count and len(count.digits) <= 2:
        if _unit_at(tokens, count.after, words.MINUTE_UNITS):
            return Span(hours * 60 + int(count.digits), count.after + 1, unit=True)
        if tokens[start].start == tokens[start - 1].end:
            return Span(hours * 60 + int(count.digits), count.after, unit=True)
    return Span(hours * 60, at, unit=True)


def _unit_at(tokens: Tokens, at: int, units: frozenset[str]) -> bool:
    """Whether a unit stands at token `at`; 'm' and 'h' only joined on, being initials otherwise."""
    word = _word(tokens, at)
    if word not in units:
        return False
    return len(word) > 1 or tokens[at].start == tokens[at - 1].end


def _word(tokens: Tokens, at: int) -> str:
    return tokens[at].text if at < len(tokens) and tokens[at].kind is Kind.WORD else ""


def _texts(tokens: Tokens, at: int, count: int) -> tuple[str, ...]:
    return tuple(token.text for token in tokens[at : at + count])
