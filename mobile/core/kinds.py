"""What the kinds of visit are called: a stay with a client, a journey, the way home at the end of
the day. One machinery watches over all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shared.states import VisitKind

ON_THE_WAY_HOME = "On the way home"
"""The place of the way home, as in texts (`HOME 60`); no address of hers is asked for."""


@dataclass(frozen=True)
class Kind:
    """`head`: of the screen on which it starts; `asks`: after the place, '' where none is asked
    for; `safe`: the key that ends it; `usual_min`: its length the first time."""

    head: str
    asks: str
    safe: str
    usual_min: int


KINDS: Mapping[VisitKind, Kind] = MappingProxyType(
    {
        VisitKind.VISIT: Kind("Start a visit", "Where are you going?", "I am safe", 45),
        VisitKind.TRAVEL: Kind("Start a journey", "Where are you going?", "I am there", 30),
        VisitKind.HOME: Kind("Start the way home", "", "I am home", 60),
    }
)


def title(kind: VisitKind, place: str) -> str:
    """What it is called where its place alone would mislead: 'To 12 High St'."""
    if kind is VisitKind.HOME:
        return ON_THE_WAY_HOME
    return f"To {place}" if kind is VisitKind.TRAVEL else place
