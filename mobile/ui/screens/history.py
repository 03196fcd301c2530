"""What is over."""

from kivy.properties import ObjectProperty

from mobile.ui.kit.basic import Stack
from mobile.ui.kit.page import Page


class PastRow(Stack):
    """A visit that is over."""

    item = ObjectProperty(None, allownone=True, rebind=True)


class HistoryPage(Page):
    """At once what this phone remembers, then what the server says."""

    shows = "history"

    def open(self) -> None:
        """Ask anew each time."""
        super().open()
        self.model.open()

    def row(self) -> PastRow:
        """A row for one visit more."""
        return PastRow()
