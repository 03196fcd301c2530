"""An invitation to the pages: a link, once, for three days, with which a person sets a password and
a second factor. Whoever makes it sees the link; it is stored as a hash."""

import secrets
from datetime import timedelta

from server.acts.base import Turn, record
from server.domain.refusals import Conflict, Refusal
from server.domain.secrets import hash_token
from server.store import sessions
from server.store.people import Person
from server.store.sessions import Invitation
from shared.states import Role

GOOD_FOR = timedelta(hours=72)


class NotInvited(Refusal):
    """The link is wrong, used or old; which, is nobody's business."""

    kind = "not-found"
    heading = "This invitation opens nothing now"


def invite(turn: Turn, person: Person) -> str:
    """A fresh link's token; an older one of hers opens nothing any more."""
    if person.left_at is not None:
        raise Conflict(f"{person.name} has left.")
    if person.roles == [Role.CONTACT.value] and not person.is_admin:
        raise Conflict(f"{person.name} is a contact, and contacts do not sign in.")
    if not person.email:
        raise Conflict(f"{person.name} has no e-mail address; it is what one signs in with.")
    sessions.end_invitations(turn.session, person.id, turn.now)
    token = secrets.token_urlsafe(24)
    row = Invitation(
        person_id=person.id,
        token_hash=hash_token(token),
        made_at=turn.now,
        expires_at=turn.now + turn.desk.in_life(GOOD_FOR),
    )
    turn.session.add(row)
    record(turn, "invited", org_id=person.org_id, subject_id=person.id)
    return token


def link(turn: Turn, token: str) -> str:
    """The address to send to her."""
    return f"{turn.desk.public_url}/welcome/{token}"


def invited(turn: Turn, token: str) -> Invitation:
    """Whom this link invites; NotInvited where it opens nothing (any more)."""
    found = sessions.invitation(turn.session, hash_token(token), turn.now)
    if found is None:
        raise NotInvited("This invitation was used before, or is too old. Ask for a new one.")
    return found


def accept(turn: Turn, token: str) -> Person:
    """Use the link up: everything she signed in with before is void, sign-ins end."""
    found = invited(turn, token)
    found.used_at = turn.now
    sessions.end_sessions(turn.session, found.person_id)
    record(turn, "invitation_used", org_id=found.person.org_id, subject_id=found.person_id)
    return found.person
