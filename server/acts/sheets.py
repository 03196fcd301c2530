"""The sheet for the day somebody is missed. Sealed: its owner reads and writes her own; everybody
else may read it only while an alarm of hers is open, after saying so, and she sees who did."""

import json
from dataclasses import asdict, dataclass, fields, replace
from uuid import UUID

from server.acts.base import Desk, Turn, record
from server.acts.owning import actor_of, not_the_subject, renew, require_unresolved
from server.acts.tell import has_ended_for
from server.domain.refusals import NotYours
from server.domain.sealing import Unreadable, open_letter, seal_letter
from server.store import alarms, looking, people, sheets
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.log import Audience
from server.store.looking import Seen
from server.store.people import Person
from server.store.sheets import Opening, PersonSheet
from shared.states import Role

PURPOSE = "person sheet"
LOOK = "sheet"


@dataclass(frozen=True)
class Sheet:
    """What helps to find her and to reach those who care for her."""

    description: str = ""
    vehicle: str = ""
    kin: str = ""
    kin_number: str = ""
    other: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written on it."""
        return not any(asdict(self).values())


def read_own(session: Session, desk: Desk, person: Person) -> Sheet:
    """Her own sheet; an empty one where nothing is kept, or it was sealed with a lost key."""
    kept = sheets.sheet(session, person.id)
    if kept is None:
        return Sheet()
    try:
        said = json.loads(open_letter(desk.keys, PURPOSE, person.id, kept.sealed))
    except Unreadable:
        return Sheet()
    known = {field.name for field in fields(Sheet)}
    return Sheet(**{name: str(value) for name, value in said.items() if name in known})


def write(turn: Turn, person: Person, sheet: Sheet) -> None:
    """Keep this as the whole sheet of this person; the log says that, never what."""
    kept = turn.session.get(PersonSheet, person.id)
    record(turn, "sheet_changed", org_id=person.org_id, subject_id=person.id)
    if sheet.is_empty:
        if kept is not None:
            turn.session.delete(kept)
        return
    if kept is None:
        kept = PersonSheet(person_id=person.id)
        turn.session.add(kept)
    kept.sealed = seal_letter(turn.desk.keys, PURPOSE, person.id, json.dumps(asdict(sheet)))
    kept.changed_at, kept.changed_by_id = turn.now, actor_of(turn).id


def add_to(turn: Turn, person: Person, sheet: Sheet) -> None:
    """Keep what is written here beside what is on her sheet, which whoever writes cannot see: what
    is left empty stays as it was."""
    said = {name: words for name, words in asdict(sheet).items() if words}
    write(turn, person, replace(read_own(turn.session, turn.desk, person), **said))


def open_for(turn: Turn, alarm: Alarm) -> None:
    """Break the seal for this alarm: logged, shown to her in 'who looked', and never while a
    duress of hers is open, because whoever holds her phone would read of it (P4)."""
    actor = not_the_subject(turn, alarm)
    require_unresolved(turn, alarm)
    if sheets.opening(turn.session, alarm.id, actor.id) is None:
        turn.session.add(Opening(alarm_id=alarm.id, person_id=actor.id, at=turn.now))
        hidden = alarms.in_duress(turn.session, alarm.worker_id)
        audience = Audience.NOT_SUBJECT if hidden else Audience.ALL
        record(turn, "sheet_opened", org_id=alarm.org_id, alarm=alarm, audience=audience)
        seen = {Seen(alarm.worker_id, alarm.visit_id, LOOK)}
        looking.note_looks(turn.session, alarm.org_id, actor.id, seen, turn.by.value, turn.now)
    renew(turn, alarm)


def is_open_to(session: Session, viewer: Person, alarm: Alarm) -> bool:
    """Whether she has broken the seal for this alarm, and it is not over for her eyes."""
    if viewer.id == alarm.worker_id or not alarm.is_open or has_ended_for(alarm, viewer.id):
        return False
    return sheets.opening(session, alarm.id, viewer.id) is not None


def read_opened(session: Session, desk: Desk, viewer: Person, alarm: Alarm) -> Sheet | None:
    """The sheet of whoever this alarm is about; None while it is sealed for this viewer."""
    if not is_open_to(session, viewer, alarm):
        return None
    return read_own(session, desk, alarm.worker)


def person_of_mine(session: Session, viewer: Person, person_id: UUID) -> Person:
    """Somebody of a team this person manages; NotYours otherwise."""
    found = people.find_person(session, viewer.org_id, person_id)
    shared = people.team_ids(session, viewer.id) & people.team_ids(session, person_id)
    if found is None or not shared or not viewer.has_role(Role.MANAGER):
        raise NotYours("person")
    return found
