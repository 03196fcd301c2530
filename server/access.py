"""Who may use a route, said at the route itself; a test walks them all.

Pages say it by `Pages.get(..., who=...)`, everything else by `@open_to(...)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

MARK = "__who__"


@dataclass(frozen=True)
class Who:
    """A kind of caller, in a word for people who read the tests."""

    name: str


ANYBODY = Who("anybody")
PHONE = Who("a phone with its token")
GATEWAY = Who("a gateway that signs")


def open_to(who: Who) -> Callable[[F], F]:
    """Say who may use this route; the route itself, or what guards it, must see to it."""

    def mark(view: F) -> F:
        setattr(view, MARK, who)
        return view

    return mark


def declared(view: Callable[..., Any]) -> Who | None:
    """Who may use this route; None where nobody said."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Who) else None
