"""The app as its owner uses it; on top of the pilot, what she does again and again."""

from pathlib import Path
from typing import Any

from mobile.platform.fake import FakeDevice
from tests.mobile.ui.pilot import Pilot


class Face(Pilot):
    """One phone in one hand."""

    def __init__(self, app: Any, device: FakeDevice, folder: Path) -> None:
        self.device = device
        self.folder = folder
        self.is_open = True
        super().__init__(app)

    @property
    def phone(self) -> Any:
        return self.app.phone

    @property
    def page(self) -> Any:
        return self.app.frame.page

    def enrol(self, code: str) -> None:
        """Make it hers."""
        self.type(self.page.ids.code, code)
        self.tap("Make it mine")
        self.sees("Hello")
        self.sees("A visit started now is watched")

    def begin(self, place: str = "12 High St") -> None:
        """A visit somewhere new, of the usual length."""
        self.tap("Start a visit")
        self.type(self.page.ids.place, place)
        self.tap("Start 45 min")
        self.until(lambda: self.app.at == "visit", "the visit to be shown")

    def passed(self) -> None:
        """Time has passed: the app ticks and looks anew, as it would have meanwhile."""
        self.phone.refresh()
        self.phone.worker.ring()
        self.frames(2)

    def end(self) -> None:
        if self.is_open:
            self.is_open = False
            super().end()
