"""Herself, this phone, and whether it can do its part."""

from typing import Any

from kivy.properties import ObjectProperty

from mobile.core.state import Pick
from mobile.ui.kit.basic import Stack
from mobile.ui.kit.page import Page

SIZES = ((1.0, "Normal"), (1.3, "Large"), (1.6, "Larger"), (2.0, "Largest"))
THEMES = (("system", "As the phone"), ("light", "Light"), ("dark", "Dark"))
LOUDNESS = (("discreet", "Silent"), ("loud", "Loud"))


class CheckRow(Stack):
    """A sentence about this phone; where it does not hold, a key that asks for what it needs."""

    item = ObjectProperty(None, allownone=True, rebind=True)
    page = ObjectProperty(None, rebind=True)


class MePage(Page):
    """Preferences and the self-check."""

    shows = "me"

    def sizes(self, state: Any) -> tuple[Pick, ...]:
        """How large the text may be."""
        return tuple(Pick(str(size), said, size == state.text_scale) for size, said in SIZES)

    def themes(self, state: Any) -> tuple[Pick, ...]:
        """Light or dark."""
        return tuple(Pick(key, said, key == state.theme) for key, said in THEMES)

    def loudness(self, state: Any) -> tuple[Pick, ...]:
        """What an SOS sounds like."""
        chosen = "loud" if state.loud else "discreet"
        return tuple(Pick(key, said, key == chosen) for key, said in LOUDNESS)

    def check_row(self) -> CheckRow:
        """A row for one check more."""
        return CheckRow(page=self)

    def prefer(self, name: str, value: Any) -> None:
        """Remember it, and wear it at once."""
        self.app.prefer(name, value)
