"""A team's policy: the times and rungs that decide who is told what, and when (contract 4).

The bounds here exist so that no setting can defeat P5: whatever a team chooses, a missed visit ends
in a broadcast that repeats until a person takes charge.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from shared.states import AskBuddy, PinRule, Risk, Way
from shared.wire.fields import Flag

TARGETS = ("buddy", "cover", "managers", "contacts")
PREFERRED = "preferred"
WAYS = (*[way.value for way in Way], PREFERRED)
CHECK_IN_BOUNDS_S = (60, 14_400)
RUNG_BOUNDS_S = (0, 3600)
BOUNDS_S: Mapping[str, tuple[int, int]] = {
    "warn_before_s": (0, 3600),
    "grace_s": (0, 3600),
    "grace_high_risk_s": (0, 900),
    "broadcast_after_s": (0, 600),
    "broadcast_every_s": (1, 1800),
    "owner_quiet_s": (1, 1800),
    "not_started_after_s": (0, 3600),
}
"""The fewest and the most seconds of each time (contract 4)."""
MOST_NUDGES = 5


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: who is told, by what, `after_s` seconds after the alarm was raised."""

    after_s: int
    to: tuple[str, ...]
    by: tuple[str, ...]


def _standard_rungs() -> tuple[Rung, ...]:
    return (
        Rung(0, ("buddy",), ("text",)),
        Rung(180, ("buddy",), ("call",)),
        Rung(180, ("cover",), ("text",)),
        Rung(300, ("cover",), ("call",)),
        Rung(480, ("managers",), ("text", "call", "email")),
    )


def _urgent_rungs() -> tuple[Rung, ...]:
    return (
        Rung(0, ("buddy", "cover"), ("text", "call")),
        Rung(60, ("managers",), ("text", "call")),
    )


@dataclass(frozen=True)
class Policy:
    """Everything a team may decide. The defaults are the contract's; times in whole seconds."""

    warn_before_s: int = 300
    grace_s: int = 600
    grace_high_risk_s: int = 300
    nudges: int = 2
    rungs: tuple[Rung, ...] = field(default_factory=_standard_rungs)
    rungs_urgent: tuple[Rung, ...] = field(default_factory=_urgent_rungs)
    broadcast_after_s: int = 120
    broadcast_every_s: int = 300
    owner_quiet_s: int = 600
    check_in_every_s: Mapping[str, int | None] = field(
        default_factory=lambda: {"standard": None, "high": 1800}
    )
    watch_not_started: bool = False
    not_started_after_s: int = 900
    ask_buddy: AskBuddy = AskBuddy.APP
    text_shows_place: bool = True
    pin: PinRule = PinRule.TEXT_ONLY

    def grace_for(self, risk: Risk) -> int:
        """Seconds after `due_at` in which only the worker herself is nudged."""
        return self.grace_high_risk_s if risk is Risk.HIGH else self.grace_s

    def interval_for(self, risk: Risk) -> int | None:
        """Seconds between check-ins owed during a visit; None where only its end is watched."""
        return self.check_in_every_s.get(risk.value)

    def to_json(self) -> dict[str, Any]:
        """The same policy as plain JSON values; `read_policy` reads it back unchanged."""
        return asdict(self) | {"check_in_every_s": dict(self.check_in_every_s)}


def _seconds(bounds: tuple[int, int], *, required: bool = False) -> fields.Integer:
    words = f"Give whole seconds from {bounds[0]} to {bounds[1]}."
    within = validate.Range(*bounds, error=words)
    return fields.Integer(required=required, strict=True, validate=within)


class RungSchema(Schema):
    """A rung as it is written in the import file."""

    class Meta:
        unknown = RAISE

    after_s = _seconds(RUNG_BOUNDS_S, required=True)
    to = fields.List(
        fields.String(validate=validate.Length(1, 60)),
        required=True,
        validate=validate.Length(1, 20, error="Name at least one: buddy, cover, managers, ..."),
    )
    by = fields.List(
        fields.String(
            validate=validate.OneOf(WAYS, error="Choose text, call, email, push or preferred.")
        ),
        required=True,
        validate=validate.Length(1, 5, error="Name at least one way, such as text."),
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Rung:
        return Rung(data["after_s"], tuple(data["to"]), tuple(data["by"]))


def _in_order(rungs: list[Rung]) -> None:
    if not rungs:
        raise ValidationError("A ladder needs at least one step.")
    if len(rungs) > 20:
        raise ValidationError("A ladder has at most 20 steps.")
    if rungs[0].after_s > 600:
        raise ValidationError("The first step has to come within 10 min of the alarm.")
    if any(a.after_s > b.after_s for a, b in pairwise(rungs)):
        raise ValidationError("Put the steps in order of their times, the earliest first.")


class CheckInSchema(Schema):
    """Seconds between check-ins, by risk; null for none."""

    class Meta:
        unknown = RAISE

    standard = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(*CHECK_IN_BOUNDS_S, error="Give null or 60 to 14400 seconds."),
    )
    high = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(*CHECK_IN_BOUNDS_S, error="Give null or 60 to 14400 seconds."),
    )


class PolicySchema(Schema):
    """A policy as it is written in the import file; fields left out keep their value."""

    class Meta:
        unknown = RAISE

    warn_before_s = _seconds(BOUNDS_S["warn_before_s"])
    grace_s = _seconds(BOUNDS_S["grace_s"])
    grace_high_risk_s = _seconds(BOUNDS_S["grace_high_risk_s"])
    nudges = fields.Integer(
        strict=True, validate=validate.Range(0, MOST_NUDGES, error="Give a number from 0 to 5.")
    )
    rungs = fields.List(fields.Nested(RungSchema), validate=_in_order)
    rungs_urgent = fields.List(fields.Nested(RungSchema), validate=_in_order)
    broadcast_after_s = _seconds(BOUNDS_S["broadcast_after_s"])
    broadcast_every_s = _seconds(BOUNDS_S["broadcast_every_s"])
    owner_quiet_s = _seconds(BOUNDS_S["owner_quiet_s"])
    check_in_every_s = fields.Nested(CheckInSchema)
    watch_not_started = Flag()
    not_started_after_s = _seconds(BOUNDS_S["not_started_after_s"])
    ask_buddy = fields.Enum(AskBuddy, by_value=True)
    text_shows_place = Flag()
    pin = fields.Enum(PinRule, by_value=True)


def read_policy(data: Mapping[str, Any], base: Policy | None = None) -> Policy:
    """`base` (or the defaults) with the given fields laid over it.

    Raises marshmallow's ValidationError with one plain sentence per field at fault; nothing is
    changed then. Contract 4: a field that is present overwrites, one that is absent is left.
    """
    given = PolicySchema().load(data)
    base = base or Policy()
    if "check_in_every_s" in given:
        given["check_in_every_s"] = {**base.check_in_every_s, **given["check_in_every_s"]}
    for ladder in ("rungs", "rungs_urgent"):
        if ladder in given:
            given[ladder] = tuple(given[ladder])
    return replace(base, **given)
