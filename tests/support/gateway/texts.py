"""The words that pass between a phone and the service."""

from datetime import datetime
from typing import Literal, Self

Via = Literal["message", "answer"]


class Text(str):
    """A text on a phone's screen: a string that knows when and how it came."""

    __slots__ = ("at", "monotonic_s", "number", "sid", "via")
    sid: str
    number: str
    at: datetime
    monotonic_s: float
    via: Via

    @classmethod
    def made(
        cls, body: str, *, sid: str, number: str, at: datetime, monotonic_s: float, via: Via
    ) -> Self:
        """`body` as it came to `number` at that time, sent by us or in answer to its own text."""
        text = cls(body)
        text.sid, text.number, text.via = sid, number, via
        text.at, text.monotonic_s = at, monotonic_s
        return text


class Answer(str):
    """What the server answered to a text: its texts, one a line; knows status and sid."""

    __slots__ = ("sid", "status", "texts")
    sid: str
    status: int
    texts: list[str]

    @classmethod
    def made(cls, texts: list[str], *, sid: str, status: int) -> Self:
        """The answer to the text `sid`."""
        answer = cls("\n".join(texts))
        answer.sid, answer.status, answer.texts = sid, status, texts
        return answer


def holds(text: str, fragments: tuple[str, ...]) -> bool:
    """Whether all fragments are in the text, in any case."""
    return all(fragment.casefold() in text.casefold() for fragment in fragments)


def quote(texts: list[Text]) -> str:
    """The texts as a failing test names them."""
    return ", ".join(map(repr, map(str, texts))) or "nothing"
