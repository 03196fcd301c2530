"""The lone worker log as one person may list it (P7), a page at a time, under her veil (P4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.seeing import AlarmSeen, VisitSeen, is_hidden, see_alarm, see_visit
from server.store import alarms, history, lists, people, visits
from server.store.alarms import Alarm
from server.store.history import ANY_ALARM, Scope, Span, Wanted
from server.store.lists import Place
from server.store.people import Person
from server.store.visits import Visit
from shared.states import Role


@dataclass(frozen=True)
class AlarmPart:
    """One alarm of a row, and its standing as the viewer may know it."""

    alarm: Alarm
    seen: AlarmSeen

    @property
    def answered_after(self) -> timedelta | None:
        """How long until somebody first took charge, as far as this viewer may know."""
        first = first_owned(self.alarm, self.seen)
        return first - self.alarm.raised_at if first is not None else None


def first_owned(alarm: Alarm, seen: AlarmSeen) -> datetime | None:
    """When somebody first took charge; not what went on after the alarm ended for this viewer."""
    first, ended = alarm.first_owned_at, seen.resolved_at
    return None if first is not None and ended is not None and first > ended else first


@dataclass(frozen=True)
class Row:
    """One line of the list: a visit with its alarms, newest first, or an alarm without a visit."""

    place: Place
    worker: Person
    team_id: UUID
    visit: Visit | None
    seen: VisitSeen | None
    alarms: tuple[AlarmPart, ...]

    def late_by(self, now: datetime) -> timedelta | None:
        """How long after the time it should have been over it ended, or has been going on."""
        if self.seen is None:
            return None
        ended = self.seen.closed_at or (now if self.seen.is_open else None)
        late = ended - self.seen.ends_at if ended else timedelta()
        return late if late > timedelta() else None


@dataclass(frozen=True)
class Listed:
    """A part of the list, newest first, and whether it goes on in either direction."""

    rows: tuple[Row, ...]
    older: bool
    newer: bool


def scope_of(session: Session, viewer: Person) -> Scope:
    """Whose history this person may list: of the teams she manages, and her own."""
    managed = people.team_ids(session, viewer.id) if viewer.has_role(Role.MANAGER) else set()
    return Scope(viewer.org_id, viewer.id, frozenset(managed))


class History:
    """Lists the log for one viewer.

    What a veil changes for her (a handful at the most) is judged here by what she may see; all the
    rest is judged by the database.
    """

    def __init__(self, session: Session, viewer: Person, scope: Scope) -> None:
        self._session = session
        self._viewer = viewer
        self._scope = scope
        self._special_visits, self._special_loose = self._find_special()

    def _find_special(self) -> tuple[set[UUID], set[UUID]]:
        """Visits, and alarms without one, of which she sees another picture than is stored."""
        veiled = alarms.veiled_for(self._session, self._viewer)
        hidden = history.own_duress(self._session, self._viewer.id)
        special = {visit.id for visit in visits.veiled_for(self._session, self._viewer)}
        special |= {a.visit_id for a in (*veiled, *hidden) if a.visit_id is not None}
        return special, {a.id for a in (*veiled, *hidden) if a.visit_id is None}

    def page(self, wanted: Wanted, span: Span) -> Listed:
        """One page of what is asked for."""
        more = Span(span.most + 1, span.older_than, span.newer_than)
        places = self._stored(wanted, more) + self._special(wanted, more)
        places.sort(reverse=not span.backwards)
        further = len(places) > span.most
        places = sorted(places[: span.most], reverse=True)
        came_from = span.older_than is not None or span.newer_than is not None
        older = further if not span.backwards else came_from
        newer = further if span.backwards else came_from
        return Listed(tuple(self.rows(places)), older, newer)

    def _stored(self, wanted: Wanted, span: Span) -> list[Place]:
        session, scope = self._session, self._scope
        found = history.visit_places(session, scope, wanted, self._special_visits, span)
        return found + history.loose_alarm_places(session, scope, wanted, self._special_loose, span)

    def _special(self, wanted: Wanted, span: Span) -> list[Place]:
        if not self._special_visits and not self._special_loose:
            return []
        rows = self._rows_of(self._special_visits, self._special_loose)
        fitting = [row for row in rows if self._fits(row, wanted)]
        places = [row.place for row in fitting if _is_within(row.place, span)]
        return sorted(places, reverse=not span.backwards)[: span.most]

    def rows(self, places: Sequence[Place]) -> list[Row]:
        """What stands at these places, in the same order."""
        ids = {place.id for place in places}
        found = {row.place: row for row in self._rows_of(ids, ids)}
        return [found[place] for place in places if place in found]

    def _rows_of(self, visit_ids: set[UUID], alarm_ids: set[UUID]) -> list[Row]:
        found = history.visits_by_id(self._session, visit_ids)
        raised = lists.alarms_of_visits(self._session, list(found))
        loose = history.alarms_by_id(self._session, alarm_ids - set(found))
        rows = [self._visit_row(visit, raised.get(visit.id, [])) for visit in found.values()]
        shown = [a for a in loose.values() if not is_hidden(a, self._viewer)]
        return rows + [self._alarm_row(alarm) for alarm in shown]

    def _visit_row(self, visit: Visit, raised: Sequence[Alarm]) -> Row:
        seen = see_visit(self._session, self._viewer, visit, raised)
        parts = tuple(AlarmPart(a, see_alarm(self._viewer, a)) for a in seen.alarms)
        place = Place(visit.starts_at, visit.id)
        return Row(place, visit.worker, visit.team_id, visit, seen, parts)

    def _alarm_row(self, alarm: Alarm) -> Row:
        part = AlarmPart(alarm, see_alarm(self._viewer, alarm))
        place = Place(alarm.raised_at, alarm.id)
        return Row(place, alarm.worker, alarm.team_id, None, None, (part,))

    def _fits(self, row: Row, wanted: Wanted) -> bool:
        """What `store.history` asks of the database, asked of what this viewer may see."""
        return (
            self._is_hers(row, wanted)
            and (wanted.since is None or row.place.at >= wanted.since)
            and (wanted.until is None or row.place.at < wanted.until)
            and _is_of_kind(row, wanted)
            and _had_alarm(row, wanted)
            and (wanted.outcome is None or wanted.outcome in _outcomes(row))
        )

    def _is_hers(self, row: Row, wanted: Wanted) -> bool:
        mine = row.worker.id == self._viewer.id
        if wanted.person not in (None, row.worker.id) or wanted.team not in (None, row.team_id):
            return False
        return mine or row.team_id in self._scope.teams


def _is_within(place: Place, span: Span) -> bool:
    if span.older_than is not None and place >= span.older_than:
        return False
    return span.newer_than is None or place > span.newer_than


def _is_of_kind(row: Row, wanted: Wanted) -> bool:
    if row.visit is None:
        return not wanted.needs_visit
    late = not wanted.late or row.late_by(wanted.now) is not None
    return late and wanted.kind in (None, row.visit.kind)


def _had_alarm(row: Row, wanted: Wanted) -> bool:
    if wanted.alarm is None:
        return True
    return any(wanted.alarm in (ANY_ALARM, part.alarm.kind) for part in row.alarms)


def _outcomes(row: Row) -> set[str | None]:
    said = row.seen.close_outcome if row.seen else None
    return {said, *(part.seen.outcome for part in row.alarms)}
