"""Passkeys: making one, and showing with one that it is her. Each challenge is good for one answer.

The library behind it is loaded with the first ceremony, not with the server.
"""

from uuid import UUID

from server.acts.base import Turn, record
from server.acts.factors import may_try, refuse
from server.store import sessions
from server.store.people import Person
from server.store.sessions import Passkey, WebSession


def offer(turn: Turn, row: WebSession) -> str:
    """What the browser is asked for to make a new passkey for her, as JSON."""
    from server.domain import ceremony

    known = [one.credential for one in sessions.passkeys_of(turn.session, row.person_id)]
    who = row.person.email or row.person.name
    asked = ceremony.offer(turn.desk.public_url, row.person_id.bytes, who, known)
    turn.session.get_one(WebSession, row.id).challenge = asked.challenge
    return asked.options


def ask(turn: Turn, row: WebSession) -> str:
    """What the browser is asked to sign with one of her passkeys, as JSON."""
    from server.domain import ceremony

    known = [one.credential for one in sessions.passkeys_of(turn.session, row.person_id)]
    asked = ceremony.ask(turn.desk.public_url, known)
    turn.session.get_one(WebSession, row.id).challenge = asked.challenge
    return asked.options


def _take_challenge(turn: Turn, row: WebSession) -> bytes:
    """What was asked; it is then used up."""
    known = turn.session.get_one(WebSession, row.id)
    challenge, known.challenge = known.challenge, None
    if challenge is None:
        raise refuse(turn, row.person)
    return challenge


def add(turn: Turn, row: WebSession, answer: str, name: str) -> Passkey:
    """The passkey that her browser has made is hers."""
    from server.domain import ceremony

    may_try(turn, row.person)
    challenge = _take_challenge(turn, row)
    try:
        made = ceremony.take(turn.desk.public_url, answer, challenge)
    except ceremony.NotGenuine:
        raise refuse(turn, row.person) from None
    passkey = Passkey(
        person_id=row.person_id,
        credential=made.credential,
        public_key=made.public_key,
        counter=made.counter,
        name=name,
        made_at=turn.now,
    )
    turn.session.add(passkey)
    _say(turn, row.person, "second_factor_set")
    return passkey


def check(turn: Turn, row: WebSession, answer: str) -> None:
    """One of her passkeys has signed what it was asked to, after making sure that it is her."""
    from server.domain import ceremony

    may_try(turn, row.person)
    challenge = _take_challenge(turn, row)
    try:
        credential = ceremony.named(answer)
        known = sessions.passkeys_of(turn.session, row.person_id)
        (passkey,) = [one for one in known if one.credential == credential]
        passkey.counter = ceremony.check(
            turn.desk.public_url, answer, challenge, passkey.public_key, passkey.counter
        )
    except (ceremony.NotGenuine, ValueError):
        raise refuse(turn, row.person) from None
    passkey.used_at = turn.now


def drop(turn: Turn, person: Person, passkey_id: UUID) -> bool:
    """This passkey of hers opens nothing any more; False where she has none such."""
    if not sessions.forget_passkey(turn.session, person.id, passkey_id):
        return False
    _say(turn, person, "second_factor_dropped")
    return True


def _say(turn: Turn, person: Person, what: str) -> None:
    record(turn, what, org_id=person.org_id, subject_id=person.id, kind="passkey")
