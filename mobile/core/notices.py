"""The notification that stands while a visit is open: until when, and the three acts.

It can be read on a lock screen by anybody, so it names no place and nobody, and says nothing of
alarms; a screen reader reads it, which Kivy's own screens cannot offer. It may stand for hours with
nobody to renew it, so whatever it says carries the time at which that was so.
"""

from mobile.core.buttons import ACTIONS, Buttons, opens
from mobile.core.cover import Cover, CoverState
from mobile.core.facts import Facts
from mobile.core.memory import Memory
from mobile.core.show_alarms import asked_to_watch, somebody_elses
from mobile.core.show_visit import show_visit
from mobile.core.state import VisitState
from mobile.ports import Notice, Notifier

KEY = "visit"
CALL = "call"
ASKED = "asked"
STANDS = ("open", "alarm", "closing")


def notice_of(facts: Facts, state: VisitState) -> Notice:
    """What the notification says; urgent where she has to look."""
    alarm = state.phase == "alarm"
    title = "Your booking needs a look" if alarm else state.until
    text = _text(facts, state, state.cover)
    return Notice(KEY, title, text, ACTIONS, alarm, opens(state), state.visit)


def _text(facts: Facts, state: VisitState, cover: Cover) -> str:
    if state.phase == "closing":
        return "Not finished yet: waiting for an answer"
    if cover.sending:
        return "Connecting"
    if cover.state is CoverState.NOT_COVERED:
        return "Please open the app"
    since = facts.says(cover.since or facts.now)
    return f"{'Connected' if cover.state is CoverState.COVERED else 'Last connected'} {since}"


def call_of(facts: Facts) -> Notice | None:
    """That a colleague needs somebody and nobody has answered; names nobody."""
    if not somebody_elses(facts):
        return None
    return Notice(CALL, "A colleague is asking for you", "Please open Wayhome now", urgent=True)


def question_of(facts: Facts) -> Notice | None:
    """That a colleague asks to be watched over; names nobody."""
    if not asked_to_watch(facts):
        return None
    return Notice(ASKED, "A colleague has a question", "Please open Wayhome and answer")


class Noticing:
    """Keeps the notifications and their buttons as the facts want them; touches one only when it
    changes."""

    def __init__(self, notifier: Notifier, memory: Memory) -> None:
        self._notifier = notifier
        self._buttons = Buttons(memory)
        self._shown: dict[str, Notice | None] = {KEY: None, CALL: None, ASKED: None}

    def follow(self, facts: Facts) -> None:
        """Have the right notifications shown, or none."""
        state = show_visit(facts)
        stands = state is not None and state.phase in STANDS
        self._buttons.follow(facts)
        self._become(KEY, notice_of(facts, state) if state and stands else None)
        self._become(CALL, call_of(facts))
        self._become(ASKED, question_of(facts))

    def _become(self, key: str, wanted: Notice | None) -> None:
        if wanted == self._shown[key]:
            return
        self._shown[key] = wanted
        if wanted is None:
            self._notifier.withdraw(key)
        else:
            self._notifier.show(wanted)
