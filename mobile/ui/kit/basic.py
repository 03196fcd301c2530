"""The smallest parts: words that grow with the text, a column, a card, a key to press."""

from collections.abc import Callable
from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.metrics import dp, sp
from kivy.properties import (
    BooleanProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.label import Label
from kivy.uix.layout import Layout
from kivy.utils import escape_markup

from mobile.ui.kit.icons import FONT, glyph
from mobile.ui.kit.press import Press


class Words(Label):
    """Words on as many lines as they need; none take no room. `tone`: a token of the theme."""

    tone = StringProperty("text")
    size_sp = NumericProperty(18)


class FitWords(Label):
    """One line, as large as its width allows, between `least_dp` and `most_sp`. Digits change
    without changing the size."""

    tone = StringProperty("text")
    most_sp = NumericProperty(64)
    least_dp = NumericProperty(18)

    def __init__(self, **given: Any) -> None:
        self._fitted: tuple[str, float, float] | None = None
        super().__init__(**given)
        self.bind(text=self._fit, width=self._fit, most_sp=self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        widest = "".join("0" if each.isdigit() else each for each in self.text)
        least = dp(self.least_dp)
        size = max(sp(self.most_sp), least)
        room = self.width - self.padding[0] - self.padding[2]
        wanted = (widest, size, room)
        if wanted == self._fitted:
            return
        self._fitted = wanted
        extent = self._extent(widest, size)
        if extent > room:
            # About as much smaller as it is too wide; then by steps, for letters are whole pixels.
            size = max(least, float(int(size * room / extent) + 1))
            while size > least and self._extent(widest, size) > room:
                size -= dp(1)
        self.font_size = max(size, least)

    def _extent(self, text: str, size: float) -> float:
        label = CoreLabel(font_size=size, font_name=self.font_name, bold=self.bold)
        return float(label.get_extents(text)[0])


class Icon(Label):
    """An icon beside words. It grows with the text as far as its own place goes, and takes no more
    of that: on a narrow screen a word of twice the size would no longer fit beside it."""

    icon = StringProperty("")
    tone = StringProperty("text")
    size_dp = NumericProperty(28)

    def picture(self, name: str) -> str:
        """The character to show."""
        return glyph(name)


class Stack(Layout):
    """A column in which what has no height takes no room, not even a gap. It is as high as it has
    to be."""

    padding = ListProperty([0, 0, 0, 0])
    spacing = NumericProperty(0)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        again = self._trigger_layout
        for name in ("children", "pos", "width", "padding", "spacing"):
            self.fbind(name, again)

    def do_layout(self, *_: object) -> None:
        left, top, right, bottom = self.padding
        shown = [each for each in reversed(self.children) if each.height > 0]
        gaps = self.spacing * max(0, len(shown) - 1)
        total = sum(each.height for each in shown) + gaps
        self.height = total + top + bottom if shown else 0
        # A ground of no height is not drawn anew: what was there before would stay to be seen.
        self.opacity = 1 if shown else 0
        y = self.top - top
        for each in reversed(self.children):
            each.x, each.width = self.x + left, max(0, self.width - left - right)
            if each.height > 0:
                each.top = y
                y -= each.height + self.spacing
            else:
                each.top = y

    def add_widget(self, widget: Any, *args: Any, **given: Any) -> None:
        widget.size_hint = (None, None)
        widget.fbind("height", self._trigger_layout)
        super().add_widget(widget, *args, **given)

    def remove_widget(self, widget: Any, *args: Any, **given: Any) -> None:
        widget.funbind("height", self._trigger_layout)
        super().remove_widget(widget, *args, **given)


class Rows(Stack):
    """A part for each of `items`, made by `make`; those that stay are changed, not made anew, so
    that a finger on one is not lost."""

    items = ObjectProperty(())
    make: Callable[[], Any] | None = ObjectProperty(None, allownone=True)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.bind(items=self._fill, make=self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        if self.make is None:
            return
        parts = list(reversed(self.children))
        for part in parts[len(self.items) :]:
            self.remove_widget(part)
        for part, item in zip(parts, self.items, strict=False):
            part.item = item
        for item in self.items[len(parts) :]:
            part = self.make()
            part.item = item
            self.add_widget(part)


class Card(Stack):
    """A column on a ground of its own, edged where `edge` is a token."""

    fill = StringProperty("raised")
    edge = StringProperty("")
    edge_dp = NumericProperty(2)


class Key(Press, Label):
    """Something to press: an icon and words, never an icon alone. Without words it is not there."""

    words = StringProperty("")
    icon = StringProperty("")
    fill = StringProperty("quiet")
    tone = StringProperty("on_quiet")
    edge = StringProperty("")
    size_sp = NumericProperty(18)
    least_dp = NumericProperty(56)
    pad_dp = NumericProperty(12)
    fits = BooleanProperty(False)
    chosen = BooleanProperty(False)

    def marked(self, words: str, icon: str) -> str:
        """Words and icon as one line of markup."""
        if not icon:
            return str(escape_markup(words))
        picture = f"[font={FONT}]{glyph(icon)}[/font]"
        return f"{picture}  {escape_markup(words)}" if words else picture


class MainKey(Key):
    """The one thing to do here."""


class Tap(Press, Stack):
    """A whole row to press."""

    fill = StringProperty("raised")
    edge = StringProperty("")
    words = StringProperty("")
