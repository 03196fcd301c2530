"""Setting both PINs, one step after another."""

from typing import Any

from mobile.ports import Pattern
from mobile.ui.kit.page import Page


class PinsPage(Page):
    """Goes back once they are set."""

    shows = "pins"

    def open(self) -> None:
        """Begin afresh."""
        self.model.open()
        super().open()

    def take(self, state: Any) -> None:
        """Back, once they are set."""
        super().take(state)
        if state.step == "done" and self.app.frame.page is self:
            self.app.later(self.app.back)

    def feel(self) -> None:
        """A key was pressed."""
        self.app.phone.ports.haptics.play(Pattern.TICK)
