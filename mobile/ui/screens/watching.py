"""Whom she looks after: alarms first."""

from kivy.properties import ObjectProperty

from mobile.ui.kit.basic import Stack, Tap
from mobile.ui.kit.page import Page


class AlarmRow(Tap):
    """An alarm, to be opened."""

    item = ObjectProperty(None, allownone=True, rebind=True)
    page = ObjectProperty(None, rebind=True)

    def on_release(self) -> None:
        """Open it."""
        self.page.app.go("alarm", alarm=self.item.alarm)


class WatchRow(Stack):
    """A colleague who is out."""

    item = ObjectProperty(None, allownone=True, rebind=True)
    page = ObjectProperty(None, rebind=True)


class WatchingPage(Page):
    """Alarms, then visits, the one due first."""

    shows = "watching"

    def alarm_row(self) -> AlarmRow:
        """A row for one alarm more."""
        return AlarmRow(page=self)

    def watch_row(self) -> WatchRow:
        """A row for one visit more."""
        return WatchRow(page=self)
