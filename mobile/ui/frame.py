"""The frame round every screen: what the system's bars leave free, one screen, and under it the bar
that calls for help. The bar is no part of any screen, so that none can be without it."""

from typing import Any

from kivy.properties import ListProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from mobile.core.show_strip import OUT
from mobile.ports import Inset
from mobile.ui.kit.page import Page


class Frame(BoxLayout):
    """`page`: the screen that is shown."""

    CALLS = Page.bar
    AGAIN = "SOS: hold again"
    """While a call of hers is out: another hold is another call."""

    app = ObjectProperty(None, rebind=True)
    page = ObjectProperty(None, allownone=True, rebind=True)
    free = ListProperty([0, 0, 0, 0])

    def show(self, page: Any) -> None:
        """Put this screen in place of the one before."""
        place = self.ids.place
        place.clear_widgets()
        place.add_widget(page)
        self.page = page

    def bar_words(self, page: Any, state: Any) -> str:
        """What the bar says under this page."""
        if page.bar != self.CALLS:
            return str(page.bar)
        strip = getattr(state, "strip", None)
        called = getattr(state, "phase", "") in ("on_phone", *OUT)
        if strip is not None:
            called = bool(strip.sos)
        return self.AGAIN if called else self.CALLS

    def keep_free(self, inset: Inset) -> None:
        """Leave the system's bars their room."""
        self.free = [inset.left, inset.top, inset.right, inset.bottom]
