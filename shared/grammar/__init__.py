"""Inbound texts: `parse` gives the one command a text is, `mask` what of it may be kept.

Contract, section 6. Pure: no clock, no database. The rules, in the order they are asked:

1. A phone's reaction to a text of ours ('Liked ...', our text in quotes) says nothing: Unclear.
2. SOS as a word anywhere, however typed, beats everything else in the text; then HELP. From
   someone who was told of no alarm, a text that is only 999, 112 or 911 is an SOS too.
3. A gateway's opt-out word counts alone, as it does for the gateway: 'stop please' is no STOP.
4. VISIT and STATUS may stand in a sentence. See `shared.grammar.visits` for how long and where.
5. All others are the whole message, but for greetings, thanks, signatures, punctuation, case,
   spaces and friendly pictures. A 'not' in English or Welsh, any other word, a picture that
   nobody should have to guess at, or a second command make the text Unclear.

Nothing here guesses at a sign of life: the slips of the thumb that are read as meant are those
of SOS, HELP, VISIT and STATUS, which only ever put more eyes on somebody.
"""

from shared.grammar import distress
from shared.grammar.commands import (
    Away,
    Back,
    Command,
    Done,
    FalseAlarm,
    Help,
    Home,
    More,
    Ok,
    Own,
    Pass,
    Safe,
    Sos,
    Status,
    Stop,
    Unclear,
    Visit,
    WallTime,
    Why,
)
from shared.grammar.fold import Token, clean, fold
from shared.grammar.masking import MASK, mask, possible_pins
from shared.grammar.orders import LETTERS, commands_in, read_order
from shared.grammar.phrases import core
from shared.grammar.visits import PLACE_CHARS, read_visit, visit_at
from shared.grammar.words import STATUS_SPELLINGS, STOP_PHRASES, STOP_WORDS

__all__ = [
    "LETTERS",
    "MASK",
    "PLACE_CHARS",
    "USAGE",
    "USAGE_TOLD",
    "Away",
    "Back",
    "Command",
    "Done",
    "FalseAlarm",
    "Help",
    "Home",
    "More",
    "Ok",
    "Own",
    "Pass",
    "Safe",
    "Sos",
    "Status",
    "Stop",
    "Unclear",
    "Visit",
    "WallTime",
    "Why",
    "mask",
    "parse",
    "possible_pins",
]

# No gateway hands over more; what is longer is searched for SOS and HELP only.
MOST_CHARS = 1600

# One text each. What a worker gets never says alarm, safety, client or danger.
USAGE = (
    "Send VISIT 45 12 High St, OK, MORE 15, DONE, HOME 60, STATUS, AWAY 18:00, BACK or SOS. "
    "A PIN goes last: DONE 4821."
)
USAGE_TOLD = (
    "Reply 1 to take charge, 2 to pass it on. Once you know: SAFE or FALSE and your own PIN. "
    "If several, add the letter: 1 B."
)


def parse(text: str, told: bool = False) -> Command:
    """Give the command that `text` is; Unclear, with the reason, where it is none. Never raises.

    `told`: the sender was told of an alarm that is not resolved. It changes two things only: a
    bare 999 is then advice, not a cry for help, and what is not understood says how to reply.
    """
    if distress.is_reaction(text):
        return _unclear(text, Why.REACTION)
    if distress.has_sos(text):
        return Sos(mask(clean(text)))
    if distress.has_help(text):
        return Help(mask(clean(text)))
    if len(text) > MOST_CHARS:
        return _unclear(text, Why.UNKNOWN)
    tokens = fold(text).tokens()
    if _is_stop(tokens):
        return Stop()
    meant = core(tokens)
    if not told and distress.is_emergency_number([token.text for token in meant]):
        return Sos(mask(clean(text)))
    command = _read(text, tokens, meant)
    if isinstance(command, Why):
        return _unclear(text, _for_told(command) if told else command)
    return command


def _read(text: str, tokens: list[Token], meant: list[Token]) -> Command | Why:
    asks_status = any(token.text in STATUS_SPELLINGS for token in meant)
    if visit_at(tokens) >= 0:
        visit = read_visit(text, tokens)
        length_said = isinstance(visit, Visit) and not visit.asks_how_long
        if length_said or not asks_status or commands_in(meant) != {"visit", "status"}:
            return visit
    if asks_status and commands_in(meant) <= {"visit", "status"}:
        return Status()
    return read_order(meant)


def _is_stop(tokens: list[Token]) -> bool:
    said = tuple(token.text for token in tokens)
    return said in STOP_PHRASES or (len(said) == 1 and said[0] in STOP_WORDS)


def _for_told(why: Why) -> Why:
    return Why.UNKNOWN_TOLD if why in {Why.UNKNOWN, Why.GATEWAY_WORD} else why


def _unclear(text: str, why: Why) -> Unclear:
    return Unclear(mask(clean(text)), why)
