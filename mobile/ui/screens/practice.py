"""Practising an SOS: the same bar, the same feel, and nobody is told."""

from kivy.clock import Clock
from kivy.properties import BooleanProperty

from mobile.ports import Pattern
from mobile.ui.kit.page import Page

LASTS_S = 60.0
"""Then the bar is in earnest again, for whoever put the phone away in the middle of it."""


class PracticePage(Page):
    """While it is shown, the bar calls nobody and says so."""

    bar = "PRACTICE: hold the bar"
    done = BooleanProperty(False)

    def open(self) -> None:
        """It begins."""
        super().open()
        self.ends = Clock.schedule_once(lambda _: self.app.stop_practising(), LASTS_S)

    def leave(self) -> None:
        """It is over."""
        self.ends.cancel()
        super().leave()

    def held(self) -> None:
        """Held long enough."""
        self.app.phone.ports.haptics.play(Pattern.DONE)
        self.done = True
