"""After SOS: the truth, and nothing better than it. Discreet: no red, no noise, no place, no name
of a client; loud only for those who chose it."""

from mobile.ui.kit.page import Page


class HelpPage(Page):
    """What became of her call for help."""

    shows = "help"

    def stand_down(self) -> None:
        """A mistake, or over: with the PIN."""
        self.app.ask_pin("Type your PIN: I am safe", self.model.stand_down, self.state.message)

    @staticmethod
    def title_of(state: object) -> str:
        """What stands at its head."""
        titles = {
            "on_phone": "Not sent yet",
            "office": "Your message is out",
            "untold": "Nobody is told yet",
            "acting": "Somebody is acting",
            "unheard": "Last known",
            "ended": "It is over",
            "past": "Nothing is being sent",
            "refused": "Not sent",
            "nobody": "Not sent",
        }
        return titles.get(getattr(state, "phase", ""), "Nothing was sent")
