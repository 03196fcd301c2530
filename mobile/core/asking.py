"""View models of what is asked of the server while she waits: enrolling and history."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from mobile.core import words
from mobile.core.account import Account, Outcome, pins_fault, read_code
from mobile.core.facts import Facts
from mobile.core.show_watch import show_history, show_leaving
from mobile.core.state import EnrolState, HistoryState, LeavingState

S = TypeVar("S")
Run = Callable[[Callable[[], None]], None]


def aside(job: Callable[[], None]) -> None:
    """Do it on a thread of its own, so that the face goes on moving."""
    threading.Thread(target=job, daemon=True).start()


class Asking(Generic[S]):
    """Holds a state that changes when an answer comes; `run_soon` brings that to the face."""

    def __init__(self, state: S, run_soon: Run, run_aside: Run = aside) -> None:
        self._state = state
        self._tells: list[Callable[[S], None]] = []
        self._run_soon = run_soon
        self._run_aside = run_aside

    @property
    def state(self) -> S:
        """The newest state."""
        return self._state

    def update(self, _: Facts) -> S:
        """The newest state: it changes with answers, not with facts."""
        return self._state

    def subscribe(self, tell: Callable[[S], None]) -> Callable[[], None]:
        """Have `tell` called with every new state, and now with the present one."""
        self._tells.append(tell)
        tell(self._state)
        return lambda: self._tells.remove(tell) if tell in self._tells else None

    def become(self, state: S) -> None:
        """Show another state."""
        self._state = state
        for tell in list(self._tells):
            tell(state)

    def ask(self, job: Callable[[], Callable[[], None]]) -> None:
        """Run `job` aside, and what it gives on the thread of the face."""
        self._run_aside(lambda: self._run_soon(job()))


class EnrolModel(Asking[EnrolState]):
    """Making this phone hers. `after` is called when it is."""

    def __init__(
        self, account: Account, after: Callable[[], None], run_soon: Run, run_aside: Run = aside
    ) -> None:
        super().__init__(EnrolState(message=words.ENROL), run_soon, run_aside)
        self._account = account
        self._after = after
        self.typed: tuple[str, str] | None = None
        """Address and code as she left them to look at another screen, until it is hers."""

    def open(self) -> None:
        """The screen is opened, perhaps not for the first time."""
        if not self.state.busy:
            self.become(EnrolState(self._account.address, words.ENROL))

    def enrol(self, address: str, code: str, device: str) -> None:
        """With a code that was typed or scanned; one that names its server needs no address."""
        if self.state.busy:
            return
        scanned = read_code(code)
        address = scanned.address or address
        self.become(EnrolState(address, busy=True))

        def job() -> Callable[[], None]:
            found = self._account.enrol(address, scanned.code, device)
            return lambda: self._take(address, found)

        self.ask(job)

    def _take(self, address: str, found: Outcome) -> None:
        self.become(EnrolState(address, found.words, done=found.done))
        if found.done:
            self.typed = None
            self._after()


class AskingOnce(Asking[S]):
    """Begins with what the phone knows, and ends with the server's answer; then `after` is
    called."""

    first: S

    def __init__(
        self,
        account: Account,
        facts: Callable[[], Facts],
        after: Callable[[], None],
        run_soon: Run,
        run_aside: Run = aside,
    ) -> None:
        super().__init__(self.first, run_soon, run_aside)
        self._account = account
        self._facts = facts
        self._after = after


class LeavingModel(AskingOnce[LeavingState]):
    """Signing this phone out."""

    first = LeavingState()

    def open(self) -> None:
        """The screen is opened."""
        self.become(show_leaving(self._facts()))

    def leave(self) -> None:
        """Sign it out."""
        if self.state.busy:
            return
        self.become(replace(self.state, busy=True, message=""))

        def job() -> Callable[[], None]:
            found = self._account.sign_out()
            return lambda: self._take(found)

        self.ask(job)

    def _take(self, found: Outcome) -> None:
        self.become(replace(self.state, busy=False, message=found.words, done=found.done))
        if found.done:
            self._after()


class HistoryModel(Asking[HistoryState]):
    """What is over: at once what this phone remembers, then what the server says."""

    def __init__(
        self, account: Account, facts: Callable[[], Facts], run_soon: Run, run_aside: Run = aside
    ) -> None:
        super().__init__(HistoryState(), run_soon, run_aside)
        self._account = account
        self._facts = facts

    def open(self) -> None:
        """The screen is opened."""
        if self.state.busy:
            return
        self.become(show_history(self._facts(), None, busy=True))

        def job() -> Callable[[], None]:
            items, found = self._account.history()
            return lambda: self._take(items, found)

        self.ask(job)

    def _take(self, items: list[Any] | None, found: Outcome) -> None:
        self.become(show_history(self._facts(), items, busy=False, message=found.words))


@dataclass(frozen=True)
class PinsState:
    """Setting both PINs. `step`: old, pin, again, duress, done."""

    step: str
    title: str
    hint: str = ""
    message: str = ""
    busy: bool = False


OLD = PinsState("old", "Your PIN now", "The one you use today.")
PIN = PinsState("pin", "A new PIN", "4 to 6 digits. You type it to say that you are safe.")
AGAIN = PinsState("again", "The same PIN again")
DURESS = PinsState(
    "duress",
    "A second PIN",
    "For when somebody makes you type your PIN. It looks the same; your team learns the truth.",
)
SET = PinsState("done", "Your PINs are set")


class PinsModel(AskingOnce[PinsState]):
    """Sets both PINs, one step after another; each is forgotten as soon as the server has it."""

    first = PIN
    said = ""
    """That they were set, and when."""
    _typed: Mapping[str, str] = MappingProxyType({})

    def open(self) -> None:
        """Begin afresh."""
        me = self._facts().me
        self._typed = {}
        self.become(OLD if me is not None and me.value.has_pins else PIN)

    def type(self, digits: str) -> None:
        """What the step asks for."""
        if self.state.busy or self.state.step == "done":
            return
        if self.state.step == "again" and digits != self._typed.get("pin"):
            self.become(replace(PIN, message="Those were not the same. Once more."))
            return
        self._typed = {**self._typed, self.state.step: digits}
        following = {"old": PIN, "pin": AGAIN, "again": DURESS}
        if self.state.step in following:
            self.become(following[self.state.step])
        else:
            self._set(digits)

    def _set(self, duress_pin: str) -> None:
        fault = pins_fault(self._typed["pin"], duress_pin)
        if fault:
            self.become(replace(DURESS, message=fault))
            return
        self.become(replace(DURESS, busy=True, message="Sending"))
        typed, self._typed = self._typed, {}

        def job() -> Callable[[], None]:
            found = self._account.set_pins(typed["pin"], duress_pin, typed.get("old"))
            return lambda: self._take(found)

        self.ask(job)

    def _take(self, found: Outcome) -> None:
        if not found.done:
            self.open()
            self.become(replace(self.state, message=found.words))
            return
        self.become(SET)
        facts = self._facts()
        self.said = words.pins_set(facts.says(facts.now))
        self._after()
