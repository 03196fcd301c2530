"""What every screen is: a head with the way back, what scrolls, and what stays at its foot."""

from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.scrollview import ScrollView
from kivy.uix.textinput import TextInput

from mobile.core.cover import Cover, CoverState
from mobile.core.state import Strip
from mobile.ui.kit.basic import Key, Rows, Stack

MOST_IN_A_ROW = 4
NO_COVER = Cover(CoverState.COVERED, "", "", "")
"""What is shown until it is said what is: nothing."""


class Head(BoxLayout):
    """Title and way back; the root has none."""

    title = StringProperty("")
    goes_back = BooleanProperty(True)
    back: Callable[[], None] = ObjectProperty(lambda: None)


class Body(Stack):
    """The column of a screen that scrolls when it has to."""


class Foot(Stack):
    """What stays in reach of the thumb: never in what scrolls, where a touch comes late."""


class Page(BoxLayout):
    """One screen, bound one way to its view model's state. `app` offers ways to other screens."""

    app = ObjectProperty(None, rebind=True)
    model = ObjectProperty(None, rebind=True)
    state = ObjectProperty(None, allownone=True, rebind=True)

    bar = "SOS: hold for help"
    """What the bar under it says."""
    shows = ""
    """The name of the view model it shows; '' where it needs none."""

    def __init__(self, **given: Any) -> None:
        self._end: Callable[[], None] = lambda: None
        super().__init__(**given)

    @classmethod
    def of(cls, app: Any, **given: Any) -> Any:
        """The screen with what is known now; None where there is nothing to show."""
        if not cls.shows:
            return cls(app=app, **given)
        model = getattr(app.phone, cls.shows)
        state = model.update(app.phone.facts())
        return None if state is None else cls(app=app, model=model, state=state, **given)

    def open(self) -> None:
        """It is shown: from now on it follows its state."""
        if self.model is not None:
            self._end = self.model.subscribe(self.take)

    def leave(self) -> None:
        """It is no longer shown."""
        self._end()

    def take(self, state: Any) -> None:
        """A new state; None leaves what is shown until another screen takes its place."""
        if state is not None:
            self.state = state

    def back(self) -> bool:
        """The way back was pressed; True where the screen itself went a step back."""
        return False


class SignedOut(Stack):
    """This phone is signed out, and the key that mends it; nothing where `words` is empty."""

    words = StringProperty("")
    app = ObjectProperty(None, rebind=True)


class Notices(Stack):
    """What must be said on every screen: signed out, notices, what waits, what was refused."""

    strip = ObjectProperty(Strip(NO_COVER), rebind=True)
    app = ObjectProperty(None, rebind=True)
    without_alarm = BooleanProperty(False)
    without_signed_out = BooleanProperty(False)
    without_sos = BooleanProperty(False)

    @staticmethod
    def problem_row() -> Stack:
        """A row for one more."""
        return ProblemRow()


class ProblemRow(Stack):
    """Something refused, until she has read it."""

    item = ObjectProperty(None, allownone=True, rebind=True)

    @staticmethod
    def dismiss(key: str) -> None:
        """She has read it."""
        App.get_running_app().dismiss(key)

    @staticmethod
    def try_again(key: str) -> None:
        """She changes it and tries again."""
        App.get_running_app().try_again(key)


class Covering(Stack):
    """Shows one of the three states: by word, icon, shape and sentence."""

    cover = ObjectProperty(NO_COVER, rebind=True)

    @staticmethod
    def is_well(cover: Any) -> bool:
        """Whether it is covered, with no alarm out."""
        return _is_well(cover)

    @staticmethod
    def fill_of(cover: Any) -> str:
        """Quiet while all is well; what needs her eye takes it."""
        return "raised" if _is_well(cover) else _loud_fill(cover)

    @staticmethod
    def tone_of(cover: Any) -> str:
        """What is read on it."""
        return "text" if _is_well(cover) else f"on_{_loud_fill(cover)}"

    @staticmethod
    def mark_of(cover: Any) -> str:
        """Of its icon and word."""
        well = "text" if cover.sending else "covered"
        return well if _is_well(cover) else f"on_{_loud_fill(cover)}"


def _is_well(cover: Any) -> bool:
    """Nothing she has to do: covered and in time, or only just on its way."""
    return bool(cover.sending or (cover.state is CoverState.COVERED and not cover.calls))


def _loud_fill(cover: Any) -> str:
    return "not_covered" if cover.state is CoverState.NOT_COVERED else "last_known"


class CoverBanner(Covering):
    """In a card of its own."""


class CoverCard(Covering):
    """Round the time that is left: one look says both."""

    countdown = StringProperty("")
    left = StringProperty("")
    more = StringProperty("")


class ChainLine(BoxLayout):
    """One sentence of the safety chain or of a list of what is true. `strong`: larger, and what is
    not so yet stands out."""

    item = ObjectProperty(None, allownone=True, rebind=True)
    strong = BooleanProperty(False)


class Lines(Rows):
    """Sentences one under another, each ticked or not."""

    strong = BooleanProperty(False)

    def __init__(self, **given: Any) -> None:
        super().__init__(make=self._line, **given)

    def _line(self) -> ChainLine:
        line = ChainLine(strong=self.strong)
        self.fbind("strong", line.setter("strong"))
        return line


class Field(TextInput):
    """One line to type; not there where it is not `wanted`. While it is typed into it stays where
    it can be seen, however much of the screen a keyboard takes."""

    wanted = BooleanProperty(True)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._reveal = Clock.create_trigger(self._show, 0)

    def on_focus(self, _: Any, is_typed_into: bool) -> None:
        """Follow the part of the screen that scrolls for as long as she types."""
        scroll = self._scroll()
        if scroll is None:
            return
        if is_typed_into:
            scroll.bind(height=self._reveal)
            self._reveal()
        else:
            scroll.unbind(height=self._reveal)

    def _scroll(self) -> ScrollView | None:
        above = self.parent
        while above is not None and above is not above.parent:
            if isinstance(above, ScrollView):
                return above
            above = above.parent
        return None

    def _show(self, _: float) -> None:
        scroll = self._scroll()
        if scroll is not None and self.focus:
            scroll.scroll_to(self, padding=dp(8), animate=False)


class Chip(Key):
    """One of several; the chosen one is ticked as well as filled."""

    item = ObjectProperty(None, allownone=True, rebind=True)


class Chips(Stack):
    """Several of which one is chosen, in as few rows as there is room for, each filled from side to
    side. Dispatches `on_pick` with its key."""

    items = ObjectProperty(())
    each_sp = NumericProperty(96)
    __events__ = ("on_pick",)

    def do_layout(self, *_: object) -> None:
        parts = list(reversed(self.children))
        most = max(1, min(MOST_IN_A_ROW, int(self.width / sp(self.each_sp))))
        rows = [[parts.pop(0) for _ in range(share)] for share in shares(len(parts), most)]
        heights = [max(each.height for each in row) for row in rows]
        self.height = sum(heights) + self.spacing * max(0, len(rows) - 1)
        self.opacity = 1 if rows else 0
        top = self.top
        for row, height in zip(rows, heights, strict=True):
            self._fill_row(row, top)
            top -= height + self.spacing

    def _fill_row(self, row: list[Chip], top: float) -> None:
        width = (self.width - self.spacing * (len(row) - 1)) / len(row)
        for number, each in enumerate(row):
            each.x, each.width = self.x + number * (width + self.spacing), max(0, width)
            each.top = top

    def on_items(self, *_: object) -> None:
        parts = list(reversed(self.children))
        for part in parts[len(self.items) :]:
            self.remove_widget(part)
        for part, item in zip(parts, self.items, strict=False):
            part.item = item
        for item in self.items[len(parts) :]:
            chip = Chip(item=item)
            chip.bind(on_release=lambda one: self.dispatch("on_pick", one.item.key))
            self.add_widget(chip)

    def on_pick(self, key: str) -> None:
        """This one."""


def shares(count: int, most: int) -> list[int]:
    """How many stand in each row: as even as can be."""
    rows = -(-count // most)
    return [count // rows + (number < count % rows) for number in range(rows)]
