"""Watches over pages: the console stays silent, nothing fails, no other host is asked."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page


@dataclass
class Watch:
    """What went wrong. `expected`: beginnings of what a test brings about itself."""

    wrong: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def over(self, page: Page, url: str) -> None:
        """Watch this page, opened from `url`, from now on."""
        host = urlsplit(url).netloc
        page.on("console", lambda message: self.wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        page.on("request", lambda request: self._asked(request.url, host))

    def _asked(self, url: str, host: str) -> None:
        if urlsplit(url).netloc != host:
            self.wrong.append(f"elsewhere: {url}")

    def check(self) -> None:
        """Fail if there was anything."""
        wrong = [one for one in self.wrong if not one.startswith(tuple(self.expected))]
        assert not wrong, "\n".join(wrong)


def overflow(page: Page) -> int:
    """How many pixels of the page lie beyond its right edge."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
