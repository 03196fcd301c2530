"""A visit before it starts: where, how long, who watches, and what happens if she is silent."""

from kivy.properties import BooleanProperty

from mobile.core.cover import CoverState
from mobile.ui.kit.page import Page


class StartPage(Page):
    """What is chosen is kept by the view model until the visit starts, whatever other screen comes
    between."""

    shows = "starting"
    tried = BooleanProperty(False)
    """She pressed the key that starts it, and something was missing."""

    def open(self) -> None:
        """What is wrong stands first; that all is well takes no room from what she has to say."""
        super().open()
        if self.state.strip.cover.state is CoverState.COVERED:
            body, cover = self.ids.body, self.ids.cover
            body.remove_widget(cover)
            body.add_widget(cover)

    def start(self) -> None:
        """Go; with her PIN where something has to be ended for it."""
        if self.state.asks_pin and not self.state.message:
            self.app.ask_pin("Type your PIN", self.model.start, f"{self.state.leaves}.")
        elif not self.model.start():
            self.tried = True
            field = self.ids.get(self.state.wrong)
            if field is not None:
                self.ids.scroll.scroll_to(field, animate=False)
                field.focus = True
