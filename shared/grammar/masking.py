"""PINs out of everything that is stored, and out of what is shown to others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.grammar import words
from shared.grammar.fold import Folded, Kind, Token, fold, storable
from shared.grammar.orders import PIN_DIGITS, command_of
from shared.grammar.quantities import Tokens, count_at, is_address

MASK = "****"

# Ten digits and more are a phone number; seven to nine may be a PIN typed with a slip.
_MASKED_DIGITS = range(4, 10)
_HOUSE_DIGITS = range(4, 6)

_PHONE = re.compile(
    r"(?<![\w+])(?:"
    r"\+\d(?:[ ()-]{0,3}\d){8,13}"
    r"|\(?0(?:[ ()-]{0,2}\d){10}"
    r"|\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}"
    r"|\d{10,15}"
    r")(?!\d)"
)


@dataclass(frozen=True)
class _Piece:
    """A number as typed or spoken, and where it stands. `whole`: long enough to be a PIN itself."""

    digits: str
    start: int
    end: int
    whole: bool
    house: bool


_Run = list[_Piece]


def mask(text: str) -> str:
    """Give `text` with everything that could be a PIN as '****', and safe for any database.

    Masked are runs of 4 to 9 digits, digits typed or spoken one by one and, in a text with a
    word that takes a PIN, pieces that add up to one. Phone numbers of ten digits and more stay,
    and so does a house number before a street where nothing speaks of a PIN ('SOS 1204 Main
    St'). Doing it again changes nothing.
    """
    kept: list[str] = []
    begin = 0
    for run in _hidden(text):
        kept += [text[begin : run[0].start], MASK]
        begin = run[-1].end
    return storable("".join([*kept, text[begin:]]))


def possible_pins(text: str) -> tuple[str, ...]:
    """Give every PIN that `mask` hides in `text`: so that a duress PIN is heard in any text."""
    found = ["".join(piece.digits for piece in run) for run in _hidden(text)]
    return tuple(dict.fromkeys(digits for digits in found if len(digits) in PIN_DIGITS))


def _hidden(text: str) -> Iterator[_Run]:
    """Give the runs of numbers in `text` that have to be masked."""
    folded = fold(text)
    tokens = folded.tokens()
    for run in _runs(folded, tokens):
        if _hides_pin(run, told=_speaks_of_pin(tokens, run[0].start)):
            yield run


def _hides_pin(run: _Run, *, told: bool) -> bool:
    """Whether a run of numbers has to be masked. `told`: a word in the text speaks of a PIN."""
    digits = "".join(piece.digits for piece in run)
    if run[0].whole:
        is_house = run[0].house and len(digits) in _HOUSE_DIGITS and not told
        return len(digits) in _MASKED_DIGITS and not is_house
    one_by_one = all(len(piece.digits) == 1 for piece in run)
    return len(digits) >= PIN_DIGITS.start and (told or one_by_one)


def _speaks_of_pin(tokens: Tokens, start: int) -> bool:
    """Whether a number at `start` may be a PIN by what is said: after VISIT, only what follows it.

    Without VISIT a word that takes a PIN counts wherever it stands ('4821 done').
    """
    told = [token for token in tokens if _is_order(token)]
    if any(command_of(token.text) == "visit" for token in told):
        before = [token for token in told if token.start < start]
        return bool(before) and command_of(before[-1].text) != "visit"
    return bool(told)


def _is_order(token: Token) -> bool:
    word = command_of(token.text) or token.text
    return word == "visit" or word in words.PIN_WORDS


def _runs(folded: Folded, tokens: Tokens) -> Iterator[_Run]:
    """Give the numbers that stand side by side; one that is a PIN's length stands for itself."""
    phones = [_origin(folded, match) for match in _PHONE.finditer(folded.text)]
    run: _Run = []
    at = 0
    while at < len(tokens):
        piece, at = _piece_at(tokens, at)
        if piece and any(start <= piece.start < end for start, end in phones):
            piece = None
        if run and (piece is None or piece.whole):
            yield run
            run = []
        if piece and piece.whole:
            yield [piece]
        elif piece:
            run.append(piece)
    if run:
        yield run


def _piece_at(tokens: Tokens, at: int) -> tuple[_Piece | None, int]:
    """Read the number at token `at`, if one is there, and where to go on."""
    token = tokens[at]
    if token.kind in {Kind.CLOCK, Kind.DECIMAL}:
        digits = "".join(char for char in token.text if char.isdecimal())
        return _Piece(digits, token.start, token.end, whole=False, house=False), at + 1
    count = count_at(tokens, at)
    if count is None:
        return None, at + 1
    whole = token.kind is Kind.NUMBER and len(count.digits) >= PIN_DIGITS.start
    house = whole and is_address(tokens, count.after)
    return _Piece(count.digits, token.start, tokens[count.after - 1].end, whole, house), count.after


def _origin(folded: Folded, match: re.Match[str]) -> tuple[int, int]:
    return folded.origins[match.start()], folded.origins[match.end() - 1] + 1
