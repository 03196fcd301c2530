"""Signing in with a password, and setting one. Whoever tries learns nothing about who is known
here: the same answer, after the same time, for a stranger, a wrong password and an empty one.

Tries are counted in the database and slow down; nobody is ever locked out for good, because locking
out the manager on duty would be an attack of its own.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from server.acts.base import Turn, record
from server.domain import passwords
from server.domain.refusals import BadField, Refusal, TooManyTries
from server.store import buckets, sessions
from server.store.house import Bucket
from server.store.people import Person
from server.store.sessions import Login

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PER_ADDRESS = 20
PER_ACCOUNT_HOUR = 10
PER_ACCOUNT_DAY = 20
MOST_CANDIDATES = 4


class NotLetIn(Refusal):
    """The address or the password is not right; which, is nobody's business."""

    kind = "not-let-in"
    kept = True


@dataclass(frozen=True)
class Knock:
    """One try to come in. `where` None: tries are not counted. `device`: a browser in which she
    has come in before; its tries are counted for it alone, so no stranger keeps her out of it."""

    email: str
    password: str
    where: str | None
    device: str | None = None


def who_knocks(session: Session, knock: Knock) -> list[tuple[Person, str | None]]:
    """Everybody this may be, with the hash to compare; read before the slow part."""
    found = sessions.people_with_email(session, knock.email)[:MOST_CANDIDATES]
    logins = [(person, sessions.login_of(session, person.id)) for person in found]
    return [(person, login.password_hash) for person, login in logins if login]


def recognise(found: list[tuple[Person, str | None]], password: str) -> Person | None:
    """Whose password this is; outside any transaction, because it takes its time on purpose."""
    known = [person for person, hashed in found if passwords.is_password(hashed, password)]
    if not found:
        passwords.is_password(None, password)
    return known[0] if known else None


def let_in(turn: Turn, knock: Knock, person: Person | None) -> Person:
    """Whoever was recognised; NotLetIn, counted and logged, where nobody was."""
    if person is None:
        _count(turn, knock)
        for known in sessions.people_with_email(turn.session, knock.email)[:MOST_CANDIDATES]:
            record(turn, "sign_in_failed", org_id=known.org_id, subject_id=known.id)
        raise NotLetIn("The e-mail address or the password is not right.")
    return person


def may_try(turn: Turn, knock: Knock) -> None:
    """TooManyTries where there were too many from this address or for this account lately."""
    for key, holds, per in _limits(turn, knock):
        bucket = buckets.open_bucket(turn.session, key, holds, per, turn.now)
        wait = buckets.wait_for(bucket, holds, per)
        if wait is not None:
            seconds = math.ceil(wait.total_seconds())
            raise TooManyTries(
                f"Too many tries. Try again in {math.ceil(seconds / 60)} min.", seconds
            )


def _count(turn: Turn, knock: Knock) -> None:
    for key, holds, per in _limits(turn, knock):
        bucket: Bucket = buckets.open_bucket(turn.session, key, holds, per, turn.now)
        bucket.tokens -= 1


def _limits(turn: Turn, knock: Knock) -> list[tuple[str, int, timedelta]]:
    if knock.where is None:
        return []
    account = knock.email.strip().lower()
    whose = f"{knock.device}:{account}" if knock.device else account
    limits = [
        (f"account:{whose}", PER_ACCOUNT_HOUR, HOUR),
        (f"account-day:{whose}", PER_ACCOUNT_DAY, DAY),
    ]
    if knock.device is None:
        limits.append((f"address:{knock.where}", PER_ADDRESS, HOUR))
    return [
        (turn.desk.keys.seal("bucket", f"sign-in:{what}"), holds, turn.desk.in_life(per))
        for what, holds, per in limits
    ]


def set_password(turn: Turn, person: Person, password: str, field: str = "password") -> None:
    """This is her password from now on; BadField where it is too short or too common."""
    fault = passwords.fault_in(password, person.name, person.email or "", person.org.name)
    if fault:
        raise BadField(field, fault)
    login = sessions.login_of(turn.session, person.id, lock=True) or Login(person_id=person.id)
    login.password_hash, login.password_at = passwords.hash_password(password), turn.now
    turn.session.add(login)
    record(turn, "password_set", org_id=person.org_id, subject_id=person.id)
