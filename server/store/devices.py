"""Phones as callers: whose token this is, and the codes that make a phone somebody's."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.store.people import Device, Enrolment, Person


def caller_by_hash(session: Session, token_hash: str) -> tuple[Device, Person] | None:
    """The phone whose token has this hash, whatever its state, and whose it is."""
    query = (
        select(Device, Person)
        .join(Person, Person.id == Device.person_id)
        .where(Device.token_hash == token_hash)
    )
    found = session.execute(query).unique().one_or_none()
    return None if found is None else (found[0], found[1])


def renew(session: Session, device_id: UUID, now: datetime, expires_at: datetime) -> None:
    """The phone was used: its token lives longer, unless it was ended meanwhile."""
    change = update(Device).where(Device.id == device_id, Device.revoked_at.is_(None))
    session.execute(change.values(used_at=now, expires_at=expires_at))


def end_device(session: Session, device_id: UUID, now: datetime) -> None:
    """Sign one phone out; one that is signed out already stays as it is."""
    change = update(Device).where(Device.id == device_id, Device.revoked_at.is_(None))
    session.execute(change.values(revoked_at=now))


def usable_code(session: Session, code_hash: str, now: datetime) -> Enrolment | None:
    """The enrolment with this code, locked, if it is unused, in time, and its person is there."""
    query = (
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.code_hash == code_hash,
            Enrolment.used_at.is_(None),
            Enrolment.expires_at > now,
            Person.left_at.is_(None),
        )
        .with_for_update(of=Enrolment)
    )
    return session.scalars(query).one_or_none()


def live_devices(session: Session, person_id: UUID) -> Sequence[Device]:
    """Her phones that may still sign in."""
    query = select(Device).where(Device.person_id == person_id, Device.revoked_at.is_(None))
    return session.scalars(query).all()


def last_codes(session: Session, person_id: UUID, now: datetime) -> Sequence[Enrolment]:
    """Her enrolment codes that could still be used, newest first. What they are is kept nowhere."""
    query = select(Enrolment).where(
        Enrolment.person_id == person_id, Enrolment.used_at.is_(None), Enrolment.expires_at > now
    )
    return session.scalars(query.order_by(Enrolment.created_at.desc())).all()


def phones_by_person(session: Session, person_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many phones each of these people is signed in with."""
    query = (
        select(Device.person_id, func.count())
        .where(Device.person_id.in_(person_ids), Device.revoked_at.is_(None))
        .group_by(Device.person_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
