"""A team's policy in plain words: what a manager edits, reads in its history and prints."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.policy import PREFERRED, Policy, Rung

TARGET_WORDS = {
    "buddy": "the buddy",
    "cover": "the cover (the first who is free)",
    "managers": "the team's managers",
    "contacts": "the team's contacts",
}
WAY_WORDS = {
    "text": "text",
    "call": "call",
    "email": "e-mail",
    "push": "app notice",
    PREFERRED: "the way each prefers",
}
FIELD_WORDS = {
    "warn_before_s": "Warning before the end",
    "grace_s": "Grace after the end",
    "grace_high_risk_s": "Grace on a high-risk visit",
    "nudges": "Reminders during the grace",
    "rungs": "The ladder",
    "rungs_urgent": "The urgent ladder",
    "broadcast_after_s": "Everybody is told after the last step",
    "broadcast_every_s": "Everybody is told again every",
    "owner_quiet_s": "Quiet time of whoever takes charge",
    "check_in_every_s": "Check-ins during a visit",
    "watch_not_started": "Planned visits that do not start",
    "not_started_after_s": "How late a start may be",
    "ask_buddy": "The buddy is asked to watch",
    "text_shows_place": "Alarm texts say where",
    "pin": "The PIN is asked for",
}
PIN_WORDS = {
    "never": "never before an alarm",
    "text_only": "for closing or adding time by text or call",
    "always": "whenever a visit is closed or time added",
}
ASK_WORDS = {"app": "in the app", "text": "by text", "never": "never"}

_SPAN = re.compile(
    r"(?:(?P<h>\d{1,2}) ?(?:h|hr|hrs|hours?))? ?(?:(?P<m>\d{1,4}) ?(?:m|min|mins|minutes?))? ?"
    r"(?:(?P<s>\d{1,5}) ?(?:s|sec|secs|seconds?))?"
)
_AT_ONCE = frozenset({"at once", "now", "none", "no"})


def read_span(raw: str) -> int | None:
    """Whole seconds of '3 min', '90 s', '1 h 30 min', '3' (minutes) or 'at once'; None for all
    else."""
    said = " ".join(raw.casefold().split())
    if said in _AT_ONCE:
        return 0
    if said.isascii() and said.isdigit() and len(said) <= 4:
        return int(said) * 60
    found = _SPAN.fullmatch(said)
    if not said or found is None:
        return None
    hours, minutes, seconds = (int(found[name] or 0) for name in ("h", "m", "s"))
    return hours * 3600 + minutes * 60 + seconds


def span(seconds: int) -> str:
    """A length of time exactly: '3 min', '1 h 30 min', '45 s'; `read_span` reads it back."""
    if seconds == 0:
        return "0 min"
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    said = [(hours, "h"), (minutes, "min"), (left, "s")]
    return " ".join(f"{count} {unit}" for count, unit in said if count)


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def target(to: str, names: Mapping[str, str]) -> str:
    """Who a rung tells; `names` by ref."""
    return TARGET_WORDS.get(to) or names.get(to, to)


def rung(one: Rung, names: Mapping[str, str]) -> str:
    """One step as a sentence without its full stop."""
    when = "At once" if one.after_s == 0 else f"{span(one.after_s)} after the alarm"
    who = listed([target(to, names) for to in one.to])
    how = listed([WAY_WORDS[by] for by in one.by])
    return f"{when}: {who}, by {how}"


def ladder(rungs: Sequence[Rung], names: Mapping[str, str]) -> list[str]:
    """Every step of a ladder."""
    return [rung(one, names) for one in rungs]


def value(name: str, policy: Policy, names: Mapping[str, str]) -> list[str]:
    """One setting in words, in one or several lines."""
    found = getattr(policy, name)
    if name in ("rungs", "rungs_urgent"):
        return ladder(found, names)
    if name == "check_in_every_s":
        return [_interval(risk, found.get(risk)) for risk in ("standard", "high")]
    if name == "pin":
        return [PIN_WORDS[found]]
    if name == "ask_buddy":
        return [ASK_WORDS[found]]
    if name == "watch_not_started":
        return ["raise an alarm" if found else "are not watched"]
    if isinstance(found, bool):
        return ["yes" if found else "no"]
    return [span(found)] if name.endswith("_s") else [str(found)]


def _interval(risk: str, seconds: int | None) -> str:
    which = "high-risk visits" if risk == "high" else "other visits"
    return f"{which}: every {span(seconds)}" if seconds else f"{which}: only at the end"


def differences(
    was: Policy, now: Policy, names: Mapping[str, str]
) -> list[tuple[str, list[str], list[str]]]:
    """What differs: the setting's name, what it was, what it is."""
    old, new = was.to_json(), now.to_json()
    found: list[tuple[str, list[str], list[str]]] = []
    for name, words in FIELD_WORDS.items():
        if _same(old[name], new[name]):
            continue
        found.append((words, value(name, was, names), value(name, now, names)))
    return found


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)
