"""Everything a board shows, read in one go: the same number of statements however many are out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from server.acts import boarding, monitoring
from server.acts.base import Desk
from server.acts.circles import plans_of
from server.pages.board import words
from server.pages.board.cards import Card, card_of
from server.pages.board.lines import lines
from server.pages.board.looked import WHAT
from server.pages.board.rows import LATE, PLANNED, Light, Row, changes_at, row_of
from server.store import board, care
from server.store.alarms import Alarm
from server.store.care import Aftercare
from server.store.db import Session
from server.store.looking import Seen
from server.store.people import Person
from shared.spans import clock_time
from shared.states import AlarmKind


@dataclass(frozen=True)
class Debt:
    """Care that somebody owes after an alarm."""

    id: UUID
    alarm_id: UUID
    what: str
    worker: str
    owed_by: str
    yours: bool
    since: str


@dataclass(frozen=True)
class Board:
    """The board at one moment. `good_until`: when time alone will make it say something else."""

    clock: str
    date: str
    health: str | None
    alive: bool
    counted: str
    cards: tuple[Card, ...]
    out: tuple[Row, ...]
    planned: tuple[Row, ...]
    owed: tuple[Debt, ...]
    out_lines: str
    planned_lines: str
    manages: bool
    looks: tuple[Seen, ...]
    good_until: datetime


def look(session: Session, desk: Desk, viewer: Person, now: datetime) -> Board:
    """The board of this viewer."""
    return _Look(session, desk, viewer, now).board()


class _Look:
    """One look at everything that is a viewer's business."""

    def __init__(self, session: Session, desk: Desk, viewer: Person, now: datetime) -> None:
        self._session, self._desk, self._viewer, self._now = session, desk, viewer, now
        self._zone = ZoneInfo(viewer.org.timezone)
        self._reach = boarding.reach_of(session, viewer)
        self._found = boarding.visits_shown(session, self._reach, now)
        self._raised = boarding.alarms_shown(session, viewer, self._reach)
        self._hands_off = board.in_duress(session, viewer.org_id, viewer.id) - {viewer.id}
        self._plans = plans_of(session, desk, viewer, self._raised) if self._raised else {}

    def board(self) -> Board:
        """The board."""
        light = self._light()
        rows = [row_of(row, light) for row in self._found]
        out = tuple(row for row in rows if row.state != PLANNED)
        found = monitoring.judge(self._session, self._desk, self._now)
        local = self._now.astimezone(self._zone)
        planned = tuple(row for row in rows if row.state == PLANNED)
        late = sum(row.state == LATE for row in out)
        return Board(
            clock=f"{local:%H:%M}",
            date=f"{local:%A} {local.day} {local:%B}",
            health=words.health(found, rehearsal=self._desk.rehearsal),
            alive=found.alive,
            counted=words.counted(len(out), late, len(self._raised)),
            cards=tuple(self._card(alarm) for alarm in self._raised),
            out=out,
            planned=planned,
            out_lines=lines(out),
            planned_lines=lines(planned),
            owed=tuple(self._debts()),
            manages=bool(self._reach.managed),
            looks=tuple(Seen(r.worker_id, r.id, WHAT) for r in rows if not r.yours),
            good_until=self._good_until(light),
        )

    def _light(self) -> Light:
        answers = board.answers(self._session, self._reach, self._now)
        declined = {r.worker_id for r in self._found if False in answers.get(r.id, {}).values()}
        about = [a for a in self._raised if a.visit_id is None or a.kind == AlarmKind.DURESS]
        return Light(
            now=self._now,
            zone=self._zone,
            viewer_id=self._viewer.id,
            warnings=self._warnings(),
            alarmed={alarm.visit_id for alarm in self._raised} | {a.worker_id for a in about},
            hands_off=self._hands_off,
            answers=answers,
            covers=board.watchers_of(self._session, declined) if declined else {},
        )

    def _warnings(self) -> dict[UUID, timedelta]:
        """How long before a due time each team warns its workers."""
        policies = board.policies_of(self._session, {row.team_id for row in self._found})
        return {
            team_id: timedelta(seconds=policy.warn_before_s) for team_id, policy in policies.items()
        }

    def _card(self, alarm: Alarm) -> Card:
        steps, hands_off = self._plans[alarm.id], alarm.worker_id in self._hands_off
        return card_of(alarm, self._viewer, steps, self._now, self._zone, hands_off=hands_off)

    def _debts(self) -> Iterator[Debt]:
        owed = care.aftercare_owed(
            self._session, self._viewer.org_id, self._viewer.id, self._reach.managed
        )
        for one in owed:
            if one.worker_id != self._viewer.id:
                yield self._debt(one)

    def _debt(self, owed: Aftercare) -> Debt:
        return Debt(
            id=owed.id,
            alarm_id=owed.alarm_id,
            what=owed.what,
            worker=owed.worker.name,
            owed_by=owed.owed_by.name,
            yours=owed.owed_by_id == self._viewer.id,
            since=clock_time(owed.made_at, self._zone, self._now),
        )

    def _good_until(self, light: Light) -> datetime:
        moments = [at for row in self._found for at in changes_at(row, light)]
        steps = [steps[0].at for steps in self._plans.values() if steps]
        ahead = [at for at in (*moments, *steps) if at > self._now]
        return min([words.minute_of(self._now) + words.MINUTE, *ahead])
