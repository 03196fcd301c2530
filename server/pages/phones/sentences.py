"""What is going on, in sentences anybody understands; times are already wall-clock words."""

from collections.abc import Sequence

from shared.states import AlarmKind, AlarmOutcome

MOST_TOLD = 5

ENDS = {
    AlarmOutcome.SAFE: "{worker} is safe",
    AlarmOutcome.FALSE_ALARM: "it was a false alarm",
    AlarmOutcome.HARMED: "{worker} was found and needs care",
    AlarmOutcome.EMERGENCY_SERVICES: "the emergency services have taken over",
}
STARTS = {
    AlarmKind.OVERDUE: "{worker} was due at {due} and has not been heard from.",
    AlarmKind.SOS: "{worker} sent an SOS at {at}.",
    AlarmKind.DURESS: (
        "{worker}'s duress PIN was used at {at}: that phone shows that all is well, the others hear"
        " that it is not."
    ),
    AlarmKind.NOT_STARTED: "{worker} has not begun the visit of {due}.",
}


def first_name(name: str) -> str:
    """What people call her: 'Amy'."""
    return name.split()[0] if name.split() else name


def listed(words: Sequence[str]) -> str:
    """'Amy', 'Amy and Ben', 'Amy, Ben and Cat'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def few(names: Sequence[str], most: int = 4) -> str:
    """The same for any number of names: 'Amy, Ben, Cat and 12 others'."""
    if len(names) <= most:
        return listed(names)
    return listed([*names[: most - 1], f"{len(names) - most + 1} others"])


def begins(kind: AlarmKind, worker: str, due: str, at: str) -> str:
    """Why there is an alarm."""
    return STARTS[kind].format(worker=worker, due=due, at=at)


def told(tellings: Sequence[tuple[str, str]]) -> str:
    """Who has been texted so far: 'Ben was texted at 14:40, Cat at 14:43.'"""
    if not tellings:
        return "Nobody has been texted yet."
    (name, at), *rest = tellings
    then = [f"{n} at {t}" for n, t in rest[: MOST_TOLD - 1]]
    if len(rest) >= MOST_TOLD:
        then.append(f"then {len(rest) - MOST_TOLD + 1} others")
    return ", ".join([f"{name} was texted at {at}", *then]) + "."


def charge(owner: str, at: str) -> str:
    """Who has it in hand."""
    return f"{owner} took charge at {at}."


def following(who: str, at: str) -> str:
    """What comes next if nobody answers."""
    return f"Next: {who} at {at}."


def asked(owner: str, at: str) -> str:
    """What comes next while somebody has charge."""
    return f"Next: {owner} is asked at {at} whether it is still in hand."


def ended(worker: str, at: str, outcome: AlarmOutcome, by: str | None) -> str:
    """How the last alarm ended, and that everybody knows."""
    how = ENDS[outcome].format(worker=worker)
    word = f" ({by} says so)" if by else ""
    return f"{worker}'s alarm ended at {at}: {how}{word}. Everyone who was told has been told that."


def late(worker: str, due: str, then: str | None) -> str:
    """In the grace: only the worker herself has heard."""
    waits = f" If nothing comes, {then}." if then else ""
    return f"{worker} was due at {due}. So far only {worker} has been reminded.{waits}"


def out(visits: Sequence[tuple[str, str]]) -> str:
    """Who is out, and until when: 'Amy is out until 14:20, Ben until 14:13.'"""
    (name, until), *rest = visits
    then = [f"{n} until {t}" for n, t in rest[: MOST_TOLD - 1]]
    if len(rest) >= MOST_TOLD:
        then.append(f"and {len(rest) - MOST_TOLD + 1} others")
    return ", ".join([f"{name} is out until {until}", *then]) + "."
