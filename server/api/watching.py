"""Whom this person watches over now, and her yes or no to it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Response

from server.acts import watching
from server.acts.base import Turn
from server.acts.seeing import see_alarm, see_visit
from server.api.book import CHANGES, READS, Book, listed
from server.api.callers import caller
from server.api.lens import Lens
from server.api.listing import Page
from server.api.looking import new_looks, write_down
from server.api.visits import VISIT_ID, about_visit
from server.running import running
from server.store import around, db, lists, people
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.people import Person
from server.store.visits import Visit
from shared.states import VisitStatus
from shared.wire import bodies
from shared.wire.objects import Named, VisitSchema, Watched, WatchedSchema

book = Book("watching", __name__, description="Being somebody's buddy or cover")
watched_schema = WatchedSchema(many=True)
LIVE = (VisitStatus.OPEN, VisitStatus.PLANNED)
ANSWERS = {True: "accepted", False: "declined", None: None}


@book.on("GET", "/watching")
@book.answers(200, listed(WatchedSchema), "What she watches over now", replays=False)
@book.refuses(*READS)
def get_watching() -> Response:
    """Visits and alarms this person is buddy or cover for, now

    One item for each visit that is open or begins within a day, with its unresolved alarms, and
    one with `visit: null` for each worker with unresolved alarms outside such a visit.
    """
    here = running()
    now = here.clock.now()
    me = caller(now).person

    def look(session: Session) -> Page:
        watch = _Watch(session, me)
        lens = Lens(session, here.desk, me, now)
        found = watch.visits(now)
        items = watch.with_visits(lens, found) + watch.without_visits(lens, found)
        seen: list[Visit | Alarm] = [*found, *watch.alone(found)]
        return Page(watched_schema.dump(items), None, new_looks(session, me, seen, now))

    page = db.read(look)
    write_down(me, page.looks, now)
    return page.response()


class _Watch:
    """What one person watches over, as she may know it."""

    def __init__(self, session: Session, me: Person) -> None:
        self._session, self._me = session, me
        self._ranks = around.ranks_of(session, me.id)
        self._open = [
            alarm
            for alarm in lists.open_alarms_of(session, self._ranks.keys() - {me.id})
            if see_alarm(me, alarm).is_open
        ]

    def visits(self, now: datetime) -> list[Visit]:
        """The visits, the one due first before the others; without those that are over for her."""
        teams = people.team_ids(self._session, self._me.id)
        found = lists.watched_visits(self._session, self._me.id, self._ranks.keys(), teams, now)
        return [v for v in found if see_visit(self._session, self._me, v, ()).status in LIVE]

    def with_visits(self, lens: Lens, found: Sequence[Visit]) -> list[Watched]:
        """One item for each visit."""
        answers = lists.answers_of_visits(self._session, [visit.id for visit in found])
        shown = lens.visits(found)
        return [
            Watched(
                worker=Named(visit.worker.id, visit.worker.name),
                part=self._part(visit),
                answer=ANSWERS[answers.get(visit.id, {}).get(self._me.id)],
                visit=as_shown,
                alarms=[alarm for alarm in as_shown.alarms if alarm.status != "resolved"],
            )
            for visit, as_shown in zip(found, shown, strict=True)
        ]

    def _part(self, visit: Visit) -> str:
        first = visit.buddy_id == self._me.id or (
            visit.buddy_id is None and self._ranks.get(visit.worker_id) == 0
        )
        return "buddy" if first else "cover"

    def alone(self, found: Sequence[Visit]) -> list[Alarm]:
        """Unresolved alarms that belong to none of these visits."""
        ids = {visit.id for visit in found}
        return [alarm for alarm in self._open if alarm.visit_id not in ids]

    def without_visits(self, lens: Lens, found: Sequence[Visit]) -> list[Watched]:
        """One item for each worker with alarms outside these visits."""
        by_worker: dict[UUID, list[Alarm]] = {}
        for alarm in self.alone(found):
            by_worker.setdefault(alarm.worker_id, []).append(alarm)
        return [
            Watched(
                worker=Named(worker_id, raised[0].worker.name),
                part="buddy" if self._ranks.get(worker_id) == 0 else "cover",
                answer=None,
                visit=None,
                alarms=[lens.alarm(alarm) for alarm in raised],
            )
            for worker_id, raised in by_worker.items()
        ]


@book.on("POST", "/watching/<visit_id>/accept", VISIT_ID)
@book.takes(bodies.ActSchema())
@book.answers(200, VisitSchema, "The visit she watches")
@book.refuses(*CHANGES, "not-found", "conflict")
def accept(visit_id: str) -> Response:
    """Say yes to watching a visit"""
    return _answer(visit_id, accepted=True)


@book.on("POST", "/watching/<visit_id>/decline", VISIT_ID)
@book.takes(bodies.ActSchema())
@book.answers(200, VisitSchema, "The visit somebody else watches now")
@book.refuses(*CHANGES, "not-found", "conflict")
def decline(visit_id: str) -> Response:
    """Say no; the next cover watches at once. No answer is not a no"""
    return _answer(visit_id, accepted=False)


def _answer(visit_id: str, *, accepted: bool) -> Response:
    def do(turn: Turn, visit: Visit, _body: object) -> None:
        watching.answer_watch(turn, visit, accepted=accepted)

    return about_visit(visit_id, bodies.ActSchema(), do).answer()
