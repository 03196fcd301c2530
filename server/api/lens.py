"""Visits and alarms as one person may know them, ready to be written as JSON (contract 5).

Made for one answer: what it has looked up once it does not look up again.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from server.acts.base import Desk
from server.acts.climbing import circle_around, plan_of
from server.acts.news import what_came
from server.acts.planning import WATCHED, circle_for, plan_seen
from server.acts.seeing import VisitSeen, see_alarm, see_visit
from server.acts.tell import place_of
from server.acts.timeline import Line, Timeline
from server.store import lists, namesakes, people, visits
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.people import Person
from server.store.visits import Visit
from shared.ladder import Circle, Step
from shared.states import (
    AlarmKind,
    AlarmOutcome,
    AlarmStatus,
    ClosedHow,
    Risk,
    VisitKind,
    VisitStatus,
)
from shared.wire.objects import AlarmObject, LogEntry, Named, PlanStep, ToldWho, VisitObject


class Lens:
    """Everything one viewer is shown in one answer."""

    def __init__(self, session: Session, desk: Desk, viewer: Person, now: datetime) -> None:
        self._session = session
        self._desk = desk
        self._viewer = viewer
        self._now = now
        self._timeline = Timeline(session, viewer, now)
        self._watchers: dict[UUID, Sequence[Person]] = {}
        self._names: dict[UUID, str] = {viewer.id: viewer.name}
        self._called: dict[UUID, UUID] = {}

    def visit(self, visit: Visit) -> VisitObject:
        """One visit."""
        return self.visits([visit])[0]

    def visits(self, found: Sequence[Visit]) -> list[VisitObject]:
        """Many visits in as few statements as one."""
        ids = [visit.id for visit in found]
        raised = lists.alarms_of_visits(self._session, ids)
        entries = lists.entries_of_visits(self._session, ids)
        taken = visits.taken_among(self._session, self._viewer.id, ids)
        self._called |= {one: visits.other_name(one) if one in taken else one for one in ids}
        lines = {
            v.id: self._timeline.lines(v, entries.get(v.id, []), raised.get(v.id, []))
            for v in found
        }
        self._learn_names(line.actor_id for each in lines.values() for line in each)
        seen = [see_visit(self._session, self._viewer, v, raised.get(v.id, [])) for v in found]
        over = [v.id for v, s in zip(found, seen, strict=True) if s.status not in WATCHED]
        answers = lists.answers_of_visits(self._session, over)
        return [
            self._visit(v, s, lines[v.id], answers.get(v.id, {}))
            for v, s in zip(found, seen, strict=True)
        ]

    def _visit(
        self, visit: Visit, seen: VisitSeen, lines: list[Line], answers: dict[UUID, bool]
    ) -> VisitObject:
        circle = None
        if seen.status in WATCHED:
            circle = circle_for(self._session, self._desk, visit, self._viewer)
        return VisitObject(
            id=self._visit_id(visit),
            kind=VisitKind(visit.kind),
            status=VisitStatus(seen.status),
            place=visit.place,
            starts_at=visit.starts_at,
            ends_at=seen.ends_at,
            due_at=seen.due_at,
            raise_at=seen.raise_at,
            risk=Risk(visit.risk),
            buddy=self._buddy(visit, circle, answers),
            closed_at=seen.closed_at,
            closed_how=ClosedHow(seen.closed_how) if seen.closed_how else None,
            alarms=[self.alarm(alarm, circle) for alarm in seen.alarms],
            safety_chain=self._chain(visit, seen, circle),
            log=[self._entry(line) for line in lines],
        )

    def _visit_id(self, visit: Visit) -> UUID:
        """What the viewer calls this visit: the id she asked for, if she did (P6); never one that
        her own phone has used for another."""
        if visit.started_by_id == self._viewer.id:
            return visit.client_ref
        return self._name(visit.id, visits.taken_among)

    def _name(
        self, own_id: UUID, taken: Callable[[Session, UUID, Collection[UUID]], set[UUID]]
    ) -> UUID:
        if own_id not in self._called:
            is_taken = taken(self._session, self._viewer.id, [own_id])
            self._called[own_id] = visits.other_name(own_id) if is_taken else own_id
        return self._called[own_id]

    def _chain(self, visit: Visit, seen: VisitSeen, circle: Circle | None) -> list[PlanStep]:
        if circle is None:
            return []
        session, desk, viewer, now = self._session, self._desk, self._viewer, self._now
        return [shown(step) for step in plan_seen(session, desk, visit, seen, circle, viewer, now)]

    def _buddy(
        self, visit: Visit, circle: Circle | None, answers: dict[UUID, bool]
    ) -> Named | None:
        """Who watches over this visit: whoever was chosen, or comes first, and did not decline."""
        if circle is not None:
            first = next(iter(circle.watchers), None)
            return Named(UUID(first.id), first.name) if first else None
        chosen = people.person(self._session, visit.buddy_id) if visit.buddy_id else None
        all_of_them = ([chosen] if chosen else []) + list(self._watchers_of(visit.worker_id))
        willing = [p for p in all_of_them if answers.get(p.id) is not False and not p.left_at]
        return Named(willing[0].id, willing[0].name) if willing else None

    def _watchers_of(self, worker_id: UUID) -> Sequence[Person]:
        if worker_id not in self._watchers:
            self._watchers[worker_id] = people.watchers(self._session, worker_id)
        return self._watchers[worker_id]

    def _learn_names(self, ids: Iterable[UUID | None]) -> None:
        missing = {one for one in ids if one is not None} - self._names.keys()
        if missing:
            self._names |= lists.names_of(self._session, missing)

    def _entry(self, line: Line) -> LogEntry:
        by_whom = self._names.get(line.actor_id) if line.actor_id else None
        told = [ToldWho(who, by) for who, by in line.told]
        return LogEntry(line.at, line.received_at, line.what, by_whom, line.by, told)

    def alarm(self, alarm: Alarm, circle: Circle | None = None) -> AlarmObject:
        """One alarm; `circle`: the people around its visit, where they are known already."""
        seen = see_alarm(self._viewer, alarm)
        told = seen.is_open and alarm.worker_id != self._viewer.id
        owner = Named(UUID(seen.owner_id), seen.owner_name or "") if seen.owner_id else None
        return AlarmObject(
            id=self._alarm_id(alarm),
            kind=AlarmKind(alarm.kind),
            status=AlarmStatus(seen.status),
            visit=self._visit_id(alarm.visit) if alarm.visit else None,
            worker=Named(alarm.worker.id, alarm.worker.name),
            raised_at=alarm.raised_at,
            owner=owner,
            owner_until=seen.owner_until,
            outcome=AlarmOutcome(seen.outcome) if seen.outcome else None,
            resolved_at=seen.resolved_at,
            unverified=alarm.unverified,
            ring=self._ring(alarm) if told else None,
            place=place_of(alarm) if told else None,
            next_step=self._next_step(alarm, circle) if seen.is_open else None,
            due_at=alarm.due_at if told else None,
            heard_at=alarm.heard_at if told else None,
            said=self._said(alarm) if told else [],
        )

    def _said(self, alarm: Alarm) -> list[str]:
        """What came from the worker and did not end it, as those told have it by text."""
        return [said for _, said in what_came(self._session, alarm, self._viewer, self._now)]

    def _ring(self, alarm: Alarm) -> str | None:
        """Her number, which those told have by text as well; under duress a call could hurt her."""
        return None if alarm.kind == AlarmKind.DURESS else alarm.worker.mobile

    def _alarm_id(self, alarm: Alarm) -> UUID:
        if alarm.raised_by_id == self._viewer.id and alarm.client_ref:
            return alarm.client_ref
        return self._name(alarm.id, namesakes.taken_among)

    def _next_step(self, alarm: Alarm, circle: Circle | None) -> PlanStep | None:
        circle = circle or circle_around(self._session, self._desk, alarm, self._viewer.id)
        steps = plan_of(self._session, self._desk, alarm, circle)
        return shown(steps[0]) if steps else None


def shown(step: Step) -> PlanStep:
    """A step of the plan as it is sent."""
    return PlanStep(step.at, step.who, step.by, step.why)
