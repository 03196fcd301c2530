"""A signed-in phone without a face, for tests of what goes over the line."""

from pathlib import Path

from mobile.core.account import Outcome
from mobile.core.database import Database
from mobile.core.identity import Identity
from mobile.core.outbox import Act
from mobile.core.phone import Phone
from mobile.core.state import SosState, TodayState, VisitState
from mobile.core.sync import Sync
from mobile.core.transport import read_address
from mobile.core.verdict import News, Verdict
from mobile.platform.fake import FakeDevice
from tests.mobile.hands import Hands
from tests.mobile.house import AMY, TOKEN


class Line:
    """Amy's phone, whose clocks are turned by hand."""

    def __init__(self, db: Database, hands: Hands, url: str) -> None:
        self.hands = hands
        self.device = FakeDevice()
        self.news: list[News] = []
        self.clock = hands.clock()
        self.sync = Sync(db, self.clock, self.device.secrets, self._hear)
        self.sync.identities.enrol(Identity(AMY["id"], AMY["name"], read_address(url), TOKEN))
        self.sync.identity()

    def _hear(self, news: News | None) -> None:
        if news is not None:
            self.news.append(news)

    def put(self, act: Act, pin: str | None = None) -> str:
        """Do something."""
        self.sync.outbox.put(act, self.clock.stamp(), pin)
        return act.key

    def start(self, place: str = "12 High St", minutes: int = 45) -> str:
        """Start a visit; gives its id."""
        act = Act("start", "", "/visits", {"place": place, "minutes": minutes})
        return self.put(Act("start", act.key, act.path, act.body, act.key))

    def do(self, visit: str, kind: str, pin: str | None = None, **body: object) -> str:
        """Something about a visit."""
        return self.put(Act(kind, visit, f"/visits/{visit}/{kind}", body), pin)

    def sos(self, visit: str | None = None) -> str:
        """Call for help."""
        act = Act("sos", "", "/alarms", {"kind": "sos", "visit": visit})
        return self.put(Act("sos", act.key, act.path, act.body, act.key))

    def round(self, screen_on: bool = False, wanted: bool = False) -> None:
        """One round of the worker."""
        self.sync.round(screen_on=screen_on, wanted=wanted)

    def verdicts(self) -> list[Verdict]:
        """What became of everything sent, in order."""
        return [news.verdict for news in self.news]

    def close(self) -> None:
        """Hang up."""
        self.sync.close()


class Pocket:
    """Amy's whole phone but for its face. Threads are not started: `sync` is a turn of both."""

    def __init__(self, folder: Path, hands: Hands, url: str, device: FakeDevice | None = None):
        self.hands = hands
        self.url = url
        self.device = device or FakeDevice()
        self.phone = Phone(folder, self.device.ports, clock=hands.clock())

    def enrol(self, code: str = "ABCD") -> Outcome:
        """Make it Amy's."""
        return self.phone.account.enrol(self.url, code, "Amy's phone")

    def sync(self, screen_on: bool = True) -> None:
        """What the worker's threads would do now."""
        self.phone.sync.send_sos()
        self.phone.sync.round(screen_on=screen_on)
        self.phone.refresh()

    def passes(self, seconds: float) -> None:
        """Time goes by with the screen off."""
        self.hands.passes(seconds)
        self.phone.refresh()

    def visit(self) -> VisitState:
        """The visit as it is shown."""
        found = self.phone.visit.update(self.phone.facts())
        assert found is not None
        return found

    def today(self) -> TodayState:
        """Today as it is shown."""
        return self.phone.today.update(self.phone.facts())

    def sos(self) -> SosState:
        """The truth after SOS."""
        return self.phone.help.update(self.phone.facts())

    def close(self) -> None:
        """The app ends."""
        self.phone.close()
