"""A text as its words: without case, accents, quotes, invisible signs; each with its place.

Phones send curly quotes, full-width digits, keycaps, emoji and direction marks. Folding takes
all of that away once, so that the rules read plain lower-case words and ASCII digits, and keeps
for every folded character where it came from, so that a place can be given as it was typed.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from shared.grammar.words import FRIENDLY_SIGNS
from shared.spans import parse_clock

SIGN = "\x01"

_QUOTES = frozenset("'`\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4\uff07")
_SPELLED = {"\U0001f198": " sos ", "\u00bd": ".5"}
_SPACES = frozenset({"Zs", "Zl", "Zp", "Cc"})
_MARKS = frozenset({"Mn", "Mc", "Me"})
_PICTURES = frozenset({"So", "Sk", "Cn", "Co", "Cs"})
_SKIN_TONES = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")

_HAPPY = re.compile(r"(?<!\w)(?:[:;=]-?[)\]dp](?!\w)|<3(?!\d))")
_SAD = re.compile(r"(?<!\w)[:;=]-?[(\[](?!\w)")

_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?!\d)(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?")
_DECIMAL = re.compile(r"\d{1,2}[.,]\d(?!\d)|(?<!\w)\.\d(?!\d)")
_PLAIN = re.compile(rf"(?P<number>\d+)|(?P<word>[^\W\d_]+)|(?P<sign>{SIGN})")


class Kind(Enum):
    """What a token is. A SIGN is a picture whose meaning nobody should guess."""

    WORD = "word"
    NUMBER = "number"
    CLOCK = "clock"
    DECIMAL = "decimal"
    SIGN = "sign"


@dataclass(frozen=True)
class Token:
    """One word, number or sign, folded, and where it stands in the text as typed."""

    text: str
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Folded:
    """A folded text and, for each of its characters, the index of the one it came from."""

    text: str
    origins: tuple[int, ...]

    def tokens(self) -> list[Token]:
        """Give the words in order."""
        found: list[Token] = []
        position = 0
        while position < len(self.text):
            token, position = self._next(position)
            if token is not None:
                found.append(token)
        return found

    def _next(self, position: int) -> tuple[Token | None, int]:
        clock = _CLOCK.match(self.text, position)
        if clock and parse_clock(clock[0]):
            return self._token(clock, Kind.CLOCK), clock.end()
        decimal = _DECIMAL.match(self.text, position)
        if decimal:
            return self._token(decimal, Kind.DECIMAL), decimal.end()
        plain = _PLAIN.match(self.text, position)
        if plain and plain.lastgroup:
            return self._token(plain, Kind(plain.lastgroup)), plain.end()
        return None, position + 1

    def _token(self, match: re.Match[str], kind: Kind) -> Token:
        start, end = self.origins[match.start()], self.origins[match.end() - 1] + 1
        return Token(match[0], kind, start, end)


def fold(text: str, *, quote: str = "", unseen: str = "") -> Folded:
    """Fold `text`; single quotes in it become `quote`, invisible signs `unseen`."""
    chars: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(text):
        for folded in _fold_char(char, quote, unseen):
            chars.append(folded)
            origins.append(index)
    plain = _SAD.sub(_marked, _HAPPY.sub(_blanked, "".join(chars)))
    return Folded(plain, tuple(origins))


def clean(text: str) -> str:
    """Give `text` on one line, without what no database or screen should get (NUL, half pairs)."""
    kept = (" " if _is_control(char) else char for char in text if not _is_unstorable(char))
    return " ".join("".join(kept).split())


def storable(text: str) -> str:
    """Give `text` without NUL and lone surrogates, which databases refuse."""
    return "".join(char for char in text if char != "\0" and unicodedata.category(char) != "Cs")


def _fold_char(char: str, quote: str, unseen: str) -> str:
    if char in _SPELLED:
        return _SPELLED[char]
    if char in FRIENDLY_SIGNS:
        return " "
    if char in _QUOTES:
        return quote
    return "".join(_fold_part(part, unseen) for part in unicodedata.normalize("NFKD", char))


def _fold_part(part: str, unseen: str) -> str:
    category = unicodedata.category(part)
    if category in _SPACES:
        return "\n" if part in "\n\r" else " "
    if category in _MARKS or part in _SKIN_TONES:
        return ""
    if category == "Cf":
        return unseen
    if category == "Nd":
        return str(unicodedata.decimal(part))
    if category in _PICTURES and not part.isascii():
        return SIGN
    return part.casefold()


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _marked(match: re.Match[str]) -> str:
    return SIGN.ljust(len(match[0]))


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in _SPACES


def _is_unstorable(char: str) -> bool:
    return char == "\0" or unicodedata.category(char) in {"Cs", "Cf"}
