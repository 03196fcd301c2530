"""One visit as one person may read it: its timeline, its messages and their fates, who looked.

Built on `seeing` and `timeline`; what a veil hides there is hidden here (P4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.looking import looks_shown
from server.acts.seeing import VisitSeen, is_hidden, see_alarm, see_visit
from server.acts.timeline import Line, Timeline
from server.store import alarms, lists, log, looking, messages, people
from server.store.alarms import Alarm
from server.store.house import Look
from server.store.messages import Fate, Message, Purpose
from server.store.people import Person, Team
from server.store.visits import Visit
from shared.states import Role

MOST_MESSAGES = 500
MOST_LOOKS = 200


@dataclass(frozen=True)
class Sent:
    """One message, and what became of it as far as this viewer may know."""

    to: str
    way: str
    purpose: str
    decided_at: datetime
    handed_at: datetime | None
    fate: str
    why: str | None


@dataclass(frozen=True)
class Story:
    """Everything one viewer is shown of one visit."""

    visit: Visit
    team: Team
    seen: VisitSeen
    alarms: tuple[Alarm, ...]
    lines: tuple[Line, ...]
    parts: dict[int, dict[str, Any]]
    names: dict[UUID, str]
    sent: tuple[Sent, ...]
    all_clear_unlisted: bool
    looks: tuple[Look, ...] | None


def story_of(session: Session, viewer: Person, visit: Visit, now: datetime) -> Story:
    """The story of a visit; the caller has checked that this person may see it.

    `looks` is None for those who may see the visit but not who looked: only the worker herself and
    her team's managers may.
    """
    raised = alarms.alarms_of_visit(session, visit.id)
    timeline = Timeline(session, viewer, now)
    lines = timeline.lines(visit, log.entries_of_visit(session, visit.id), raised)
    looks = _looks(session, viewer, visit, now)
    actors = {line.actor_id for line in lines} | {look.viewer_id for look in looks or ()}
    actors |= {line.shown_to for line in lines}
    sent = Messages(session, viewer, visit, raised)
    seen = see_visit(session, viewer, visit, raised)
    return Story(
        visit=visit,
        team=session.get_one(Team, visit.team_id),
        seen=seen,
        alarms=seen.alarms,
        lines=tuple(lines),
        parts=timeline.parts(lines),
        names=lists.names_of(session, {one for one in actors if one is not None}),
        sent=tuple(sent.shown()),
        all_clear_unlisted=sent.ended_by_her,
        looks=None if looks is None else tuple(looks),
    )


def _looks(session: Session, viewer: Person, visit: Visit, now: datetime) -> list[Look] | None:
    manages = viewer.has_role(Role.MANAGER) and visit.team_id in people.team_ids(session, viewer.id)
    if viewer.id != visit.worker_id and not manages:
        return None
    found = looking.looks_at_visit(session, visit.worker_id, visit.id, MOST_LOOKS)
    return looks_shown(session, viewer, found, now)


class Messages:
    """Which messages of a visit one viewer is shown.

    The worker is shown those to herself. Whoever ended an alarm is not shown what was decided from
    that moment on: after a genuine end that is the all-clear, after one with a duress PIN it is
    the climb that goes on, and the two must look the same.
    """

    def __init__(
        self, session: Session, viewer: Person, visit: Visit, raised: Sequence[Alarm]
    ) -> None:
        self._session = session
        self._viewer = viewer
        self._visit = visit
        self._hidden = {alarm.id for alarm in raised if is_hidden(alarm, viewer)}
        self._ended = dict(self._ends(raised))

    def _ends(self, raised: Sequence[Alarm]) -> list[tuple[UUID, datetime]]:
        found = []
        for alarm in raised:
            seen = see_alarm(self._viewer, alarm)
            hers = str(self._viewer.id) in (alarm.veil or {})
            if seen.resolved_at and (hers or alarm.resolved_by_id == self._viewer.id):
                found.append((alarm.id, seen.resolved_at))
        return found

    @property
    def ended_by_her(self) -> bool:
        """Whether, as far as she may know, she ended an alarm of this visit."""
        return bool(self._ended)

    def shown(self) -> list[Sent]:
        """These messages, the oldest first."""
        found = messages.about_visit(self._session, self._visit.id, MOST_MESSAGES)
        return [self._sent(message) for message in found if self._is_for_her(message)]

    def _is_for_her(self, message: Message) -> bool:
        if message.alarm_id in self._hidden:
            return False
        if self._viewer.id == self._visit.worker_id and message.person_id != self._viewer.id:
            return False
        return not self._comes_after(message, message.decided_at)

    def _comes_after(self, message: Message, at: datetime | None) -> bool:
        if message.alarm_id is None and message.purpose == Purpose.NOTICE.value:
            # That the visit was closed for her, or is open again, follows the alarm's end.
            ended = min(self._ended.values(), default=None)
        else:
            ended = self._ended.get(message.alarm_id) if message.alarm_id else None
        return ended is not None and (at is None or at >= ended)

    def _sent(self, message: Message) -> Sent:
        called_off = self._comes_after(message, message.handed_at)
        return Sent(
            to=message.person.name,
            way=message.way,
            purpose=message.purpose,
            decided_at=message.decided_at,
            handed_at=None if called_off else message.handed_at,
            fate=Fate.MOOT.value if called_off else message.status,
            why=None if called_off else message.why,
        )
