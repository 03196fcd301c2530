"""SOS and HELP, however they are typed. A false alarm costs a call; a missed one may cost a life.

SOS is looked for before anything else is read. It may be spaced out, dotted, doubled, glued to
other words, spelt with a nought, in Cyrillic, or be the picture; a whole message that is one
slip of the thumb away counts too. The one exception is a phone's reaction to a text of ours
('Liked ...' and the text in quotes), which nobody types.
"""

import re
from collections.abc import Iterator

from shared.grammar import words
from shared.grammar.fold import fold

_REACTION = re.compile(
    r"\s*(?:(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned"
    r"|reacted\s\S{1,12}\sto|removed\s(?:an?\s)?[^\"\u201c]{1,20}\sfrom)"
    r"|[^\w\s\"\u201c]{1,12}\s{1,3}to)"
    r"\s{1,3}[\"\u201c].*[\"\u201d]\s*",
    re.IGNORECASE | re.DOTALL,
)
_GLUED = re.compile(
    r"(?:please|pls|plz|omg|need|send|urgent)?(?:so(?:so)*s|help)"
    r"(?:sos|help|me|us|now|asap|please|pls|plz)*"
)
_REPEATS = re.compile(r"(.)\1+")
_LETTER_RUNS = re.compile(r"[a-z]+")
_NOUGHT_SOS = re.compile(r"(?<![a-z0-9])s+0+s+(?![a-z0-9])|\u0441+\u043e+\u0441+")
_SPACED_SOS = re.compile(r"(?<![a-z0-9])s[^a-z0-9]{1,5}[o0][^a-z0-9]{1,5}s(?![a-z0-9])")
_SPACED_HELP = re.compile(
    r"(?<![a-z0-9])h[^a-z0-9]{1,5}e[^a-z0-9]{1,5}l[^a-z0-9]{1,5}p(?![a-z0-9])"
)
_BARE_SOS = re.compile(r"s+[o0]+s+")
_NOT_PLAIN = re.compile(r"[^a-z0-9]")


def is_reaction(text: str) -> bool:
    """Whether a phone made this text out of a tap on one of ours, quoting it."""
    return _REACTION.fullmatch(text) is not None


def has_sos(text: str) -> bool:
    """Whether SOS stands in `text` as a word, in any of the ways people manage to type it."""
    readings = _readings(text)
    if any(_is_sos(reading) for reading in readings):
        return True
    bare = _NOT_PLAIN.sub("", readings[0])
    return _BARE_SOS.fullmatch(bare) is not None or bare in words.SOS_SLIPS


def has_help(text: str) -> bool:
    """Whether HELP stands in `text` as a word."""
    return any(_is_help(reading) for reading in _readings(text))


def is_emergency_number(core: list[str]) -> bool:
    """Whether the whole message is 999, 112 or 911, or to call one of them."""
    if core and core[0] in words.CALL_WORDS:
        core = core[1:]
    return len(core) == 1 and core[0] in words.EMERGENCY_NUMBERS


def _readings(text: str) -> tuple[str, str]:
    """Give `text` folded with quotes as gaps, and invisible signs as nothing or as gaps too."""
    return fold(text, quote=" ").text, fold(text, quote=" ", unseen=" ").text


def _is_sos(reading: str) -> bool:
    if _NOUGHT_SOS.search(reading) or _SPACED_SOS.search(reading):
        return True
    return any("sos" in glued for glued in _glued(reading))


def _is_help(reading: str) -> bool:
    if _SPACED_HELP.search(reading) or any(_glued(reading)):
        return True
    runs = set(_LETTER_RUNS.findall(reading))
    return not runs.isdisjoint(words.HELP_SLIPS | words.HELP_WELSH)


def _glued(reading: str) -> Iterator[str]:
    """Give the words made of nothing but SOS, HELP and what is shouted around them."""
    for run in _LETTER_RUNS.findall(reading):
        plain = _REPEATS.sub(r"\1", run)
        if _GLUED.fullmatch(plain):
            yield plain
