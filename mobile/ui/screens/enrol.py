"""Making this phone hers: a code, typed or scanned."""

from typing import Any

from mobile.ui.kit.page import Page

DEVICE = "Phone"


class EnrolPage(Page):
    """Ends at today as soon as the phone is somebody's."""

    shows = "enrolling"

    def open(self) -> None:
        """An address that is there already is read from its beginning."""
        self.model.open()
        super().open()
        known = self.app.phone.account.address or self.app.server
        self.ids.address.text, self.ids.code.text = self.model.typed or (known, "")
        self.ids.address.cursor = (0, 0)
        self.ids.address.scroll_x = 0

    def leave(self) -> None:
        """What she typed is there when she comes back."""
        super().leave()
        if not self.state.done:
            self.model.typed = (self.ids.address.text, self.ids.code.text)

    def take(self, state: Any) -> None:
        """Once it is hers, on to the screen she will begin every day with."""
        super().take(state)
        if state.done:
            self.app.home()

    def enrol(self, address: str, code: str) -> None:
        """What was typed."""
        self.model.enrol(address, code, DEVICE)

    @property
    def can_scan(self) -> bool:
        """Whether there is a camera to scan with."""
        return self.app.phone.ports.scanner is not None

    def scan(self) -> None:
        """With the camera, where there is one."""
        self.app.scan(self._scanned)

    def _scanned(self, code: str) -> None:
        self.ids.code.text = code
        self.enrol(self.ids.address.text, code)
