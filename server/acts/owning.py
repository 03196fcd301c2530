"""Taking charge of an alarm, keeping it, passing it on, and bringing it to its end (P4, P5)."""

from datetime import datetime, timedelta
from uuid import UUID

from server.acts.base import Turn, record
from server.acts.climbing import bring_forward, climb_alarm, lapse, next_look, quiet_of
from server.acts.ending import OVER, end_alarm, end_visit, left_open, veil_alarm, veil_visit
from server.acts.pins import judge
from server.acts.raising import raise_duress
from server.acts.several import which
from server.acts.tell import give_letter, is_veiled, local, tell_everyone_told, tell_worker
from server.acts.timing import policy_of, set_due
from server.domain.refusals import AlreadyOwned, BadField, Conflict, Forbidden
from server.domain.secrets import Pin
from server.domain.words import alarms as words
from server.domain.words import worker as worker_words
from server.store import alarms, messages
from server.store.alarms import Alarm
from server.store.log import Audience
from server.store.messages import Purpose
from server.store.people import Person
from server.store.visits import Visit
from shared.states import (
    AlarmKind,
    AlarmOutcome,
    AlarmStatus,
    ClosedHow,
    VisitStatus,
)
from shared.timing import LONGEST_VISIT_S

MOST_AHEAD = timedelta(seconds=LONGEST_VISIT_S)
CLOSES_ITS_VISIT = (AlarmKind.OVERDUE, AlarmKind.NOT_STARTED)


def actor_of(turn: Turn) -> Person:
    """Whoever acts; the engine never owns or resolves."""
    if turn.actor is None:
        raise AssertionError("only a person takes charge of an alarm")
    return turn.actor


def not_the_subject(turn: Turn, alarm: Alarm) -> Person:
    """Whoever acts; refused where the alarm is about her."""
    actor = actor_of(turn)
    if actor.id == alarm.worker_id:
        raise Forbidden("This is about you: somebody else takes charge. Use your PIN to end it.")
    return actor


def require_unresolved(turn: Turn, alarm: Alarm) -> None:
    """Refuse what comes after the alarm's end, as far as whoever acts may know."""
    actor = actor_of(turn)
    if not alarm.is_open or is_veiled(alarm, actor.id):
        raise Conflict(OVER, outcome=alarm.outcome or AlarmOutcome.SAFE.value)


def own(turn: Turn, alarm: Alarm, *, take_over: bool = False) -> None:
    """The actor takes charge: the climb pauses, and everyone told hears of it once.

    The one who has it already renews. Somebody else's is taken only with `take_over`.
    """
    actor = not_the_subject(turn, alarm)
    require_unresolved(turn, alarm)
    if alarm.status == AlarmStatus.OWNED and alarm.owner_id == actor.id:
        renew(turn, alarm)
        return
    if alarm.status == AlarmStatus.OWNED and not take_over:
        name = alarm.owner.name if alarm.owner else "Somebody"
        raise AlreadyOwned(f"{name} has taken charge of this alarm.", owner=str(alarm.owner_id))
    give_letter(turn, alarm, actor)
    before = {alarm.owner_id} if alarm.owner_id else set()
    alarm.status, alarm.owner_id, alarm.owner = AlarmStatus.OWNED.value, actor.id, actor
    alarm.owned_at = turn.now
    alarm.first_owned_at = alarm.first_owned_at or turn.now
    renew(turn, alarm)
    messages.make_moot(turn.session, turn.now, alarm_id=alarm.id)
    record(turn, "owned", org_id=alarm.org_id, alarm=alarm, who=actor.name)
    _announce(turn, alarm, actor, before)


def _announce(turn: Turn, alarm: Alarm, actor: Person, before: set[UUID]) -> None:
    key, at = f"{alarm.id}:owned:{turn.now.timestamp()}", local(turn, actor, turn.now)

    def body(person: Person) -> str:
        hidden = alarms.in_duress(turn.session, alarm.worker_id, person.id)
        named = which(turn, alarm, person)
        return words.owned(alarm.worker.name, actor.name, at, named, under_duress=hidden)

    tell_everyone_told(turn, alarm, Purpose.OWNED, body, key, but={actor.id}, also=before)
    if alarm.kind == AlarmKind.DURESS:
        return
    ends = local(turn, alarm.worker, alarm.due_at) if alarm.due_at else None
    hers = worker_words.owned(actor.name, ends)
    tell_worker(turn, alarm.worker, Purpose.OWNED, hers, f"{key}:worker", alarm=alarm)


def renew(turn: Turn, alarm: Alarm) -> None:
    """Any act of the owner on the alarm is a sign that she is still with it (P5)."""
    actor = actor_of(turn)
    if alarm.status == AlarmStatus.OWNED and alarm.owner_id == actor.id:
        alarm.owner_until = turn.now + quiet_of(alarm)
        alarm.owner_asked_at = None
        alarm.next_at = next_look(alarm)


def release(turn: Turn, alarm: Alarm) -> None:
    """The owner gives it back: the next unfired rung goes at once."""
    actor = not_the_subject(turn, alarm)
    require_unresolved(turn, alarm)
    if alarm.owner_id != actor.id:
        raise Conflict("You do not have charge of this alarm.")
    lapse(turn, alarm, "released")
    climb_alarm(turn.as_engine(), alarm)


def note(turn: Turn, alarm: Alarm, text: str) -> None:
    """Write down what was done; from its owner it renews the charge."""
    not_the_subject(turn, alarm)
    record(turn, "note", org_id=alarm.org_id, alarm=alarm, text=text)
    renew(turn, alarm)


def pass_on(turn: Turn, alarm: Alarm) -> None:
    """`2`: not me, the next person at once. In a broadcast: no repeats to her for 30 minutes.

    Saying it again takes no time away from whoever was asked next.
    """
    actor = not_the_subject(turn, alarm)
    require_unresolved(turn, alarm)
    told = alarms.was_told(turn.session, alarm.id, actor.id)
    again = told is not None and told.passed_at is not None
    if told is not None:
        told.passed_at = turn.now
        turn.session.flush()
    record(turn, "passed", org_id=alarm.org_id, alarm=alarm, who=actor.name)
    if alarm.status == AlarmStatus.OWNED and alarm.owner_id == actor.id:
        lapse(turn, alarm, "released")
    elif alarm.round == 0 and not again:
        bring_forward(turn, alarm)
    climb_alarm(turn.as_engine(), alarm)


def resolve(
    turn: Turn,
    alarm: Alarm,
    outcome: AlarmOutcome,
    *,
    note_text: str | None = None,
    until: datetime | None = None,
    pin: str | None = None,
) -> None:
    """End an alarm: somebody other than its subject knows how she is.

    An overdue or not-started visit is closed with it, or watched on `until`; after an SOS or a
    duress an open visit stays watched to its own end. The resolver's duress PIN gets the same
    answer, ends nothing and raises an alarm about the resolver; while that one is open, her word
    without her safe PIN ends nothing either.
    """
    actor = not_the_subject(turn, alarm)
    found = judge(turn, actor, pin)
    if found is Pin.DURESS:
        raise_duress(turn, actor, doing=f"to end the alarm about {alarm.worker.name}")
    require_unresolved(turn, alarm)
    if until is not None:
        _check_until(turn, alarm, until)
    if note_text:
        record(turn, "note", org_id=alarm.org_id, alarm=alarm, text=note_text)
    forced = found is Pin.NONE and alarms.in_duress(turn.session, actor.id)
    if found is Pin.DURESS or forced:
        _resolve_for_her_eyes(turn, alarm, actor, outcome, until)
        return
    end_alarm(turn, alarm, outcome)
    _settle_visit(turn, alarm, until)
    if alarm.kind != AlarmKind.DURESS:
        _tell_her_it_ended(turn, alarm, actor, until)


def _check_until(turn: Turn, alarm: Alarm, until: datetime) -> None:
    if until <= turn.now:
        raise BadField("until", "Give a time that is still ahead.")
    if until - turn.now > MOST_AHEAD:
        raise BadField("until", "A visit is watched 12 hours ahead at most. Give an earlier time.")
    if alarm.visit is None:
        raise BadField("until", "This alarm has no visit to watch on; send it without until.")
    if alarm.kind not in CLOSES_ITS_VISIT:
        raise BadField("until", "The visit is watched to its own end; send it without until.")
    if alarm.visit.status not in (VisitStatus.OPEN, VisitStatus.PLANNED):
        raise BadField("until", "Its visit is over; send it without until.")


def _resolve_for_her_eyes(
    turn: Turn, alarm: Alarm, actor: Person, outcome: AlarmOutcome, until: datetime | None
) -> None:
    veil_alarm(turn, alarm, actor, outcome)
    if alarm.visit is not None and until is not None:
        _move_end(turn, alarm.visit, until)
        # Its alarm goes on and is all the watch it needs: moving the end only changes the picture.
        alarm.visit.next_at = None
        _note_watched_on(turn, alarm.visit, Audience.ONLY_SUBJECT, actor.id)
    elif alarm.visit is not None and alarm.kind in CLOSES_ITS_VISIT:
        veil_visit(turn, alarm.visit, actor, ClosedHow.ALARM_RESOLVED, None)
    for visit in left_open(turn, alarm):
        _note_watched_on(turn, visit, Audience.ONLY_SUBJECT, actor.id)
    record(
        turn,
        "not_believed",
        org_id=alarm.org_id,
        alarm=alarm,
        subject_id=actor.id,
        audience=Audience.NOT_SUBJECT,
    )
    if alarm.owner_id == actor.id:
        lapse(turn, alarm, "not_believed", silent=True)
    alarm.next_at = turn.now


def _settle_visit(turn: Turn, alarm: Alarm, until: datetime | None) -> None:
    visit = alarm.visit
    if visit is None or alarm.kind not in CLOSES_ITS_VISIT:
        return
    if visit.status not in (VisitStatus.OPEN, VisitStatus.PLANNED):
        return
    if until is None:
        end_visit(turn, visit, ClosedHow.ALARM_RESOLVED)
    else:
        _move_end(turn, visit, until)
        _note_watched_on(turn, visit)


def _move_end(turn: Turn, visit: Visit, until: datetime) -> None:
    visit.status, visit.ends_at = VisitStatus.OPEN.value, until
    set_due(turn, visit, policy_of(turn, visit), until)


def _note_watched_on(
    turn: Turn, visit: Visit, audience: Audience = Audience.ALL, subject_id: UUID | None = None
) -> None:
    org_id = visit.org_id
    record(turn, "watched_on", org_id=org_id, visit=visit, audience=audience, subject_id=subject_id)


def _tell_her_it_ended(turn: Turn, alarm: Alarm, actor: Person, until: datetime | None) -> None:
    """She hears that somebody ended what was raised about her, in words that say nothing to
    others; of a duress not even that."""
    worker = alarm.worker
    ends = local(turn, worker, alarm.due_at) if alarm.due_at else None
    if ends is not None and until is not None:
        body = worker_words.goes_on(actor.name, ends, local(turn, worker, until))
    else:
        body = worker_words.ended(actor.name, ends, local(turn, worker, turn.now))
    tell_worker(turn, worker, Purpose.NOTICE, body, f"{alarm.id}:ended:worker", alarm=alarm)
