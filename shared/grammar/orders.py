"""The commands that must be the whole message: OK, DONE, MORE, HOME, AWAY, BACK, 1, 2, SAFE, FALSE.

Each reader gets the tokens after its word and gives a command, or the reason why not. Nothing
is guessed here: a word too many makes the whole text unclear.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.grammar import words
from shared.grammar.commands import (
    Away,
    Back,
    Command,
    Done,
    FalseAlarm,
    Home,
    More,
    Ok,
    Own,
    Pass,
    Safe,
    Why,
)
from shared.grammar.fold import Kind, Token
from shared.grammar.quantities import Tokens, count_at, moment_at, span_at

Reading = Command | Why

# Of the letters an alarm may be given: none that reads as a digit, a kiss, a unit or an OK.
_LETTERS = "ABCDEFGJLNPQRTUVWYZ"
LETTERS = (*_LETTERS, *(letter * 2 for letter in _LETTERS))

PIN_DIGITS = range(4, 7)
_PIN_FILLERS = frozenset({"pin", "code"})
_MORE_FILLERS = _PIN_FILLERS | {"another", "for", "of", "time", "min", "mins", "minutes"}
_HOME_FILLERS = _PIN_FILLERS | {"for", "in"}
_OK = re.compile(r"ok+(?:[ae]y+)?")
_TAKE = {"1": "1", "one": "1", "2": "2", "two": "2"}


def read_order(core: Tokens) -> Reading:
    """Give the command that `core` is, whole, or why it is none."""
    if not core:
        return Why.NOTHING
    reader = _READERS.get(command_of(core[0].text) or _TAKE.get(core[0].text) or "")
    if says_not(core) or (reader and any(token.kind is Kind.SIGN for token in core)):
        return Why.DOUBT
    if len(commands_in(core)) > 1:
        return Why.TWO_AT_ONCE
    if reader:
        return reader(core[1:])
    if len(core) == 1 and core[0].text in words.GATEWAY_WORDS:
        return Why.GATEWAY_WORD
    return Why.NOT_ALONE if commands_in(core) else Why.UNKNOWN


def command_of(word: str) -> str | None:
    """Give the command that `word` spells: 'ok' for 'okay', 'visit' for 'vist'."""
    if _OK.fullmatch(word):
        return "ok"
    if word in words.VISIT_SPELLINGS:
        return "visit"
    if word in words.STATUS_SPELLINGS:
        return "status"
    return word if word in words.COMMANDS else None


def commands_in(tokens: Tokens) -> set[str]:
    """Give the different commands named in `tokens`; 1 and 2 are commands where they lead."""
    named = {command for token in tokens if (command := command_of(token.text))}
    if tokens and tokens[0].text in _TAKE:
        others = {_TAKE[token.text] for token in tokens if token.text in _TAKE}
        return named | others
    return named


def says_not(tokens: Tokens) -> bool:
    """Whether there is a 'not' in it, in English or Welsh; the 'No' of 'No 12' is none."""
    return any(
        token.text in words.NOT_WORDS
        and not (token.text == "no" and at + 1 < len(tokens) and tokens[at + 1].text[0].isdigit())
        for at, token in enumerate(tokens)
    )


@dataclass(frozen=True)
class _Given:
    """What stands behind a command: lengths with a unit, bare numbers, letters, clock times.

    `apart`: something stands between two of the numbers, so that they are not pieces of one.
    """

    spans: tuple[int, ...]
    numbers: tuple[str, ...]
    letters: tuple[str, ...]
    clocks: int
    apart: bool


def _given(rest: Tokens, fillers: frozenset[str]) -> _Given | None:
    """Sort the tokens behind a command; None if there is one that belongs to no command."""
    spans: list[int] = []
    numbers: list[str] = []
    letters: list[str] = []
    clocks, apart = 0, False
    at = last = 0
    while at < len(rest):
        span, count = span_at(rest, at), count_at(rest, at)
        token, at = rest[at], at + 1
        if token.text in fillers:
            continue
        if span and span.unit:
            spans.append(span.minutes)
            at = span.after
        elif count:
            apart = apart or (bool(numbers) and last != at - 1)
            numbers.append(count.digits)
            at = last = count.after
        elif token.kind in {Kind.CLOCK, Kind.DECIMAL}:
            clocks += 1
        elif _is_letter(token):
            letters.append(token.text.upper())
        else:
            return None
    return _Given(tuple(spans), tuple(numbers), tuple(letters), clocks, apart)


def _is_letter(token: Token) -> bool:
    text = token.text
    return token.kind is Kind.WORD and text.isascii() and len(text) <= 2 and len(set(text)) == 1


def _joined_pin(numbers: Sequence[str], *, apart: bool = False) -> str | Why | None:
    """Give the PIN in `numbers`: one number of the right length, or the pieces of one."""
    if not numbers:
        return None
    pieces = len(numbers) > 1
    if pieces and (apart or any(len(number) >= PIN_DIGITS.start for number in numbers)):
        return Why.PIN_LENGTH
    pin = "".join(numbers)
    return pin if len(pin) in PIN_DIGITS else Why.PIN_LENGTH


def _ok(rest: Tokens) -> Reading:
    return Why.NOT_ALONE if rest else Ok()


def _back(rest: Tokens) -> Reading:
    return Why.NOT_ALONE if rest else Back()


def _done(rest: Tokens) -> Reading:
    given = _given(rest, _PIN_FILLERS)
    if given is None or given.spans or given.letters or given.clocks:
        return Why.NOT_ALONE
    pin = _joined_pin(given.numbers, apart=given.apart)
    return pin if isinstance(pin, Why) else Done(pin)


def _more(rest: Tokens) -> Reading:
    given = _given(rest, _MORE_FILLERS)
    if given is None or given.letters:
        return Why.NOT_ALONE
    if given.clocks or len(given.spans) > 1:
        return More()
    if given.spans:
        pin = _joined_pin(given.numbers, apart=given.apart)
        return pin if isinstance(pin, Why) else _more_by(given.spans[0], pin)
    return _more_bare(given.numbers, apart=given.apart)


def _more_bare(numbers: tuple[str, ...], *, apart: bool) -> Reading:
    """Read `MORE 15`, `MORE 15 4821` and, asking for the minutes, `MORE` and `MORE 4821`."""
    short = [number for number in numbers if len(number) < PIN_DIGITS.start]
    if len(numbers) <= 1:
        return _more_by(int(short[0]), None) if short else More()
    if len(short) == 1:
        pin = _joined_pin([number for number in numbers if number not in short])
    elif len(short) == len(numbers) and len(short[0]) > 1:
        pin = _joined_pin(short[1:], apart=apart)
    else:
        pin = Why.PIN_LENGTH
    return pin if isinstance(pin, Why) else _more_by(int(short[0]), pin)


def _more_by(minutes: int, pin: str | None) -> More:
    return More(minutes, pin) if minutes else More()


def _home(rest: Tokens) -> Reading:
    given = _given(rest, _HOME_FILLERS)
    if given is None or given.letters:
        return Why.NOT_ALONE
    if given.clocks or (given.spans and given.numbers) or len(given.spans) > 1:
        return Why.HOME_HOW
    if given.spans:
        return _home_in(given.spans[0])
    if len(given.numbers) == 1 and len(given.numbers[0]) < PIN_DIGITS.start:
        return _home_in(int(given.numbers[0]))
    return _home_with(given.numbers, apart=given.apart)


def _home_in(minutes: int) -> Reading:
    return Home(minutes) if minutes else Why.HOME_HOW


def _home_with(numbers: tuple[str, ...], *, apart: bool) -> Reading:
    """Read the PIN of an arrival: whole, or digit by digit, as it is spoken."""
    if len(numbers) > 1 and any(len(number) > 1 for number in numbers):
        return Why.HOME_HOW
    pin = _joined_pin(numbers, apart=apart)
    return pin if isinstance(pin, Why) else Home(pin=pin)


def _away(rest: Tokens) -> Reading:
    said = [token for token in rest if token.text not in words.UNTIL_WORDS]
    if not said:
        return Away(None)
    moment = moment_at(said, 0)
    if moment is None or moment.after < len(said):
        return Why.AWAY_WHEN
    return Away(moment.wall, moment.either_half)


def _own(rest: Tokens) -> Reading:
    letter = _only_letter(rest)
    return letter if isinstance(letter, Why) else Own(letter)


def _pass(rest: Tokens) -> Reading:
    letter = _only_letter(rest)
    return letter if isinstance(letter, Why) else Pass(letter)


def _only_letter(rest: Tokens) -> str | Why | None:
    if len(rest) > 1 or not all(_is_letter(token) for token in rest):
        return Why.NOT_ALONE
    return rest[0].text.upper() if rest else None


def _safe(rest: Tokens) -> Reading:
    found = _letter_and_pin(rest, _PIN_FILLERS)
    return found if isinstance(found, Why) else Safe(*found)


def _false_alarm(rest: Tokens) -> Reading:
    found = _letter_and_pin(rest, _PIN_FILLERS | {"alarm"})
    return found if isinstance(found, Why) else FalseAlarm(*found)


def _letter_and_pin(rest: Tokens, fillers: frozenset[str]) -> tuple[str | None, str | None] | Why:
    given = _given(rest, fillers)
    if given is None or given.spans or given.clocks or len(given.letters) > 1:
        return Why.NOT_ALONE
    pin = _joined_pin(given.numbers, apart=given.apart)
    if isinstance(pin, Why):
        return pin
    return (given.letters[0] if given.letters else None), pin


_READERS: dict[str, Callable[[Tokens], Reading]] = {
    "ok": _ok,
    "done": _done,
    "more": _more,
    "home": _home,
    "away": _away,
    "back": _back,
    "1": _own,
    "2": _pass,
    "safe": _safe,
    "false": _false_alarm,
}
