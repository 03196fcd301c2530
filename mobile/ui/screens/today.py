"""Where she is going: a visit starts in two taps."""

from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty

from mobile.ui.kit.basic import Stack, Tap
from mobile.ui.kit.page import Page


class PlaceRow(Stack):
    """A place; the first tap opens it, the second starts the visit."""

    item = ObjectProperty(None, allownone=True, rebind=True)
    page = ObjectProperty(None, rebind=True)
    is_open = BooleanProperty(False)
    sure = BooleanProperty(False)

    def on_is_open(self, *_: object) -> None:
        """Opened anew, it asks anew."""
        self.sure = False

    def other(self) -> None:
        """What else can be done with it: a planned one is called off, by a second tap, for that
        cannot be undone; any other is begun with other choices."""
        if not self.item.visit:
            self.page.change(self.item)
        elif self.sure:
            self.page.model.cancel(self.item.visit)
        else:
            self.sure = True

    @staticmethod
    def other_words(item: Any, sure: bool) -> str:
        """The key for that."""
        if not item.visit:
            return "Change something first"
        return "Tap again to call it off" if sure else "Call it off"


class RunningRow(Tap):
    """A visit she is on, to be opened."""

    item = ObjectProperty(None, allownone=True, rebind=True)
    page = ObjectProperty(None, rebind=True)

    def on_release(self) -> None:
        """Open it."""
        self.page.look(self.item.visit)


class TodayPage(Page):
    """The screen of every day."""

    shows = "today"
    open_place = ObjectProperty(None, allownone=True)

    def row(self) -> PlaceRow:
        """A row for one place more."""
        return PlaceRow(page=self)

    def choose(self, item: Any) -> None:
        """The first tap; on an open row it closes it."""
        self.open_place = None if self.open_place == item.place else item.place

    def start(self, item: Any) -> None:
        """The second tap. A plan for another day is not used up by it."""
        start = partial(self.model.start, item.place, item.minutes)
        if item.visit and not item.keeps:
            start = partial(self.model.start_planned, item.visit)
        if self.state.asks_pin:
            self.app.ask_pin("Type your PIN", start, f"{self.state.leaves}.")
        else:
            start()

    def begin(self, kind: str = "visit", **given: Any) -> None:
        """To the screen on which one of this kind is chosen, afresh."""
        self.app.phone.starting.reset(kind=kind, **given)
        self.app.go("start")

    def change(self, item: Any) -> None:
        """The same place, with other choices."""
        self.begin(place=item.place, minutes=item.minutes)

    def running_row(self) -> RunningRow:
        """A row for one visit more that she is on."""
        return RunningRow(page=self)

    def look(self, visit: str) -> None:
        """At one that she is on."""
        self.app.phone.visit.choose(visit)
        self.app.go("visit")

    def back(self) -> bool:
        """An open row is closed first."""
        was_open, self.open_place = self.open_place is not None, None
        return was_open

    @staticmethod
    def watching_words(state: Any) -> str:
        """What there is to look after."""
        if not state.watching:
            return "Nobody just now"
        people = "1 colleague" if state.watching == 1 else f"{state.watching} colleagues"
        return f"{people} out now"
