"""The app: one frame, one screen at a time, a tick a second. It passes taps on and decides nothing
but which screen is shown."""

import logging
from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window

from mobile.core.phone import Phone
from mobile.core.state import TextOffer, VisitState
from mobile.ports import Inset, Pattern
from mobile.ui.frame import Frame
from mobile.ui.kit import icons, look
from mobile.ui.kit.press import slips
from mobile.ui.pages import load_kit, page_class

log = logging.getLogger(__name__)
TICK_S = 1.0
BACK_KEY = 27
EMERGENCY = "999"


class WayhomeApp(App):
    """`make` opens the phone, with the function that runs something on this thread soon; `server`
    is offered where one has to be typed."""

    title = "Wayhome"
    use_kivy_settings = False

    def __init__(
        self,
        make: Callable[[Callable[[Callable[[], None]], None]], Phone],
        server: str = "",
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self.phone = make(run_soon)
        slips.ticks = self.phone.clock.ticks
        self.server = server
        self.trail: list[tuple[str, dict[str, Any]]] = []
        self._was_here: str | None = None
        self._was_said = ""

    def load_kv(self, filename: str | None = None) -> bool:
        """None but the screens' own."""
        return False

    def build(self) -> Frame:
        """The frame with its first screen, from what this phone remembers: no network is waited
        for."""
        icons.register()
        # A keyboard that comes up does not cover what is typed into.
        Window.softinput_mode = "below_target"
        self._wear()
        load_kit()
        self.frame = Frame(app=self)
        insets = self.phone.ports.insets
        self.frame.keep_free(insets.now())
        insets.on_change(lambda inset: run_soon(lambda: self._keep_free(inset)))
        self.phone.refresh()
        state = self.phone.visit.state
        self._was_here = state.visit if state else None
        self.home()
        return self.frame

    def on_start(self) -> None:
        """It can be seen: the line to the server is opened, and the clock ticks."""
        Window.bind(on_keyboard=self._key)
        self.phone.visit.subscribe(self._follow)
        self.phone.worker.start()
        self.phone.set_screen(True)
        self._tick = Clock.schedule_interval(self._pass, TICK_S)

    def on_pause(self) -> bool:
        """It is hidden; what waits is sent all the same."""
        self.phone.set_screen(False)
        self.stop_practising()
        return True

    def on_resume(self) -> None:
        """It is seen again: look anew, and paint anew, for some devices come back black."""
        self.phone.set_screen(True)
        self._pass(0.0)
        Window.canvas.ask_update()

    def on_stop(self) -> None:
        """It ends."""
        Window.unbind(on_keyboard=self._key)
        self._tick.cancel()
        self.phone.close()

    def _pass(self, _: float) -> None:
        if self._wear():
            self.again()
        self.phone.refresh()

    def _wear(self) -> bool:
        return look.wear(self.phone.theme, self.phone.text_scale)

    def _keep_free(self, inset: Inset) -> None:
        self.frame.keep_free(inset)

    # -- which screen

    @property
    def at(self) -> str:
        """The name of the screen that is shown."""
        return self.trail[-1][0] if self.trail else ""

    def home(self) -> None:
        """The screen to begin with: enrol, the visit she is on, or today."""
        self.trail.clear()
        if not self.phone.enrolled:
            self.go("enrol")
            return
        self.trail.append(("today", {}))
        if self._was_here:
            self.trail.append(("visit", {}))
        self._show()

    def go(self, name: str, **given: Any) -> None:
        """To this screen; back leads here again."""
        if self.at == name and self.trail[-1][1] == given:
            return
        self.trail = [step for step in self.trail if step[0] != name]
        self.trail.append((name, given))
        self._show()

    def back(self) -> bool:
        """One screen back; False at the first."""
        if self.frame.page is not None and self.frame.page.back():
            return True
        if len(self.trail) < 2:
            return False
        self.trail.pop()
        self._show()
        return True

    def again(self) -> None:
        """Build the screen anew, as after a change of theme or text size."""
        free = self.frame.free
        Window.remove_widget(self.frame)
        self.frame.page.leave()
        self.frame = self.root = Frame(app=self, free=free)
        Window.add_widget(self.frame)
        self._show()

    def _show(self) -> None:
        name, given = self.trail[-1]
        if self.frame.page is not None:
            self.frame.page.leave()
        page = page_class(name).of(self, **given)
        if page is None:
            self.trail.pop()
            self._show()
            return
        self.frame.show(page)
        page.open()

    def _follow(self, state: VisitState | None) -> None:
        """A visit that begins is shown, and so is one that needs her again, as after a refused
        PIN; one that ends gives way to today. Not at once: what is told may be told while a
        screen is being built."""
        before = self._was_here, self._was_said
        self._was_here = state.visit if state else None
        self._was_said = state.message if state else ""
        if self._was_here != before[0] or (self._was_said and self._was_said != before[1]):
            self.later(self._go_along)

    def _go_along(self) -> None:
        if self._was_here is None and self.at in ("visit", "pin"):
            self.home()
        elif self._was_here is not None and self.at in ("today", "start", "practice"):
            self.trail = self.trail[:1]
            self.go("visit")

    def _key(self, _: Any, key: int, *__: Any) -> bool:
        return self.back() if key == BACK_KEY else False

    # -- what is done

    def dismiss(self, key: str) -> None:
        """She has read why something was refused."""
        self.phone.dismiss(key)

    def try_again(self, key: str) -> None:
        """She changes what was refused, and tries again."""
        if self.phone.try_again(key):
            self.go("start")

    def feel(self) -> None:
        """A finger holds the bar."""
        self.phone.ports.haptics.play(Pattern.TICK)

    def slip(self) -> None:
        """It was let go too early: nobody was called, and the hand should know."""
        self.phone.ports.haptics.play(Pattern.WRONG)

    def sos(self) -> None:
        """Held long enough: help is asked for, and the truth is shown."""
        if self.at == "practice":
            self.frame.page.held()
            return
        self.phone.help.sos()
        self.go("help")

    @property
    def on_visit(self) -> bool:
        """Whether she is on one: then the bar is for earnest only."""
        return self._was_here is not None

    def stop_practising(self) -> None:
        """From now on the bar calls for help."""
        if self.at == "practice":
            self.back()

    def ask_pin(self, title: str, then: Callable[[str], Any], message: str = "") -> None:
        """Show the PIN pad; `then` gets what was typed, whatever it is."""
        self.go("pin", title=title, message=message, then=then)

    def prefer(self, name: str, value: Any) -> None:
        """Remember what she likes, and wear it at once."""
        self.phone.prefer(name, value)
        if self._wear():
            self.later(self.again)

    def scan(self, found: Callable[[str], None]) -> None:
        """Look for a code with the camera."""
        scanner = self.phone.ports.scanner
        if scanner is not None:
            scanner.scan(lambda code: run_soon(lambda: found(code)))

    @staticmethod
    def later(run: Callable[[], Any]) -> None:
        """After what is going on now: a screen does not take itself away in the middle of it."""
        run_soon(run)

    def dial(self, number: str = EMERGENCY) -> None:
        """Open the dialler."""
        self.phone.ports.net.dial(number)

    def text(self, offer: TextOffer) -> None:
        """Open a text that is already written."""
        self.phone.ports.net.compose_text(offer.to, offer.text)


def run_soon(run: Callable[[], None]) -> None:
    """Run it on the thread of the face, from whatever thread."""
    Clock.schedule_once(lambda _: run())
