"""Asks for a PIN. Whatever is typed, it looks and takes the same: it knows of no right or wrong."""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

LEAST, MOST = 4, 6


class PinPad(BoxLayout):
    """Dispatches `on_pin` with four to six digits, or `on_leave`."""

    title = StringProperty("Type your PIN")
    message = StringProperty("")
    hint = StringProperty("")
    typed = NumericProperty(0)
    ready = BooleanProperty(False)
    __events__ = ("on_pin", "on_leave", "on_press")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._digits = ""

    def type(self, digit: str) -> None:
        """One more digit; more than six are not taken."""
        self.dispatch("on_press")
        self._become((self._digits + digit)[:MOST])

    def rub_out(self) -> None:
        """One digit less."""
        self.dispatch("on_press")
        self._become(self._digits[:-1])

    def finish(self) -> None:
        """Hand it over and forget it; too few digits are not handed over."""
        if not self.ready:
            return
        digits = self._digits
        self._become("")
        self.dispatch("on_pin", digits)

    def clear(self) -> None:
        """Forget what was typed."""
        self._become("")

    def _become(self, digits: str) -> None:
        self._digits = digits
        self.typed = len(digits)
        self.ready = len(digits) >= LEAST

    def on_pin(self, digits: str) -> None:
        """It was typed."""

    def on_leave(self) -> None:
        """Not now."""

    def on_press(self) -> None:
        """A key was pressed."""
