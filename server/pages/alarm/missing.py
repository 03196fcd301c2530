"""The missing worker's sheet: what the police ask for, on one page."""

from dataclasses import dataclass
from datetime import datetime

from server.acts import seeing, sheets
from server.acts.base import Desk
from server.acts.sheets import Sheet
from server.pages.alarm.look import AlarmPage, look
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.people import Person
from shared.numbers import national


@dataclass(frozen=True)
class Missing:
    """The whole sheet. `position`: the last one her phone sent, in words and as it was."""

    page: AlarmPage
    name: str
    number: str
    email: str
    organisation: str
    last_heard: datetime
    place: str
    position: str
    position_at: datetime | None
    record_ref: str
    note: str
    noted_by: str
    sheet: Sheet


def look_for_sheet(
    session: Session, desk: Desk, viewer: Person, alarm: Alarm, now: datetime
) -> Missing | None:
    """Everything that is known of whoever this alarm is about; None while it is sealed."""
    sheet = sheets.read_opened(session, desk, viewer, alarm)
    if sheet is None:
        return None
    worker, visit = alarm.worker, alarm.visit
    page = look(session, desk, viewer, alarm, now)
    return Missing(
        page=page,
        name=worker.name,
        number=national(worker.mobile, worker.org.country) if worker.mobile else "not known",
        email=worker.email or "not known",
        organisation=worker.org.name,
        last_heard=alarm.heard_at,
        place=page.card.place or "not known",
        position=_position(alarm),
        position_at=visit.position_at if visit else None,
        record_ref=(visit.record_ref if visit else None) or "",
        note=(visit.note if visit else None) or "",
        noted_by=seeing.noted_by(session, visit) if visit else "",
        sheet=sheet,
    )


def _position(alarm: Alarm) -> str:
    """The newest place a phone of hers sent: with the alarm, or else during the visit."""
    for found in (alarm, alarm.visit):
        if found is not None and found.lat is not None and found.lon is not None:
            within = f", within {found.accuracy_m:.0f} m" if found.accuracy_m else ""
            return f"{found.lat:.5f}, {found.lon:.5f}{within}"
    return ""
