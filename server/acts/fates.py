"""What became of a message: only a delivery is good news, and only a person stops the climb (P4).

The status webhook, the dispatcher and the reaper all come here, so that a failure means the same
whoever hears of it first.
"""

from server.acts.base import Turn, record
from server.acts.circle import ways_of
from server.acts.climbing import bring_forward
from server.acts.self_care import lose_number
from server.acts.tell import alarm_body, is_veiled, queue, spoken, unspoken
from server.store import alarms, fates, messages, outbox
from server.store.alarms import Alarm
from server.store.log import Audience
from server.store.messages import TELLS_OF_ALARM, Fate, Message, Purpose
from server.store.providers import gap_after
from server.store.visits import Visit
from shared.states import AlarmKind, AlarmStatus, Way

MOST_DELIVERIES = 5
REMINDERS = frozenset({Purpose.WARN, Purpose.NUDGE})


def report_fate(
    turn: Turn,
    message: Message,
    *,
    rank: int,
    final: bool,
    failed: bool,
    permanent: bool,
    code: str | None,
    why: str,
    opted_out: bool,
    sid: str | None = None,
) -> bool:
    """Weigh what a gateway says of a message; returns whether it was news.

    Reports come twice and out of order: only a higher rank counts, and `sid`, where given, has to
    be that of the newest try. The caller has locked the receiver and the alarm's worker.
    """
    if opted_out:
        lose_number(turn, message.person)
    if not _is_news(message, rank, sid):
        return False
    message.rank = rank
    if failed:
        message.code, message.why = code, why[:300]
        after_failure(turn, message, permanent)
    elif final:
        message.status, message.final_at = Fate.DELIVERED.value, turn.now
    return True


def _is_news(message: Message, rank: int, sid: str | None) -> bool:
    if sid is not None and sid != message.sid:
        return False
    return message.status in (Fate.ACCEPTED, Fate.SENDING) and rank > message.rank


def after_failure(turn: Turn, message: Message, permanent: bool) -> None:
    """The next try or the next way, at once (contract 7); where nobody is left to wait for, the
    ladder goes on now. What no longer needs saying is let be."""
    wanted = _still_wanted(turn, message)
    if wanted and not permanent and _tries_left(turn, message):
        _try_again(turn, message)
        return
    message.status, message.final_at = Fate.FAILED.value, turn.now
    message.lease_token, message.checked_at = None, None
    turn.session.flush()
    instead = _next_way(turn, message) if wanted else None
    _record_failure(turn, message, instead)
    if wanted and instead is None:
        _give_up_on_rung(turn, message)


def _still_wanted(turn: Turn, message: Message) -> bool:
    """Whether it would be decided again now: nothing newer was said, and nobody has charge."""
    if not outbox.still_wanted(turn.session, message, turn.now):
        return False
    if messages.has_successor(turn.session, message):
        return False
    alarm, visit = _about(turn, message)
    if is_veiled(alarm, message.person_id) or is_veiled(visit, message.person_id):
        return False
    if alarm is not None and message.purpose == Purpose.NEWS:
        return not alarms.in_duress(turn.session, alarm.worker_id)
    if alarm is not None and message.purpose in TELLS_OF_ALARM:
        return alarm.status == AlarmStatus.RAISED
    return visit is None or message.purpose not in REMINDERS or visit.is_open


def _about(turn: Turn, message: Message) -> tuple[Alarm | None, Visit | None]:
    alarm = turn.session.get(Alarm, message.alarm_id) if message.alarm_id else None
    visit = turn.session.get(Visit, message.visit_id) if message.visit_id else None
    return alarm, visit


def _tries_left(turn: Turn, message: Message) -> bool:
    return fates.times_handed_over(turn.session, message.id) < MOST_DELIVERIES


def _try_again(turn: Turn, message: Message) -> None:
    """Back into the queue; the sid goes, so that later reports on the failed try say nothing."""
    failures = max(1, fates.times_handed_over(turn.session, message.id))
    message.body = spoken(turn, _words_now(turn, message, Way(message.way)))
    message.status = Fate.PENDING.value
    message.next_at = turn.now + gap_after(failures)
    message.provider = message.sid = message.lease_token = None
    message.asking_since = message.checked_at = None
    message.rank = 0


def _next_way(turn: Turn, message: Message) -> Way | None:
    """Tell the same person by her next way; never back to one before the one that failed."""
    person, alarm, visit = message.person, *_about(turn, message)
    ways = [way.value for way in ways_of(person, turn.desk)]
    if message.way in ways:
        ways = ways[ways.index(message.way) + 1 :]
    left = [way for way in ways if way not in fates.ways_beside(turn.session, message)]
    for way in map(Way, left):
        queued = queue(
            turn, person, way, Purpose(message.purpose), _words_now(turn, message, way),
            f"{message.id}:{way.value}",
            alarm=alarm, visit=visit, rung=message.rung, expires_at=message.expires_at,
        )  # fmt: skip
        return way if queued else None
    return None


def _words_now(turn: Turn, message: Message, way: Way) -> str:
    """What it would say if it were decided now: an alarm may have become a duress since (P4)."""
    alarm, _ = _about(turn, message)
    if alarm is None or message.purpose not in TELLS_OF_ALARM:
        return unspoken(message.body)
    told = alarms.was_told(turn.session, alarm.id, message.person_id)
    return alarm_body(turn, alarm, told, way)


def _give_up_on_rung(turn: Turn, message: Message) -> None:
    """The rung that is being waited for reaches nobody: the next one goes now. A broadcast keeps
    its rhythm, because it has nobody to go on to."""
    alarm, _ = _about(turn, message)
    if alarm is None or message.rung is None or message.purpose != Purpose.ALARM:
        return
    waited_for = alarm.rung == message.rung + 1
    if waited_for and messages.rung_is_hopeless(turn.session, alarm.id, message.rung):
        bring_forward(turn, alarm)


def _record_failure(turn: Turn, message: Message, instead: Way | None) -> None:
    alarm, visit = _about(turn, message)
    hidden = alarm is not None and (alarm.kind == AlarmKind.DURESS or alarm.veil is not None)
    record(
        turn,
        "message_failed",
        org_id=message.org_id,
        alarm=alarm,
        visit=visit,
        subject_id=None if alarm or visit else message.person_id,
        audience=Audience.NOT_SUBJECT if hidden else Audience.ALL,
        who=message.person.name,
        way=message.way,
        code=message.code,
        why=message.why,
        instead=instead.value if instead else None,
    )
