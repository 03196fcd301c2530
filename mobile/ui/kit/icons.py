"""Icons by what they mean. Each stands beside a word, never alone, but for 'back' and 'rub out'."""

from pathlib import Path

from kivy.core.text import LabelBase

FONT = "wayhome-icons"
FILE = Path(__file__).parents[1] / "fonts" / "wayhome-icons.ttf"
GLYPHS = {
    "shield-check": 0xF0565,
    "shield-clock": 0xF0955,
    "shield-off": 0xF099E,
    "bell": 0xF009E,
    "back": 0xF004D,
    "onward": 0xF0142,
    "me": 0xF0009,
    "history": 0xF02DA,
    "done": 0xF012C,
    "yes": 0xF05E0,
    "away": 0xF0156,
    "plus": 0xF0415,
    "call": 0xF03F2,
    "text": 0xF0369,
    "place": 0xF034E,
    "time": 0xF0150,
    "rub-out": 0xF006E,
    "scan": 0xF0433,
    "problem": 0xF0028,
    "notice": 0xF02FC,
    "waiting": 0xF04E6,
    "undo": 0xF054C,
    "not-yet": 0xF0766,
    "watching": 0xF0420,
    "loud": 0xF057E,
    "quiet": 0xF0581,
    "hand": 0xF0E47,
    "locked": 0xF033E,
    "help": 0xF087E,
    "look": 0xF050E,
}


def register() -> None:
    """Make the font known to Kivy; once is enough."""
    LabelBase.register(FONT, str(FILE))


def glyph(name: str) -> str:
    """The icon's character; '' for no icon."""
    return chr(GLYPHS[name]) if name else ""
