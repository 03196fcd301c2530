"""Making a text fit one segment: what may be cut is cut, what must be read stays whole."""

import re
from collections.abc import Mapping

from shared.gsm7 import SINGLE_SEPTETS, downgrade, septets, shorten

ONE_SEGMENT = SINGLE_SEPTETS
SHORTEST_NAME, FAIR_NAME, LONGEST_NAME = 12, 22, 40
SHORTEST_PLACE, FAIR_PLACE = 6, 24
SHORTEST_WORDS = 10
AT = " at "
NO_PLACE = "Place not given"
"""The place of a visit that was begun without one, as it is kept and listed."""
QUOTED = ': ""'

_PART = re.compile(r"\{(\w+)\}")
_SAYS_WHERE = re.compile(r"(at|by|in|near|on|outside)\s", re.IGNORECASE)


def plain(text: str) -> str:
    """On one line and in the GSM 7-bit alphabet."""
    return " ".join(downgrade(text).split())


def called(place: str) -> str:
    """What a visit is called to its worker: its place, or, begun without one, just hers."""
    return "Your visit" if place == NO_PLACE else plain(place)


def where(place: str | None) -> str:
    """The place as it is told to others; '' where none was given."""
    return "" if place is None or place == NO_PLACE else place


def fit(template: str, *, place: str = "", lead: str = AT, said: str = "", **names: str) -> str:
    """`template` in one segment, with names where `{worker}` and the like stand, the place after
    its `lead` where `{place}` stands, and what somebody `{said}` in quotes.

    What is too long is cut: names in the order given and the place share what room there is, what
    was said gets the rest, and what has no room goes altogether. The words of the template itself
    stay whole.
    """
    parts = {key: _cut(plain(given), LONGEST_NAME) for key, given in names.items()}
    where = led(plain(place), lead)
    _make_room(template, parts, min(septets(where), FAIR_PLACE), FAIR_NAME)
    _make_room(template, parts, 0, SHORTEST_NAME)
    room = ONE_SEGMENT - septets(_filled(template, parts))
    parts["place"] = where if septets(where) <= room else _shortened(where, lead, room)
    if said and "{said}" in template:
        room = ONE_SEGMENT - septets(_filled(template, parts)) - len(QUOTED)
        parts["said"] = f': "{shorten(plain(said), room)}"' if room >= SHORTEST_WORDS else ""
    return shorten(_filled(template, parts), ONE_SEGMENT)


def _make_room(template: str, parts: dict[str, str], wanted: int, shortest: int) -> None:
    """Cut names, none below `shortest`, until `wanted` septets are free or no name is left."""
    for key, full in list(parts.items()):
        missing = wanted - (ONE_SEGMENT - septets(_filled(template, parts)))
        if missing > 0:
            parts[key] = _cut(full, max(shortest, septets(full) - missing))


def _cut(given: str, most: int) -> str:
    """A name cut inside a word says more than one that loses the word."""
    while septets(given) > most:
        given = given.rstrip(".")[:-1].rstrip(" -") + "."
    return given


def led(place: str, lead: str = AT) -> str:
    """A place behind its lead, unless it brings one of its own ('in the kitchen')."""
    if lead == AT and _SAYS_WHERE.match(place):
        return " " + place[0].lower() + place[1:]
    return lead + place if place else ""


def _shortened(where: str, lead: str, room: int) -> str:
    return shorten(where, room) if room >= septets(lead) + SHORTEST_PLACE else ""


def _filled(template: str, parts: Mapping[str, str]) -> str:
    """Filled in one pass, so that nothing a person typed is taken for a part of the template."""
    found = {"place": "", "said": "", **parts}
    return _PART.sub(lambda part: found.get(part[1], part[0]), template)
