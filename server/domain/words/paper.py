"""A team's written lone worker policy: the parts that its settings write by themselves.

Pure: settings and facts go in, sentences come out, so that a change of a setting is a change of a
sentence that was agreed, and can be named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.domain.words.policy import ladder, listed, span
from shared.policy import Policy, Rung
from shared.states import PinRule

A_YEAR = 365.25
"""Days."""


@dataclass(frozen=True)
class Pair:
    """A worker and whoever watches over her: the buddy first."""

    worker: str
    watchers: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What is so, beside the settings."""

    team: str
    organisation: str
    pairs: tuple[Pair, ...]
    managers: tuple[str, ...]
    contacts: tuple[str, ...]
    names: Mapping[str, str]
    keep_days: int
    keep_alarm_days: int
    ways: tuple[str, ...]
    homes: int
    last_drill: datetime | None
    uncovered: tuple[str, ...]
    empty: Mapping[str, tuple[int, ...]]
    """By ladder, the steps that tell nobody as things are."""


@dataclass(frozen=True)
class Part:
    """One part: what the settings say, and what the team has to say in its own words.

    `asks`: what its own words should answer; '' where none are needed.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    asks: str = ""


def parts(policy: Policy, facts: Facts) -> list[Part]:
    """Every part, in the order in which they are read."""
    tests = Part("tests", "Trying it out", _tests(facts))
    return [*_about_visits(policy, facts), *_about_people(), tests]


def _about_visits(policy: Policy, facts: Facts) -> list[Part]:
    return [
        Part("purpose", "Who this is for", _purpose(facts), "Why your team has this policy."),
        Part(
            "risk",
            "Before a visit: judging the risk",
            _risk(policy),
            "How you judge the risk of a visit, what makes it high, and when two go together.",
        ),
        Part("checks", "How a visit is watched", _checks(policy)),
        Part("people", "Who watches over whom", _people(facts)),
        Part("silence", "If nothing is heard", _silence(policy, facts)),
        Part("urgent", "SOS and being forced", _urgent(policy, facts)),
        Part(
            "rescue",
            "Getting help",
            _rescue(facts),
            "Who calls 999 and what is said: how somebody gets in, keys, what the police need.",
        ),
        Part("home", "The end of the day", _home(facts)),
        Part("records", "What is recorded", _records(facts)),
    ]


def _about_people() -> list[Part]:
    return [
        Part(
            "violence",
            "Violence and leaving",
            ("Whoever feels unsafe leaves at once, and is never asked to excuse it.",),
            "What you do about threats, and how warnings about an address are kept and reviewed.",
        ),
        Part(
            "training",
            "Training",
            (),
            "How workers and those who watch are trained, and how often.",
        ),
        Part(
            "supervision",
            "Supervision",
            (),
            "How often a supervisor meets or goes along with each worker.",
        ),
        Part(
            "wellbeing",
            "Afterwards",
            ("A visit can be closed as 'I felt uneasy', with one tap.",),
            "Who follows that up, and where people find help with stress and after a bad visit.",
        ),
    ]


def _purpose(facts: Facts) -> tuple[str, ...]:
    workers = [pair.worker for pair in facts.pairs]
    said = (
        f"This is how {facts.organisation} looks after the people of {facts.team} who visit alone."
    )
    who = f"They are {listed(workers)}." if workers else "Nobody of this team goes out alone yet."
    return said, who


def _risk(policy: Policy) -> tuple[str, ...]:
    interval = policy.check_in_every_s.get("high")
    has = [f"a sign of life every {span(interval)}"] if interval else []
    if policy.grace_high_risk_s != policy.grace_s:
        grace = f"{span(policy.grace_high_risk_s)} of grace instead of {span(policy.grace_s)}"
        has.append(grace)
    return (f"A high-risk visit has {listed([*has, 'the urgent ladder'])}.",)


def _checks(policy: Policy) -> tuple[str, ...]:
    interval = policy.check_in_every_s.get("standard")
    said = ["Before going in, the worker says where and until when."]
    said.append(
        f"A sign of life is due every {span(interval)} and at the end."
        if interval
        else "A sign of life is due at the end of the visit."
    )
    if policy.warn_before_s:
        said.append(f"{span(policy.warn_before_s)} before the end comes a warning.")
    said.append(
        f"After it only the worker is reminded, {_times(policy.nudges)}, for"
        f" {span(policy.grace_s)}. Then an alarm is raised."
    )
    if policy.watch_not_started:
        late = span(policy.not_started_after_s)
        said.append(f"A planned visit that has not begun {late} after its time raises one too.")
    said.append(_pin(policy))
    return tuple(said)


def _times(count: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _pin(policy: Policy) -> str:
    if policy.pin is PinRule.NEVER:
        return "Until then one's word is enough; once an alarm is raised, only the PIN ends it."
    when = "by text or call " if policy.pin is PinRule.TEXT_ONLY else ""
    return f"Closing or adding time {when}asks for the PIN; once an alarm is raised, always."


def _people(facts: Facts) -> tuple[str, ...]:
    said = [_pair(pair) for pair in facts.pairs]
    managers = listed(facts.managers) or "nobody yet"
    return (*said, f"The managers are {managers}.")


def _pair(pair: Pair) -> str:
    if not pair.watchers:
        return f"{pair.worker} has nobody who watches."
    buddy, *covers = pair.watchers
    then = f", or else by {_in_order(covers)}." if covers else "; there is no cover."
    return f"{pair.worker} is watched over by {buddy}{then}"


def _in_order(names: Sequence[str]) -> str:
    return ", then ".join(names)


def _steps(rungs: Sequence[Rung], facts: Facts, name: str) -> Iterator[str]:
    """Each step as a sentence; of one that tells nobody just that."""
    for n, line in enumerate(ladder(rungs, facts.names)):
        yield f"{line}: nobody yet." if n in facts.empty.get(name, ()) else f"{line}."


def _silence(policy: Policy, facts: Facts) -> tuple[str, ...]:
    return (
        *_steps(policy.rungs, facts, "rungs"),
        f"{span(policy.broadcast_after_s)} after the last step, everybody: all buddies, managers,"
        f" contacts and administrators, again every {span(policy.broadcast_every_s)} until somebody"
        " takes charge.",
        f"Whoever takes charge gives a sign every {span(policy.owner_quiet_s)}; if not, the next is"
        " told.",
    )


def _urgent(policy: Policy, facts: Facts) -> tuple[str, ...]:
    return (
        "An SOS and a forced PIN raise an alarm at once, without grace.",
        *_steps(policy.rungs_urgent, facts, "rungs_urgent"),
        "After a forced PIN nobody rings or texts the worker: the phone may be in another's hand.",
    )


def _rescue(facts: Facts) -> tuple[str, ...]:
    said = [
        "Every alarm says who, where, since when, the number, and to ring 999 if nobody answers."
    ]
    if facts.contacts:
        said.append(f"Told in need, outside the team: {listed(facts.contacts)}.")
    return tuple(said)


def _home(_facts: Facts) -> tuple[str, ...]:
    return ("The way home is watched like a visit: HOME and the minutes, in the app or by text.",)


def _records(facts: Facts) -> tuple[str, ...]:
    return (
        "Every start, check, alarm, message and answer is in the log, with when and by whom.",
        f"It is kept for {days_words(facts.keep_days)}, and for"
        f" {days_words(facts.keep_alarm_days)} where there was an alarm. Whoever changes it is"
        " found out.",
        "Where somebody is, is known only from what the worker says, and while a visit or an alarm"
        " is open. The worker sees who looked.",
    )


def days_words(days: int) -> str:
    """'400 days', or '6 years' where it is whole years but for a leap day or two."""
    years = round(days / A_YEAR)
    if years == 0 or abs(days - years * A_YEAR) > 2:
        return f"{days} days"
    return "1 year" if years == 1 else f"{years} years"


def _tests(_facts: Facts) -> tuple[str, ...]:
    return (
        "An alarm is tried with a visit that all have agreed to miss: texts and answers are real.",
    )
