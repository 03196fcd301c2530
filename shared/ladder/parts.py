"""What the ladder is walked with: the people around a worker, the rungs, and what comes of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.policy import Policy, Rung
from shared.states import Way


@dataclass(frozen=True)
class Party:
    """A person as the ladder sees her: how she can be reached, in her order of preference.

    `hidden_trouble`: an alarm of her own is open that nothing of hers may show.
    `sure`: her number is known to reach her; one that is not gets every alarm and is no cover.
    `proof` says in words how far it is proven.
    """

    id: str
    ref: str
    name: str
    ways: tuple[Way, ...]
    away_from: datetime | None = None
    away_until: datetime | None = None
    on_visit: bool = False
    in_trouble: bool = False
    hidden_trouble: bool = False
    sure: bool = True
    proof: str = ""

    def is_away(self, at: datetime) -> bool:
        """Whether she said she would be absent at that moment."""
        if self.away_until is None or at >= self.away_until:
            return False
        return self.away_from is None or self.away_from <= at


@dataclass(frozen=True)
class Circle:
    """The people around one worker. `watchers`: her buddy first, then the covers in order."""

    worker_id: str
    watchers: tuple[Party, ...] = ()
    managers: tuple[Party, ...] = ()
    contacts: tuple[Party, ...] = ()
    everyone: tuple[Party, ...] = ()
    by_ref: Mapping[str, Party] = field(default_factory=dict)

    def without(self, gone: Collection[str]) -> "Circle":
        """The same people but for those with these ids."""
        if not gone:
            return self

        def kept(group: tuple[Party, ...]) -> tuple[Party, ...]:
            return tuple(party for party in group if party.id not in gone)

        return Circle(
            self.worker_id,
            watchers=kept(self.watchers),
            managers=kept(self.managers),
            contacts=kept(self.contacts),
            everyone=kept(self.everyone),
            by_ref={ref: party for ref, party in self.by_ref.items() if party.id not in gone},
        )


@dataclass(frozen=True)
class Ladder:
    """The rungs and times one alarm climbs by, fixed when it is raised."""

    rungs: tuple[Rung, ...]
    broadcast_after_s: int
    broadcast_every_s: int

    def wait_after(self, rung: int) -> timedelta:
        """How long the people of `rung` are given before the next step."""
        if rung >= len(self.rungs):
            return timedelta(seconds=self.broadcast_every_s)
        if rung == len(self.rungs) - 1:
            return timedelta(seconds=self.broadcast_after_s)
        return timedelta(seconds=self.rungs[rung + 1].after_s - self.rungs[rung].after_s)

    def start(self, raised_at: datetime) -> "Cursor":
        """Where a fresh alarm stands."""
        return Cursor(0, raised_at + timedelta(seconds=self.rungs[0].after_s))


def ladder_for(policy: Policy, urgent: bool) -> Ladder:
    """The team's ladder; the urgent one serves sos, duress and high-risk visits."""
    rungs = policy.rungs_urgent if urgent else policy.rungs
    return Ladder(rungs, policy.broadcast_after_s, policy.broadcast_every_s)


@dataclass(frozen=True)
class Cursor:
    """The next unfired rung and when it goes; `rung == len(rungs)` is the broadcast."""

    rung: int
    at: datetime


@dataclass(frozen=True)
class Telling:
    """One person told in one step, by which ways; `instead` names a way that was replaced."""

    party: Party
    ways: tuple[Way, ...]
    why: str
    instead: str | None = None


@dataclass(frozen=True)
class Firing:
    """One rung as it goes: whom it tells and whether it gives them time to answer.

    `aside`: told with it and left out of every plan, so that nobody waits for somebody who cannot
    answer.
    """

    rung: int
    at: datetime
    tellings: tuple[Telling, ...]
    waits: bool
    broadcast: bool = False
    aside: tuple[Telling, ...] = ()


@dataclass(frozen=True)
class Step:
    """One line of the plan, as people read it."""

    at: datetime
    who: str
    by: str
    why: str
