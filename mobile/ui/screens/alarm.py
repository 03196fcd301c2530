"""One alarm: take charge, ring, say how it ended."""

from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from mobile.core import words
from mobile.core.show_watch import LONGEST_ALARM_NOTE
from mobile.ui.kit.page import Page


class AlarmPage(Page):
    """Follows one alarm of those she was told of; goes back when it has ended."""

    shows = "watching"
    alarm = StringProperty("")
    item = ObjectProperty(None, allownone=True, rebind=True)
    ending = BooleanProperty(False)
    too_long = StringProperty("")

    @classmethod
    def of(cls, app: Any, **given: Any) -> Any:
        """None where it has ended meanwhile."""
        state = app.phone.watching.update(app.phone.facts())
        item = _find(state, given["alarm"])
        return None if item is None else super().of(app, item=item, **given)

    def take(self, state: Any) -> None:
        """The alarm as it is now; once it has ended there is nothing to show here."""
        super().take(state)
        found = _find(state, self.alarm)
        if found is None:
            self.app.later(self._gone)
        else:
            self.item = found

    def _gone(self) -> None:
        if self.app.frame.page is self:
            self.ending = False
            self.app.back()

    def back(self) -> bool:
        """From the ways it may end back to what to do."""
        was_ending = bool(self.ending)
        self.ending = False
        return was_ending

    @staticmethod
    def advice(item: Any) -> str:
        """What to do, after the key that rings her; it stands first, and in words if it cannot."""
        name = words.first(item.name)
        if item.silent:
            where = "give them the address" if item.place else f"say where {name} may be"
            return f"{name} may be in danger: ring 999 and {where}."
        ring_first = "" if item.ring else f"Ring {name}. "
        return f"{ring_first}If {name} does not answer, go there with somebody, or ring 999."

    @staticmethod
    def first(item: Any) -> str:
        """What a colleague is called."""
        return words.first(item.name)

    @staticmethod
    def ring_words(item: Any, ending: bool) -> str:
        """The key that rings her: in reach of the thumb once one acts; '' where she must not be."""
        return f"Ring {words.first(item.name)}" if item.ring and not ending else ""

    @staticmethod
    def take_words(item: Any) -> str:
        """The key that takes charge; of somebody who has it, by name."""
        if item.mine or item.pending:
            return ""
        return f"Take over from {words.first(item.owner)}" if item.taken else "I take charge"

    def own(self) -> None:
        """I take charge, from whoever has it."""
        self.model.own(self.alarm, take_over=bool(self.item.taken))

    def write(self) -> None:
        """What she did; it also says that she is still at it."""
        text = self.ids.note.text.strip()
        self.too_long = words.LONG_ALARM_NOTE if len(text) > LONGEST_ALARM_NOTE else ""
        if text and not self.too_long and self.model.note(self.alarm, text):
            self.ids.note.text = ""

    def end(self, outcome: str, on_for_min: int | None = None) -> None:
        """It is over; with her own PIN, if she has one. Or the watch goes on for some minutes."""
        self.ending = False
        resolve = partial(self.model.resolve, self.alarm, outcome, on_for_min=on_for_min)
        if self.app.phone.has_pins:
            self.app.ask_pin("Your own PIN, to end it", resolve)
        else:
            resolve()


def _find(state: Any, alarm: str) -> Any:
    return next((each for each in state.alarms if each.alarm == alarm), None)
