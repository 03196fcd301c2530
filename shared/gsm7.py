"""Texts in the GSM 7-bit alphabet: made to fit it, measured in it, shortened in it.

The alphabet is that of 3GPP TS 23.038: one septet a character, two for the ten that need an
escape. One text holds 160 septets, each part of a longer one 153. A single character outside
the alphabet turns the whole text into UCS-2, where 70 and 67 units fit: that is why everything
sent goes through `downgrade` first.
"""

import re
import unicodedata
from collections.abc import Iterable

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")

SINGLE_SEPTETS, PART_SEPTETS = 160, 153
SINGLE_UNITS, PART_UNITS = 70, 67

CUT = "..."

# What Unicode's own decompositions do not bring into the alphabet.
_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u00b7", "-"),
    **dict.fromkeys("\t\v\x85\u2028\u2029", " "),
    "\u0131": "i",
    "\u0142": "l",
    "\u0141": "L",
    "\u0111": "d",
    "\u0110": "D",
    "\u00f0": "d",
    "\u00d0": "D",
    "\u00fe": "th",
    "\u00de": "Th",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u1e9e": "SS",
    "\u00bc": " 1/4",
    "\u00bd": " 1/2",
    "\u00be": " 3/4",
    "\u2192": "->",
    "\u00d7": "x",
    "\u00f7": "/",
    "\u2044": "/",
    "\u00b0": " deg",
    "\u00a9": "(c)",
    "\u00ae": "(R)",
}

# Marks, format characters, controls, pictures: they say nothing that a plain text could.
_DROPPED = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn", "So", "Sk"})
_LAST_WORD = re.compile(r"\S+\Z")
_GAP = "\0"
_GAPS = re.compile(rf"^{_GAP}[{_GAP} ]*| ?{_GAP}(?:[{_GAP} ]*{_GAP})?")


def is_gsm7(text: str) -> bool:
    """Whether `text` can be sent as it is without turning into UCS-2."""
    return all(char in BASIC or char in EXTENSION for char in text)


def downgrade(text: str) -> str:
    """Give `text` in the GSM 7-bit alphabet: what it can spell stays, the rest becomes plain.

    Typographic quotes and dashes become plain ones, letters lose the accents it lacks (Welsh
    w and y with circumflex among them), emoji go with the space beside them, letters of other
    scripts become '?'. Never raises; giving the result again changes nothing.
    """
    if is_gsm7(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    return _GAPS.sub("", "".join(_plain(char) for char in composed))


def septets(text: str) -> int:
    """Count the septets of `text` once downgraded; never raises."""
    return sum(_widths(downgrade(text)))


def segments(text: str) -> int:
    """Count the texts a phone is charged for if `text` is sent as it is; 0 for none at all."""
    if is_gsm7(text):
        return _parts(_widths(text), SINGLE_SEPTETS, PART_SEPTETS)
    units = (2 if ord(char) > 0xFFFF else 1 for char in text)
    return _parts(units, SINGLE_UNITS, PART_UNITS)


def fits_one(text: str) -> bool:
    """Whether `text`, sent as it is, is one text."""
    return segments(text) <= 1


def shorten(text: str, limit_septets: int) -> str:
    """Give `text` downgraded and within `limit_septets`; if cut, at a word and with '...'.

    A first word that is too long by itself is cut inside. A character that needs two septets
    is whole or absent. Limits too small for a letter and '...' get no '...'.
    """
    plain = downgrade(text)
    if septets(plain) <= limit_septets:
        return plain
    if limit_septets <= len(CUT):
        return _head(plain, limit_septets)
    head = _head(plain, limit_septets - len(CUT))
    at_word = head if plain[len(head)].isspace() else _LAST_WORD.sub("", head)
    return (at_word.rstrip(" ,;:-\r\n") or head) + CUT


def _plain(char: str) -> str:
    """Give what `char` becomes, in the alphabet; the gap sign where nothing is left of it."""
    if is_gsm7(char):
        return char
    if char in _PLAIN:
        return _PLAIN[char]
    if char.isspace() or unicodedata.category(char) == "Zs":
        return " "
    return _decomposed(char)


def _decomposed(char: str) -> str:
    spelled = unicodedata.normalize("NFKD", char)
    kept = "".join(_PLAIN.get(part, part) for part in spelled if not unicodedata.combining(part))
    known = "".join(part for part in kept if is_gsm7(part))
    if known:
        return known
    return _GAP if unicodedata.category(char) in _DROPPED else "?"


def _head(plain: str, limit_septets: int) -> str:
    """Give as many whole characters from the start of `plain` as fit."""
    used = 0
    for index, width in enumerate(_widths(plain)):
        used += width
        if used > limit_septets:
            return plain[:index]
    return plain


def _widths(plain: str) -> list[int]:
    return [2 if char in EXTENSION else 1 for char in plain]


def _parts(widths: Iterable[int], single: int, part: int) -> int:
    """Count the parts, with no character's halves in two of them."""
    costs = list(widths)
    if sum(costs) <= single:
        return 1 if costs else 0
    parts, used = 1, 0
    for cost in costs:
        if used + cost > part:
            parts, used = parts + 1, 0
        used += cost
    return parts
