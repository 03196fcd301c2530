"""A phone of Amy's whose Python may be dead: its database, its device, and whom it talks to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mobile.android.rules import FOLDER
from mobile.core.clock import boot_id
from mobile.core.database import Database
from mobile.core.memory import Memory
from mobile.core.outbox import Entry, Outbox
from mobile.core.phone import FILE
from mobile.platform.fake import FakeSecrets
from tests.mobile.android.jvm.device import After, Jvm, classes_of_now
from tests.mobile.hands import Hands
from tests.mobile.house import AMY, House, Served
from tests.mobile.phone import Pocket


@pytest.fixture(scope="session")
def jvm() -> Iterator[Jvm]:
    found = Jvm(classes_of_now())
    yield found
    found.close()


class Handset:
    """`awake`: Python runs, as `pocket`. Else only what Android itself starts."""

    def __init__(self, folder: Path, served: Served, device: Jvm) -> None:
        self.hands = Hands(boot=boot_id())
        self.files = folder
        (folder / FOLDER).mkdir()
        served.house.now = self.hands.true_now
        self.house = served.house
        self.url = served.url
        self.pocket: Pocket | None = None
        self.device = device
        device.database = folder / FOLDER / FILE
        device.statements.clear()
        self.be(anew=True, sdk=36, exact=True, exact_taken_back=False, notifications=True,
                denied=[], reader=False, signal="data", fix_age_ms=30_000)  # fmt: skip

    def awake(self) -> Pocket:
        """Python runs."""
        if self.pocket is None:
            self.pocket = Pocket(self.files / FOLDER, self.hands, self.url)
        return self.pocket

    def dies(self) -> None:
        """Python is killed."""
        if self.pocket is not None:
            self.pocket.close()
            self.pocket = None

    def enrolled(self) -> "Handset":
        """It is Amy's."""
        assert self.awake().enrol().done
        return self

    def on_a_visit(self, minutes: int = 30) -> str:
        """She has started a visit, the server knows, and Python has died since."""
        self.enrolled()
        pocket = self.awake()
        visit = pocket.phone.acts.start("12 High St", minutes)
        pocket.sync()
        pocket.sync()
        self.dies()
        return visit

    def be(self, **device: Any) -> After:
        """The device is like this from now on."""
        ticks = self.hands.tick_s * 1000
        return self.device.do("be", files=str(self.files), elapsed_ms=ticks, **device)

    def passes(self, seconds: float) -> None:
        """Time goes by."""
        self.hands.passes(seconds)
        self.be()

    def tap(self, name: str, visit: str = "", key: str = "visit") -> After:
        """A button is pressed on a notification."""
        return self.device.do("tap", name=name, visit=visit, key=key)

    def waiting(self) -> list[Entry]:
        """What is in the outbox, as Python reads it."""
        db = Database(self.device.database)
        try:
            return Outbox(db, FakeSecrets(), lambda: self.hands.tick_s, AMY["id"]).waiting()
        finally:
            db.close()

    def kept(self, kind: str) -> dict[str, Any]:
        """What is remembered of a kind."""
        db = Database(self.device.database)
        try:
            return {name: known.value for name, known in Memory(db).all(kind).items()}
        finally:
            db.close()


@pytest.fixture
def handset(tmp_path: Path, house: House, jvm: Jvm) -> Iterator[Handset]:
    served = Served(house)
    found = Handset(tmp_path, served, jvm)
    yield found
    found.dies()
    served.close()


def said(after: After) -> str:
    """The line that answers a button."""
    text = after.notices["said"]["text"]
    assert isinstance(text, str)
    return text
