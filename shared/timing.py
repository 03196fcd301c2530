"""When a visit's worker is warned and nudged, and when its alarm goes. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.states import Risk

if TYPE_CHECKING:
    from shared.policy import Policy

LONGEST_VISIT_S = 12 * 3600
LONGEST_HOME_S = 16 * 3600


@dataclass(frozen=True)
class Reminder:
    """One message to the worker herself, before anybody else hears of it."""

    at: datetime
    kind: str


def reminders(
    due_at: datetime, raise_at: datetime, policy: Policy, at_end: bool = True
) -> list[Reminder]:
    """The warning before `due_at` and the nudges in the grace after it, in order of time.

    Contract 4: nudges are spread evenly over the grace, the first at due. `at_end` is False for an
    interval check-in, which has no warning of its own: a worker asked every half hour would be
    texted twice as often as she is asked.
    """
    found = []
    if at_end and policy.warn_before_s:
        found.append(Reminder(due_at - timedelta(seconds=policy.warn_before_s), "warn"))
    grace = raise_at - due_at
    found += [Reminder(due_at + grace * n / policy.nudges, "nudge") for n in range(policy.nudges)]
    return found


def raise_moment(due_at: datetime, policy: Policy, risk: Risk) -> datetime:
    """When an alarm goes if nothing is heard: one grace after `due_at`."""
    return due_at + timedelta(seconds=policy.grace_for(risk))


def next_due(ends_at: datetime, heard_at: datetime, interval_s: int | None) -> datetime:
    """The next moment a sign of life is owed: the earlier of the end and the next check-in."""
    if interval_s is None:
        return ends_at
    return min(ends_at, heard_at + timedelta(seconds=interval_s))
