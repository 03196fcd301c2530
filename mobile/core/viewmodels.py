"""One view model for each screen: a frozen state, and what a person can do there.

States go one way: facts -> state -> screen. A method changes facts (the outbox, what was chosen)
and asks for all states to be made again.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Generic, TypeVar

from mobile.core import kinds, words
from mobile.core.acts import UNDO_S, Acts
from mobile.core.database import NotKept
from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.show_day import show_start, show_today
from mobile.core.show_visit import all_here, here, show_visit
from mobile.core.state import StartState, TodayState, VisitState
from mobile.core.things import Visit
from mobile.ports import Haptics, Pattern
from shared.states import Risk, VisitKind

S = TypeVar("S")
TWICE = timedelta(seconds=10)
LAST_MOMENT = timedelta(seconds=15)
SLIP = timedelta(seconds=1)
"""A key pressed again so soon was meant once: a thumb that trembles, a screen that lagged."""
log = logging.getLogger(__name__)


class ViewModel(Generic[S]):
    """Holds a screen's state and tells whoever shows it when it changes."""

    def __init__(self, make: Callable[[Facts], S]) -> None:
        self._make = make
        self._tells: list[Callable[[S], None]] = []
        self._state: S | None = None

    @property
    def state(self) -> S | None:
        """The newest state; None before the first."""
        return self._state

    @property
    def watched(self) -> bool:
        """Whether anybody shows it."""
        return bool(self._tells)

    def subscribe(self, tell: Callable[[S], None]) -> Callable[[], None]:
        """Have `tell` called with every new state, and now with the present one. Gives the
        function that ends it."""
        self._tells.append(tell)
        if self._state is not None:
            tell(self._state)
        return lambda: self._tells.remove(tell) if tell in self._tells else None

    def update(self, facts: Facts) -> S:
        """Make the state anew; tells only of a change."""
        state = self._make(facts)
        if state != self._state:
            self._state = state
            for tell in list(self._tells):
                tell(state)
        return state


class Doing:
    """What view models need to do things: `again` makes all states anew. `chosen`: which of her
    visits she looks at, where she is on two at once."""

    def __init__(
        self, acts: Acts, facts: Callable[[], Facts], again: Callable[[], None], haptics: Haptics
    ) -> None:
        self.acts = acts
        self.facts = facts
        self.again = again
        self.haptics = haptics
        self.fault = ""
        self.chosen: str | None = None

    def do(self, act: Callable[[], Any], pattern: Pattern = Pattern.TICK) -> bool:
        """Do it and feel it; False, and said, where the phone could not store it."""
        try:
            act()
        except NotKept:
            log.exception("not_kept")
            self.fault = words.NOT_KEPT
            self.haptics.play(Pattern.WRONG)
            self.again()
            return False
        self.fault = ""
        self.haptics.play(pattern)
        self.again()
        return True

    def start(self, act: Callable[[], str]) -> bool:
        """Do it, and look from then on at the visit that it starts."""

        def started() -> None:
            self.chosen = act()

        return self.do(started)


class TodayModel(ViewModel[TodayState]):
    """Where she is going."""

    def __init__(self, doing: Doing) -> None:
        super().__init__(show_today)
        self._doing = doing

    def start(self, place: str, minutes: int, pin: str | None = None) -> bool:
        """The second of two taps; a third, within 10 s, is none."""
        if _is_just_begun(self._doing.facts(), place):
            return True
        return self._doing.start(lambda: self._doing.acts.start(place, minutes, pin=pin))

    def start_planned(self, visit: str, pin: str | None = None) -> bool:
        """The second of two taps, for a planned visit."""
        self._doing.chosen = visit
        return self._doing.do(lambda: self._doing.acts.start_planned(visit, pin))

    def cancel(self, visit: str) -> bool:
        """A planned visit does not take place, and nobody waits for it."""
        return self._doing.do(lambda: self._doing.acts.cancel(visit))


def _is_just_begun(facts: Facts, place: str) -> bool:
    now_on = [found.visit for found in all_here(facts) if found.visit.kind is VisitKind.VISIT]
    return any(v.place == place and facts.now - v.starts_at < TWICE for v in now_on)


def _is_just_done(facts: Facts, entry: Entry | None) -> bool:
    """Whether she did this so short a time ago that doing it again must be a slip."""
    return entry is not None and timedelta() <= facts.now - facts.time_of(entry) < SLIP


def _may_wait_s(facts: Facts, visit: Visit) -> float:
    """Seconds in which a close may be taken back: none where the alarm could go meanwhile."""
    ahead = visit.raise_at - facts.now if visit.raise_at is not None else None
    return 0.0 if ahead is not None and timedelta() <= ahead < LAST_MOMENT else UNDO_S


class StartModel(ViewModel[StartState]):
    """A visit before it starts; what is chosen is kept until it does."""

    def __init__(self, doing: Doing) -> None:
        super().__init__(self._show)
        self._doing = doing
        self.reset()

    def reset(
        self, place: str = "", minutes: int | None = None, kind: str = VisitKind.VISIT.value
    ) -> None:
        """Begin afresh."""
        self._kind = VisitKind(kind)
        self._place, self._minutes, self._note = place, minutes, ""
        self._risk = Risk.STANDARD
        self._buddy: str | None = None

    def choose(
        self,
        *,
        place: str | None = None,
        minutes: int | None = None,
        risk: str | None = None,
        buddy: str | None = None,
        note: str | None = None,
    ) -> None:
        """Choose what is given; the rest stays."""
        self._place = self._place if place is None else place
        self._minutes = self._minutes if minutes is None else minutes
        self._risk = self._risk if risk is None else Risk(risk)
        self._buddy = self._buddy if buddy is None else buddy
        self._note = self._note if note is None else note
        self._doing.again()

    def try_again(self, body: Mapping[str, Any]) -> None:
        """As in a start that was refused: nothing is typed twice."""
        self.reset(str(body.get("place", "")), body.get("minutes"), body.get("kind", "visit"))
        self.choose(risk=body.get("risk"), buddy=body.get("buddy"), note=body.get("note"))

    def _show(self, facts: Facts) -> StartState:
        chosen = (self._place, self._minutes, self._risk, self._buddy, self._note)
        return show_start(facts, self._kind, *chosen)

    def start(self, pin: str | None = None) -> bool:
        """Start it; False where something is missing."""
        state = self.update(self._doing.facts())
        if state.message:
            self._doing.haptics.play(Pattern.WRONG)
            return False
        minutes = next(int(pick.key) for pick in state.lengths if pick.chosen)
        place = self._place.strip() if state.asks else kinds.ON_THE_WAY_HOME
        started = self._doing.start(
            lambda: self._doing.acts.start(
                place,
                minutes,
                kind=self._kind.value,
                risk=self._risk.value,
                note=self._note,
                buddy=self._buddy,
                pin=pin,
            )
        )
        if started:
            self.reset()
        return started


class VisitModel(ViewModel[VisitState | None]):
    """On a visit."""

    def __init__(self, doing: Doing) -> None:
        super().__init__(lambda facts: show_visit(facts, doing.chosen))
        self._doing = doing

    def choose(self, visit: str) -> None:
        """Look at this one of the visits she is on."""
        self._doing.chosen = visit
        self._doing.again()

    def _visit(self) -> str | None:
        found = here(self._doing.facts(), self._doing.chosen)
        return found.visit.id if found else None

    def extend(self, minutes: int = 15, pin: str | None = None) -> bool:
        """+15. Tapping twice at once is asking once."""
        visit = self._visit()
        if visit is None:
            return False
        last = self._doing.facts().last("extend")
        twice = last is not None and last.act.stream == visit and pin is None
        if twice and _is_just_done(self._doing.facts(), last):
            return True
        return self._doing.do(lambda: self._doing.acts.extend(visit, minutes, pin))

    def as_text(self) -> None:
        """She opens the text that does the same as what waits."""
        facts = self._doing.facts()
        found = here(facts, self._doing.chosen)
        if found is not None:
            self._doing.acts.texted(found.visit, facts.waiting, facts.now)
            self._doing.again()

    def check_in(self) -> bool:
        """All is well."""
        visit = self._visit()
        return visit is not None and self._doing.do(lambda: self._doing.acts.check_in(visit))

    def close(self, pin: str | None = None, outcome: str = "safe", note: str = "") -> bool:
        """I am safe: sent in 5 s, unless taken back. Tapping twice is closing once."""
        facts, acts = self._doing.facts(), self._doing.acts
        found = here(facts, self._doing.chosen)
        if found is None:
            return False
        visit, wait_s = found.visit.id, _may_wait_s(facts, found.visit)
        if pin is None and facts.pending(visit, "close"):
            return True
        return self._doing.do(
            lambda: acts.close(visit, pin=pin, outcome=outcome, note=note, wait_s=wait_s)
        )

    def ends_as(self, outcome: str) -> bool:
        """How it was, said while the close may still be taken back."""
        facts = self._doing.facts()
        found = here(facts, self._doing.chosen)
        wait_s = _may_wait_s(facts, found.visit) if found else 0.0
        return self._to_close(lambda close: self._doing.acts.ends_as(close, outcome, wait_s))

    def undo(self) -> bool:
        """Not yet: False where it may have been sent already, or where the tap is the second of
        two on the key that stood there before."""

        def take_back(close: Entry) -> bool:
            slipped = _is_just_done(self._doing.facts(), close)
            return not slipped and self._doing.acts.take_back(close.act.key)

        return self._to_close(take_back)

    def _to_close(self, act: Callable[[Entry], bool]) -> bool:
        visit = self._visit()
        pending = self._doing.facts().pending(visit, "close") if visit else None
        done = pending is not None and act(pending)
        self._doing.haptics.play(Pattern.TICK if done else Pattern.WRONG)
        self._doing.again()
        return done
