"""The second factor: a code from an app, a passkey, or one of the recovery codes kept for need.

A code opens once, even within its half minute. Recovery codes are random enough to be kept as
keyed hashes, and each opens once.
"""

import math
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from server.acts.base import Turn, record
from server.domain import totp
from server.domain.refusals import Refusal, TooManyTries
from server.domain.secrets import Keyring, new_code, plain_code
from server.store import buckets, sessions
from server.store.house import Bucket
from server.store.people import Person
from server.store.sessions import Login, Passkey, RecoveryCode

TRIES = 10
TRIES_OVER = timedelta(minutes=15)
RECOVERY_CODES = 10


class FactorRefused(Refusal):
    """The code is wrong, old or was used before; which, is nobody's business."""

    kind = "factor-refused"
    kept = True


def has_factor(session: Session, person: Person) -> bool:
    """Whether she has a second factor at all."""
    login = sessions.login_of(session, person.id)
    return bool(login and login.totp_sealed) or bool(sessions.passkeys_of(session, person.id))


def has_app(session: Session, person: Person) -> bool:
    """Whether an app of hers makes codes."""
    login = sessions.login_of(session, person.id)
    return bool(login and login.totp_sealed)


def may_try(turn: Turn, person: Person) -> None:
    """TooManyTries after ten wrong codes in a quarter of an hour; counts nothing yet."""
    per = turn.desk.in_life(TRIES_OVER)
    wait = buckets.wait_for(_bucket(turn, person), TRIES, per)
    if wait is not None:
        seconds = math.ceil(wait.total_seconds())
        minutes = math.ceil(seconds / 60)
        raise TooManyTries(f"Too many tries. Try again in {minutes} min.", seconds)


def _bucket(turn: Turn, person: Person) -> Bucket:
    key = turn.desk.keys.seal("bucket", f"factor:{person.id}")
    per = turn.desk.in_life(TRIES_OVER)
    return buckets.open_bucket(turn.session, key, TRIES, per, turn.now)


def refuse(turn: Turn, person: Person) -> FactorRefused:
    """Count it and write it down; raise what comes back."""
    _bucket(turn, person).tokens -= 1
    record(turn, "second_factor_failed", org_id=person.org_id, subject_id=person.id)
    return FactorRefused("That code does not work. Wait for the next one and try again.")


def check_app_code(turn: Turn, person: Person, code: str) -> None:
    """Her app shows this code now, and it was not used before."""
    may_try(turn, person)
    login = sessions.login_of(turn.session, person.id, lock=True)
    sealed = login.totp_sealed if login else None
    secret = turn.desk.keys.open_sealed("totp", sealed) if sealed else None
    step = totp.step_of(secret, code, turn.now) if secret else None
    if login is None or step is None or step <= (login.totp_step or 0):
        raise refuse(turn, person)
    login.totp_step = step


def set_app(turn: Turn, person: Person, secret: str, code: str) -> None:
    """Her app with this secret is her second factor from now on, if it shows this code."""
    may_try(turn, person)
    step = totp.step_of(secret, code, turn.now)
    if step is None:
        raise refuse(turn, person)
    login = sessions.login_of(turn.session, person.id, lock=True) or Login(person_id=person.id)
    login.totp_sealed = turn.desk.keys.seal_away("totp", secret)
    login.totp_at, login.totp_step = turn.now, step
    turn.session.add(login)
    record(turn, "second_factor_set", org_id=person.org_id, subject_id=person.id, kind="app")


def check_recovery_code(turn: Turn, person: Person, code: str) -> None:
    """This is one of her recovery codes, now used up."""
    may_try(turn, person)
    found = sessions.recovery_code(turn.session, person.id, _code_hash(turn.desk.keys, code))
    if found is None:
        raise refuse(turn, person)
    found.used_at = turn.now
    left = sessions.recovery_codes_left(turn.session, person.id)
    record(turn, "recovery_code_used", org_id=person.org_id, subject_id=person.id, left=left)


def new_recovery_codes(turn: Turn, person: Person) -> list[str]:
    """Ten fresh ones, shown this once; older ones open nothing any more."""
    sessions.forget_recovery_codes(turn.session, person.id)
    codes = [f"{new_code()}-{new_code()}"[:24] for _ in range(RECOVERY_CODES)]
    for code in codes:
        hashed = _code_hash(turn.desk.keys, code)
        turn.session.add(RecoveryCode(person_id=person.id, code_hash=hashed))
    record(turn, "recovery_codes_made", org_id=person.org_id, subject_id=person.id)
    return codes


def _code_hash(keys: Keyring, code: str) -> str:
    return keys.seal("recovery", plain_code(code))


def forget_factors(turn: Turn, person: Person) -> None:
    """She has no second factor any more and must set one up anew."""
    login = sessions.login_of(turn.session, person.id, lock=True)
    if login is not None:
        login.totp_sealed = login.totp_at = login.totp_step = None
    sessions.forget_passkeys(turn.session, person.id)
    sessions.forget_recovery_codes(turn.session, person.id)


def drop_app(turn: Turn, person: Person) -> None:
    """Her app makes no codes for here any more; the caller sees to it that something is left."""
    login = sessions.login_of(turn.session, person.id, lock=True)
    if login is not None and login.totp_sealed:
        login.totp_sealed = login.totp_at = login.totp_step = None
        record(
            turn, "second_factor_dropped", org_id=person.org_id, subject_id=person.id, kind="app"
        )


def passkeys_of(session: Session, person: Person) -> Sequence[Passkey]:
    """Her passkeys, oldest first."""
    return sessions.passkeys_of(session, person.id)
