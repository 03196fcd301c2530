"""What the team texts where nobody who watches does: the manager answers in the end, and before a
new day everybody comes home."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.demo.team import BY_REF, CAT, EVE, Member
from server.pages.phones.replies import letter_of
from server.store import alarms, people, pretend
from server.store.alarms import Alarm, Told
from shared.states import AlarmKind

THINKS = timedelta(seconds=75)
LOOKS_AFTER_HER = timedelta(seconds=150)


@dataclass(frozen=True)
class Answer:
    """A text one of the team sends."""

    who: Member
    body: str


def in_the_end(session: Session, now: datetime) -> list[Answer]:
    """The manager takes charge once she was told and has thought, and ends it after a while."""
    found = (_answer(session, alarm, now) for alarm in pretend.unresolved(session))
    return [answer for answer in found if answer is not None]


def _answer(session: Session, alarm: Alarm, now: datetime) -> Answer | None:
    who = CAT if alarm.worker.ref == EVE.ref else EVE
    told = _part(session, alarm, who)
    if told is None:
        return None
    letter = letter_of(session, told, now)
    if alarm.owner is None:
        return Answer(who, f"1{letter}") if told.since + THINKS <= now else None
    ripe = alarm.owned_at is not None and alarm.owned_at + LOOKS_AFTER_HER <= now
    if alarm.owner.ref != who.ref or not ripe:
        return None
    return Answer(who, f"SAFE{letter} {who.pins.safe}")


def _part(session: Session, alarm: Alarm, who: Member) -> Told | None:
    person = people.by_ref(session, alarm.org_id, who.ref)
    return alarms.was_told(session, alarm.id, person.id) if person else None


def home_again(session: Session, now: datetime) -> list[Answer]:
    """Everybody who is out is done, and every alarm ends."""
    found = [_stand_down(session, alarm, now) for alarm in pretend.unresolved(session)]
    found += [_done(visit.worker.ref) for visit in pretend.open_visits(session)]
    return list(_once_each(answer for answer in found if answer is not None))


def _stand_down(session: Session, alarm: Alarm, now: datetime) -> Answer | None:
    """A duress is ended by somebody who was told of it, anything else by its worker."""
    worker = BY_REF.get(alarm.worker.ref)
    if alarm.kind != AlarmKind.DURESS:
        return Answer(worker, f"SAFE {worker.pins.safe}") if worker else None
    for told in alarms.told_people(session, alarm.id):
        who = BY_REF.get(people.person(session, told.person_id).ref)
        if who is not None:
            return Answer(who, f"SAFE{letter_of(session, told, now)} {who.pins.safe}")
    return None


def _done(ref: str) -> Answer | None:
    who = BY_REF.get(ref)
    return Answer(who, f"DONE {who.pins.safe}") if who else None


def _once_each(answers: Iterable[Answer]) -> Iterable[Answer]:
    """One text from each phone at a time."""
    return {answer.who.ref: answer for answer in answers}.values()
