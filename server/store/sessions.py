"""Whoever is signed in to the pages, by what, and the keys to their doors. Only hashes are kept."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    LargeBinary,
    String,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.store.db import Base
from server.store.people import Person
from server.store.types import Instant, one_of


class Stage(StrEnum):
    """How far somebody has come in."""

    HALF = "half"
    """The password was right; the second factor is still asked for. Opens nothing else."""
    SETUP = "setup"
    """Invited, with a password, and still without the second factor she must have."""
    FULL = "full"


class WebSession(Base):
    """One browser of one person. `proven_at`: when she last showed that it is her.

    `challenge` is what a passkey has been asked to sign, once.
    """

    __tablename__ = "web_sessions"
    __table_args__ = (one_of("stage", Stage),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    stage: Mapped[str] = mapped_column(String(10))
    how: Mapped[str] = mapped_column(String(30))
    agent: Mapped[str] = mapped_column(String(60))
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    proven_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Login(Base):
    """How one person signs in by password, and her second factor by app.

    `totp_sealed` is encrypted under the secret key; `totp_step` is the last one accepted, because
    a code opens once.
    """

    __tablename__ = "web_logins"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_at: Mapped[datetime | None] = mapped_column(Instant)
    totp_sealed: Mapped[str | None] = mapped_column(String(300))
    totp_at: Mapped[datetime | None] = mapped_column(Instant)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)


class Passkey(Base):
    """A device or security key that signs for her after asking for finger, face or PIN."""

    __tablename__ = "web_passkeys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    counter: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCode(Base):
    """Instead of a second factor that is lost: once."""

    __tablename__ = "web_recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Invitation(Base):
    """A link with which one person sets a password: once, and not for long."""

    __tablename__ = "web_invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Identity(Base):
    """Somebody as her employer's sign-in service knows her: by issuer and subject, never e-mail."""

    __tablename__ = "web_identities"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)


_BY_HASH = select(WebSession).where(WebSession.secret_hash == bindparam("secret_hash"))


def session_by_hash(session: Session, secret_hash: str) -> WebSession | None:
    """The sign-in with this cookie, whatever it is worth, with its person."""
    return session.scalars(_BY_HASH, {"secret_hash": secret_hash}).unique().one_or_none()


def seen(session: Session, session_id: UUID, now: datetime) -> None:
    """She is at work: the time of idleness begins anew."""
    session.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=now))


def sessions_of(session: Session, person_id: UUID) -> Sequence[WebSession]:
    """Her browsers that are signed in whole, the latest used first."""
    query = select(WebSession).where(
        WebSession.person_id == person_id, WebSession.stage == Stage.FULL.value
    )
    return session.scalars(query.order_by(WebSession.seen_at.desc())).unique().all()


def end_session(session: Session, person_id: UUID, session_id: UUID) -> bool:
    """Sign one browser of hers out; False where there is no such one."""
    wanted = delete(WebSession).where(
        WebSession.id == session_id, WebSession.person_id == person_id
    )
    return session.scalar(wanted.returning(WebSession.id)) is not None


def end_sessions(session: Session, person_id: UUID, but: UUID | None = None) -> int:
    """Sign every browser of hers out, but the one named; returns how many."""
    wanted = delete(WebSession).where(WebSession.person_id == person_id)
    if but is not None:
        wanted = wanted.where(WebSession.id != but)
    return len(session.scalars(wanted.returning(WebSession.id)).all())


def end_invitations(session: Session, person_id: UUID, now: datetime) -> int:
    """End her unused invitations; returns how many."""
    change = update(Invitation).where(
        Invitation.person_id == person_id,
        Invitation.used_at.is_(None),
        Invitation.expires_at > now,
    )
    ended = session.scalars(change.values(expires_at=now).returning(Invitation.id))
    return len(ended.all())


def people_with_email(session: Session, email: str) -> Sequence[Person]:
    """Whoever is reached at this address, one or several in each organisation, unless they left."""
    query = select(Person).where(
        func.lower(Person.email) == email.strip().lower(), Person.left_at.is_(None)
    )
    return session.scalars(query.order_by(Person.created_at, Person.id)).unique().all()


def login_of(session: Session, person_id: UUID, *, lock: bool = False) -> Login | None:
    """How she signs in; None where she never could."""
    query = select(Login).where(Login.person_id == person_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def passkeys_of(session: Session, person_id: UUID) -> Sequence[Passkey]:
    """Her passkeys, oldest first."""
    query = select(Passkey).where(Passkey.person_id == person_id)
    return session.scalars(query.order_by(Passkey.made_at, Passkey.id)).all()


def forget_passkeys(session: Session, person_id: UUID) -> None:
    """None of her passkeys opens anything any more."""
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))


def recovery_code(session: Session, person_id: UUID, code_hash: str) -> RecoveryCode | None:
    """Her unused recovery code with this hash, locked."""
    query = select(RecoveryCode).where(
        RecoveryCode.person_id == person_id,
        RecoveryCode.code_hash == code_hash,
        RecoveryCode.used_at.is_(None),
    )
    return session.scalars(query.with_for_update()).one_or_none()


def recovery_codes_left(session: Session, person_id: UUID) -> int:
    """How many of her recovery codes are unused."""
    query = select(func.count()).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(query) or 0


def forget_recovery_codes(session: Session, person_id: UUID) -> None:
    """None of her recovery codes opens anything any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def invitation(session: Session, token_hash: str, now: datetime) -> Invitation | None:
    """The invitation with this token, locked, if it is unused, in time, and its person is there."""
    query = select(Invitation).where(
        Invitation.token_hash == token_hash,
        Invitation.used_at.is_(None),
        Invitation.expires_at > now,
    )
    found = session.scalars(query.with_for_update(of=Invitation)).unique().one_or_none()
    return found if found is not None and found.person.left_at is None else None


def forget_passkey(session: Session, person_id: UUID, passkey_id: UUID) -> bool:
    """This passkey of hers opens nothing any more; False where there is none such."""
    wanted = delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id)
    return session.scalar(wanted.returning(Passkey.id)) is not None


def forget_keys(session: Session, person_id: UUID, now: datetime) -> None:
    """Nothing of hers opens anything any more: password, second factors, invitations, and what
    her employer's sign-in service says of her."""
    end_invitations(session, person_id, now)
    for kind in (Login, Passkey, RecoveryCode, Identity):
        session.execute(delete(kind).where(kind.person_id == person_id))


def identity(session: Session, issuer: str, subject: str) -> Identity | None:
    """The account of that name at that service."""
    return session.get(Identity, (issuer, subject))


def identities_of(session: Session, person_id: UUID) -> Sequence[Identity]:
    """Her accounts at sign-in services."""
    return session.scalars(select(Identity).where(Identity.person_id == person_id)).all()
