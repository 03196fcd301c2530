"""Being away for a while, and back."""

from mobile.ui.kit.page import Page


class AwayPage(Page):
    """Says what being away means, and changes it."""

    shows = "away"

    def typed(self) -> None:
        """Until the time that stands in the field."""
        if self.model.until(self.ids.until.text):
            self.ids.until.text = ""
