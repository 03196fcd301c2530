"""What a text says once greetings, thanks and signatures are taken away."""

from collections.abc import Sequence

from shared.grammar import words
from shared.grammar.fold import Kind, Token


def core(tokens: Sequence[Token]) -> list[Token]:
    """Give the tokens between greetings and thanks, without 'Sent from my phone'."""
    meant = without_signature(tokens)
    while length := _greeting_length(meant, from_end=False):
        del meant[:length]
    while length := _greeting_length(meant, from_end=True):
        del meant[-length:]
    return _joined_ok(meant)


def without_signature(tokens: Sequence[Token]) -> list[Token]:
    """Give the tokens before a phone's own signature; only names of devices may stand in one."""
    for at in range(len(tokens) - 1):
        if (tokens[at].text, tokens[at + 1].text) in words.SIGNATURES and _is_device(
            tokens[at + 2 :]
        ):
            return list(tokens[:at])
    return list(tokens)


def _is_device(tokens: Sequence[Token]) -> bool:
    """Whether these can be the name of a device: a PIN or a plea behind a signature is none."""
    return bool(tokens) and all(
        token.text in words.DEVICE_WORDS or (token.text.isdecimal() and len(token.text) <= 2)
        for token in tokens
        if token.kind is not Kind.SIGN
    )


def _greeting_length(tokens: Sequence[Token], *, from_end: bool) -> int:
    """Give how many tokens at that end are a greeting or thanks."""
    for phrase in words.GREETINGS:
        edge = tokens[-len(phrase) :] if from_end else tokens[: len(phrase)]
        if tuple(token.text for token in edge) == phrase:
            return len(phrase)
    return 0


def _joined_ok(tokens: list[Token]) -> list[Token]:
    """Take 'o.k.' for one word."""
    if [token.text for token in tokens] == ["o", "k"]:
        return [Token("ok", Kind.WORD, tokens[0].start, tokens[1].end)]
    return tokens
