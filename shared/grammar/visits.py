"""VISIT: how long, and where. The one command that people put into sentences.

`shared.grammar.lengths` says how the length is told from a house number. A PIN counts behind
the word `pin` only, and never stays in the place. A text without a length that speaks of ending
('end visit'), or says 'not' ('cant visit today'), begins nothing and is unclear; with a length,
a 'not' begins the watch in doubt.
"""

import re

from shared.grammar import words
from shared.grammar.commands import Visit, Why
from shared.grammar.fold import Kind, Token, clean
from shared.grammar.lengths import length_before, length_behind, names_no_time
from shared.grammar.orders import PIN_DIGITS, command_of, commands_in, read_order, says_not
from shared.grammar.phrases import core, without_signature
from shared.grammar.quantities import Tokens, count_at

PLACE_CHARS = 120

_COMMAS = re.compile(r"\s*[,;](?:\s*[,;])*\s+")
_QUOTED = re.compile(r"[\"'\u2018\u201c].*[\"'\u2019\u201d]$")
_EDGES = re.compile(r"^[^\w(\[\"'\u2018\u201c]+|[^\w)\]\"'\u2019\u201d]+$")


def read_visit(text: str, tokens: Tokens) -> Visit | Why:
    """Give the visit that `tokens` of `text` begin, or why it is none; one token says VISIT."""
    tokens = [token for token in tokens if token.kind is not Kind.SIGN]
    at = visit_at(tokens)
    before, behind = tokens[:at], tokens[at + 1 :]
    if _orders_before(before) or _order_behind(text, behind):
        return Why.TWO_AT_ONCE
    pin, rest = _without_pin(_trimmed(behind))
    if names_no_time(text, rest):
        return Why.NO_TIME
    length = length_before(before) or length_behind(text, rest)
    doubt = says_not(tokens) or any(token.text in words.HELP_LIKE for token in tokens)
    if not length.is_said and _is_ending(before, rest):
        return Why.HOW_TO_END
    if not length.is_said and doubt:
        return Why.DOUBT
    kept = [*rest[: length.start], *rest[length.after :]]
    place = _place(text, tokens[at].end, behind, kept)
    return Visit(length.minutes, length.until, place, pin, length.either_half, doubt)


def visit_at(tokens: Tokens) -> int:
    """Give where VISIT stands, -1 if nowhere."""
    return next((at for at, token in enumerate(tokens) if command_of(token.text) == "visit"), -1)


def _orders_before(before: Tokens) -> bool:
    """Whether another command precedes VISIT; the 'home' of 'home visit' is none."""
    meant = core(before)
    if meant and meant[-1].text == "home":
        meant = meant[:-1]
    return bool(commands_in(meant))


def _order_behind(text: str, behind: Tokens) -> bool:
    """Whether the place holds another command: on its own line, or with its number behind it."""
    for at, token in enumerate(behind[1:], start=1):
        if behind[at - 1].text in words.ORDERS_WITH_PIN and _is_pin(token):
            return True
        if command_of(behind[at - 1].text) == "visit" and token.text[0].isdigit():
            return True
        if "\n" in text[behind[at - 1].end : token.start] and command_of(token.text):
            line = [each for each in behind[at:] if "\n" not in text[token.start : each.start]]
            if not isinstance(read_order(core(line)), Why):
                return True
    return False


def _is_ending(before: Tokens, rest: Tokens) -> bool:
    """Whether it speaks of ending a visit: 'end my visit', 'visit is over now'."""
    if any(token.text in words.ENDING_WORDS for token in before[-2:]):
        return True
    said = [token.text for token in rest if token.text not in words.ENDING_FILLERS]
    return bool(said) and all(word in words.ENDING_WORDS for word in said)


def _trimmed(behind: Tokens) -> list[Token]:
    """Give the tokens behind VISIT without thanks and signature at their end."""
    kept = without_signature(behind)
    while kept:
        if kept[-1].text in words.PLACE_ENDINGS:
            kept.pop()
        elif [token.text for token in kept[-2:]] == ["thank", "you"]:
            del kept[-2:]
        else:
            break
    return kept


def _without_pin(tokens: Tokens) -> tuple[str | None, list[Token]]:
    """Give the PIN behind the word `pin`, and the tokens without either."""
    for at, token in enumerate(tokens):
        if token.text == "pin":
            start = at + 1
            while start < len(tokens) and tokens[start].text in words.PIN_LINKS:
                start += 1
            pin, after = _pin_at(tokens, start)
            if pin:
                return pin, [*tokens[:at], *tokens[after:]]
    return None, list(tokens)


def _pin_at(tokens: Tokens, start: int) -> tuple[str | None, int]:
    """Read a PIN in one piece, or digit by digit."""
    if start < len(tokens) and _is_pin(tokens[start]):
        return tokens[start].text, start + 1
    digits, at = "", start
    while len(digits) < PIN_DIGITS[-1]:
        count = count_at(tokens, at)
        if count is None or len(count.digits) > 1:
            break
        digits, at = digits + count.digits, count.after
    return (digits, at) if len(digits) in PIN_DIGITS else (None, start)


def _is_pin(token: Token) -> bool:
    return token.kind is Kind.NUMBER and len(token.text) in PIN_DIGITS


def _place(text: str, begin: int, behind: Tokens, kept: Tokens) -> str:
    """Give the place as typed after `begin`, without the words that say how long or greet."""
    if kept and kept[0].text in words.PLACE_FILLERS:
        kept = kept[1:]
    chosen = {token.start for token in kept}
    pieces: list[str] = []
    for token in behind:
        if token.start not in chosen:
            pieces.append(text[begin : token.start])
            begin = token.end
    pieces.append(text[begin:])
    one_line = _COMMAS.sub(", ", clean(" ".join(pieces)))
    return _shortened(_unquoted(_EDGES.sub("", one_line)))


def _unquoted(place: str) -> str:
    """Take away a closing quote whose opening one stood before VISIT."""
    if place.endswith(('"', "'", "\u2019", "\u201d")) and not _QUOTED.search(place):
        return place[:-1].rstrip(" .,")
    return place


def _shortened(place: str) -> str:
    if len(place) <= PLACE_CHARS:
        return place
    return place[:PLACE_CHARS].rpartition(" ")[0] or place[:PLACE_CHARS]
