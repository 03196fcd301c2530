"""What a person says about herself: her PINs, her absence, and a number that blocks our texts."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from server.acts.base import Turn, record
from server.acts.circle import ways_of
from server.acts.pins import judge
from server.acts.raising import raise_duress
from server.acts.tell import local, queue
from server.acts.timing import policy_of, schedule
from server.domain.refusals import BadField, PinRequired
from server.domain.secrets import Pin, pins_differ_enough
from server.domain.words import alarms as words
from server.store import people, visits
from server.store.log import Audience
from server.store.messages import Purpose
from server.store.people import Person
from shared.states import Role, Way

LONGEST_ABSENCE = timedelta(days=366)
"""A slip of the year would take somebody out of every ladder for good."""
DIGITS = re.compile(r"[0-9]{4,6}", re.ASCII)


def is_easily_guessed(pin: str) -> bool:
    """Whether it is among the first anybody would try: 0000, 1234, 8765. Remarked on, not refused:
    she may have reasons, and a stranger's fifth try raises an alarm."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def check_pins(pin: str, duress_pin: str) -> None:
    """Refuse PINs that are not 4 to 6 digits or too much alike (contract 4)."""
    for name, given in (("pin", pin), ("duress_pin", duress_pin)):
        if not DIGITS.fullmatch(given):
            raise BadField(name, "A PIN has 4 to 6 digits.")
    if not pins_differ_enough(pin, duress_pin):
        raise BadField("duress_pin", "The two PINs have to differ in at least two places.")


def set_pins(turn: Turn, person: Person, pin: str, duress_pin: str) -> None:
    """Keep both PINs, only as hashes."""
    check_pins(pin, duress_pin)
    _keep(turn, person, pin, duress_pin, Audience.ALL)


def _keep(turn: Turn, person: Person, pin: str, duress_pin: str, audience: Audience) -> None:
    person.pin_hash = turn.desk.keys.pin_hash(person.id, pin)
    person.duress_hash = turn.desk.keys.pin_hash(person.id, duress_pin)
    record(turn, "pins_set", org_id=person.org_id, subject_id=person.id, audience=audience)


def change_pins(turn: Turn, person: Person, old: str | None, pin: str, duress_pin: str) -> None:
    """Change one's own PINs, knowing the old one. With the duress PIN the answer is the same, and
    so is whatever the new PINs are answered; the hidden alarm goes, and the old ones come back
    when it is resolved."""
    check_pins(pin, duress_pin)
    if person.has_pins:
        found = judge(turn, person, old)
        if found is Pin.NONE:
            raise PinRequired("Send your present PIN as old.")
        if found is Pin.DURESS:
            raise_duress(turn, person)
            _seem_to_change(turn, person, pin, duress_pin)
            return
    set_pins(turn, person, pin, duress_pin)


def _seem_to_change(turn: Turn, person: Person, pin: str, duress_pin: str) -> None:
    """P4: whoever stands over her tries the new PIN. It is taken as hers, and ends nothing."""
    person.pins_before = person.pins_before or {
        "safe": person.pin_hash,
        "duress": person.duress_hash,
    }
    person.pins_jammed = True
    _keep(turn, person, pin, duress_pin, Audience.ONLY_SUBJECT)


@dataclass(frozen=True)
class Preferences:
    """What somebody likes: how to be reached first, no calls, one reminder more before others are
    told, and how many minutes her visits usually take."""

    prefers: Way | None = None
    no_calls: bool = False
    more_reminders: bool = False
    usual_minutes: int | None = None


def set_preferences(turn: Turn, person: Person, wanted: Preferences) -> None:
    """How she would rather be reached and reminded; everything goes by it from now on."""
    given: dict[str, object] = {
        "prefers": wanted.prefers.value if wanted.prefers else None,
        "no_calls": wanted.no_calls,
        "more_reminders": wanted.more_reminders,
        "usual_minutes": wanted.usual_minutes,
    }
    _keep_preferences(turn, person, given)


def _keep_preferences(turn: Turn, person: Person, given: dict[str, object]) -> None:
    fields = [name for name, value in given.items() if getattr(person, name) != value]
    if not fields:
        return
    for name in fields:
        setattr(person, name, given[name])
    if "more_reminders" in fields:
        for visit in visits.unfinished_visits(turn.session, person.id):
            if visit.next_at is not None:
                schedule(visit, policy_of(turn, visit))
    record(turn, "person_changed", org_id=person.org_id, subject_id=person.id, fields=fields)


def answer_offer(
    turn: Turn, person: Person, *, usual_minutes: int | None = None, more_reminders: bool = False
) -> None:
    """What she took of the offer after several false alarms, perhaps nothing. It is not made again
    for the same alarms."""
    person.offer_answered_at = turn.now
    given: dict[str, object] = {"usual_minutes": usual_minutes} if usual_minutes else {}
    given |= {"more_reminders": True} if more_reminders else {}
    _keep_preferences(turn, person, given)


def go_away(turn: Turn, person: Person, start: datetime | None, until: datetime) -> None:
    """Absent until then: skipped by the ladder while another remains."""
    if until <= turn.now:
        raise BadField("until", "Give a time that is still ahead.")
    if until > turn.now + LONGEST_ABSENCE:
        raise BadField("until", "An absence lasts a year at most. Look at the year you gave.")
    if start is not None and start >= until:
        raise BadField("from", "The absence has to begin before it ends.")
    person.away_from, person.away_until = start, until
    record(turn, "away", org_id=person.org_id, subject_id=person.id, until=until.isoformat())


def come_back(turn: Turn, person: Person) -> None:
    """There again."""
    person.away_from = person.away_until = None
    record(turn, "back", org_id=person.org_id, subject_id=person.id)


def lose_number(turn: Turn, person: Person) -> None:
    """Her number blocks our texts: she is reached by other ways, and the managers know at once."""
    if person.unreachable_since is not None:
        return
    person.unreachable_since = turn.now
    record(turn, "number_blocked", org_id=person.org_id, subject_id=person.id)
    team = people.team_of(turn.session, person.id)
    team_people = people.members(turn.session, team.id) if team else []
    managers = [p for p in team_people if p.has_role(Role.MANAGER) and p.id != person.id]
    at = local(turn, person, turn.now)
    body = words.unreachable(person.name, at)
    for manager in managers or people.admins(turn.session, person.org_id):
        for way in ways_of(manager, turn.desk)[:1]:
            key = f"{person.id}:blocked:{turn.now.timestamp()}:{manager.id}"
            queue(turn, manager, way, Purpose.NOTICE, body, key)


def regain_number(turn: Turn, person: Person) -> None:
    """Her number takes our texts again."""
    if person.unreachable_since is not None:
        person.unreachable_since = None
        record(turn, "number_back", org_id=person.org_id, subject_id=person.id)
