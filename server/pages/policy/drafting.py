"""Between a policy and the form it is edited in; everything is checked by `shared.policy` alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from typing import Any

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from server.domain.words.policy import read_span, span
from server.pages.forms import Form
from shared.policy import (
    BOUNDS_S,
    CHECK_IN_BOUNDS_S,
    MOST_NUDGES,
    RUNG_BOUNDS_S,
    TARGETS,
    Policy,
    Rung,
    read_policy,
)
from shared.states import Way

LADDERS = ("rungs", "rungs_urgent")
SPANS = (
    "warn_before_s",
    "grace_s",
    "grace_high_risk_s",
    "not_started_after_s",
    "broadcast_after_s",
    "broadcast_every_s",
    "owner_quiet_s",
)
INTERVALS = {"check_standard": "standard", "check_high": "high"}
LABELS = {
    "warn_before_s": "Warn the worker before the end",
    "grace_s": "Then wait this long after the end",
    "grace_high_risk_s": "On a high-risk visit, wait only",
    "nudges": "Reminders during that time",
    "check_standard": "Ask for a sign of life every",
    "check_high": "On a high-risk visit, every",
    "rungs": "When somebody is overdue",
    "rungs_urgent": "SOS, duress and high-risk visits",
    "broadcast_after_s": "After the last step, tell everybody in",
    "broadcast_every_s": "And again every",
    "owner_quiet_s": "Whoever takes charge has to give a sign every",
    "not_started_after_s": "How late a start may be",
    "pin": "Ask for the PIN before an alarm",
    "ask_buddy": "Ask the buddy to watch",
}
STEP_LABELS = {"after": "after the alarm", "to": "tell", "by": "by"}
BY = (Way.TEXT.value, Way.CALL.value, Way.EMAIL.value, "preferred")
MOST_RUNGS = 30
SUCH = "5 min"
NUDGES_WANTED = f"Give a number from 0 to {MOST_NUDGES}."
A_NEW_RUNG = {"to-managers": "yes", "by-text": "yes"}


@dataclass(frozen=True)
class Draft:
    """What the form says. `policy` None: it says nothing that could be run."""

    policy: Policy | None


def filled(policy: Policy, version: int) -> Form:
    """The form as the policy is now."""
    values: dict[str, Any] = {name: span(getattr(policy, name)) for name in SPANS}
    for name, risk in INTERVALS.items():
        seconds = policy.check_in_every_s.get(risk)
        values[name] = span(seconds) if seconds else ""
    values |= {"nudges": policy.nudges, "pin": policy.pin, "ask_buddy": policy.ask_buddy}
    values |= {"watch_not_started": "yes"} if policy.watch_not_started else {}
    values |= {"text_shows_place": "yes"} if policy.text_shows_place else {}
    form = Form(values, version)
    form.labels = LABELS
    for ladder, rungs in (("rungs", policy.rungs), ("rungs_urgent", policy.rungs_urgent)):
        _write(form.values, ladder, [_fields_of(rung) for rung in rungs])
    return form


def _fields_of(rung: Rung) -> dict[str, str]:
    fields = {"after": span(rung.after_s)}
    fields |= {f"to-{to}": "yes" for to in rung.to if to in TARGETS}
    named = [to for to in rung.to if to not in TARGETS]
    fields |= {f"named-{n}": ref for n, ref in enumerate(named)}
    return fields | {f"by-{by}": "yes" for by in rung.by}


def rungs_in(values: MultiDict[str, str], ladder: str) -> list[dict[str, str]]:
    """The steps of one ladder as they are in the form."""
    count = values.get(f"{ladder}-count", "0")
    many = min(int(count), MOST_RUNGS) if count.isascii() and count.isdigit() else 0
    return [_prefixed(values, f"{ladder}-{index}-") for index in range(many)]


def _prefixed(values: MultiDict[str, str], lead: str) -> dict[str, str]:
    return {name.removeprefix(lead): values[name] for name in values if name.startswith(lead)}


def _write(values: MultiDict[str, str], ladder: str, rungs: list[dict[str, str]]) -> None:
    for name in [name for name in values if name.startswith(f"{ladder}-")]:
        values.poplist(name)
    values[f"{ladder}-count"] = str(len(rungs))
    for index, fields in enumerate(rungs):
        for name, value in fields.items():
            values[f"{ladder}-{index}-{name}"] = value


def rearrange(form: Form, order: str) -> bool:
    """Do what a button asks: 'add:rungs', 'remove:rungs:2', 'up:rungs:2', 'down:rungs:2'."""
    what, _, rest = order.partition(":")
    ladder, _, at = rest.partition(":")
    if ladder not in LADDERS or what not in MOVES:
        return False
    rungs = rungs_in(form.values, ladder)
    index = int(at) if at.isascii() and at.isdigit() else len(rungs)
    MOVES[what](rungs, index)
    _write(form.values, ladder, rungs)
    return True


def _add(rungs: list[dict[str, str]], _index: int) -> None:
    if len(rungs) < MOST_RUNGS:
        last = read_span(rungs[-1].get("after", "")) if rungs else None
        rungs.append({"after": span((last or 0) + (120 if rungs else 0)), **A_NEW_RUNG})


def _remove(rungs: list[dict[str, str]], index: int) -> None:
    if index < len(rungs):
        del rungs[index]


def _up(rungs: list[dict[str, str]], index: int) -> None:
    """What is done moves; the moments at which steps go stay in their order."""
    if 0 < index < len(rungs):
        rungs[index - 1], rungs[index] = rungs[index], rungs[index - 1]
        times = rungs[index].get("after", ""), rungs[index - 1].get("after", "")
        rungs[index - 1]["after"], rungs[index]["after"] = times


def _down(rungs: list[dict[str, str]], index: int) -> None:
    _up(rungs, index + 1)


MOVES: Mapping[str, Callable[[list[dict[str, str]], int], None]] = {
    "add": _add,
    "remove": _remove,
    "up": _up,
    "down": _down,
}


def read(form: Form, base: Policy) -> Draft:
    """The policy the form describes; everything that is wrong with it is said by field."""
    form.labels = labels(form)
    given = dict(_scalars(form))
    for ladder in LADDERS:
        found = [_rung(form, ladder, n, f) for n, f in enumerate(rungs_in(form.values, ladder))]
        given[ladder] = found
    try:
        policy = read_policy(given, base)
    except ValidationError as fault:
        for name, sentence in _flat(fault.messages):
            if not _is_untimed(form, name):
                form.blame(name, sentence)
        return Draft(None)
    return Draft(None if form.faults else policy)


def _is_untimed(form: Form, name: str) -> bool:
    """Whether this is a ladder with a step whose time cannot be read: its order is not known."""
    return name in LADDERS and any(
        fault.startswith(f"{name}-") and fault.endswith("-after") for fault in form.faults
    )


def labels(form: Form) -> dict[str, str]:
    """What each field is called, in the order of the page; a step's by its number."""
    found: dict[str, str] = {}
    for name, label in LABELS.items():
        found[name] = label
        if name in LADDERS:
            step = "Step" if name == "rungs" else "Urgent step"
            for n in range(len(rungs_in(form.values, name))):
                found |= {
                    f"{name}-{n}-{part}": f"{step} {n + 1}, {words}"
                    for part, words in STEP_LABELS.items()
                }
    return found


def merged(base: Policy, hers: Policy, theirs: Policy) -> Policy:
    """What is in force now with what she changed of the policy that she began with."""
    changed = {
        field.name: getattr(hers, field.name)
        for field in fields_of(Policy)
        if getattr(hers, field.name) != getattr(base, field.name)
    }
    return replace(theirs, **changed)


def as_given(policy: Policy) -> dict[str, Any]:
    """A policy as `read_policy` takes it."""
    return policy.to_json()


def _scalars(form: Form) -> Iterator[tuple[str, Any]]:
    for name in SPANS:
        yield name, _span(form, name, BOUNDS_S[name])
    intervals: dict[str, int | None] = {}
    for name, risk in INTERVALS.items():
        intervals[risk] = _span(form, name, CHECK_IN_BOUNDS_S) if form.text(name) else None
    yield "check_in_every_s", intervals
    yield "nudges", form.whole("nudges", 0, MOST_NUDGES, NUDGES_WANTED)
    yield "watch_not_started", form.ticked("watch_not_started")
    yield "text_shows_place", form.ticked("text_shows_place")
    yield "pin", form.text("pin")
    yield "ask_buddy", form.text("ask_buddy")


def _span(form: Form, name: str, bounds: tuple[int, int]) -> int:
    """Seconds within these bounds; what lies beyond is blamed, and the rest can still be judged."""
    low, high = bounds
    found = read_span(form.text(name))
    if found is None or not low <= found <= high:
        form.blame(name, f"Give a time from {span(low)} to {span(high)}, such as {SUCH}.")
        return low
    return found


def _rung(form: Form, ladder: str, index: int, fields: Mapping[str, str]) -> dict[str, Any]:
    named = [fields[name] for name in sorted(fields) if name.startswith("named-") and fields[name]]
    return {
        "after_s": _span(form, f"{ladder}-{index}-after", RUNG_BOUNDS_S),
        "to": [to for to in TARGETS if f"to-{to}" in fields] + list(dict.fromkeys(named)),
        "by": [by for by in (*BY, Way.PUSH.value) if f"by-{by}" in fields],
    }


FIELD_OF = {"after_s": "after", "to": "to", "by": "by"}
INTERVAL_FIELDS = {risk: name for name, risk in INTERVALS.items()}


def _flat(messages: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every fault with the name of the field it belongs to."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _flat(below, (*place, key))
        return
    for sentence in messages if isinstance(messages, list) else [messages]:
        yield _name(place), str(sentence)


def _name(place: tuple[Any, ...]) -> str:
    head, *rest = place
    if head == "check_in_every_s" and rest:
        return INTERVAL_FIELDS.get(rest[0], "check_standard")
    if head in LADDERS and len(rest) > 1:
        return f"{head}-{rest[0]}-{FIELD_OF.get(rest[1], 'after')}"
    return str(head)
