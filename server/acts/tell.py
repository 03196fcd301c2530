"""Deciding to tell somebody: a stored message, in the transaction of the decision (P3)."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from server.acts.base import Turn
from server.acts.circle import address, ways_of
from server.domain.secrets import hash_token
from server.domain.words import alarms as words
from server.domain.words.fit import where
from server.store import alarms, messages, people
from server.store.alarms import Alarm, Told
from server.store.messages import TELLS_OF_ALARM, Lane, Message, Purpose
from server.store.people import Person
from server.store.visits import Visit
from shared.grammar import LETTERS
from shared.gsm7 import fits_one
from shared.numbers import national
from shared.spans import clock_time
from shared.states import AlarmKind, VisitStatus, Way

LETTER_REST = timedelta(days=7)
RECENT = timedelta(minutes=30)
ENDS_WITH_VISIT = (AlarmKind.OVERDUE, AlarmKind.NOT_STARTED)
BARE_CRY = re.compile(r"^(?:\W*\b(?:sos|help)\b\W*)+", re.IGNORECASE)
REHEARSAL = "REHEARSAL: nobody will be told. "
BRIEFLY = "REHEARSAL. "
"""Where the whole sentence would make two texts of one."""

LANES = {
    Purpose.ALARM: Lane.ALARM,
    Purpose.BROADCAST: Lane.ALARM,
    Purpose.NEWS: Lane.ALARM,
    Purpose.ASK_OWNER: Lane.OWNER,
    Purpose.OWNED: Lane.OWNER,
    Purpose.NOTICE: Lane.OWNER,
    Purpose.STAND_DOWN: Lane.ALL_CLEAR,
    Purpose.WARN: Lane.REMINDER,
    Purpose.NUDGE: Lane.REMINDER,
}


def is_veiled(subject: Alarm | Visit | None, person_id: UUID) -> bool:
    """Whether this person sees another picture of it than everybody else."""
    return subject is not None and str(person_id) in (subject.veil or {})


def is_over_for(turn: Turn, visit: Visit) -> bool:
    """Whether the visit is closed, as far as whoever acts may know: what she has seemed to end
    under duress, nothing she does may end, or show her that it is not (P4)."""
    hers = turn.actor is not None and is_veiled(visit, turn.actor.id)
    return visit.status == VisitStatus.CLOSED or hers


def has_ended_for(alarm: Alarm | None, person_id: UUID) -> bool:
    """Whether, for this person, the alarm is over, or the visit of somebody else's that it would
    have ended with; an SOS or a duress does not."""
    if alarm is None:
        return False
    with_visit = alarm.worker_id != person_id and alarm.kind in ENDS_WITH_VISIT
    return is_veiled(alarm, person_id) or (with_visit and is_veiled(alarm.visit, person_id))


def queue(
    turn: Turn,
    person: Person,
    way: Way,
    purpose: Purpose,
    body: str,
    key: str,
    *,
    alarm: Alarm | None = None,
    visit: Visit | None = None,
    rung: int | None = None,
    expires_at: datetime | None = None,
) -> Message | None:
    """Store one message, once for each `key`; None where it must not go to this person (P4: no
    alarm to its subject, nor of what has ended for her eyes). An unsent one is replaced (P3)."""
    if not _may_go(turn, person, purpose, key, alarm, visit):
        return None
    _set_aside(turn, person, way, purpose, alarm)
    about = visit or (alarm.visit if alarm else None)
    stored = Message(
        org_id=person.org_id,
        person_id=person.id,
        alarm_id=alarm.id if alarm else None,
        visit_id=about.id if about else None,
        team_id=about.team_id if about else None,
        rung=rung,
        purpose=purpose.value,
        lane=LANES[purpose].value,
        way=way.value,
        to=address(person, way),
        body=spoken(turn, body),
        dedupe_key=key,
        decided_at=turn.now,
        next_at=turn.now,
        expires_at=expires_at,
    )
    turn.session.add(stored)
    turn.session.flush()
    return stored


def _set_aside(turn: Turn, person: Person, way: Way, purpose: Purpose, alarm: Alarm | None) -> None:
    if alarm is not None and purpose is not Purpose.NEWS:
        messages.replace_unsent(turn.session, alarm.id, person.id, way, turn.now)


def _may_go(
    turn: Turn,
    person: Person,
    purpose: Purpose,
    key: str,
    alarm: Alarm | None,
    visit: Visit | None,
) -> bool:
    about_her = alarm is not None and alarm.worker_id == person.id
    if about_her and purpose in TELLS_OF_ALARM:
        raise AssertionError("an alarm is never sent to its subject")
    if has_ended_for(alarm, person.id) or is_veiled(visit, person.id):
        return False
    return not messages.is_queued(turn.session, key)


def spoken(turn: Turn, body: str) -> str:
    """The words as they leave the house; a rehearsal says so in every one, once."""
    if not turn.desk.rehearsal or body.startswith((REHEARSAL, BRIEFLY)):
        return body
    return (REHEARSAL if fits_one(REHEARSAL + body) else BRIEFLY) + body


def unspoken(body: str) -> str:
    """The words alone; see `spoken`."""
    return body.removeprefix(REHEARSAL).removeprefix(BRIEFLY)


def alarm_body(turn: Turn, alarm: Alarm, told: Told | None, way: Way) -> str:
    """The alarm's words for one receiver, as things stand now: one text, in a rehearsal too. Where
    there is room beside them they end with the address of the alarm; nobody wants to hear it."""
    known = facts(turn, alarm, told)
    body = spoken(turn, words.alarm(known))
    body = body if fits_one(body) else words.alarm(replace(known, lead=BRIEFLY))
    if told is None or told.link_hash is None or way is Way.CALL:
        return body
    with_link = f"{body} {link(turn, told)}"
    return with_link if way is Way.EMAIL or fits_one(with_link) else body


def link(turn: Turn, told: Told) -> str:
    """Where this person sees this alarm without signing in."""
    return f"{turn.desk.public_url}/a/{turn.desk.keys.link(told.alarm_id, told.person_id)}"


def tell_of_alarm(
    turn: Turn,
    alarm: Alarm,
    person: Person,
    ways: tuple[Way, ...],
    purpose: Purpose,
    rung: int | None,
) -> None:
    """Tell one person of an alarm by these ways, with a letter of her own to answer by.

    Somebody for whom it has ended is told nothing and given no letter, which would show.
    """
    if has_ended_for(alarm, person.id):
        return
    told = give_letter(turn, alarm, person)
    for way in ways:
        body = alarm_body(turn, alarm, told, way)
        key = f"{alarm.id}:{rung}:{alarm.round}:{person.id}:{way.value}"
        queue(turn, person, way, purpose, body, key, alarm=alarm, rung=rung)


def give_letter(turn: Turn, alarm: Alarm, person: Person) -> Told:
    """This person's part in the alarm; her letter is not one she knows from the last 7 days."""
    told = alarms.was_told(turn.session, alarm.id, person.id)
    if told is None:
        letter = _free_letter(turn, person)
        told = Told(
            alarm_id=alarm.id,
            person_id=person.id,
            letter=letter,
            since=turn.now,
            link_hash=hash_token(turn.desk.keys.link(alarm.id, person.id)),
        )
        turn.session.add(told)
        turn.session.flush()
    return told


def _free_letter(turn: Turn, person: Person) -> str:
    """A letter that means nothing else to whoever holds this phone, in any organisation. Where all
    of them do, the one that has rested longest: an alarm is never held up for want of a letter."""
    alarms.one_at_a_time(turn.session)
    one_phone = people.sharing_phone(turn.session, person)
    uses = alarms.letters_in_use(turn.session, one_phone, turn.now - LETTER_REST)
    return next((letter for letter in LETTERS if letter not in uses), next(iter(uses), LETTERS[0]))


def needs_letter(turn: Turn, told: Told) -> bool:
    """Whether a bare `1` would be unclear to this receiver: she knows of another alarm."""
    person = people.person(turn.session, told.person_id)
    one_phone = people.sharing_phone(turn.session, person)
    since = turn.now - RECENT
    return alarms.knows_another(turn.session, one_phone, told.alarm_id, since)


def local(turn: Turn, person: Person, instant: datetime) -> str:
    """An instant as this person's team reads it."""
    return clock_time(instant, ZoneInfo(person.org.timezone), turn.now)


def facts(turn: Turn, alarm: Alarm, told: Told | None = None) -> words.Facts:
    """What may be said about an alarm to those told of it."""
    worker, visit = alarm.worker, alarm.visit
    team = turn.session.get_one(people.Team, alarm.team_id)
    kind = AlarmKind(alarm.kind)
    starts = visit.starts_at if visit and kind is AlarmKind.NOT_STARTED else None
    due = starts or alarm.due_at or alarm.at
    number = worker.mobile
    return words.Facts(
        kind=kind,
        worker=worker.name,
        number=national(number, worker.org.country) if number else None,
        place=place_of(alarm) if team.policy.text_shows_place else None,
        due=local(turn, worker, due),
        since=local(turn, worker, alarm.at),
        heard=local(turn, worker, visit.heard_at if visit else alarm.at),
        letter=told.letter if told and needs_letter(turn, told) else None,
        under_duress=alarms.in_duress(turn.session, worker.id, told.person_id if told else None),
        unverified=alarm.unverified,
        said=_words_of(alarm) if team.policy.text_shows_place else "",
    )


def _words_of(alarm: Alarm) -> str:
    """What she wrote beside the cry for help itself, PINs masked; it may name a place."""
    words = (alarm.snapshot or {}).get("words")
    return BARE_CRY.sub("", words) if isinstance(words, str) else ""


def place_of(alarm: Alarm) -> str | None:
    """Where the worker was thought to be: her visit's place, or what her phone said it was."""
    if alarm.visit is not None:
        return where(alarm.visit.place) or None
    place = (alarm.snapshot or {}).get("place")
    return place if isinstance(place, str) else None


def tell_everyone_told(
    turn: Turn,
    alarm: Alarm,
    purpose: Purpose,
    body: Callable[[Person], str],
    key: str,
    *,
    but: Collection[UUID] = (),
    also: Collection[UUID] = (),
) -> int:
    """Send once to everybody a message of this alarm reached what `body` says to her, by her first
    way; nothing to those for whom it has ended.

    `also`: who has, or had, charge of it, whether she was sent anything or saw it for herself.
    """
    reached = messages.people_reached(turn.session, alarm.id).union(also)
    reached = reached.difference(but, {alarm.worker_id})
    sent = 0
    for person_id in sorted(reached, key=str):
        person = people.person(turn.session, person_id)
        ways = () if has_ended_for(alarm, person_id) else ways_of(person, turn.desk)
        for way in ways[:1]:
            said, once = body(person), f"{key}:{person_id}"
            done = queue(turn, person, way, purpose, said, once, alarm=alarm)
            sent += done is not None
    return sent


def tell_worker(
    turn: Turn,
    worker: Person,
    purpose: Purpose,
    body: str,
    key: str,
    *,
    visit: Visit | None = None,
    alarm: Alarm | None = None,
    expires_at: datetime | None = None,
) -> None:
    """A message to the worker herself, by her first way; not sent any more after `expires_at`."""
    for way in ways_of(worker, turn.desk)[:1]:
        queue(
            turn, worker, way, purpose, body, key, visit=visit, alarm=alarm, expires_at=expires_at
        )
