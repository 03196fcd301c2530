"""The PIN pad as a screen, for whatever asks for a PIN."""

from collections.abc import Callable
from typing import Any

from kivy.properties import ObjectProperty, StringProperty

from mobile.ports import Pattern
from mobile.ui.kit.page import Page


class PinPage(Page):
    """Hands on what was typed, and goes back; the same for every PIN."""

    title = StringProperty("")
    message = StringProperty("")
    then: Callable[[str], Any] = ObjectProperty(None)

    def typed(self, digits: str) -> None:
        """It was typed."""
        self.app.back()
        self.then(digits)

    def feel(self) -> None:
        """A key was pressed."""
        self.app.phone.ports.haptics.play(Pattern.TICK)
