"""Reminders for the worker herself, armed in the device's own alarm clock by the team's policy.

They stay armed until the server has confirmed a close: a visit that she has closed and that is not
closed yet still raises an alarm. Their words tell a bystander nothing. They are kept as well, so
that the device can arm them again after it was switched off, though the app is not started.
"""

import logging
from datetime import datetime, timedelta

from mobile.core.buttons import ACTIONS, opens
from mobile.core.database import NotKept
from mobile.core.draft import policy_of
from mobile.core.facts import Facts
from mobile.core.memory import Memory
from mobile.core.show_visit import all_here, show_visit
from mobile.core.things import Visit
from mobile.ports import Alarms, Notice, Notifier, Reminder
from shared.states import VisitStatus

log = logging.getLogger(__name__)
KIND = "reminder"
HARD = 1
"""From this loudness on a reminder is urgent: her time is up."""


def plan_reminders(facts: Facts, visit: Visit) -> list[Reminder]:
    """All there are for this visit, soonest first; what is past has an `in_s` below nought."""
    from shared.timing import reminders

    if visit.status is not VisitStatus.OPEN or visit.raise_at is None:
        return []
    policy = policy_of(facts.me.value if facts.me else None)
    at_end = visit.due_at >= visit.ends_at
    found = []
    for number, each in enumerate(reminders(visit.due_at, visit.raise_at, policy, at_end)):
        in_s = (each.at - facts.now).total_seconds()
        loudness = 0 if each.kind == "warn" else max(number, HARD)
        found.append(_reminder(facts, visit, number, in_s, loudness))
    return found


def _reminder(facts: Facts, visit: Visit, number: int, in_s: float, loudness: int) -> Reminder:
    at = facts.says(visit.due_at)
    title = f"Your {at} booking is up" if loudness else f"Your {at} booking ends soon"
    text = "More time, or done?"
    # The due time is part of the key: a visit that was extended is reminded anew.
    key = f"{visit.id}/{int(visit.due_at.timestamp())}/{number}"
    return Reminder(key, in_s, title, text, visit.id, loudness)


class Reminding:
    """Keeps the device's alarm clock as the facts want it; touches it only when they change.

    Where the device will not ring on time, whoever follows the facts rings too: the notice has the
    same key, so that it is there once.
    """

    def __init__(self, alarms: Alarms, notifier: Notifier, memory: Memory) -> None:
        self._alarms = alarms
        self._notifier = notifier
        self._memory = memory
        self._armed: tuple[object, ...] | None = None
        self._ahead: list[tuple[datetime, Reminder]] = []

    def follow(self, facts: Facts) -> None:
        """Have the right reminders armed."""
        visits = [found.visit for found in all_here(facts)]
        wanted = (*map(_times, visits), facts.sure)
        if wanted != self._armed:
            self._armed = wanted
            planned = [each for visit in visits for each in plan_reminders(facts, visit)]
            self._arm(facts, sorted(planned, key=lambda each: each.in_s))
        self._ring_due(facts)

    def _arm(self, facts: Facts, planned: list[Reminder]) -> None:
        ahead = [each for each in planned if each.in_s > 0]
        self._ahead = [(facts.now + timedelta(seconds=each.in_s), each) for each in ahead]
        self._alarms.arm(ahead)
        for key in self._keep(facts, planned):
            self._notifier.withdraw(key)

    def _keep(self, facts: Facts, planned: list[Reminder]) -> list[str]:
        """Gives the keys of those that are no longer wanted. A full disk keeps none from ringing:
        only a restart of the phone would."""
        keys = {each.key for each in planned}
        try:
            with self._memory.db.write():
                gone = [key for key in self._memory.all(KIND) if key not in keys]
                self._memory.forget(KIND)
                for each in planned:
                    self._memory.keep(KIND, each.key, _kept(facts, each))
        except NotKept:
            log.exception("reminders_not_kept")
            return []
        return gone

    def _ring_due(self, facts: Facts) -> None:
        due = [each for at, each in self._ahead if at <= facts.now]
        if not due:
            return
        self._ahead = [(at, each) for at, each in self._ahead if at > facts.now]
        if not self._alarms.exact():
            for each in due:
                state = show_visit(facts, each.visit)
                self._notifier.show(notice_of(each, opens(state) if state else ()))


def notice_of(reminder: Reminder, opening: tuple[str, ...]) -> Notice:
    """The notice that a reminder is."""
    urgent = reminder.loudness >= HARD
    said = (reminder.title, reminder.text)
    return Notice(reminder.key, *said, ACTIONS, urgent, opening, reminder.visit)


def _kept(facts: Facts, each: Reminder) -> dict[str, object]:
    """`at`: seconds since the epoch, the server's."""
    at = facts.now.timestamp() + each.in_s
    words = {"title": each.title, "text": each.text, "visit": each.visit}
    return {"at": at, **words, "loudness": each.loudness}


def _times(visit: Visit) -> tuple[object, ...]:
    return (visit.id, visit.status, visit.due_at, visit.ends_at, visit.raise_at)
