"""Everything a board shows, read in one go: the same number of statements however many are out."""

from collections.abc import Iterator, Sequence
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
from server.pages.board.rows import PLANNED, Light, Row, changes_at, row_of
from server.store import board, care
from server.store.alarms import Alarm
from server.store.board import Brief, OutRow
from server.store.care import Aftercare
from server.store.db import Session
from server.store.looking import Seen
from server.store.people import Person
from shared.spans import clock_time
from shared.states import AlarmKind, VisitStatus


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
    """The board at one moment. `good_until`: when time alone will make it say something else;
    `more_out`, `more_planned`: how many visits there are that it does not list."""

    clock: str
    date: str
    health: str | None
    alive: bool
    counted: str
    cards: tuple[Card, ...]
    out: tuple[Row, ...]
    planned: tuple[Row, ...]
    owed: tuple[Debt, ...]
    more_out: int
    more_planned: int
    out_lines: str
    planned_lines: str
    manages: bool
    may_start: bool
    looks: tuple[Seen, ...]
    good_until: datetime


def _urgency(alarm: Alarm) -> int:
    """Threat before a cry before the rest; each in the order in which they went."""
    first = (AlarmKind.DURESS, AlarmKind.SOS)
    return first.index(AlarmKind(alarm.kind)) if alarm.kind in first else len(first)


def look(
    session: Session, desk: Desk, viewer: Person, now: datetime, *, most: int | None = None
) -> Board:
    """The board of this viewer. `most`: so many visits that are out, and that are planned, are
    listed, those due soonest, and besides them every one with an alarm; all are counted."""
    return _Look(session, desk, viewer, now, most).board()


class _Look:
    """One look at everything that is a viewer's business."""

    def __init__(
        self, session: Session, desk: Desk, viewer: Person, now: datetime, most: int | None
    ) -> None:
        self._session, self._desk, self._viewer, self._now = session, desk, viewer, now
        self._zone = ZoneInfo(viewer.org.timezone)
        self._reach = boarding.reach_of(session, viewer)
        self._raised = boarding.alarms_shown(session, viewer, self._reach)
        about = [a for a in self._raised if a.visit_id is None or a.kind == AlarmKind.DURESS]
        self._alarmed = {a.worker_id: a.id for a in about}
        self._alarmed |= {a.visit_id: a.id for a in self._raised if a.visit_id is not None}
        self._all: Sequence[Brief | OutRow]
        if most is None:
            self._all = self._found = boarding.rows_shown(session, self._reach, now)
        else:
            self._all = boarding.visits_shown(session, self._reach, now)
            self._found = boarding.rows_shown(session, self._reach, now, self._chosen(most))
        self._hands_off = board.in_duress(session, viewer.org_id, viewer.id) - {viewer.id}
        self._plans = plans_of(session, desk, viewer, self._raised) if self._raised else {}

    def _chosen(self, most: int) -> list[UUID]:
        """Those that come first, and every one with an alarm."""
        is_out, planned = self._out_and_planned()
        first = [one.id for one in (*is_out[:most], *planned[:most])]
        return first + [one.id for one in is_out[most:] if self._is_alarmed(one)]

    def _out_and_planned(self) -> tuple[list[Brief | OutRow], list[Brief | OutRow]]:
        """As the board lists them: a planned visit with an alarm stands among those out."""
        is_out: list[Brief | OutRow] = []
        planned: list[Brief | OutRow] = []
        for one in self._all:
            waits = one.status == VisitStatus.PLANNED and not self._is_alarmed(one)
            (planned if waits else is_out).append(one)
        return is_out, planned

    def _is_alarmed(self, one: Brief | OutRow) -> bool:
        return one.id in self._alarmed or one.worker_id in self._alarmed

    def board(self) -> Board:
        """The board."""
        light = self._light()
        rows = [row_of(row, light) for row in self._found]
        planned = tuple(row for row in rows if row.state == PLANNED)
        out = tuple(row for row in rows if row.state != PLANNED)
        found = monitoring.judge(self._session, self._desk, self._now)
        local = self._now.astimezone(self._zone)
        is_out, waiting = self._out_and_planned()
        late = sum(one.due_at <= self._now and not self._is_alarmed(one) for one in is_out)
        return Board(
            clock=f"{local:%H:%M}",
            date=f"{local:%A} {local.day} {local:%B}",
            # That it is a rehearsal is said above every page.
            health=words.health(found) if not (self._desk.rehearsal and found.alive) else None,
            alive=found.alive,
            counted=words.counted(len(is_out), late, len(self._raised)),
            cards=tuple(self._card(alarm) for alarm in sorted(self._raised, key=_urgency)),
            out=out,
            planned=planned,
            more_out=len(is_out) - len(out),
            more_planned=len(waiting) - len(planned),
            out_lines=lines(out),
            planned_lines=lines(planned),
            owed=tuple(self._debts()),
            manages=bool(self._reach.managed),
            may_start=bool(self._reach.managed or self._reach.ranks),
            looks=tuple(Seen(r.worker_id, r.id, WHAT) for r in rows if not r.yours),
            good_until=self._good_until(light),
        )

    def _light(self) -> Light:
        answers = board.answers(self._session, [row.id for row in self._found])
        declined = {r.worker_id for r in self._found if False in answers.get(r.id, {}).values()}
        return Light(
            now=self._now,
            zone=self._zone,
            viewer_id=self._viewer.id,
            warnings=self._warnings(),
            alarmed=self._alarmed,
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
        moments += [one.due_at for one in self._all]
        steps = [steps[0].at for steps in self._plans.values() if steps]
        ahead = [at for at in (*moments, *steps) if at > self._now]
        return min([words.minute_of(self._now) + words.MINUTE, *ahead])
