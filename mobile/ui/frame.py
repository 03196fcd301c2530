"""The frame round every screen: what the system's bars leave free, one screen, and under it the bar
that calls for help. The bar is no part of any screen, so that none can be without it."""

from typing import Any

from kivy.properties import ListProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from mobile.ports import Inset


class Frame(BoxLayout):
    """`page`: the screen that is shown."""

    app = ObjectProperty(None, rebind=True)
    page = ObjectProperty(None, allownone=True, rebind=True)
    free = ListProperty([0, 0, 0, 0])

    def show(self, page: Any) -> None:
        """Put this screen in place of the one before."""
        place = self.ids.place
        place.clear_widgets()
        place.add_widget(page)
        self.page = page

    def keep_free(self, inset: Inset) -> None:
        """Leave the system's bars their room."""
        self.free = [inset.left, inset.top, inset.right, inset.bottom]
