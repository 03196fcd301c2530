"""Making a phone somebody's: a code, once, for a day; and signing it out again."""

import math
from dataclasses import dataclass
from datetime import timedelta

from server.acts.base import Turn, record
from server.domain.refusals import CodeRefused, TooManyTries
from server.domain.secrets import Keyring, hash_token, new_code, new_token, plain_code
from server.store import buckets, devices, people
from server.store.house import Bucket
from server.store.people import Device, Enrolment, Person

TOKEN_LIFE = timedelta(days=365)
CODE_LIFE = timedelta(hours=24)
TRIES_OVER = timedelta(hours=1)
TRIES_PER_ADDRESS = 10
TRIES_PER_PREFIX = 5
PREFIX_LENGTH = 4


@dataclass(frozen=True)
class Enrolled:
    """A phone that is now somebody's. The token is nowhere kept but on the phone."""

    token: str
    person: Person


def code_hash(keys: Keyring, code: str) -> str:
    """What is kept of an enrolment code, however it was typed."""
    return keys.seal("enrolment", plain_code(code))


def issue_code(turn: Turn, person: Person) -> str:
    """A fresh code with which one phone becomes hers within 24 h; shown once."""
    code = new_code()
    enrolment = Enrolment(
        person_id=person.id,
        code_hash=code_hash(turn.desk.keys, code),
        created_at=turn.now,
        expires_at=turn.now + turn.desk.in_life(CODE_LIFE),
    )
    turn.session.add(enrolment)
    return code


def enrol(turn: Turn, code: str, device: str, address: str | None) -> Enrolled:
    """Make this phone hers; phones she has already stay hers.

    Wrong, used and old codes are refused alike, and counted against the address they come from and
    against the code's first letters; `address` None: nobody is counted.
    """
    tries = _tries(turn, code, address) if address is not None else []
    found = devices.usable_code(turn.session, code_hash(turn.desk.keys, code), turn.now)
    if found is None:
        for bucket in tries:
            bucket.tokens -= 1
        raise CodeRefused("This code does not work. Ask your manager for a new one.")
    found.used_at = turn.now
    person = people.person(turn.session, found.person_id)
    token = new_token()
    phone = Device(
        person_id=person.id,
        name=device,
        token_hash=hash_token(token),
        created_at=turn.now,
        used_at=turn.now,
        expires_at=turn.now + TOKEN_LIFE,
    )
    turn.session.add(phone)
    record(turn, "enrolled", org_id=person.org_id, subject_id=person.id, device=device)
    return Enrolled(token, person)


def _tries(turn: Turn, code: str, address: str) -> list[Bucket]:
    """The buckets a wrong code takes from; refuses where one of them is empty."""
    prefix = plain_code(code)[:PREFIX_LENGTH]
    found = []
    for what, holds in (
        (f"address:{address}", TRIES_PER_ADDRESS),
        (f"prefix:{prefix}", TRIES_PER_PREFIX),
    ):
        key = turn.desk.keys.seal("bucket", f"enrol:{what}")
        bucket = buckets.open_bucket(turn.session, key, holds, TRIES_OVER, turn.now)
        wait = buckets.wait_for(bucket, holds, TRIES_OVER)
        if wait is not None:
            seconds = math.ceil(wait.total_seconds())
            minutes = math.ceil(seconds / 60)
            raise TooManyTries(f"Too many tries. Try again in {minutes} min.", seconds)
        found.append(bucket)
    return found


def sign_out(turn: Turn, phone: Device) -> None:
    """End this phone's sign-in at its owner's wish; her visits stay watched."""
    devices.end_device(turn.session, phone.id, turn.now)
    owner = people.person(turn.session, phone.person_id)
    record(turn, "phone_signed_out", org_id=owner.org_id, subject_id=owner.id, device=phone.name)
