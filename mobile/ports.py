"""What the core asks of the device it runs on. Every device brings its own; tests bring fakes.

No port raises for being refused or missing: it says so in its answer, and the core goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class Fix:
    """Where the phone is: degrees in WGS 84, metres, and when that was found by its own clock."""

    lat: float
    lon: float
    accuracy_m: float | None
    at: datetime


class Location(Protocol):
    """Where the phone is; asked only during visits and for an SOS."""

    def allowed(self) -> bool:
        """Whether she lets the app know where she is."""
        ...

    def start(self) -> None:
        """Begin to look; called while the app can be seen."""
        ...

    def stop(self) -> None:
        """Stop looking."""
        ...

    def last(self) -> Fix | None:
        """The newest fix, at once, without waiting for a better one; also while nobody looks, if
        the device knows one that is not too old to send somebody there."""
        ...


@dataclass(frozen=True)
class Reminder:
    """A reminder that must come though the app is dead. `in_s`: seconds from now, in the phone's
    ticks, so that a wrong clock does not move it. `visit`: what its buttons act on. Shown by the
    notifier it is the notice of the same key."""

    key: str
    in_s: float
    title: str
    text: str
    visit: str
    loudness: int


class Alarms(Protocol):
    """The device's own alarm clock."""

    def arm(self, reminders: Sequence[Reminder]) -> None:
        """Have exactly these armed, and no others."""
        ...

    def exact(self) -> bool:
        """Whether they come on time; else within minutes."""
        ...


@dataclass(frozen=True)
class Notice:
    """A notification; `actions` are words for buttons: 'extend', 'safe', 'sos'. Those in `opens`
    open the app, where a PIN can be typed. `visit`: what they act on."""

    key: str
    title: str
    text: str
    actions: tuple[str, ...] = ()
    urgent: bool = False
    opens: tuple[str, ...] = ()
    visit: str = ""


class Notifier(Protocol):
    """The device's notifications."""

    def allowed(self) -> bool:
        """Whether they are shown."""
        ...

    def show(self, notice: Notice) -> None:
        """Show it, in place of the one with the same key."""
        ...

    def withdraw(self, key: str) -> None:
        """Take it away, if it is there."""
        ...


class Pattern(StrEnum):
    """What the hand is told."""

    TICK = "tick"
    DONE = "done"
    CHANGED = "changed"
    WRONG = "wrong"
    ALARM = "alarm"


class Haptics(Protocol):
    """Vibration."""

    def play(self, pattern: Pattern) -> None:
        """Vibrate once by this pattern."""
        ...


class Speech(Protocol):
    """What is said to those who cannot look."""

    def say(self, text: str) -> None:
        """Say it aloud or to the screen reader, as the device is set."""
        ...


class Secrets(Protocol):
    """The device's key store: what it seals can be opened on this device only."""

    def seal(self, plain: bytes) -> bytes:
        """The same, of no use to anybody who copies the database."""
        ...

    def unseal(self, sealed: bytes) -> bytes | None:
        """What was sealed; None where the key is gone."""
        ...


class Signal(StrEnum):
    """What the phone can reach. UNKNOWN: the device cannot tell."""

    DATA = "data"
    TEXTS_ONLY = "texts_only"
    NONE = "none"
    UNKNOWN = "unknown"


class Net(Protocol):
    """The phone's networks, and its composer and dialler."""

    def signal(self) -> Signal:
        """What can be reached now."""
        ...

    def on_change(self, tell: Callable[[], None]) -> None:
        """Have `tell` called, from any thread, whenever that changes."""
        ...

    def compose_text(self, to: str, text: str) -> bool:
        """Open a text, written but not sent; False where that is not possible."""
        ...

    def dial(self, number: str) -> bool:
        """Open the dialler with a number in it; False where that is not possible."""
        ...


@dataclass(frozen=True)
class Inset:
    """What the system's bars cover of each edge, in pixels."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0


class Insets(Protocol):
    """How much of the screen is really free."""

    def now(self) -> Inset:
        """What is covered now."""
        ...

    def on_change(self, tell: Callable[[Inset], None]) -> None:
        """Have `tell` called with the new insets, for instance when a keyboard comes."""
        ...


class Siren(Protocol):
    """The loud noise that is to drive somebody off; only for those who chose it."""

    def start(self) -> None:
        """Be loud until told to stop, whatever the phone's volume."""
        ...

    def stop(self) -> None:
        """Be quiet."""
        ...


class Scanner(Protocol):
    """The camera, for a code on somebody's screen or on paper."""

    def scan(self, found: Callable[[str], None]) -> bool:
        """Look for a code and have `found` called, from any thread, with what it says; False where
        there is no camera or it may not be used."""
        ...


class Look(Protocol):
    """How the device's owner likes its screens."""

    def dark(self) -> bool:
        """Whether dark ones."""
        ...


class Power(Protocol):
    """The device's saving of power, which may put the app to sleep."""

    def unrestricted(self) -> bool:
        """Whether the app may run in the background for as long as it has to."""
        ...

    def saving(self) -> bool:
        """Whether the whole device is saving power now."""
        ...


class Need(StrEnum):
    """What the app may be allowed to do."""

    NOTIFICATIONS = "notifications"
    LOCATION = "location"
    REMINDERS = "reminders"
    BATTERY = "battery"


class Permits(Protocol):
    """Where permissions are given."""

    def ask(self, need: Need) -> bool:
        """Ask her, or open the device's page for it; False where there is nothing to ask."""
        ...


@dataclass(frozen=True)
class Ports:
    """Everything a device brings. None: it has no such thing."""

    location: Location
    alarms: Alarms
    notifier: Notifier
    haptics: Haptics
    speech: Speech
    secrets: Secrets
    net: Net
    insets: Insets
    siren: Siren | None = None
    scanner: Scanner | None = None
    look: Look | None = None
    power: Power | None = None
    permits: Permits | None = None
