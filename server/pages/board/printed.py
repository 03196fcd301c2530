"""The board on paper, for the day the network is down: who is out, and whom to ring about her."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from server.acts import boarding, sheets
from server.acts.base import Desk
from server.acts.sheets import Sheet
from server.pages.board.look import Board, look
from server.pages.board.rows import Row
from server.store import board
from server.store.db import Session
from server.store.people import Person
from server.store.sheets import opened_by
from shared.numbers import national
from shared.spans import clock_time

NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Line:
    """One worker: her visit, her number, her watchers with theirs, and, where the seal was broken
    for an alarm that is still open, her next of kin."""

    row: Row
    times: str
    number: str
    watchers: tuple[str, ...]
    kin: str


@dataclass(frozen=True)
class Printed:
    """Everything on the paper."""

    board: Board
    lines: tuple[Line, ...]


def look_for_print(session: Session, desk: Desk, viewer: Person, now: datetime) -> Printed:
    """What this viewer may take with her."""
    found = look(session, desk, viewer, now)
    rows = (*found.out, *found.planned)
    watchers = board.watchers_of(session, {row.worker_id for row in rows})
    kin = _kin(session, desk, viewer)
    country = viewer.org.country

    def clock(instant: datetime) -> str:
        return clock_time(instant, ZoneInfo(viewer.org.timezone), now)

    def number(mobile: str | None) -> str:
        """On one line: read out in two parts it is easily read wrongly."""
        return national(mobile, country).replace(" ", NO_BREAK) if mobile else "no number"

    lines = [
        Line(
            row=row,
            times=f"{clock(row.starts_at)} to {clock(row.ends_at)}",
            number="DO NOT RING" if row.hands_off else number(row.mobile),
            watchers=tuple(
                f"{w.name}, {number(w.mobile)}" for w in watchers.get(row.worker_id, ())
            ),
            kin=kin.get(row.worker_id, ""),
        )
        for row in rows
    ]
    return Printed(found, tuple(lines))


def _kin(session: Session, desk: Desk, viewer: Person) -> dict[UUID, str]:
    """Next of kin of those whose sheets are open to this viewer now."""
    opened = opened_by(session, viewer.id)
    reach = boarding.reach_of(session, viewer)
    raised = [a for a in boarding.alarms_shown(session, viewer, reach) if a.id in opened]
    found = {alarm.worker_id: sheets.read_opened(session, desk, viewer, alarm) for alarm in raised}
    return {worker_id: _words(sheet) for worker_id, sheet in found.items() if sheet}


def _words(sheet: Sheet) -> str:
    return ", ".join(part for part in (sheet.kin, sheet.kin_number) if part)
