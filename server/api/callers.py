"""Whose phone is calling: bearer tokens only; no cookie opens anything here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

import structlog
from flask import request

from server.acts.enrolling import TOKEN_LIFE
from server.domain.refusals import Refusal
from server.domain.secrets import hash_token
from server.running import running
from server.store import db, devices
from server.store.faults import AWAY
from server.store.people import Device, Person

RENEWED_EVERY = timedelta(hours=1)
FORGIVEN = timedelta(days=90)
LONGEST_TOKEN = 200

log = structlog.get_logger()


class NotSignedIn(Refusal):
    """No token, or one that opens nothing (any more)."""

    kind = "unauthorized"


class Standing(Enum):
    """What a known token is worth now."""

    LIVE = auto()
    EXPIRED = auto()
    """Within 90 days: good for an SOS and for nothing else."""
    ENDED = auto()
    """Signed out, or its owner has left."""
    STALE = auto()


@dataclass(frozen=True)
class Caller:
    """The phone that calls, its owner, and what its token is worth."""

    device: Device
    person: Person
    standing: Standing


def token_given() -> str | None:
    """The bearer token of this request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        return None
    return token


def find_caller(now: datetime) -> Caller | None:
    """Whoever the token was given to, whatever it is worth; None where it is nobody's."""
    token = token_given()
    if token is None:
        return None
    hashed = hash_token(token)
    found = db.read(lambda session: devices.caller_by_hash(session, hashed))
    return Caller(*found, _standing(*found, now)) if found else None


def _standing(device: Device, person: Person, now: datetime) -> Standing:
    if device.revoked_at is not None or person.left_at is not None:
        return Standing.ENDED
    if now < device.expires_at:
        return Standing.LIVE
    return Standing.EXPIRED if now < device.expires_at + FORGIVEN else Standing.STALE


def caller(now: datetime) -> Caller:
    """Whoever calls; NotSignedIn unless the token is live. Using it renews it, at most hourly."""
    found = find_caller(now)
    if found is None or found.standing is not Standing.LIVE:
        raise NotSignedIn("Sign in again: this phone needs a new code from your manager.")
    renew(found.device, now)
    return found


def renew(device: Device, now: datetime) -> None:
    """Let the token live another 365 days; nobody is refused because that could not be stored."""
    if now - device.used_at < RENEWED_EVERY:
        return
    try:
        db.write(lambda session: devices.renew(session, device.id, now, now + TOKEN_LIFE))
    except AWAY:
        log.warning("token_not_renewed", device=str(device.id))


def address() -> str | None:
    """Where the request comes from, for counting tries; None where tries are not counted."""
    if not running().settings.rate_limits:
        return None
    return request.remote_addr or "unknown"
