"""What the policy page shows: the steps with their holes, the plan beside them, the past nights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.acts.base import Desk
from server.acts.holes import Hole, holes_of
from server.acts.replaying import DryRun, Night, dry_run
from server.acts.teams import managed_teams, roster_for
from server.acts.trying_policy import Example, chosen, examples, plan_under
from server.domain.replay import ToldAt
from server.domain.words.policy import differences, span
from server.pages.times import clock
from server.store import policies
from server.store.db import Session
from server.store.people import Person, Team
from server.store.roster import Roster
from shared import cover
from shared.ladder import Step
from shared.policy import Policy, read_policy
from shared.states import AlarmKind, Risk

KIND_WORDS = {
    AlarmKind.OVERDUE.value: "Overdue",
    AlarmKind.SOS.value: "SOS",
    AlarmKind.DURESS.value: "Duress",
    AlarmKind.NOT_STARTED.value: "Not started",
}
BY_WORDS = {"text": "texted", "call": "rung", "email": "e-mailed", "push": "sent an app notice"}
MOST_VERSIONS = 50


@dataclass(frozen=True)
class Line:
    """One line of the plan as a sentence: when, who, what."""

    at: datetime
    who: str
    words: str
    alarm: bool


@dataclass(frozen=True)
class Shown:
    """Everything about a draft but the form itself."""

    team: Team
    teams: list[Team]
    roster: Roster
    examples: list[Example]
    example: Example | None
    lines: list[Line]
    holes: list[Hole]
    tried: DryRun | None

    def holes_at(self, ladder: str, rung: int | None) -> list[Hole]:
        """What is wrong with one step, or with a whole ladder."""
        return [one for one in self.holes if one.ladder == ladder and one.rung == rung]


def look(
    session: Session,
    desk: Desk,
    viewer: Person,
    team: Team,
    policy: Policy,
    key: str,
    now: datetime,
    *,
    on_past_nights: bool = False,
) -> Shown:
    """What this policy would do to this team, as this viewer may see it."""
    roster = roster_for(session, viewer)
    hers = managed_teams(roster, viewer)
    teams = sorted((t for t in roster.teams.values() if t.id in hers), key=lambda t: t.name)
    found = examples(session, roster, viewer, team, now)
    example = chosen(found, key)
    steps = plan_under(session, desk, team, policy, example, viewer, now) if example else []
    tried = dry_run(session, desk, team, policy, viewer, now) if on_past_nights else None
    return Shown(
        team=team,
        teams=teams,
        roster=roster,
        examples=found,
        example=example,
        lines=[_line(step, example) for step in steps],
        holes=holes_of(roster, desk, team, policy, now),
        tried=tried,
    )


def _line(step: Step, example: Example | None) -> Line:
    worker = example.worker.name if example else ""
    if not step.by:
        return Line(step.at, "", _doubt(step.why, worker), alarm=False)
    if step.by == "every way":
        return Line(step.at, step.who, f"told by every way: {step.why}", alarm=True)
    by = " and ".join(BY_WORDS.get(way, way) for way in step.by.split(" and "))
    return Line(step.at, step.who, f"{by} ({step.why})", alarm=step.who not in (worker, "you"))


def _doubt(why: str, worker: str) -> str:
    """What the chain says to its worker, said of her."""
    said = {
        cover.NOBODY: f"NOT covered: nobody but {worker} can be told.",
        cover.UNPROVEN: f"NOT covered: no number around {worker} is proven yet.",
    }
    return said.get(why, f"{why[:1].upper()}{why[1:]}.".replace("..", "."))


def example_words(example: Example) -> str:
    """One entry of the list of visits to choose from."""
    if example.visit is not None:
        return f"{example.worker.name} at {example.visit.place}, until {clock(example.ends_at)}"
    risk = ", high risk" if example.risk is Risk.HIGH else ""
    return f"{example.worker.name}, an hour from now{risk}"


@dataclass(frozen=True)
class Version:
    """One version of a policy and what it changed. `by` '': a command, or before this was kept."""

    number: int
    at: datetime
    by: str
    changes: list[tuple[str, list[str], list[str]]]


def history(session: Session, roster: Roster, team: Team) -> list[Version]:
    """Every version kept, the newest first, each with what differs from the one before."""
    kept = policies.versions_of(session, team.id, MOST_VERSIONS + 1)
    names = names_by_ref(roster)
    found = []
    for n, row in enumerate(kept[:MOST_VERSIONS]):
        earlier = kept[n + 1] if n + 1 < len(kept) else None
        changes = (
            differences(read_policy(earlier.policy_json), read_policy(row.policy_json), names)
            if earlier
            else []
        )
        who = roster.by_id.get(row.by_id) if row.by_id else None
        found.append(Version(row.version, row.at, who.name if who else "", changes))
    return found


def who_changed(session: Session, roster: Roster, team: Team) -> tuple[str, datetime | None]:
    """Who made the version in force, and when."""
    row = policies.version_of(session, team.id, team.policy_version)
    if row is None:
        return "", None
    who = roster.by_id.get(row.by_id) if row.by_id else None
    return (who.name if who else "a command on the server"), row.at


def names_by_ref(roster: Roster) -> Mapping[str, str]:
    """Everybody's name."""
    return {ref: person.name for ref, person in roster.people.items()}


def told_words(told: Sequence[ToldAt], since: datetime) -> list[str]:
    """Who was told how long after, one line for each."""
    return [
        f"{_after((one.at - since).total_seconds())}: {one.name}"
        f" {' and '.join(BY_WORDS.get(way, way) for way in one.ways)}"
        for one in told
    ]


def _after(seconds: float) -> str:
    whole = round(seconds)
    minutes, rest = divmod(abs(whole), 60)
    return f"{'-' if whole < 0 else '+'}{minutes}:{rest:02}"


def gain_words(night: Night) -> str:
    """What the other ladder would have meant, in a sentence."""
    past, would = night.past, night.would
    if would.raised_at is None:
        return "No alarm: all was well before the new grace was over."
    if past.answered_at is None:
        return "Nobody took charge then, so nothing can be said of how soon."
    if would.answered_at is None:
        return "Whoever answered then would not have been told: somebody else would have to."
    seconds = (would.answered_at - past.answered_at).total_seconds()
    if abs(seconds) < 1:
        return "An answer at the same moment."
    when = "later" if seconds > 0 else "sooner"
    return f"An answer about {span(round(abs(seconds)))} {when}."
