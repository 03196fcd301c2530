"""SOS and duress from a phone (`POST /alarms`): never refused for what they carry.

Nothing here is throttled, and nothing is validated before it acts.
"""

import hmac
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from flask import Response

from server.acts.base import Turn, perform
from server.acts.crying_out import cry_from_ended_phone, cry_out
from server.api.acting import Answer, fingerprint, keep, to_json
from server.api.alarms import book, show_alarm
from server.api.book import READS
from server.api.callers import Caller, NotSignedIn, Standing, find_caller, renew
from server.api.lens import Lens
from server.api.reading import read_raw
from server.api.unreadable import Cry, read_cry
from server.domain.refusals import Refusal
from server.running import running
from server.store import alarms, requests
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.faults import AWAY
from server.store.house import Request
from server.store.people import Person
from shared.states import AlarmKind, Means
from shared.wire.bodies import CryOutSchema
from shared.wire.objects import AlarmSchema, UnseenSchema

CREATED, UNVERIFIED = 201, 202

cry_schema = {"anyOf": [AlarmSchema, UnseenSchema]}

log = structlog.get_logger()


@book.on("POST", "/alarms")
@book.takes(CryOutSchema())
@book.answers(CREATED, cry_schema, "The alarm; of a duress nothing but the request's own id")
@book.answers(UNVERIFIED, AlarmSchema, "An SOS with a token that expired within 90 days")
@book.refuses(*READS)
def cry() -> Response:
    """SOS, without grace; or duress, hidden from this phone

    Never refused for what it carries: unknown fields, a broken position, an unheard-of visit, a
    missing id, even a body that is no JSON make an alarm, and a note of what could not be read. The
    same id is the same alarm, whatever the body. While an SOS of hers is open another one joins it,
    is answered with that alarm and passed on to whoever was told; either id then means it. Never
    throttled. A duress
    is answered with 201 and nothing but the id its request brought, whatever the token is worth: no
    answer, list or object shows it to its subject until somebody else has resolved it.
    """
    now = running().clock.now()
    who = find_caller(now)
    heard = read_cry(read_raw(), now)
    if who is None or who.standing not in (Standing.LIVE, Standing.EXPIRED):
        raise _not_heard(who, now)
    if who.standing is Standing.LIVE:
        renew(who.device, now)
    return _Cry(who, heard, now).answer().response()


def _not_heard(who: Caller | None, now: datetime) -> Refusal:
    """No alarm: but a phone that was signed out may be in the right hands after all."""
    if who is not None and who.standing is Standing.ENDED:
        log.warning("sos_from_ended_phone", device=str(who.device.id))
        perform(
            running().desk,
            lambda turn: cry_from_ended_phone(turn, who.device, who.person),
            now=now,
            by=Means.APP,
            lock=lambda _: {who.person.id},
        )
    return NotSignedIn("Ring 999 or the office: this phone is signed out.")


class _Cry:
    """One cry of one person, and whether it was heard before."""

    def __init__(self, who: Caller, heard: Cry, now: datetime) -> None:
        self._who, self._heard, self._now = who, heard, now
        self._unverified = who.standing is Standing.EXPIRED
        said = {"id": str(heard.id), "kind": heard.kind.value}
        self._fingerprint = fingerprint(running().desk.keys, said)

    def answer(self) -> Answer:
        """The alarm, raised now or before. Where a detail brings it down, it goes without."""
        try:
            return self._perform()
        except AWAY:
            raise
        except Exception:
            log.exception("sos_without_details", device=str(self._who.device.id))
            bare = Cry(id=self._heard.id, kind=self._heard.kind, unreadable=["details"])
            self._heard = bare
            return self._perform()

    def _perform(self) -> Answer:
        return perform(
            running().desk,
            self._work,
            now=self._now,
            by=Means.APP,
            at=self._heard.at,
            actor_id=self._who.person.id,
            first=self._before,
        )

    def _before(self, session: Session, actor: Person | None) -> Answer | None:
        """The actor's row is locked: of two same cries the second finds the first's answer."""
        self._stored: Request | None = None
        if self._heard.id is None:
            return None
        person = actor or self._who.person
        self._stored = requests.answer_to(session, person.id, self._heard.id)
        if self._stored and hmac.compare_digest(self._stored.fingerprint, self._fingerprint):
            return Answer(self._stored.status, self._stored.body, replayed=True)
        return self._raised_before(session, person, self._heard.id)

    def _raised_before(self, session: Session, person: Person, ref: UUID) -> Answer | None:
        """The same alarm again where the answer itself is no longer kept."""
        found = alarms.alarm_asked_for(session, person.id, ref)
        if found is None or self._heard.kind is AlarmKind.DURESS:
            return None
        body = show_alarm(Lens(session, running().desk, person, self._now), found)
        return Answer(UNVERIFIED if found.unverified else CREATED, body, replayed=True)

    def _work(self, turn: Turn) -> Answer:
        heard, worker = self._heard, turn.actor or self._who.person
        alarm = cry_out(
            turn,
            worker,
            kind=heard.kind,
            ref=heard.id,
            visit_ref=heard.visit,
            snapshot=heard.snapshot,
            position=heard.position,
            unreadable=heard.unreadable,
            unverified=self._unverified,
        )
        if heard.kind is AlarmKind.DURESS:
            answer = Answer(CREATED, to_json({"id": str(heard.id or uuid4())}))
        else:
            body = show_alarm(Lens(turn.session, turn.desk, worker, turn.now), alarm)
            answer = Answer(UNVERIFIED if self._unverified else CREATED, body)
        if heard.id is not None and self._stored is None:
            joined = alarm if _has_joined(alarm, worker, heard) else None
            keep(turn, worker, heard.id, self._fingerprint, answer, joined)
        return answer


def _has_joined(alarm: Alarm, worker: Person, heard: Cry) -> bool:
    """Whether this cry became part of an SOS that has another name on her phone."""
    hers = alarm.raised_by_id == worker.id and alarm.client_ref == heard.id
    return heard.kind is AlarmKind.SOS and not hers
