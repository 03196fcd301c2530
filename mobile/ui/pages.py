"""Which screen is which; each is loaded when it is first shown, so that the first comes at once."""

from importlib import import_module
from pathlib import Path
from typing import Any

from kivy.lang import Builder

UI = Path(__file__).parent
KIT = ("basic", "page", "hold", "pinpad")
PAGES = {
    "enrol": "EnrolPage",
    "today": "TodayPage",
    "start": "StartPage",
    "visit": "VisitPage",
    "watching": "WatchingPage",
    "alarm": "AlarmPage",
    "help": "HelpPage",
    "history": "HistoryPage",
    "away": "AwayPage",
    "me": "MePage",
    "leaving": "LeavingPage",
    "pins": "PinsPage",
    "pin": "PinPage",
    "practice": "PracticePage",
}
_loaded: set[str] = set()


def load_kit() -> None:
    """Make the kit's rules known, once."""
    for name in KIT:
        import_module(f"mobile.ui.kit.{name}")
        _load(UI / "kit" / f"{name}.kv")
    _load(UI / "frame.kv")


def page_class(name: str) -> Any:
    """The class of a screen, with its rules."""
    module = import_module(f"mobile.ui.screens.{name}")
    _load(UI / "screens" / f"{name}.kv")
    return getattr(module, PAGES[name])


def _load(file: Path) -> None:
    if str(file) not in _loaded:
        _loaded.add(str(file))
        Builder.load_file(str(file))
