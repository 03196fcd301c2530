"""News from the worker that stops nothing: kept, and told to whoever was alarmed (P4, P10)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.acts.base import Turn, record
from server.acts.circle import ways_of
from server.acts.tell import alarm_body, is_veiled, local, queue, tell_everyone_told
from server.domain.words import alarms as words
from server.store import alarms, log, messages
from server.store.alarms import Alarm
from server.store.log import Audience, Entry
from server.store.messages import TELLS_OF_ALARM, Purpose
from server.store.people import Person, Team
from server.store.visits import Visit
from shared.spans import clock_time
from shared.states import AlarmKind, Way

AGAIN_EVERY = timedelta(minutes=1)
HER_TEXTS = ("unclear", "sos_again")
MOST_TEXTS = 3
"""So many of her last texts whoever is told later gets as well."""


def tell_news(
    turn: Turn, visit: Visit | None, raised: Sequence[Alarm], what: str, says: str
) -> None:
    """Log what her phone says and tell everybody who was told of these alarms.

    Whoever has not got the alarm itself yet is sent that, brought up to date, and not the news:
    one current message each (P3).
    """
    if visit is not None:
        visit.heard_at = max(visit.heard_at, turn.at)
    for alarm in raised:
        entry = record(turn, what, org_id=alarm.org_id, alarm=alarm, visit=visit, says=says)
        body = partial(_news, turn, alarm.worker, says)
        key = f"{alarm.id}:news:{entry.id}"
        waiting = _refresh_unsent(turn, alarm)
        tell_everyone_told(turn, alarm, Purpose.NEWS, body, key, but=waiting)


def _news(turn: Turn, worker: Person, says: str, receiver: Person) -> str:
    hidden = alarms.in_duress(turn.session, worker.id, receiver.id)
    return words.news(worker.name, says, local(turn, worker, turn.at), under_duress=hidden)


def _wrote(turn: Turn, worker: Person, said: str, receiver: Person) -> str:
    hidden = alarms.in_duress(turn.session, worker.id, receiver.id)
    return words.wrote(worker.name, said, local(turn, worker, turn.at), under_duress=hidden)


def _again(turn: Turn, worker: Person, place: str, receiver: Person) -> str:
    hidden = alarms.in_duress(turn.session, worker.id, receiver.id)
    return words.again(worker.name, place, local(turn, worker, turn.at), under_duress=hidden)


def tell_words(turn: Turn, raised: Sequence[Alarm], what: str, said: str, key: str) -> None:
    """Log what she texted, PINs masked, and show it to everybody told of these alarms, once for
    each `key`: also to those whose alarm text is still on its way, and after whatever she texted
    before. Her own words are never replaced."""
    for alarm in raised:
        unseen = alarm.kind == AlarmKind.DURESS or is_veiled(alarm, alarm.worker_id)
        audience = Audience.NOT_SUBJECT if unseen else Audience.ALL
        record(turn, what, org_id=alarm.org_id, alarm=alarm, audience=audience, text=said)
        body = partial(_wrote, turn, alarm.worker, said)
        waiting = _refresh_unsent(turn, alarm)
        tell_everyone_told(turn, alarm, Purpose.NEWS, body, f"{alarm.id}:{key}", also=waiting)


def tell_again(turn: Turn, alarm: Alarm, place: str | None) -> None:
    """Log that she cried out once more, and pass it on to everybody told, at most once a minute
    from the same place. Whoever has not got the alarm itself yet gets just that, up to date."""
    record(turn, "sos_again", org_id=alarm.org_id, alarm=alarm, place=place)
    team = turn.session.get_one(Team, alarm.team_id)
    where = place if team.policy.text_shows_place else None
    body = partial(_again, turn, alarm.worker, where or "")
    spell = int(turn.now.timestamp() // AGAIN_EVERY.total_seconds())
    key = f"{alarm.id}:again:{hashlib.sha256((where or '').encode()).hexdigest()[:16]}:{spell}"
    waiting = _refresh_unsent(turn, alarm)
    tell_everyone_told(turn, alarm, Purpose.NEWS, body, key, but=waiting)


def catch_up(turn: Turn, alarm: Alarm, person: Person) -> None:
    """Somebody is told of it only now: she gets what came from the worker before, too. The first
    who was told may be asleep, and what she wrote may say more than the alarm does."""
    for entry, body in what_came(turn.session, alarm, person, turn.now):
        for way in ways_of(person, turn.desk)[:1]:
            key = f"{alarm.id}:caught:{entry.id}:{person.id}"
            queue(turn, person, way, Purpose.NEWS, body, key, alarm=alarm)


def what_came(
    session: Session, alarm: Alarm, person: Person, now: datetime
) -> list[tuple[Entry, str]]:
    """What came from the worker and did not end this alarm, in the sentences of a text to `person`,
    who was told of it; the last at the end."""
    worker, zone = alarm.worker, ZoneInfo(alarm.worker.org.timezone)
    hidden = alarms.in_duress(session, worker.id, person.id)
    found = []
    for entry, said in _what_she_said(session, alarm):
        say, what = (words.wrote, "text") if "text" in said else (words.news, "says")
        at = clock_time(entry.at, zone, now)
        found.append((entry, say(worker.name, said[what], at, under_duress=hidden)))
    return found


def _what_she_said(session: Session, alarm: Alarm) -> list[tuple[Entry, dict[str, Any]]]:
    """Her last texts, and the last that her phone said without a PIN; in order."""
    found = {entry.id: entry for entry in log.entries_of_alarm(session, alarm.id)}
    if alarm.visit_id is not None:
        visit = log.entries_of_visit(session, alarm.visit_id)
        found |= {entry.id: entry for entry in visit if entry.what in HER_TEXTS}
    kept = log.payloads(session, list(found))
    texts = [n for n in sorted(kept) if found[n].what in HER_TEXTS and "text" in kept[n]]
    says = [n for n in sorted(kept) if "says" in kept[n]]
    return [(found[n], kept[n]) for n in sorted(texts[-MOST_TEXTS:] + says[-1:])]


def take_hands_off(turn: Turn, worker_id: UUID) -> None:
    """A duress has come: whatever is still to be handed over about her says so, and nothing says
    'ring her' any more (P4)."""
    for alarm in alarms.open_alarms(turn.session, worker_id):
        for message in messages.not_handed_over(turn.session, alarm.id):
            if message.purpose in TELLS_OF_ALARM:
                told = alarms.was_told(turn.session, alarm.id, message.person_id)
                message.body = alarm_body(turn, alarm, told, Way(message.way))
            elif message.purpose == Purpose.NEWS:
                message.expires_at = turn.now


def _refresh_unsent(turn: Turn, alarm: Alarm) -> set[UUID]:
    fresh: set[UUID] = set()
    for message in messages.unsent_alarms(turn.session, alarm.id):
        told = alarms.was_told(turn.session, alarm.id, message.person_id)
        message.body = alarm_body(turn, alarm, told, Way(message.way))
        fresh.add(message.person_id)
    return fresh
