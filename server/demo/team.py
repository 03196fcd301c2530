"""The made-up team: who they are, how they watch over each other, and what is worth trying.

Their numbers are Ofcom's for drama: no phone anywhere has one of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.pages.phones.show import Hint, Pins

SLUG = "riverside"
TEAM = "ot-north"


@dataclass(frozen=True)
class Member:
    """One of the team."""

    ref: str
    name: str
    mobile: str
    roles: tuple[str, ...]
    buddies: tuple[str, ...]
    pins: Pins
    part: str

    def row(self) -> dict[str, Any]:
        """Her row in the import file (contract 4)."""
        return {
            "ref": self.ref,
            "name": self.name,
            "mobile": self.mobile,
            "team": TEAM,
            "roles": list(self.roles),
            "buddies": list(self.buddies),
            "pin": self.pins.safe,
            "duress_pin": self.pins.duress,
        }


AMY = Member(
    "amy", "Amy Okafor", "+447700900101", ("worker", "buddy"), ("dee", "cat"),
    Pins("4821", "7390"), "closes in time, in the app",
)  # fmt: skip
BEN = Member(
    "ben", "Ben Hughes", "+447700900102", ("worker", "buddy"), ("amy", "cat"),
    Pins("1357", "8642"), "asks for more time by text; Dee's buddy",
)  # fmt: skip
CAT = Member(
    "cat", "Cat Lin", "+447700900103", ("buddy", "cover"), (),
    Pins("2468", "9713"), "cover for everybody",
)  # fmt: skip
DEE = Member(
    "dee", "Dee Marsh", "+447700900104", ("worker", "buddy"), ("ben", "cat"),
    Pins("5937", "2604"), "goes silent",
)  # fmt: skip
EVE = Member(
    "eve", "Eve Costa", "+447700900105", ("manager",), (),
    Pins("6042", "8175"), "manager; answers when nobody else does",
)  # fmt: skip
TEAM_OF_FIVE = (AMY, BEN, CAT, DEE, EVE)
BY_REF = {member.ref: member for member in TEAM_OF_FIVE}

POLICY = {
    "warn_before_s": 300,
    "grace_s": 300,
    "nudges": 2,
    "rungs": [
        {"after_s": 0, "to": ["buddy"], "by": ["text"]},
        {"after_s": 180, "to": ["cover"], "by": ["text"]},
        {"after_s": 360, "to": ["managers"], "by": ["text"]},
    ],
    "rungs_urgent": [
        {"after_s": 0, "to": ["buddy", "cover"], "by": ["text"]},
        {"after_s": 60, "to": ["managers"], "by": ["text"]},
    ],
    "broadcast_after_s": 180,
}

AT_FIRST = POLICY | {"grace_s": 600, "broadcast_after_s": 300}
"""What the team began with; it found that ten minutes are long."""

HINTS = (
    Hint("1", "Ben", "takes charge of Dee's alarm: the climb stops, and all who were told hear it"),
    Hint("SAFE 1357", "Ben", "ends her alarm with his own PIN: everybody is stood down"),
    Hint("2", "Ben", "passes it on: the next person is texted at once"),
    Hint("DONE 5937", "Dee", "ends her visit herself; without the PIN the climb would go on"),
    Hint("DONE 2604", "Dee", "her duress PIN: the same answer, and a hidden alarm"),
    Hint("SOS", "Amy", "an alarm at once, without any grace"),
    Hint("VISIT 5 7 Mill Lane", "Amy", "begins a visit; then leave her phone alone and watch"),
    Hint("STATUS", "anybody", "what Wayhome believes, and who would be told when"),
)


def import_file(policy: Mapping[str, Any] = POLICY) -> bytes:
    """The team as a file that `wayhome import` takes."""
    document = {
        "organisation": {
            "slug": SLUG,
            "name": "Riverside Community Therapy",
            "timezone": "Europe/London",
            "country": "GB",
        },
        "teams": [{"slug": TEAM, "name": "OT North", "policy": policy}],
        "people": [member.row() for member in TEAM_OF_FIVE],
    }
    return json.dumps(document).encode()
