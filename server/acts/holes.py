"""The holes in one team's ladder, step by step, as it is or as somebody is about to make it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.acts.base import Desk
from server.acts.coverage import FEWEST_ON_DUTY, Coverage, ThinLadder, is_away
from server.domain.words.policy import listed, span
from server.store.people import NumberProof, Person, Team
from server.store.roster import Roster
from shared.policy import PREFERRED, TARGETS, WAYS, Policy, Rung
from shared.states import Risk, Role, Way

MOST_NAMED = 5
LADDERS = ("rungs", "rungs_urgent")
SET_UP = {Way.EMAIL: "E-mail is", Way.CALL: "Calls are", Way.TEXT: "Texts are"}


class Weight(StrEnum):
    """How much a hole matters."""

    HOLE = "hole"
    NOTE = "note"


@dataclass(frozen=True)
class Hole:
    """Something about a ladder that somebody should mend or know; `rung` None: all of it."""

    weight: Weight
    ladder: str
    rung: int | None
    sentence: str


def names(people: Sequence[Person]) -> str:
    """Up to five names, and how many more there are."""
    said = [person.name for person in people[:MOST_NAMED]]
    left = len(people) - MOST_NAMED
    return listed([*said, f"{left} more"] if left > 0 else said)


def holes_of(roster: Roster, desk: Desk, team: Team, policy: Policy, now: datetime) -> list[Hole]:
    """Every hole of this team's two ladders under `policy`, in the order of their steps."""
    coverage = Coverage(roster, desk, {team.id: policy})
    inspector = _Inspector(coverage, team, now)
    found: list[Hole] = []
    thin = {one.urgent: one for one in coverage.thin_ladders(now) if one.team.id == team.id}
    for name in LADDERS:
        rungs = policy.rungs if name == "rungs" else policy.rungs_urgent
        for index, rung in enumerate(rungs):
            found += inspector.look_at(name, index, rung)
        found += [Hole(Weight.HOLE, name, None, said) for said in inspector.lonely(rungs)]
        by = dict.fromkeys(way for rung in rungs for way in rung.by)
        found += [Hole(Weight.NOTE, name, None, said) for said in ways_not_set_up(desk, by)]
        urgent = name == "rungs_urgent"
        if urgent in thin:
            found.append(_thin(name, thin[urgent]))
    found += [Hole(Weight.HOLE, "rungs_urgent", None, said) for said in slow_where_risk_is(policy)]
    return found


def slow_where_risk_is(policy: Policy) -> Iterator[str]:
    """Where a high-risk visit is looked after less closely than any other: surely a slip."""
    high, other = policy.grace_high_risk_s, policy.grace_s
    if high > other:
        yield f"A high-risk visit waits {span(high)} for its alarm, others only {span(other)}."
    often, usual = policy.interval_for(Risk.HIGH), policy.interval_for(Risk.STANDARD)
    if usual is not None and (often is None or often > usual):
        yield "On a high-risk visit a sign of life is asked for less often than on others."


def _thin(ladder: str, thin: ThinLadder) -> Hole:
    count = len(thin.on_duty)
    said = f"Only {count} of those it names can be told now" if count else "Nobody it names can"
    who = f" ({names(thin.on_duty)})" if count else " be told now"
    sentence = f"{said}{who}; it needs {FEWEST_ON_DUTY} with numbers that are proven or trusted."
    return Hole(Weight.HOLE, ladder, None, sentence)


def empty_steps(coverage: Coverage, team: Team, now: datetime) -> dict[str, tuple[int, ...]]:
    """By ladder, the steps of this team's policy in force that tell nobody, whoever is away: nobody
    is called what they name, or no way that is set up reaches those who are."""
    inspector = _Inspector(coverage, team, now)
    policy = team.policy
    return {
        name: tuple(n for n, rung in enumerate(rungs) if not inspector.reaches(rung))
        for name, rungs in zip(LADDERS, (policy.rungs, policy.rungs_urgent), strict=True)
    }


class _Inspector:
    """Looks at the steps of one team's ladders."""

    def __init__(self, coverage: Coverage, team: Team, now: datetime) -> None:
        self._coverage, self._team, self._now = coverage, team, now
        self._workers = coverage.workers_of(team)

    def look_at(self, ladder: str, index: int, rung: Rung) -> Iterator[Hole]:
        """What is wrong with one step."""
        told: dict[str, Person] = {}
        for to in rung.to:
            reached, lacking = self._reached(to)
            told |= {person.ref: person for person in reached}
            if lacking:
                yield Hole(Weight.HOLE, ladder, index, lacking)
        for weight, sentence in self._about(list(told.values())):
            yield Hole(weight, ladder, index, sentence)

    def lonely(self, rungs: Sequence[Rung]) -> Iterator[str]:
        """Whose alarm would be told to nobody for a while, or to one person alone and then to all:
        one phone in a bag must not be all that stands between."""
        if rungs[0].after_s:
            yield f"Nobody is told for the first {span(rungs[0].after_s)} of an alarm."
        few = [one for one in self._workers if len(self._told_of(one, rungs)) == 1]
        if few:
            yield f"Only one person is told of {names(few)} before everyone is."

    def _told_of(self, worker: Person, rungs: Sequence[Rung]) -> set[str]:
        targets = dict.fromkeys(to for rung in rungs for to in rung.to)
        watching = self._coverage.watchers(worker)
        found = [*(watching[:1] if "buddy" in targets else ())]
        found += watching[1:] if "cover" in targets else ()
        for to in targets:
            found += () if to in ("buddy", "cover") else self._reached(to)[0]
        return {one.ref for one in found if one.id != worker.id and self._coverage.counts(one)}

    def reaches(self, rung: Rung) -> bool:
        """Whether this step can tell anybody at all."""
        told = [person for to in rung.to for person in self._reached(to)[0]]
        return any(self._coverage.ways_of(person) for person in told)

    def _reached(self, to: str) -> tuple[list[Person], str]:
        """Whom one word of a rung tells, and what is missing."""
        if to == "buddy":
            return self._watched(0, "buddy")
        if to == "cover":
            return self._watched(1, "cover")
        if to in TARGETS:
            role = Role.MANAGER if to == "managers" else Role.CONTACT
            found = [p for p in self._coverage.members_of(self._team) if p.has_role(role)]
            return found, "" if found else f"This team has no {role.value}."
        found = self._coverage.named(to)
        return found, "" if found else f"'{to}' is not here, so nobody is told in that name."

    def _watched(self, rank: int, what: str) -> tuple[list[Person], str]:
        found: list[Person] = []
        lacking: list[Person] = []
        for worker in self._workers:
            watching = self._coverage.watchers(worker)[rank:]
            found += watching[:1] if rank == 0 else watching
            if not watching:
                lacking.append(worker)
        sentence = f"{names(lacking)} {_has(lacking)} no {what}." if lacking else ""
        return found, sentence

    def _about(self, told: Sequence[Person]) -> Iterator[tuple[Weight, str]]:
        unreachable = [p for p in told if not self._coverage.ways_of(p)]
        if unreachable:
            yield Weight.HOLE, f"No way that is set up reaches {names(unreachable)}."
        unproven = [p for p in told if p.mobile and p.number_proof == NumberProof.NONE]
        if unproven:
            yield Weight.HOLE, f"Nobody has proven the number of {names(unproven)}."
        away = [p for p in told if is_away(p, self._now)]
        if away and len(away) == len(told):
            yield Weight.HOLE, f"Nobody here is on duty now: {names(away)} {_is(away)} away."
        elif away:
            yield Weight.NOTE, f"{names(away)} {_is(away)} away now, and skipped until back."


def ways_not_set_up(desk: Desk, by: Iterable[str]) -> Iterator[str]:
    """The ways these steps ask for that this installation has not got."""
    for way in by:
        if way not in WAYS or way == PREFERRED or Way(way) in desk.ways:
            continue
        what = SET_UP.get(Way(way), "App notices are")
        yield f"{what} not set up here: each is told by the next way instead."


def _has(people: Sequence[Person]) -> str:
    return "has" if len(people) == 1 else "have"


def _is(people: Sequence[Person]) -> str:
    return "is" if len(people) == 1 else "are"
