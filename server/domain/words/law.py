"""What WorkSafeBC 4.20.1-4.23 and HSE's guidance ask of a lone worker procedure, point by point,
and whether a team's settings, facts and own words answer it.

The points are in our words. They help to find holes; they are no legal advice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.words.paper import Facts
from server.domain.words.policy import listed, span
from shared.policy import Policy
from shared.states import Risk

A_YEAR = timedelta(days=365)
A_QUARTER = timedelta(days=92)
BC, HSE = "WorkSafeBC", "HSE"


@dataclass(frozen=True)
class Standing:
    """Everything a point may be judged by. `issued_at`: when the newest version was issued;
    `stale`: titles of its parts that no longer match; `unread`: workers and watchers who have not
    agreed to it."""

    policy: Policy
    facts: Facts
    prose: Mapping[str, str]
    issued_at: datetime | None
    stale: tuple[str, ...]
    unread: tuple[str, ...]
    now: datetime


@dataclass(frozen=True)
class Verdict:
    """Whether a point is answered, and by what; or what is missing."""

    answered: bool
    sentence: str


@dataclass(frozen=True)
class Point:
    """One thing that is asked, where it is asked, and which part answers it."""

    source: str
    where: str
    asks: str
    part: str
    judge: Callable[[Standing], Verdict]


@dataclass(frozen=True)
class Judged:
    """A point with its verdict."""

    point: Point
    verdict: Verdict


def _yes(sentence: str) -> Verdict:
    return Verdict(True, sentence)


def _no(sentence: str) -> Verdict:
    return Verdict(False, sentence)


def _own_words(key: str, what: str) -> Callable[[Standing], Verdict]:
    def judge(so: Standing) -> Verdict:
        if so.prose.get(key, "").strip():
            return _yes("In your own words.")
        return _no(f"Write down {what}.")

    return judge


def _written(so: Standing) -> Verdict:
    if so.issued_at is None:
        return _no("No version has been issued yet.")
    if so.stale:
        return _no(f"The issued version no longer matches: {listed(so.stale)}. Issue a new one.")
    return _yes("The issued version matches the settings.")


def _interval(so: Standing) -> Verdict:
    seconds = so.policy.interval_for(Risk.STANDARD)
    if seconds:
        return _yes(f"Every {span(seconds)} during a visit, and at its end.")
    return _yes("At the end of every visit, which its worker sets when it starts.")


def _no_contact(so: Standing) -> Verdict:
    if not so.prose.get("rescue", "").strip():
        return _no("The ladder says who is told. Write down how rescue is called and gets in.")
    return _yes("The ladder says who is told; your words say how rescue comes.")


def _designated(so: Standing) -> Verdict:
    alone = [pair.worker for pair in so.facts.pairs if not pair.watchers]
    if alone:
        return _no(f"Nobody watches over {listed(alone)}.")
    if not so.facts.pairs:
        return _no("Nobody of this team goes out alone yet.")
    empty = [str(n + 1) for n in so.facts.empty.get("rungs", ())]
    if empty:
        steps = f"{'Step' if len(empty) == 1 else 'Steps'} {listed(empty)}"
        return _no(f"{steps} of the ladder can tell nobody. Mend it on the page Ladder.")
    if not any("buddy" in rung.to for rung in so.policy.rungs):
        return _no("No step of the ladder tells the buddy. Add one on the page Ladder.")
    return _yes("Everybody has a buddy, whom the ladder tells.")


def _recorded(_so: Standing) -> Verdict:
    return _yes("Every check and its result is in the log.")


def _end_of_shift(so: Standing) -> Verdict:
    if so.facts.homes:
        return _yes(f"The way home was watched {so.facts.homes} times in the last 30 days.")
    return _no("Nobody has had the way home watched in the last 30 days. Agree that people do.")


def _higher_risk(so: Standing) -> Verdict:
    policy = so.policy
    standard, high = policy.interval_for(Risk.STANDARD), policy.interval_for(Risk.HIGH)
    if high is None:
        return _no("High-risk visits have no check-ins of their own. Set an interval.")
    if standard is not None and standard <= high:
        return _no("High-risk visits are not checked more often than others.")
    longer, usual = policy.grace_high_risk_s, policy.grace_s
    if longer > usual:
        said = f"A high-risk visit waits {span(longer)} for its alarm, others only {span(usual)}."
        return _no(f"{said} Give it the shorter time.")
    return _yes(
        f"High-risk visits: every {span(high)}, and {span(policy.grace_high_risk_s)} grace."
    )


def _with_workers(so: Standing) -> Verdict:
    if so.issued_at is None:
        return _no("Issue a version, so that everybody can read and agree to it.")
    if so.unread:
        return _no(f"Not yet agreed: {listed(so.unread)}.")
    return _yes("Everybody has read and agreed to it.")


def _reviewed(so: Standing) -> Verdict:
    if so.issued_at is None:
        return _no("No version has been issued yet.")
    if so.now - so.issued_at > A_YEAR:
        return _no("The newest version is more than a year old. Look through it and issue it anew.")
    return _yes("The newest version is less than a year old.")


def _devices(so: Standing) -> Verdict:
    if so.facts.uncovered:
        return _no(f"Fewer than two others can be told of {listed(so.facts.uncovered)}.")
    return _yes("The alarm goes from the server, also when a phone is off or lost.")


def _tried(so: Standing) -> Verdict:
    drill = so.facts.last_drill
    if drill is None:
        return _no("No drill has been answered yet: hold one on the page Drills.")
    if so.now - drill > A_QUARTER:
        return _no("The last drill was more than three months ago: hold one on the page Drills.")
    return _yes("A drill was held in the last three months.")


POINTS = (
    Point(BC, "4.21(1)", "A written procedure for checking on a lone worker", "checks", _written),
    Point(BC, "4.21(2)", "The time between checks", "checks", _interval),
    Point(BC, "4.21(2)", "What is done if somebody cannot be reached, with rescue", "rescue",
          _no_contact),
    Point(BC, "4.21(3)", "A named person who makes contact", "people", _designated),
    Point(BC, "4.21(3)", "That person writes down the result", "records", _recorded),
    Point(BC, "4.21(4)", "A check at the end of the shift", "home", _end_of_shift),
    Point(BC, "4.21(5)", "Times agreed with the worker", "purpose", _with_workers),
    Point(BC, "4.21(5)", "Shorter times where the risk is higher", "risk", _higher_risk),
    Point(BC, "4.22", "Worker and watcher are trained", "training",
          _own_words("training", "how both are trained")),
    Point(BC, "4.23", "Looked through at least once a year", "purpose", _reviewed),
    Point(HSE, "INDG73", "The risk is assessed", "risk",
          _own_words("risk", "how you judge the risk of a visit")),
    Point(HSE, "INDG73", "Supervisors see lone workers from time to time", "supervision",
          _own_words("supervision", "how often a supervisor sees each worker")),
    Point(HSE, "INDG73", "Contact at times agreed beforehand", "checks", _interval),
    Point(HSE, "INDG73", "Devices that warn by hand or by themselves", "silence", _devices),
    Point(HSE, "INDG73", "It is made sure that everybody came home or back to base", "home",
          _end_of_shift),
    Point(HSE, "INDG73", "Devices and emergency procedures are tried regularly", "tests", _tried),
    Point(HSE, "INDG73", "Violence", "violence",
          _own_words("violence", "what you do about threats and violence")),
    Point(HSE, "INDG73", "Stress and keeping in touch", "wellbeing",
          _own_words("wellbeing", "who follows up and where help is found")),
    Point(HSE, "INDG73", "Training", "training",
          _own_words("training", "how people are trained")),
)  # fmt: skip
"""What is asked. The numbers are those of the regulation as it was read."""


def judge(so: Standing) -> list[Judged]:
    """Every point and its verdict."""
    return [Judged(point, point.judge(so)) for point in POINTS]
