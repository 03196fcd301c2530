"""What a manager does for one of her people: a phone made hers or ended, a number vouched for, new
PINs asked for. Everything about the person herself is changed as an import changes it."""

from collections.abc import Callable
from datetime import timedelta

from server.acts import inviting
from server.acts.base import Turn, record
from server.acts.circle import ways_of
from server.acts.enrolling import issue_code
from server.acts.leaving import tell_managers_of_open_visits
from server.acts.tell import queue
from server.domain.refusals import Conflict
from server.domain.words import worker as words
from server.store import devices, people, roster
from server.store.db import Session
from server.store.messages import Purpose
from server.store.people import Device, NumberProof, Person
from shared.states import Role

PROVEN_FOR = timedelta(days=1)
"""So long a proof is new enough; then the next text renews its day."""

Work = Callable[[Turn, Person], object]
"""Something done about one person, locked and looked up afresh."""


def make_code(turn: Turn, person: Person) -> str:
    """A fresh code for one phone of hers, shown once; codes not used yet are worth nothing then."""
    _must_be_there(person)
    _may_be_taken_for(turn, person)
    roster.end_codes(turn.session, [person.id], turn.now)
    code = issue_code(turn, person)
    record(turn, "code_made", org_id=person.org_id, subject_id=person.id)
    return code


def invite(turn: Turn, person: Person) -> str:
    """A fresh link with which she comes in to the pages; shown once."""
    _must_be_there(person)
    _may_be_taken_for(turn, person)
    return inviting.link(turn, inviting.invite(turn, person))


def _may_be_taken_for(turn: Turn, person: Person) -> None:
    if turn.actor is not None and not may_let_in(turn.session, turn.actor, person):
        raise Conflict(f"Only an administrator can make one for {person.name}.")


def may_let_in(session: Session, actor: Person, person: Person) -> bool:
    """Whether this manager may make a code or a link for her. Whoever has it is taken for her: for
    an administrator, or a manager of more teams than one's own, only an administrator makes one."""
    if actor.is_admin or actor.id == person.id:
        return True
    hers, mine = (people.team_ids(session, one.id) for one in (person, actor))
    return not (person.is_admin or (person.has_role(Role.MANAGER) and not hers <= mine))


def end_phone(turn: Turn, person: Person, phone: Device) -> int:
    """End one phone's sign-in for her, because it is lost or not hers any more; returns how many
    managers were told, where it was her last and a visit of hers is open."""
    devices.end_device(turn.session, phone.id, turn.now)
    record(turn, "phone_ended", org_id=person.org_id, subject_id=person.id, device=phone.name)
    turn.session.flush()
    if devices.live_devices(turn.session, person.id):
        return 0
    return tell_managers_of_open_visits(turn, person)


def vouch_for_number(turn: Turn, person: Person) -> None:
    """Somebody says that this number is hers: trusted from now on, and never 'proven' by that."""
    if person.mobile is None:
        raise Conflict(f"{person.name} has no number.")
    if person.number_proof == NumberProof.NONE:
        person.number_proof = NumberProof.TRUSTED.value
        record(turn, "number_trusted", org_id=person.org_id, subject_id=person.id)


def hear_number(turn: Turn, person: Person) -> None:
    """A text has come from her number: it is hers, it is alive, and our answer goes there."""
    if person.number_proof == NumberProof.PROVEN and person.number_proven_at is not None:
        if turn.now - person.number_proven_at < PROVEN_FOR:
            return
    else:
        person.number_proof = NumberProof.PROVEN.value
        record(turn, "number_proven", org_id=person.org_id, subject_id=person.id)
    person.number_proven_at = turn.now


def ask_for_pins(turn: Turn, person: Person) -> None:
    """Ask her to choose new PINs. Those she has go on working until she does, and nobody but she
    ever learns them."""
    _must_be_there(person)
    record(turn, "pins_asked", org_id=person.org_id, subject_id=person.id)
    who = turn.actor.name if turn.actor else "Your manager"
    body = words.choose_pins(who, f"{turn.desk.public_url}/me")
    key = f"{person.id}:pins_asked:{turn.now.timestamp()}"
    for way in ways_of(person, turn.desk)[:1]:
        queue(turn, person, way, Purpose.NOTICE, body, key)


def _must_be_there(person: Person) -> None:
    if person.left_at is not None:
        raise Conflict(f"{person.name} has left. Bring them back first.")
