"""On a visit: how long, where, whether she is covered, and what to press."""

from typing import Any

from kivy.metrics import Metrics

from mobile.core.cover import CoverState
from mobile.ui.kit.page import Page

AT_TOP = 0.7
LARGE = 1.4
EXTEND = "Type your PIN: 15 minutes more"


class VisitPage(Page):
    """The largest thing on it is the time that is left."""

    shows = "visit"

    def safe(self) -> None:
        """I am safe: with the PIN where it is asked for."""
        if self.state.asks_pin:
            title = f"Type your PIN: {self.state.safe}"
            self.app.ask_pin(title, self._close, self._said())
        else:
            self.model.close()

    def _close(self, pin: str) -> None:
        self.model.close(pin=pin)

    def more(self) -> None:
        """15 minutes more."""
        if self.state.asks_pin:
            self.app.ask_pin(EXTEND, self._extend, self._said())
        else:
            self.model.extend()

    @staticmethod
    def more_key() -> str:
        """Its words; in large letters few, so that those of the key beside it are as large."""
        return "+15 min" if Metrics.fontscale < LARGE else "+15"

    def _extend(self, pin: str) -> None:
        self.model.extend(pin=pin)

    def as_text(self) -> None:
        """The text that does the same as what waits."""
        self.model.as_text()
        self.app.text(self.state.text)

    def _said(self) -> str:
        return str(self.state.message)

    @staticmethod
    def sos_first(state: Any) -> str:
        """Her call for help where it has not got through: before all else."""
        return str(state.strip.sos) if state.strip.sos_waits else ""

    @staticmethod
    def head(state: Any, scroll_y: float) -> str:
        """Where she is, or that she is leaving; once the card has been scrolled away, what it
        said."""
        if state.undo_s:
            return f"Ending: {state.place}"
        if scroll_y > AT_TOP or not state.countdown:
            return str(state.place)
        return f"{state.cover.word}, {state.countdown}"

    @staticmethod
    def no_cover(state: Any) -> bool:
        """Whether nobody here could be told: then the one way to help is in reach."""
        return state.cover.state is CoverState.NOT_COVERED

    @staticmethod
    def offer_below(state: Any) -> Any:
        """The text instead of a close, where the keys stood; None for none."""
        return state.text if state.phase == "closing" else None

    @staticmethod
    def offer_here(state: Any) -> Any:
        """The text instead of anything else; None for none."""
        return None if state.phase == "closing" else state.text

    @staticmethod
    def more_words(state: Any) -> str:
        """Until when, and who watches."""
        return " ".join(f"{each}." for each in (state.until, state.who) if each)

    @staticmethod
    def undo_words(state: Any) -> str:
        """The key that takes a close back: with the seconds left for it, or while it waits here."""
        if state.undo_s:
            return f"Undo ({state.undo_s} s)"
        return "Take it back" if state.may_take_back else ""

    @staticmethod
    def not_yet(state: Any) -> str:
        """Where the keys stood: that it is not closed, in reach of any eye."""
        return "Not closed yet" if state.phase == "closing" and not state.undo_s else ""

    @staticmethod
    def pending_words(state: Any) -> str:
        """What she did and the server has not heard; in the seconds for thinking again, that."""
        if state.undo_s:
            return "Telling them that you are safe."
        return f"{state.pending}." if state.pending else ""
