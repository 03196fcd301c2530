"""Everything the page shows, read in one go: the headline, the chains, and every phone.

This is the audience's view of a rehearsal or of made-up people: nobody's own, so nothing here is
veiled.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.acts.base import Desk
from server.pages.phones.chains import Chain, chain_of
from server.pages.phones.headline import Headline, headline
from server.pages.phones.people import Facts, Phone, phone_of
from server.pages.phones.show import Show
from server.store import pretend
from server.store.db import Session

MOST_PHONES = 24
MOST_TEXTS = 400


@dataclass(frozen=True)
class Stage:
    """The page at one moment. `seconds`: since midnight, for the clock that ticks on the page."""

    date: str
    clock: str
    seconds: float
    headline: Headline
    chains: tuple[Chain, ...]
    phones: tuple[Phone, ...]
    of: int
    sought: str


def look(session: Session, desk: Desk, now: datetime, show: Show | None, sought: str) -> Stage:
    """Read it all."""
    people = pretend.phones(session, sought, MOST_PHONES)
    if show is not None:
        people = sorted(people, key=lambda person: person.ref)
    zone = ZoneInfo(people[0].org.timezone if people else "Europe/London")
    facts = Facts.gather(session, people, now, show, MOST_TEXTS)
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Stage(
        date=f"{local:%A} {local.day} {local:%B}",
        clock=f"{local:%H:%M}",
        seconds=round((local - midnight).total_seconds(), 2),
        headline=headline(session, desk, facts, now, show),
        chains=tuple(chain_of(session, desk, alarm, now, zone) for alarm in facts.alarms),
        phones=tuple(phone_of(session, facts, person) for person in people),
        of=pretend.count_phones(session),
        sought=sought,
    )
