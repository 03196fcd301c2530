"""What an inbound text can mean: one frozen dataclass per command (contract, section 6)."""

from dataclasses import dataclass
from enum import StrEnum

WallTime = tuple[int, int]


class Why(StrEnum):
    """Why a text was not understood, as the sentence its sender may be told."""

    NOTHING = "Thank you for writing."
    REACTION = "A reaction cannot be read; send a word."
    TWO_AT_ONCE = "One thing at a time, please."
    NOT_ALONE = "Send just the word, with its number if it has one, and nothing else."
    DOUBT = "That was not clear, so nothing has changed."
    PIN_LENGTH = "A PIN has 4 to 6 digits."
    HOME_HOW = "Send HOME 60 to set out, HOME and your PIN when you are there."
    AWAY_WHEN = "Until when? Send AWAY 18:00."
    NO_TIME = "There is no such time, so nothing has begun."
    HOW_TO_END = "To finish a visit send DONE."
    GATEWAY_WORD = "That word does nothing here."
    UNKNOWN = "Not understood."
    UNKNOWN_TOLD = "Not understood. 1 takes charge, 2 passes it on."


@dataclass(frozen=True)
class Visit:
    """A visit begins: for `minutes`, or `until` a wall clock time, or, with neither, ask how long.

    `either_half`: the time was said without morning or evening ('2:30'); the nearer one is meant.
    `doubt`: the text also says 'not' or the like. The watch begins all the same, but it is no
    sign of life: it must not end or move another visit.
    """

    minutes: int | None
    until: WallTime | None
    place: str
    pin: str | None = None
    either_half: bool = False
    doubt: bool = False

    @property
    def asks_how_long(self) -> bool:
        """Whether the answer has to ask how long, because the text does not say."""
        return self.minutes is None and self.until is None


@dataclass(frozen=True)
class Home:
    """The way home: `minutes` begin it, a `pin` ends it; bare, it ends one that is open."""

    minutes: int | None = None
    pin: str | None = None


@dataclass(frozen=True)
class Ok:
    """A check-in, for all her open visits."""


@dataclass(frozen=True)
class More:
    """More time. Without minutes it asks 'How many minutes?', moves nothing, tries no PIN."""

    minutes: int | None = None
    pin: str | None = None

    @property
    def asks_minutes(self) -> bool:
        """Whether the answer has to ask for the minutes."""
        return self.minutes is None


@dataclass(frozen=True)
class Done:
    """The visit due first is over."""

    pin: str | None = None


@dataclass(frozen=True)
class Sos:
    """Alarm now. `words`: all that was written, PINs masked."""

    words: str


@dataclass(frozen=True)
class Help:
    """From a worker an SOS; from someone told of an alarm, with no visit of her own, a question.

    `words`: all that was written, PINs masked.
    """

    words: str


@dataclass(frozen=True)
class Status:
    """What does the server believe, and who would be told?"""


@dataclass(frozen=True)
class Away:
    """Absent until a wall clock time; without one, ask until when. `either_half` as in Visit."""

    until: WallTime | None
    either_half: bool = False


@dataclass(frozen=True)
class Back:
    """No longer absent."""


@dataclass(frozen=True)
class Own:
    """A told person takes charge of the alarm with that letter, or of the only one."""

    letter: str | None = None


@dataclass(frozen=True)
class Pass:
    """A told person passes the alarm on."""

    letter: str | None = None


@dataclass(frozen=True)
class Safe:
    """She is safe: resolves an alarm, or stands down one's own, with one's own PIN."""

    letter: str | None = None
    pin: str | None = None


@dataclass(frozen=True)
class FalseAlarm:
    """It was a false alarm: as Safe."""

    letter: str | None = None
    pin: str | None = None


@dataclass(frozen=True)
class Stop:
    """A gateway's opt-out word: nothing more reaches this number by text."""


@dataclass(frozen=True)
class Unclear:
    """Not understood, never a sign of life. `text`: all that was written, PINs masked."""

    text: str
    why: Why


Command = (
    Visit | Home | Ok | More | Done | Sos | Help | Status | Away | Back
    | Own | Pass | Safe | FalseAlarm | Stop | Unclear
)  # fmt: skip
