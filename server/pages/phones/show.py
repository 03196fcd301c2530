"""What the page needs of the demo that plays behind it; a rehearsal has none of this."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import Flask

KEY = "wayhome.show"


@dataclass(frozen=True)
class Pins:
    """The PINs of a made-up person; a real one's are known to nobody."""

    safe: str
    duress: str


@dataclass(frozen=True)
class Hint:
    """Something worth trying, and what it shows."""

    text: str
    who: str
    shows: str


class Show(Protocol):
    """A made-up team's day, as it is being played."""

    @property
    def speed(self) -> float:
        """How many times faster than life it runs when it is not paused."""
        ...

    @property
    def paused(self) -> bool:
        """Whether time stands still."""
        ...

    @property
    def speeds(self) -> tuple[int, ...]:
        """The speeds that can be chosen."""
        ...

    @property
    def began(self) -> datetime:
        """When this day began; earlier texts are yesterday's."""
        ...

    @property
    def outlook(self) -> str:
        """What comes next while nothing is going on, in a sentence."""
        ...

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What is worth trying."""
        ...

    def pins(self, ref: str) -> Pins | None:
        """The PINs of one of its people."""
        ...

    def pause(self) -> None:
        """Let time stand still."""
        ...

    def go_on(self) -> None:
        """Let time pass again."""
        ...

    def run_at(self, speed: int) -> None:
        """Go on at one of `speeds`: while an alarm is open for this one, else for the day."""
        ...

    def start_again(self) -> None:
        """Play the day from its beginning as soon as nobody is out and no alarm is open."""
        ...

    def taken_over(self, number: str) -> None:
        """Somebody who watches typed on this phone: leave it to them."""
        ...


def install(app: Flask, show: Show) -> None:
    """Give the page its controls."""
    app.extensions[KEY] = show


def show_of(app: Flask) -> Show | None:
    """What plays in this application, if anything does."""
    return cast(Show | None, app.extensions.get(KEY))
