"""Something to press, and the finger that comes down twice."""

import time
from collections.abc import Callable
from typing import Any

from kivy.core.window import Window
from kivy.metrics import dp
from kivy.uix.behaviors import ButtonBehavior

SLIP_S = 1.0
SAME_SPOT_DP = 32


class Slips:
    """Knows the last press: where, when, and on what. `ticks`: seconds, as the phone counts."""

    def __init__(self) -> None:
        self.ticks: Callable[[], float] = time.monotonic
        self.count = 0
        self.forget()

    def forget(self) -> None:
        """As if nothing had been pressed lately."""
        self._key: tuple[int, str] | None = None
        self._spot, self._at = (0.0, 0.0), float("-inf")

    def pressed(self, key: "Press", touch: Any) -> None:
        """A finger came down on this."""
        self._key, self._spot, self._at = key.name(), _spot(touch), self.ticks()
        self.count += 1

    def is_slip(self, key: "Press", touch: Any) -> bool:
        """Whether this finger means what stood at the same spot a moment ago."""
        if not 0 <= self.ticks() - self._at < SLIP_S or key.since < self.count:
            return False
        moved = max(abs(a - b) for a, b in zip(self._spot, _spot(touch), strict=True))
        return moved < dp(SAME_SPOT_DP) and key.name() != self._key


def _spot(touch: Any) -> tuple[float, float]:
    """In the window, wherever what is touched has been scrolled to."""
    return touch.sx * Window.width, touch.sy * Window.height


slips = Slips()


class Press(ButtonBehavior):
    """What can be pressed. Where a key has changed, moved or come under the finger only since the
    last press, the second of two quick taps was meant for what stood there before, and does
    nothing. `since`: how many presses there had been when it last changed."""

    since = 0

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._changed()
        for name in ("words", "pos"):
            self.fbind(name, self._changed)

    def _changed(self, *_: object) -> None:
        self.since = slips.count

    def name(self) -> tuple[int, str]:
        """What tells it from others, and from itself with other words."""
        return id(self), self.words

    def on_touch_down(self, touch: Any) -> bool:
        if self.collide_point(*touch.pos) and slips.is_slip(self, touch):
            return True
        taken = bool(super().on_touch_down(touch))
        if taken:
            slips.pressed(self, touch)
        return taken
