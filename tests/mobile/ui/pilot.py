"""Drives the real app in this process, as fingers and eyes would; frames are drawn for real.

pilot.tap("Start a visit")
pilot.hold_sos()
assert pilot.shows("Not sent yet")
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.base import EventLoop, runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input.motionevent import MotionEvent
from kivy.metrics import Metrics
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.textinput import TextInput

from mobile.ui.kit.press import slips

FRAME_S = 1 / 120


class Finger(MotionEvent):
    """A finger at a place of the window, in parts of its size."""

    def __init__(self, place: tuple[float, float]) -> None:
        super().__init__("test", id(self), place, is_touch=True, type_id="touch")
        self.profile = ["pos"]

    def depack(self, args: Any) -> None:
        self.sx, self.sy = args
        super().depack(args)


class Pilot:
    """One running app."""

    def __init__(self, app: Any) -> None:
        EventLoop.ensure_window()
        self.app = app
        app._run_prepare()
        runTouchApp(embedded=True)
        self.frames(3)

    @property
    def root(self) -> Any:
        return self.app.root

    def frames(self, count: int = 1) -> None:
        """Let so many frames be drawn."""
        for _ in range(count):
            EventLoop.idle()

    def until(self, holds: Callable[[], object], why: str = "", within_s: float = 30.0) -> None:
        """Draw frames until it holds; fails saying what is on the screen instead."""
        end = time.monotonic() + within_s
        while not holds():
            assert time.monotonic() < end, f"never: {why}; on screen: {self.texts()}"
            EventLoop.idle()
            time.sleep(FRAME_S)

    def walk(self) -> Iterator[Any]:
        """Every widget that can be seen, from top to bottom."""
        left = [self.root]
        while left:
            widget = left.pop()
            if widget.opacity > 0 and widget.height > 0:
                yield widget
                left.extend(widget.children)

    def texts(self) -> list[str]:
        """What can be read, in no markup."""
        return [said for said in map(said_by, self.walk()) if said]

    def shows(self, text: str) -> bool:
        """Whether it can be read somewhere."""
        return any(text in said for said in self.texts())

    def sees(self, text: str, within_s: float = 30.0) -> None:
        """Wait until it can be read."""
        self.until(lambda: self.shows(text), f"{text!r}", within_s)

    def find(self, words: str) -> Any:
        """What can be pressed and says so: exactly that, else something that begins so."""
        found = self._find(words)
        assert found, f"no key {words!r}; on screen: {self.texts()}"
        return found

    def _find(self, words: str) -> Any:
        keys = [w for w in self.walk() if isinstance(w, ButtonBehavior)]
        exact = [w for w in keys if w.words == words]
        near = [w for w in keys if w.words.startswith(words)]
        return next(iter(exact or near), None)

    def can(self, words: str) -> bool:
        """Whether there is such a key."""
        return any(isinstance(w, ButtonBehavior) and w.words == words for w in self.walk())

    def tap(self, words: str) -> None:
        """Press what says so, as soon as it is there, scrolling to it first."""
        self.until(lambda: self._find(words), f"a key {words!r}")
        self.press(self.find(words))

    def tap_twice(self, words: str) -> None:
        """The same, and in the same moment once more at the same spot, whatever stands there."""
        self.until(lambda: self._find(words), f"a key {words!r}")
        widget = self.find(words)
        self._settle(widget)
        self._scroll_to(widget)
        place = self._place(widget)
        self.press(widget)
        finger = Finger(place)
        EventLoop.post_dispatch_input("begin", finger)
        self.frames(1)
        self.up(finger)
        # What lies in a scroll hears of it late.
        self.frames(40)

    def press(self, widget: Any) -> None:
        """A finger down and up on it, a while after the last one."""
        slips.forget()
        self._settle(widget)
        self._scroll_to(widget)
        released: list[bool] = []
        widget.fbind("on_release", lambda *_: released.append(True))
        finger = Finger(self._place(widget))
        EventLoop.post_dispatch_input("begin", finger)
        self.frames(1)
        EventLoop.post_dispatch_input("end", finger)
        # What lies in a scroll hears of a short touch 0.2 s late.
        self.until(lambda: released, f"{widget.words!r} to be pressed")
        # It is drawn as pressed for a moment longer.
        self.until(lambda: widget.state == "normal", f"{widget.words!r} to be let go")
        self.frames(1)

    def down(self, widget: Any) -> Finger:
        """A finger down on it, that stays."""
        finger = Finger(self._place(widget))
        EventLoop.post_dispatch_input("begin", finger)
        self.frames(1)
        return finger

    def up(self, finger: Finger) -> None:
        """It is lifted."""
        EventLoop.post_dispatch_input("end", finger)
        self.frames(2)

    def hold_sos(self, hold_s: float = 0.05) -> None:
        """Hold the bar long enough; a shorter hold is asked for to save time, not to be kinder."""
        bar = self.root.ids.sos
        before, bar.hold_s = bar.hold_s, hold_s
        done: list[bool] = []
        bar.bind(on_hold=lambda *_: done.append(True))
        finger = self.down(bar)
        self.until(lambda: done, "the bar to be held")
        self.up(finger)
        self.root.ids.sos.hold_s = before

    def _settle(self, widget: Any) -> None:
        """Wait until it stays where it is: a screen finds its form within a few frames."""
        before = None
        while before != (now := widget.to_window(*widget.pos)):
            before = now
            self.frames(2)

    def _scroll_to(self, widget: Any) -> None:
        parent = widget.parent
        while parent is not None and parent is not self.root:
            if type(parent).__name__ == "ScrollView" and parent.children[0].height > parent.height:
                parent.scroll_to(widget, animate=False)
                self.frames(2)
            parent = parent.parent if parent.parent is not parent else None

    @staticmethod
    def _place(widget: Any) -> tuple[float, float]:
        x, y = widget.to_window(*widget.center)
        width, height = Window.size
        return x / (width - 1), y / (height - 1)

    def type(self, widget: Any, text: str) -> None:
        """Type into a field, in place of what stands there."""
        assert isinstance(widget, TextInput)
        widget.text = ""
        widget.focus = True
        self.frames(1)
        Window.dispatch("on_textinput", text)
        self.frames(1)
        widget.focus = False
        self.frames(1)

    def pin(self, digits: str) -> None:
        """Type a PIN on the pad, and OK."""
        for digit in digits:
            self.tap(digit)
        self.tap("OK")

    def back(self) -> None:
        """The phone's own back key."""
        Window.dispatch("on_keyboard", 27, 0, None, [])
        self.frames(2)

    def picture(self) -> tuple[tuple[int, int], bytes]:
        """Size and pixels (RGBA) of what is on the screen now."""
        from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

        Window.canvas.ask_update()
        self.frames(2)
        paint_once()
        width, height = Window.size
        return Window.size, glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)

    def shot(self, path: Path) -> Path:
        """The same as a PNG."""
        from PIL import Image

        size, raw = self.picture()
        Image.frombytes("RGBA", size, raw).convert("RGB").transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        ).save(path)
        return path

    def end(self) -> None:
        """The app is closed; nothing of it is left for the next one."""
        self.app.dispatch("on_stop")
        for child in Window.children[:]:
            Window.remove_widget(child)
        for event in Clock.get_events():
            event.cancel()
        EventLoop.touches.clear()
        stopTouchApp()
        App._running_app = None
        Metrics.fontscale = 1.0


def resize(width: int, height: int, density: float = 1.0) -> None:
    """Another screen."""
    Metrics.density = density
    Window.size = (width, height)
    for _ in range(3):
        EventLoop.idle()


def paint_once() -> None:
    """Paint what is laid out, whether or not each frame is painted."""
    type(Window).on_draw(Window)


@contextmanager
def unpainted() -> Iterator[None]:
    """Lay everything out, and paint only where a picture is taken: painting without a graphics card
    is most of the time that a frame takes."""
    painters = {name: getattr(Window, name) for name in ("on_draw", "on_flip")}
    for name in painters:
        setattr(Window, name, lambda *_: None)
    try:
        yield
    finally:
        for name, painter in painters.items():
            setattr(Window, name, painter)


def said_by(widget: Any) -> str:
    """What a widget says, without markup."""
    return str(getattr(widget, "words", "") or getattr(widget, "text", "") or "")
