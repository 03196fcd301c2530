"""The log of a visit as one person may read it: an entry's audience, and what a veil hides (P4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.looking import SHOWN_AFTER
from server.acts.seeing import is_hidden
from server.acts.tell import is_veiled
from server.store import alarms, messages
from server.store.alarms import Alarm
from server.store.log import Audience, Entry, payloads
from server.store.messages import Decided
from server.store.people import Person
from server.store.visits import Visit

TELLING = frozenset({"told", "told_early", "told_too", "broadcast", "managers_told"})
"""Entries that say whom the service told."""
HELPING = frozenset({"note", "step_done", "step_undone", "sheet_opened"})
"""What others write while they help. Whoever holds her phone must not learn from it who is on the
way, so she reads it when she reads who looked: see `looking.SHOWN_AFTER`."""


@dataclass(frozen=True)
class Line:
    """One entry as it is shown; `told`: whom the service told then, and by what. The rest of its
    personal part is asked for with `Timeline.parts`. `shown_to`: once a duress is over, whom alone
    it was shown to while nothing of the kind happened. `about`: the kind of the alarm it is about,
    where the viewer knows of several. `not_gone`: to whom of those told then no message has gone
    (P3: deciding is not sending)."""

    id: int
    at: datetime
    received_at: datetime
    what: str
    actor_id: UUID | None
    by: str
    told: tuple[tuple[str, str], ...] = ()
    shown_to: UUID | None = None
    about: str | None = None
    not_gone: tuple[str, ...] = ()


class Timeline:
    """Reads logs for one viewer; what it learns about duress it asks the database once."""

    def __init__(self, session: Session, viewer: Person, now: datetime) -> None:
        self._session = session
        self._viewer = viewer
        self._helped_until = now - SHOWN_AFTER
        self._duress: dict[UUID, bool] = {}

    def _in_duress(self, person_id: UUID) -> bool:
        if person_id not in self._duress:
            # Her own is open for her whatever she has been shown; another's, only as she knows.
            knows = None if person_id == self._viewer.id else self._viewer.id
            self._duress[person_id] = alarms.in_duress(self._session, person_id, knows)
        return self._duress[person_id]

    def lines(
        self, visit: Visit | None, entries: Sequence[Entry], raised: Sequence[Alarm]
    ) -> list[Line]:
        """What this viewer reads of a visit's log, or of an alarm's that belongs to none; `raised`
        is every alarm the visit ever had."""
        hidden = {alarm.id for alarm in raised if is_hidden(alarm, self._viewer)}
        veiled = {alarm.id for alarm in raised if is_veiled(alarm, self._viewer.id)}
        kept = [e for e in entries if e.alarm_id not in hidden and self._is_for_her(e)]
        if veiled or is_veiled(visit, self._viewer.id):
            kept = self._until_it_ended(kept, is_veiled(visit, self._viewer.id), veiled)
        told = self._told(kept)
        going_on = {alarm.id for alarm in raised if alarm.is_open} - veiled
        waits = messages.not_gone(self._session, going_on) if going_on else {}
        kinds = {alarm.id: alarm.kind for alarm in raised if alarm.id not in hidden}
        return [
            Line(
                id=e.id,
                at=e.at,
                received_at=e.received_at,
                what=e.what,
                actor_id=e.actor_id,
                by=e.by,
                told=told.get(e.id, ()),
                shown_to=self._shown_to(e),
                not_gone=self._not_gone(e, waits),
                about=kinds.get(e.alarm_id) if e.alarm_id and len(kinds) > 1 else None,
            )
            for e in kept
        ]

    @staticmethod
    def _not_gone(entry: Entry, waits: Mapping[Decided, set[str]]) -> tuple[str, ...]:
        if entry.what not in TELLING or entry.alarm_id is None:
            return ()
        return tuple(sorted(waits.get((entry.alarm_id, entry.received_at), ())))

    def _shown_to(self, entry: Entry) -> UUID | None:
        if entry.audience != Audience.ONLY_SUBJECT or entry.subject_id is None:
            return None
        return None if self._in_duress(entry.subject_id) else entry.subject_id

    def parts(self, lines: Collection[Line]) -> dict[int, dict[str, Any]]:
        """The personal parts of these lines, by id; retention may have deleted some."""
        return payloads(self._session, [line.id for line in lines]) if lines else {}

    def _told(self, entries: Sequence[Entry]) -> dict[int, tuple[tuple[str, str], ...]]:
        """Whom these entries say was told, as far as that is still kept."""
        ids = [entry.id for entry in entries if entry.what in TELLING]
        said = payloads(self._session, ids) if ids else {}
        return {
            entry_id: tuple((one["who"], " and ".join(one["by"])) for one in data["told"])
            for entry_id, data in said.items()
        }

    def _is_for_her(self, entry: Entry) -> bool:
        if entry.what in HELPING and self._is_live_help(entry):
            return False
        if entry.audience == Audience.ALL or entry.subject_id is None:
            return True
        if not self._in_duress(entry.subject_id):
            return True
        is_subject = entry.subject_id == self._viewer.id
        return is_subject == (entry.audience == Audience.ONLY_SUBJECT)

    def _is_live_help(self, entry: Entry) -> bool:
        about_her_alarm = entry.alarm_id is not None and entry.subject_id == self._viewer.id
        return about_her_alarm and entry.received_at > self._helped_until

    def _until_it_ended(
        self, entries: list[Entry], visit_ended: bool, ended_alarms: set[UUID]
    ) -> list[Entry]:
        """What has ended for her alone goes on without her: she reads only what she did herself,
        and what concerns alarms that, for her too, are still open."""
        kept: list[Entry] = []
        closed = False
        over: set[UUID] = set()
        for entry in entries:
            hers = entry.actor_id == self._viewer.id
            about_open_alarm = entry.alarm_id is not None and entry.alarm_id not in ended_alarms
            if hers or not (entry.alarm_id in over or (closed and not about_open_alarm)):
                kept.append(entry)
            if entry.audience == Audience.ONLY_SUBJECT and entry.subject_id == self._viewer.id:
                closed = closed or (visit_ended and entry.what == "closed")
                over |= {entry.alarm_id} if entry.alarm_id in ended_alarms else set()
        return kept
