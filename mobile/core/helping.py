"""View models of help: her own call for it, and what she does for others."""

from dataclasses import replace
from datetime import timedelta

from mobile.core.facts import Facts
from mobile.core.show_help import show_sos
from mobile.core.show_visit import all_here
from mobile.core.show_watch import show_watching
from mobile.core.state import SosState
from mobile.core.statements import SOS
from mobile.core.things import Visit
from mobile.core.viewmodels import Doing, ViewModel
from mobile.core.watch_state import WatchingState
from mobile.ports import Pattern, Siren
from shared.states import VisitKind

SAME_HOLD = timedelta(seconds=10)
TAKEN_BACK = ("stand_down", "close")


def where_to_look(facts: Facts, chosen: str | None) -> Visit | None:
    """The visit that a call for help names: one with an address, whichever she looks at, before a
    way home that is watched beside it."""
    found = [each.visit for each in all_here(facts)]
    found.sort(key=lambda visit: (visit.kind is VisitKind.HOME, visit.id != chosen))
    return found[0] if found else None


class SosModel(ViewModel[SosState]):
    """Help."""

    def __init__(self, doing: Doing, siren: Siren | None = None) -> None:
        super().__init__(self._show)
        self._doing = doing
        self._siren = siren
        self._loud = False

    def _show(self, facts: Facts) -> SosState:
        return replace(show_sos(facts), loud=self._loud)

    def sos(self) -> bool:
        """Held long enough: a call of its own time, whatever waits. Only a hand that slips is not
        taken for two. What says that all is well and has not left the phone is said no more: that
        an earlier call is over, and 'I am safe'."""
        facts = self._doing.facts()
        if _is_slip(facts):
            self._doing.haptics.play(Pattern.DONE)
            return True
        if not facts.person:
            self._doing.haptics.play(Pattern.WRONG)
            self._doing.again()
            return False
        for entry in [one for one in facts.waiting if one.kind in TAKEN_BACK]:
            self._doing.acts.take_back(entry.act.key)
        visit = where_to_look(facts, self._doing.chosen)
        kept = self._doing.do(lambda: self._doing.acts.sos(visit), Pattern.DONE)
        if self._siren is not None and facts.preferences.get("loud") is True:
            self._siren.start()
            self._loud = True
            self._doing.again()
        return kept

    def hush(self) -> None:
        """Quiet again; what was sent stays sent."""
        if self._siren is not None:
            self._siren.stop()
        self._loud = False
        self._doing.again()

    def stand_down(self, pin: str) -> bool:
        """A mistake, or over. What the PIN means is for the server alone to know."""
        state = self.update(self._doing.facts())
        if state.alarm is None or not state.can_stand_down:
            return False
        alarm = state.alarm
        return self._doing.do(lambda: self._doing.acts.stand_down(alarm, pin))


def _is_slip(facts: Facts) -> bool:
    """Whether the bar was held only just before, and that call waits with nothing to end it."""
    last = facts.last(SOS)
    if last is None or show_sos(facts).phase != "on_phone":
        return False
    ended = facts.pending(last.act.key, "stand_down") is not None
    return not ended and facts.now - facts.time_of(last) < SAME_HOLD


class WatchingModel(ViewModel[WatchingState]):
    """Whom she looks after."""

    def __init__(self, doing: Doing) -> None:
        super().__init__(show_watching)
        self._doing = doing

    def accept(self, visit: str) -> bool:
        """I watch."""
        return self._doing.do(lambda: self._doing.acts.accept(visit))

    def decline(self, visit: str) -> bool:
        """I cannot."""
        return self._doing.do(lambda: self._doing.acts.decline(visit))

    def undo(self, visit: str) -> bool:
        """I can after all: False where the no may have been sent already."""
        no = self._doing.facts().pending(visit, "decline")
        return no is not None and self._doing.do(lambda: self._doing.acts.take_back(no.act.key))

    def own(self, alarm: str, *, take_over: bool = False) -> bool:
        """I take charge."""
        return self._doing.do(lambda: self._doing.acts.own(alarm, take_over=take_over))

    def release(self, alarm: str) -> bool:
        """Somebody else has to."""
        return self._doing.do(lambda: self._doing.acts.release(alarm))

    def note(self, alarm: str, text: str) -> bool:
        """What was done."""
        return self._doing.do(lambda: self._doing.acts.note(alarm, text))

    def resolve(
        self, alarm: str, outcome: str, pin: str | None = None, on_for_min: int | None = None
    ) -> bool:
        """It is over; with `on_for_min` she stays, and is watched for so many minutes more."""
        until = None
        if on_for_min is not None:
            until = self._doing.facts().now + timedelta(minutes=on_for_min)
        return self._doing.do(
            lambda: self._doing.acts.resolve(alarm, outcome, pin=pin, until=until)
        )
