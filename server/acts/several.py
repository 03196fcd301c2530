"""Several alarms about one worker: one never hides another (P5).

Whoever is told that one is over, while another is open, is told of that one with it, and may act on
it from then on. All of it is as the receiver may know (P4).
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.base import Turn
from server.acts.tell import give_letter, has_ended_for, local, needs_letter, spoken
from server.domain.words import alarms as words
from server.store import alarms, messages, people
from server.store.alarms import Alarm
from server.store.messages import Fate
from server.store.people import Person
from shared.states import AlarmOutcome

OVERTAKEN_WITHIN = timedelta(seconds=2)


def open_to(session: Session, worker_id: UUID, viewer_id: UUID) -> list[Alarm]:
    """This worker's open alarms as far as the viewer may know, oldest first; none to herself."""
    if viewer_id == worker_id:
        return []
    return [a for a in alarms.open_alarms(session, worker_id) if not has_ended_for(a, viewer_id)]


def bring_in(turn: Turn, person: Person, still: Sequence[Alarm]) -> words.Going | None:
    """These open alarms as she is told of them: from now on she may act on each (P7)."""
    if not still:
        return None
    told = [(alarm, give_letter(turn, alarm, person)) for alarm in still]
    letters = [one.letter for alarm, one in told if alarm.owner_id is None]
    owners = [alarm.owner for alarm in still if alarm.owner is not None]
    mine = any(owner.id == person.id for owner in owners)
    return words.Going(
        letters=tuple(letters),
        owner=words.YOU if mine else (owners[0].name if owners else ""),
        hands_off=alarms.in_duress(turn.session, still[0].worker_id, person.id),
    )


def end_words(turn: Turn, alarm: Alarm, person: Person, watched_until: str | None = None) -> str:
    """What this person is told of this alarm's end: the all-clear, or that another goes on."""
    goes_on = _goes_on_words(turn, alarm, person)
    if goes_on is not None:
        return goes_on
    outcome = alarm.outcome or AlarmOutcome.SAFE.value
    at, by = _when_and_by_whom(turn, alarm)
    return words.stand_down(alarm.worker.name, at, by, outcome, watched_until=watched_until)


def _goes_on_words(turn: Turn, ended: Alarm, person: Person) -> str | None:
    """The same where another about this worker is open, as far as this person may know."""
    going = bring_in(turn, person, open_to(turn.session, ended.worker_id, person.id))
    if going is None:
        return None
    return words.still_open(ended.worker.name, *_when_and_by_whom(turn, ended), going)


def _when_and_by_whom(turn: Turn, ended: Alarm) -> tuple[str, str]:
    by = people.person(turn.session, ended.resolved_by_id) if ended.resolved_by_id else None
    at = local(turn, ended.worker, ended.resolved_at or turn.now)
    return at, by.name if by else "Wayhome"


def call_off_ends(turn: Turn, ended: Alarm, viewer_id: UUID | None = None) -> set[UUID]:
    """An alarm has ended (for this viewer alone, where one is given): no text says any more that it
    is still open. Returns to whom one may be on its way already."""
    on_its_way: set[UUID] = set()
    for message in messages.unsaid_ends(turn.session, ended.worker_id, ended.raised_at):
        theirs = viewer_id is None and not has_ended_for(ended, message.person_id)
        if message.alarm_id == ended.id or not (theirs or message.person_id == viewer_id):
            continue
        message.expires_at = turn.now
        if message.status == Fate.SENDING:
            on_its_way.add(message.person_id)
        else:
            message.status, message.final_at = Fate.MOOT.value, turn.now
    turn.session.flush()
    return on_its_way


def let_pass(turn: Turn, ended: Alarm, on_its_way: set[UUID]) -> None:
    """What these are told of this end goes after what is on its way to them, and not before it."""
    for message in messages.unsaid_ends(turn.session, ended.worker_id):
        if message.alarm_id == ended.id and message.person_id in on_its_way:
            message.next_at = turn.now + turn.desk.in_life(OVERTAKEN_WITHIN)


def correct_ends(turn: Turn, raised: Alarm) -> None:
    """An alarm was raised: an all-clear about the same worker that has not gone yet says so."""
    for message in messages.unsaid_ends(turn.session, raised.worker_id):
        ended = alarms.alarm(turn.session, message.alarm_id) if message.alarm_id else None
        body = _goes_on_words(turn, ended, message.person) if ended else None
        if body is not None:
            message.body = spoken(turn, body)


def which(turn: Turn, alarm: Alarm, person: Person) -> str:
    """' B of 05:22', where she may know of several open alarms about this worker; '' elsewhere."""
    if len(open_to(turn.session, alarm.worker_id, person.id)) < 2:
        return ""
    told = alarms.was_told(turn.session, alarm.id, person.id)
    letter = f" {told.letter}" if told else ""
    return f"{letter} of {local(turn, person, alarm.raised_at)}"


def letter_needed(turn: Turn, alarm: Alarm, person: Person) -> str | None:
    """The letter she has to answer with, where a bare `1` would be unclear."""
    told = alarms.was_told(turn.session, alarm.id, person.id)
    return told.letter if told and needs_letter(turn, told) else None
