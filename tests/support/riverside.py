"""The organisation the journeys are told about, as the import file that a person would write.

Amy is watched by Ben, then by Dan; Ben by Amy; Cat manages the team and takes no calls; Eve is an
administrator, Fay a contact outside. Gil works in the same team and has no part in anything of
Amy's: whatever reaches him is a fault.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Json = dict[str, Any]

WARN_S, GRACE_S, NUDGES = 60, 120, 2
RUNG_S, BROADCAST_AFTER_S, BROADCAST_EVERY_S, OWNER_QUIET_S = 60, 60, 120, 120

SHORT: Json = {
    "warn_before_s": WARN_S,
    "grace_s": GRACE_S,
    "grace_high_risk_s": 60,
    "nudges": NUDGES,
    "rungs": [
        {"after_s": 0, "to": ["buddy"], "by": ["text"]},
        {"after_s": RUNG_S, "to": ["cover"], "by": ["text"]},
        {"after_s": 2 * RUNG_S, "to": ["managers"], "by": ["text"]},
    ],
    "rungs_urgent": [
        {"after_s": 0, "to": ["buddy", "cover"], "by": ["text"]},
        {"after_s": RUNG_S, "to": ["managers"], "by": ["text"]},
    ],
    "broadcast_after_s": BROADCAST_AFTER_S,
    "broadcast_every_s": BROADCAST_EVERY_S,
    "owner_quiet_s": OWNER_QUIET_S,
}
"""A ladder that is climbed in minutes."""

NAMES = {
    "amy": "Amy Okafor",
    "ben": "Ben Hughes",
    "cat": "Cat Lin",
    "dan": "Dan Price",
    "eve": "Eve Shah",
    "fay": "Fay Moss",
    "gil": "Gil Roy",
}

PINS = {
    "amy": ("4821", "7390"),
    "ben": ("1357", "8642"),
    "cat": ("2468", "9713"),
    "dan": ("3691", "8025"),
    "eve": ("5173", "6048"),
    "gil": ("4950", "6127"),
}

WORKER = ["worker", "buddy"]


def mobile_of(ref: str) -> str:
    """The number of one of the people, E.164."""
    return f"+4477009001{list(NAMES).index(ref) + 1:02d}"


def _person(ref: str, roles: list[str], buddies: list[str]) -> Json:
    person: Json = {
        "ref": ref,
        "name": NAMES[ref],
        "mobile": mobile_of(ref),
        "team": "ot-north",
        "roles": roles,
        "buddies": buddies,
    }
    if ref in PINS:
        person["pin"], person["duress_pin"] = PINS[ref]
    return person


def riverside(
    policy: Mapping[str, Any] | None = None,
    people: Mapping[str, Mapping[str, Any]] | None = None,
    organisation: Mapping[str, Any] | None = None,
) -> Json:
    """The whole import file; `policy`, `people` and `organisation` are laid over it."""
    file: Json = {
        "organisation": {
            "slug": "riverside",
            "name": "Riverside Community Therapy",
            "timezone": "Europe/London",
            "country": "GB",
            **(organisation or {}),
        },
        "teams": [{"slug": "ot-north", "name": "OT North", "policy": {**SHORT, **(policy or {})}}],
        "people": [
            _person("amy", WORKER, ["ben", "dan"]),
            _person("ben", WORKER, ["amy", "dan"]),
            {**_person("cat", ["manager", "buddy"], []), "no_calls": True},
            _person("dan", WORKER, ["ben"]),
            _person("eve", ["admin"], []),
            _person("fay", ["contact"], []),
            _person("gil", ["worker"], ["dan"]),
        ],
    }
    for person in file["people"]:
        person.update(deepcopy(dict((people or {}).get(person["ref"], {}))))
    return file
