"""Whoever a text came from: one phone, one human being, perhaps in several organisations.

Everything here is as she may know it: under a duress of hers, visits and alarms that have ended
for her eyes are over.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from server.acts.base import Turn
from server.acts.crying_out import REPEATED_WITHIN
from server.acts.pins import judge
from server.acts.raising import raise_duress
from server.acts.seeing import is_hidden, see_alarm
from server.acts.tell import LETTER_REST, RECENT, is_veiled, local
from server.domain.secrets import Pin
from server.domain.words.replies import Listed
from server.store import alarms, inbound, visits
from server.store.alarms import Alarm, Told
from server.store.people import Person
from server.store.visits import Visit
from shared.grammar import possible_pins
from shared.grammar.fold import fold
from shared.states import VisitKind


@dataclass(frozen=True)
class Heard:
    """An alarm one of her was told of."""

    person: Person
    alarm: Alarm
    told: Told

    @property
    def is_open(self) -> bool:
        """Whether, as far as she may know, it still needs somebody."""
        return see_alarm(self.person, self.alarm).is_open


@dataclass(frozen=True)
class Sender:
    """One phone in one transaction. `raw` is the text as it came: never stored, never logged."""

    turn: Turn
    number: str
    people: tuple[Person, ...]
    raw: str = ""
    said: str = ""

    def acting_as(self, person: Person) -> Turn:
        """The same transaction, in which she acts as this person of hers."""
        return replace(self.turn, actor=person)

    def clock(self, person: Person, instant: datetime) -> str:
        """An instant as her team reads it."""
        return local(self.turn, person, instant)

    @property
    def person(self) -> Person:
        """Who she is for what is not about any one visit: where something of hers is open."""
        busy = [visit.worker_id for visit in self.visits]
        busy += [alarm.worker_id for alarm in self.troubles]
        busy += [heard.person.id for heard in self.open]
        return next((p for p in self.people if p.id in busy[:1]), self.people[0])

    @property
    def visits(self) -> list[Visit]:
        """Her open visits, the one due first before the others."""
        found = [
            visit
            for person in self.people
            for visit in visits.unfinished_visits(self.turn.session, person.id)
            if not is_veiled(visit, person.id)
        ]
        return sorted(found, key=lambda visit: (visit.due_at, visit.kind == VisitKind.HOME))

    @property
    def homes(self) -> list[Visit]:
        """Her open ways home."""
        return [visit for visit in self.visits if visit.kind == VisitKind.HOME]

    @property
    def troubles(self) -> list[Alarm]:
        """The open alarms about her that she knows of, oldest first."""
        return [
            alarm
            for person in self.people
            for alarm in alarms.open_alarms(self.turn.session, person.id)
            if not is_hidden(alarm, person) and not is_veiled(alarm, person.id)
        ]

    @cached_property
    def heard(self) -> list[Heard]:
        """Every alarm she was told of whose letter still means something to her."""
        by_id = {person.id: person for person in self.people}
        since = self.turn.now - LETTER_REST
        told = alarms.alarms_told_to(self.turn.session, list(by_id), since)
        return [
            Heard(by_id[one.person_id], alarms.alarm(self.turn.session, one.alarm_id), one)
            for one in told
        ]

    @property
    def open(self) -> list[Heard]:
        """The alarms she was told of that need somebody, those nobody has charge of first."""
        found = [heard for heard in self.heard if heard.is_open]
        return sorted(found, key=lambda heard: heard.alarm.owner_id is not None)

    @property
    def is_plain(self) -> bool:
        """Whether a bare `1` can mean one alarm only (contract 6)."""
        return len(self.open) == 1 and not self._just_ended

    @property
    def _just_ended(self) -> list[Heard]:
        since = self.turn.now - RECENT
        ended = [heard for heard in self.heard if not heard.is_open]
        return [h for h in ended if h.told.letter_ended_at and h.told.letter_ended_at > since]

    def letter_of(self, heard: Heard) -> str | None:
        """The letter she has to answer with, where she has to."""
        return None if self.is_plain else heard.told.letter

    def listed(self, chosen: list[Heard]) -> list[Listed]:
        """These alarms as they are offered to her."""
        return [
            Listed(
                h.told.letter,
                h.alarm.worker.name,
                self.clock(h.person, h.alarm.raised_at),
                self.hands_off(h),
            )
            for h in chosen
        ]

    def hands_off(self, heard: Heard) -> bool:
        """Whether, as far as she may know, ringing whom this is about could harm her."""
        return alarms.in_duress(self.turn.session, heard.alarm.worker_id, heard.person.id)

    def begun_by_these_words(self) -> list[Visit]:
        """The open visits that the very same text began within the last 10 minutes."""
        since = self.turn.now - REPEATED_WITHIN
        earlier = inbound.said_since(self.turn.session, self.number, since)
        words = _folded(self.said)
        moments = {
            one.received_at
            for one in earlier
            if one.sid != self.turn.request and _folded(one.body) == words
        }
        return [visit for visit in self.visits if visit.received_at in moments]

    def hear_pin(self, pin: str | None) -> None:
        """Weigh a PIN that came with nothing to use it on: a duress PIN counts in any text."""
        if pin is not None and self.person.has_pins:
            turn = self.acting_as(self.person)
            if judge(turn, self.person, pin) is Pin.DURESS:
                raise_duress(turn, self.person)

    def hear_duress(self) -> None:
        """Hear a duress PIN in a text that was not understood; no other PIN in it is a try."""
        keys = self.turn.desk.keys
        for person in self.people:
            found = (
                keys.judge_pin(person.id, pin, person.pin_hash, person.duress_hash)
                for pin in possible_pins(self.raw)
            )
            if person.has_pins and Pin.DURESS in found:
                raise_duress(self.acting_as(person), person)


def _folded(text: str) -> list[str]:
    return [token.text for token in fold(text).tokens()]
