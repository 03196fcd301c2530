"""Practising an SOS: the same bar, the same feel, and nobody is told."""

from kivy.properties import BooleanProperty

from mobile.ports import Pattern
from mobile.ui.kit.page import Page


class PracticePage(Page):
    """While it is shown, the bar calls nobody."""

    done = BooleanProperty(False)

    def held(self) -> None:
        """Held long enough."""
        self.app.phone.ports.haptics.play(Pattern.DONE)
        self.done = True
