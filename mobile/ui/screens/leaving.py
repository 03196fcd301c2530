"""Signing this phone out: what that means, before it is done."""

from typing import Any

from mobile.ui.kit.page import Page


class LeavingPage(Page):
    """Ends at the screen on which a phone is made somebody's."""

    shows = "leaving"

    def open(self) -> None:
        """It says how things stand now."""
        self.model.open()
        super().open()

    def take(self, state: Any) -> None:
        """Once it is nobody's, on to the beginning."""
        super().take(state)
        if state.done:
            self.app.later(self.app.home)
