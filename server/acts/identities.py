"""Who somebody is in the word of an employer's sign-in service: by issuer and subject only."""

from server.acts.base import Turn, record
from server.domain.refusals import Conflict
from server.store import people, sessions
from server.store.people import Person
from server.store.sessions import Identity


def known(turn: Turn, issuer: str, subject: str) -> Person | None:
    """Whose account that is; None where it is nobody's here, or she has left."""
    found = sessions.identity(turn.session, issuer, subject)
    person = people.person(turn.session, found.person_id) if found else None
    return person if person is not None and person.left_at is None else None


def connect(turn: Turn, person: Person, issuer: str, subject: str) -> None:
    """That account is hers from now on; Conflict where it is somebody else's."""
    found = sessions.identity(turn.session, issuer, subject)
    if found is not None:
        if found.person_id != person.id:
            raise Conflict("That work account belongs to somebody else here.")
        return
    turn.session.add(
        Identity(issuer=issuer, subject=subject, person_id=person.id, made_at=turn.now)
    )
    record(turn, "work_account_connected", org_id=person.org_id, subject_id=person.id)
