"""Which teams and days a report is asked for, or what is wrong with the address, in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from server.store.figures import Extent
from server.store.named import TeamName

USUAL_DAYS = 28
MOST_DAYS = 400
LONGEST = 60
SPANS = ((28, "4 weeks"), (91, "13 weeks"), (364, "52 weeks"))


@dataclass
class Asked:
    """What a report is about; the last day is yesterday, if nothing else is said."""

    teams: Sequence[TeamName]
    first: date
    last: date
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    chosen: TeamName | None = None

    @property
    def days(self) -> int:
        """How many days it covers."""
        return (self.last - self.first).days + 1

    def extent(self, org_id: UUID, now: datetime) -> Extent:
        """The same for the database."""
        teams = [self.chosen] if self.chosen else self.teams
        return Extent(
            org_id=org_id,
            teams=frozenset(team.id for team in teams),
            since=_midnight(self.first, self.zone),
            until=_midnight(self.last + timedelta(days=1), self.zone),
            now=now,
        )

    @property
    def team_words(self) -> str:
        """'OT North', 'OT North and OT South', 'All 12 teams you run'."""
        if self.chosen:
            return self.chosen.name
        names = [team.name for team in self.teams]
        if len(names) > 3:
            return f"All {len(names)} teams you run"
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    def address(self, path: str, **more: str) -> str:
        """The address that asks for the same, but for `more`."""
        said = {name: text for name, text in (self.typed | more).items() if text}
        return f"{path}?{urlencode(said)}" if said else path

    def back(self, path: str, days: int) -> str:
        """The same up to the same last day, over so many days."""
        first = self.last - timedelta(days=days - 1)
        return self.address(path, **{"from": first.isoformat(), "to": self.last.isoformat()})


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def read_asked(
    given: Mapping[str, str], teams: Sequence[TeamName], zone: ZoneInfo, today: date
) -> Asked:
    """What is asked for; what is not right has an error and its usual value."""
    typed = {name: given.get(name, "").strip()[:LONGEST] for name in ("team", "from", "to")}
    yesterday = today - timedelta(days=1)
    asked = Asked(teams, yesterday, yesterday, typed, zone=zone)
    asked.chosen = next((team for team in teams if team.slug == typed["team"]), None)
    if typed["team"] and asked.chosen is None:
        asked.errors["team"] = "Choose a team from the list. You run no team of that name."
    asked.last = _day(asked, "to", yesterday)
    asked.first = _day(asked, "from", asked.last - timedelta(days=USUAL_DAYS - 1))
    _check(asked, today)
    return asked


def _day(asked: Asked, name: str, usual: date) -> date:
    said = asked.typed[name]
    if not said:
        return usual
    try:
        found = date.fromisoformat(said)
    except ValueError:
        asked.errors[name] = "Give a day like 2026-11-25: year, month, day."
        return usual
    if not 2000 <= found.year <= 2199:
        asked.errors[name] = "Give a day between 2000 and 2199."
        return usual
    return found


def _check(asked: Asked, today: date) -> None:
    if asked.last >= today:
        asked.errors.setdefault("to", "Reports end yesterday at the latest: today is not over yet.")
    elif asked.first > asked.last:
        asked.errors.setdefault("to", "The last day has to be the first day or come after it.")
    elif asked.days > MOST_DAYS:
        asked.errors.setdefault("from", f"A report covers at most {MOST_DAYS} days.")
