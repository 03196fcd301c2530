"""A device made of lists, for tests: it writes down what was asked of it, and is set by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mobile.ports import Fix, Inset, Need, Notice, Pattern, Ports, Reminder, Signal

KEY = 0x5A


@dataclass
class FakeLocation:
    """Stands where it is put."""

    fix: Fix | None = None
    is_allowed: bool = True
    running: bool = False

    def allowed(self) -> bool:
        return self.is_allowed

    def start(self) -> None:
        self.running = self.is_allowed

    def stop(self) -> None:
        self.running = False

    def last(self) -> Fix | None:
        return self.fix if self.is_allowed else None


@dataclass
class FakeAlarms:
    """Remembers what is armed; rings when the test says so."""

    armed: list[Reminder] = field(default_factory=list)
    is_exact: bool = True

    def arm(self, reminders: Sequence[Reminder]) -> None:
        self.armed = list(reminders)

    def exact(self) -> bool:
        return self.is_exact


@dataclass
class FakeNotifier:
    """What can be seen in the notification shade, by key."""

    shown: dict[str, Notice] = field(default_factory=dict)
    is_allowed: bool = True

    def allowed(self) -> bool:
        return self.is_allowed

    def show(self, notice: Notice) -> None:
        if self.is_allowed:
            self.shown[notice.key] = notice

    def withdraw(self, key: str) -> None:
        self.shown.pop(key, None)


@dataclass
class FakeHaptics:
    """What the hand felt, in order."""

    felt: list[Pattern] = field(default_factory=list)

    def play(self, pattern: Pattern) -> None:
        self.felt.append(pattern)


@dataclass
class FakeSpeech:
    """What was said, in order."""

    said: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.said.append(text)


@dataclass
class FakeSecrets:
    """Seals so that a test can see that something is sealed; `lose_key` is a wiped key store."""

    has_key: bool = True

    def seal(self, plain: bytes) -> bytes:
        return b"sealed:" + bytes(byte ^ KEY for byte in plain)

    def unseal(self, sealed: bytes) -> bytes | None:
        if not self.has_key or not sealed.startswith(b"sealed:"):
            return None
        return bytes(byte ^ KEY for byte in sealed.removeprefix(b"sealed:"))

    def lose_key(self) -> None:
        self.has_key = False


@dataclass
class FakeNet:
    """Goes through tunnels; opens composers and diallers that nobody sees."""

    state: Signal = Signal.DATA
    texts: list[tuple[str, str]] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    tells: list[Callable[[], None]] = field(default_factory=list)

    def signal(self) -> Signal:
        return self.state

    def on_change(self, tell: Callable[[], None]) -> None:
        self.tells.append(tell)

    def becomes(self, state: Signal) -> None:
        self.state = state
        for tell in self.tells:
            tell()

    def compose_text(self, to: str, text: str) -> bool:
        self.texts.append((to, text))
        return True

    def dial(self, number: str) -> bool:
        self.dialled.append(number)
        return True


@dataclass
class FakeInsets:
    """Bars and keyboards that come and go."""

    inset: Inset = field(default_factory=Inset)
    tells: list[Callable[[Inset], None]] = field(default_factory=list)

    def now(self) -> Inset:
        return self.inset

    def on_change(self, tell: Callable[[Inset], None]) -> None:
        self.tells.append(tell)

    def becomes(self, inset: Inset) -> None:
        self.inset = inset
        for tell in self.tells:
            tell(inset)


@dataclass
class FakeSiren:
    """Loud or not."""

    loud: bool = False

    def start(self) -> None:
        self.loud = True

    def stop(self) -> None:
        self.loud = False


@dataclass
class FakeScanner:
    """Sees what the test holds in front of it."""

    sees: str = ""

    def scan(self, found: Callable[[str], None]) -> bool:
        if self.sees:
            found(self.sees)
        return bool(self.sees)


@dataclass
class FakeLook:
    """Likes light screens, unless told."""

    is_dark: bool = False

    def dark(self) -> bool:
        return self.is_dark


@dataclass
class FakePower:
    """Lets the app run, unless told."""

    is_unrestricted: bool = True
    is_saving: bool = False

    def unrestricted(self) -> bool:
        return self.is_unrestricted

    def saving(self) -> bool:
        return self.is_saving


@dataclass
class FakePermits:
    """What she was asked for, in order."""

    asked: list[Need] = field(default_factory=list)

    def ask(self, need: Need) -> bool:
        self.asked.append(need)
        return True


@dataclass
class FakeDevice:
    """One whole fake phone; `ports` is what the core gets."""

    location: FakeLocation = field(default_factory=FakeLocation)
    alarms: FakeAlarms = field(default_factory=FakeAlarms)
    notifier: FakeNotifier = field(default_factory=FakeNotifier)
    haptics: FakeHaptics = field(default_factory=FakeHaptics)
    speech: FakeSpeech = field(default_factory=FakeSpeech)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    net: FakeNet = field(default_factory=FakeNet)
    insets: FakeInsets = field(default_factory=FakeInsets)
    siren: FakeSiren = field(default_factory=FakeSiren)
    scanner: FakeScanner = field(default_factory=FakeScanner)
    look: FakeLook = field(default_factory=FakeLook)
    power: FakePower = field(default_factory=FakePower)
    permits: FakePermits = field(default_factory=FakePermits)

    @property
    def ports(self) -> Ports:
        """The device as the core knows it."""
        return Ports(
            location=self.location,
            alarms=self.alarms,
            notifier=self.notifier,
            haptics=self.haptics,
            speech=self.speech,
            secrets=self.secrets,
            net=self.net,
            insets=self.insets,
            siren=self.siren,
            scanner=self.scanner,
            look=self.look,
            power=self.power,
            permits=self.permits,
        )
