"""The bar at the foot of every screen that calls for help when it is held."""

from typing import Any

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

HOLD_S = 1.5


class HoldBar(BoxLayout):
    """Dispatches `on_hold` once it was held for `hold_s`, and `on_feel` when a finger comes down
    and at each third of the way. A finger that leaves it or lets go early calls nobody."""

    hold_s = NumericProperty(HOLD_S)
    progress = NumericProperty(0.0)
    held = BooleanProperty(False)
    words = StringProperty("SOS: hold for help")
    __events__ = ("on_hold", "on_feel", "on_slip")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._waits: list[Any] = []

    def on_touch_down(self, touch: Any) -> bool:
        if self.held or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self.held = True
        self.dispatch("on_feel")
        Animation(progress=1.0, duration=self.hold_s).start(self)
        thirds = (self.hold_s / 3, self.hold_s * 2 / 3)
        self._waits = [Clock.schedule_once(self._feel, each) for each in thirds]
        self._waits.append(Clock.schedule_once(self._done, self.hold_s))
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        if not self.collide_point(*touch.pos):
            self._let_go(slipped=True)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._let_go(slipped=True)
        return True

    def _feel(self, _: float) -> None:
        self.dispatch("on_feel")

    def _done(self, _: float) -> None:
        self._let_go(slipped=False)
        self.dispatch("on_hold")

    def _let_go(self, *, slipped: bool) -> None:
        was_held, self.held = self.held, False
        for wait in self._waits:
            wait.cancel()
        Animation.cancel_all(self, "progress")
        self.progress = 0.0
        if was_held and slipped:
            self.dispatch("on_slip")

    def on_hold(self) -> None:
        """It was held long enough."""

    def on_feel(self) -> None:
        """The hand should feel that it is being held."""

    def on_slip(self) -> None:
        """It was let go too early."""
