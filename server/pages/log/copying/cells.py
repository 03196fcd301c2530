"""A row of the log as cells, the same for every kind of table."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.acts.history import AlarmPart
from server.domain.spreadsheet import defused
from server.pages.log.shown import ShownRow
from server.pages.log.words import ALARM_KINDS, OUTCOMES

Cell = str | int | datetime | None

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

COLUMNS = (
    "Began", "Should have been over", "Ended", "Late by (min)", "Worker", "Team", "Kind", "Risk",
    "Place", "Your reference", "Standing", "How it ended", "How it went", "Alarms",
    "Alarm outcome", "First answer after (s)", "Number", "Time zone",
)  # fmt: skip
WIDTHS = (16, 20, 16, 12, 22, 18, 14, 10, 34, 16, 12, 24, 14, 18, 20, 20, 38, 18)


def cells(row: ShownRow, zone: ZoneInfo) -> list[Cell]:
    """One row; every text in it is harmless, every time is a wall clock's in `zone`."""
    found: list[Cell] = [
        _wall(row.starts, zone),
        _wall(row.ends, zone),
        _wall(row.closed, zone),
        row.late // MINUTE if row.late else None,
        row.worker,
        row.team,
        row.kind,
        row.risk,
        row.place,
        row.reference,
        row.status,
        row.how,
        row.outcome,
        ", ".join(ALARM_KINDS[part.alarm.kind] for part in row.alarms),
        ", ".join(OUTCOMES.get(part.seen.outcome or "", "Open") for part in row.alarms),
        _first_answer(row.alarms),
        str(row.id),
        zone.key,
    ]
    return [defused(cell) if isinstance(cell, str) else cell for cell in found]


def _first_answer(alarms: tuple[AlarmPart, ...]) -> int | None:
    answered = [part.answered_after for part in alarms]
    known = [after for after in answered if after is not None]
    return min(known) // SECOND if known else None


def _wall(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """What the clock showed there; a spreadsheet knows no zones."""
    return at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0) if at else None
