"""What of the log an address asks for: read, or refused field by field in plain words."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from server.pages.log.words import ALARM_KINDS, KINDS, OUTCOMES
from server.store.history import ANY_ALARM, Wanted
from server.store.lists import Place
from server.store.named import Somebody, TeamName

FIELDS = ("person", "team", "from", "to", "kind", "alarm", "outcome", "late")
YES = "yes"
LONGEST = 100
ALARMS = {ANY_ALARM: "With any alarm", **ALARM_KINDS}
EARLIEST = date(2000, 1, 1)
LATEST = date(2199, 12, 31)


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, for this viewer."""

    zone: ZoneInfo
    teams: Sequence[TeamName] = ()
    people: Sequence[Somebody] = ()

    def team(self, slug: str) -> TeamName | None:
        """The team she means."""
        return next((team for team in self.teams if team.slug == slug), None)

    def person(self, ref: str) -> Somebody | None:
        """The person she means."""
        return next((person for person in self.people if person.ref == ref), None)


@dataclass
class Asked:
    """What an address asks for: as it was typed, as it is meant, and what is wrong with it."""

    typed: dict[str, str]
    wanted: Wanted
    errors: dict[str, str] = field(default_factory=dict)
    older_than: Place | None = None
    newer_than: Place | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than everything."""
        return any(self.typed.values())

    def address(self, path: str, **more: str) -> str:
        """The address that asks for the same."""
        said = {name: text for name, text in self.typed.items() if text} | more
        return f"{path}?{urlencode(said)}" if said else path


def read_asked(given: Mapping[str, str], choices: Choices, now: datetime) -> Asked:
    """What is asked for; what cannot be meant is left out of it and has an error."""
    reader = _Reader({name: given.get(name, "").strip()[:LONGEST] for name in FIELDS}, choices)
    asked = Asked(reader.typed, reader.wanted(now), reader.errors)
    asked.older_than = reader.place("older", given.get("older"))
    asked.newer_than = reader.place("newer", given.get("newer"))
    return asked


class _Reader:
    """Reads one address."""

    def __init__(self, typed: dict[str, str], choices: Choices) -> None:
        self.typed = typed
        self.errors: dict[str, str] = {}
        self._choices = choices

    def wanted(self, now: datetime) -> Wanted:
        person, team = self._person(), self._team()
        since, until = self._span()
        late = self._word("late", {YES: ""}, "Say late=yes, or leave it out.")
        return Wanted(
            now=now,
            person=person,
            team=team,
            since=since,
            until=until,
            kind=self._word("kind", KINDS, "Choose one of the kinds of visit in the list."),
            alarm=self._word("alarm", ALARMS, "Choose one of the kinds of alarm in the list."),
            outcome=self._word("outcome", OUTCOMES, "Choose one of the outcomes in the list."),
            late=late is not None,
        )

    def _person(self) -> UUID | None:
        said = self.typed["person"]
        found = self._choices.person(said)
        if said and found is None:
            self.errors["person"] = "Choose a person from the list. There is nobody of that name."
        return found.id if found else None

    def _team(self) -> UUID | None:
        said = self.typed["team"]
        found = self._choices.team(said)
        if said and found is None:
            self.errors["team"] = "Choose a team from the list. You run no team of that name."
        return found.id if found else None

    def _span(self) -> tuple[datetime | None, datetime | None]:
        first, last = self._day("from"), self._day("to")
        if first and last and last < first:
            self.errors["to"] = "The last day has to be the first day or come after it."
            return None, None
        after = last + timedelta(days=1) if last else None
        return self._midnight(first), self._midnight(after)

    def _day(self, name: str) -> date | None:
        said = self.typed[name]
        if not said:
            return None
        try:
            found = date.fromisoformat(said)
        except ValueError:
            self.errors[name] = "Give a day like 2026-11-25: year, month, day."
            return None
        if not EARLIEST <= found <= LATEST:
            self.errors[name] = f"Give a day between {EARLIEST.year} and {LATEST.year}."
            return None
        return found

    def _midnight(self, day: date | None) -> datetime | None:
        if day is None:
            return None
        return datetime(day.year, day.month, day.day, tzinfo=self._choices.zone)

    def _word(self, name: str, known: Mapping[str, str], sorry: str) -> str | None:
        said = self.typed[name]
        if said and said not in known:
            self.errors[name] = sorry
        return said if said in known else None

    def place(self, name: str, given: str | None) -> Place | None:
        """The place a page begins after."""
        if not given:
            return None
        found = read_place(given)
        if found is None:
            self.errors["page"] = (
                "This link to a page of the log is broken. Begin at the first page."
            )
        return found


def write_place(place: Place) -> str:
    """A place in the list, for an address."""
    said = f"{place.at.isoformat()} {place.id}"
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_place(given: str) -> Place | None:
    """The place an address means; None where it is none of ours."""
    try:
        padded = given + "=" * (-len(given) % 4)
        said = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
        at, _, last = said.partition(" ")
        place = Place(datetime.fromisoformat(at), UUID(last))
    except (binascii.Error, ValueError, OverflowError):
        return None
    return place if place.at.tzinfo is not None else None
