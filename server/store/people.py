"""Organisations, teams, people, who watches whom, and their phones."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    String,
    UniqueConstraint,
    column,
    exists,
    false,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.store.db import Base, lock_rows
from server.store.types import Instant, one_of
from shared.policy import Policy, read_policy
from shared.states import Role, VisitStatus

_OUT = table("visits", column("worker_id"), column("status"))


class NumberProof(StrEnum):
    """How far a number is known to reach its person."""

    NONE = "none"
    TRUSTED = "trusted"
    PROVEN = "proven"


class Organisation(Base):
    """One employer; everything belongs to exactly one, and none sees another.

    `keep_days` is how long the personal part of the log is kept, in days; `keep_alarm_days`, of a
    visit that had an alarm.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("keep_days BETWEEN 30 AND 36500", name="keep_days_bounds"),
        CheckConstraint("keep_alarm_days BETWEEN 30 AND 36500", name="keep_alarm_days_bounds"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/London")
    country: Mapped[str] = mapped_column(String(2), default="GB")
    keep_days: Mapped[int] = mapped_column(default=400)
    keep_alarm_days: Mapped[int] = mapped_column(default=2192)
    created_at: Mapped[datetime] = mapped_column(Instant)


@lru_cache(maxsize=512)
def policy_of(policy_json: str) -> Policy:
    """The policy that was stored as this text. Reading one costs as much as several statements,
    and there are as many as teams."""
    return read_policy(json.loads(policy_json))


class Team(Base):
    """People who watch over each other by one policy."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("org_id", "slug"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    policy_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    policy_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def policy(self) -> Policy:
        """The team's policy; what is stored was checked when it was written."""
        return policy_of(json.dumps(self.policy_json, sort_keys=True))


class Membership(Base):
    """A person's place in a team; `home` is the team her own visits belong to."""

    __tablename__ = "memberships"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)
    home: Mapped[bool] = mapped_column(default=False)


class Person(Base):
    """Somebody Wayhome watches over or tells. Her row is the lock for everything about her.

    `pins_before`: the PINs that come back when a duress is over in which she had to change them.
    """

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("org_id", "ref"),
        UniqueConstraint("org_id", "mobile"),
        one_of("number_proof", NumberProof),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    ref: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(100))
    mobile: Mapped[str | None] = mapped_column(String(20), index=True)
    landline: Mapped[bool] = mapped_column(default=False)
    number_proof: Mapped[str] = mapped_column(String(10), default=NumberProof.NONE.value)
    number_proven_at: Mapped[datetime | None] = mapped_column(Instant)
    unreachable_since: Mapped[datetime | None] = mapped_column(Instant)
    email: Mapped[str | None] = mapped_column(String(254))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_admin: Mapped[bool] = mapped_column(default=False)
    no_calls: Mapped[bool] = mapped_column(default=False)
    prefers: Mapped[str | None] = mapped_column(String(10))
    usual_minutes: Mapped[int | None] = mapped_column()
    more_reminders: Mapped[bool] = mapped_column(default=False, server_default=false())
    offer_answered_at: Mapped[datetime | None] = mapped_column(Instant)
    pin_hash: Mapped[str | None] = mapped_column(String(64))
    duress_hash: Mapped[str | None] = mapped_column(String(64))
    wrong_pins: Mapped[int] = mapped_column(default=0)
    pins_jammed: Mapped[bool] = mapped_column(default=False)
    pins_before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    away_from: Mapped[datetime | None] = mapped_column(Instant)
    away_until: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    org: Mapped[Organisation] = relationship(lazy="joined")

    def has_role(self, *roles: Role) -> bool:
        """Whether she has any of these roles."""
        return any(role.value in self.roles for role in roles)

    @property
    def has_pins(self) -> bool:
        """Whether both PINs are set; a person without them is a hole that `doctor` names."""
        return bool(self.pin_hash and self.duress_hash)


class Pairing(Base):
    """Who watches over whom: rank 0 is the buddy, the others are covers in order."""

    __tablename__ = "pairings"
    __table_args__ = (UniqueConstraint("worker_id", "watcher_id"),)

    worker_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    watcher_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)


class WrongPin(Base):
    """A request that carried a wrong PIN: sent again by a phone in a dead spot, it counts once."""

    __tablename__ = "wrong_pins"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    request: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Device(Base):
    """One phone of one person, known by a token of which only a hash is kept."""

    __tablename__ = "devices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Enrolment(Base):
    """A code that makes one phone hers: once, and for a day."""

    __tablename__ = "enrolments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


def person(session: Session, person_id: UUID) -> Person:
    """The person with this id; it is a fault of the program to ask for one that is not there."""
    return session.get_one(Person, person_id)


def find_person(session: Session, org_id: UUID, person_id: UUID) -> Person | None:
    """This organisation's person with that id, unless she has left."""
    found = session.get(Person, person_id)
    there = found is not None and found.org_id == org_id and found.left_at is None
    return found if there else None


def lock_people(session: Session, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Lock these people, always in the same order, so that two acts never wait for each other.

    Everything that changes a worker's visits or alarms locks her first; on SQLite the transaction
    is the lock.
    """
    query = (
        select(Person)
        .where(Person.id.in_(set(ids)))
        .order_by(Person.id)
        .with_for_update(of=Person, **lock_rows(session))
        .execution_options(populate_existing=True)
    )
    return {found.id: found for found in session.scalars(query)}


def team_of(session: Session, person_id: UUID) -> Team | None:
    """The team her own visits belong to: her home team, or the first she is in."""
    query = select(Team).join(Membership, Membership.team_id == Team.id)
    query = query.where(Membership.person_id == person_id)
    return session.scalar(query.order_by(Membership.home.desc(), Team.slug).limit(1))


def team_ids(session: Session, person_id: UUID) -> set[UUID]:
    """Every team she is in."""
    return set(session.scalars(select(Membership.team_id).where(Membership.person_id == person_id)))


def members(session: Session, team_id: UUID) -> Sequence[Person]:
    """Everybody now in this team, by name."""
    query = select(Person).join(Membership, Membership.person_id == Person.id)
    query = query.where(Membership.team_id == team_id, Person.left_at.is_(None))
    return session.scalars(query.order_by(Person.name, Person.id)).all()


def admins(session: Session, org_id: UUID) -> Sequence[Person]:
    """The organisation's administrators."""
    query = select(Person).where(Person.org_id == org_id, Person.is_admin, Person.left_at.is_(None))
    return session.scalars(query.order_by(Person.name, Person.id)).all()


def watchers(session: Session, worker_id: UUID) -> Sequence[Person]:
    """Her buddy first, then her covers in order; those who left are not among them."""
    query = (
        select(Person)
        .join(Pairing, Pairing.watcher_id == Person.id)
        .where(Pairing.worker_id == worker_id, Person.left_at.is_(None))
        .order_by(Pairing.rank)
    )
    return session.scalars(query).all()


def watched_by(session: Session, watcher_id: UUID) -> set[UUID]:
    """The workers she is buddy or cover for."""
    query = select(Pairing.worker_id).where(Pairing.watcher_id == watcher_id)
    return set(session.scalars(query))


def by_mobile(session: Session, mobile: str) -> Sequence[Person]:
    """Whoever has this number, one for each organisation it belongs to.

    Somebody who left while she was out is still known by it: her visit is watched to its end, and
    she must be able to end it.
    """
    out = exists().where(_OUT.c.worker_id == Person.id, _OUT.c.status == VisitStatus.OPEN.value)
    there = or_(Person.left_at.is_(None), out)
    query = select(Person).where(Person.mobile == mobile, there)
    return session.scalars(query.order_by(Person.created_at, Person.id)).all()


def sharing_phone(session: Session, person: Person) -> list[UUID]:
    """This person and whoever else is reached by her number, in any organisation."""
    if person.mobile is None:
        return [person.id]
    query = select(Person.id).where(
        Person.mobile == person.mobile, Person.left_at.is_(None), Person.id != person.id
    )
    return [person.id, *session.scalars(query)]


def by_ref(session: Session, org_id: UUID, ref: str) -> Person | None:
    """The person an organisation calls `ref`."""
    return session.scalar(select(Person).where(Person.org_id == org_id, Person.ref == ref))
