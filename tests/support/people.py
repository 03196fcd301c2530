"""A made-up organisation in a test's database: Riverside, its people, their PINs and phones.

    app = open_app(database_url, tmp_path, clock)
    riverside = settle(app, clock)
    riverside["amy"].token

Amy is watched by Ben (her buddy) and Cat (her cover, who manages the team and takes no calls); Ben
by Amy; Dan, in the same team, by Ben: he has no part in anything of Amy's. `settle` again with
another slug makes a second organisation, blind to the first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from server.app import create_app
from server.clock import Clock
from server.config import Settings
from server.domain.secrets import Keyring, hash_token
from server.gateways.base import Gateway
from server.running import KEY, Running
from server.store.db import read, write
from server.store.people import (
    Device,
    Membership,
    NumberProof,
    Organisation,
    Pairing,
    Person,
    Team,
)
from shared.policy import read_policy
from shared.states import Role
from tests.support.apps import pool

T = TypeVar("T")

KEYS = Keyring(b"a secret key that only the tests know, 1234567890")
TOKEN_LIFE = timedelta(days=365)


@dataclass(frozen=True)
class Somebody:
    """One person to be made. PINs are given together or not at all."""

    ref: str
    name: str
    mobile: str
    roles: tuple[Role, ...] = (Role.WORKER, Role.BUDDY)
    buddies: tuple[str, ...] = ()
    pin: str | None = None
    duress_pin: str | None = None
    email: str | None = None
    no_calls: bool = False
    team: str = "ot-north"


AMY = Somebody(
    "amy", "Amy Okafor", "+447700900101", buddies=("ben", "cat"), pin="4821", duress_pin="7390",
    email="amy@example.org",
)  # fmt: skip
BEN = Somebody(
    "ben", "Ben Hughes", "+447700900102", buddies=("amy",), pin="1357", duress_pin="8642"
)
CAT = Somebody(
    "cat", "Cat Lin", "+447700900103", (Role.MANAGER, Role.BUDDY), pin="2468", duress_pin="9713",
    no_calls=True,
)  # fmt: skip
DAN = Somebody("dan", "Dan Price", "+447700900104", buddies=("ben",), pin="3691", duress_pin="8025")
EVERYBODY = (AMY, BEN, CAT, DAN)


@dataclass(frozen=True)
class Settled:
    """A person who is in the database, with what her phone knows."""

    id: UUID
    ref: str
    name: str
    mobile: str
    token: str
    pin: str
    duress_pin: str

    @property
    def headers(self) -> dict[str, str]:
        """What her phone sends with every request."""
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Org:
    """An organisation that is in the database, and its people by ref."""

    id: UUID
    slug: str
    teams: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Settled] = field(default_factory=dict)

    def __getitem__(self, ref: str) -> Settled:
        return self.people[ref]


def plain_settings(url: str, folder: Path, **changes: Any) -> Settings:
    """Settings of a server that tells pretend phones and says nothing of a rehearsal."""
    told: dict[str, Any] = {
        "database_url": url,
        "data_dir": folder,
        "keys": KEYS,
        "public_url": "http://wayhome.test",
        "twilio": None,
        "heartbeat_url": None,
        "rate_limits": True,
        "senders": 4,
        "pretend": True,
        "demo": True,
    }
    return Settings(**{**told, **changes})


def open_app(
    url: str,
    folder: Path,
    clock: Clock,
    *,
    ways_out: list[Gateway] | None = None,
    lasting: bool = False,
    **changes: Any,
) -> Flask:
    """The real application over this database, on the test's clock; nothing is started.

    `changes` are fields of Settings: `pretend=True, demo=False` makes it a rehearsal. It goes back
    when the test ends; `lasting`: it is needed for longer.
    """
    settings = plain_settings(url, folder, **changes)
    if lasting:
        return create_app(settings, clock=clock, ways_out=ways_out)
    key = repr((make_url(url).get_backend_name(), sorted(changes.items())))
    return pool.open(settings, clock, ways_out, key)


def running_in(app: Flask) -> Running:
    """What the application is made of."""
    found: Running = app.extensions[KEY]
    return found


def reading(app: Flask, work: Callable[[Session], T]) -> T:
    """What `work` finds in the application's database."""
    with app.app_context():
        return read(work)


def writing(app: Flask, work: Callable[[Session], T]) -> T:
    """Change the application's database by hand, in one transaction."""
    with app.app_context():
        return write(work)


def settle(
    app: Flask,
    clock: Clock,
    people: Iterable[Somebody] = EVERYBODY,
    *,
    slug: str = "riverside",
    policy: Mapping[str, Any] | None = None,
    admins: Iterable[str] = (),
    proof: NumberProof = NumberProof.PROVEN,
) -> Org:
    """Put these people into the database, with PINs and a phone each; ids depend on names only."""
    return writing(
        app, _Settling(slug, clock.now(), tuple(people), policy or {}, set(admins), proof)
    )


@dataclass
class _Settling:
    slug: str
    now: datetime
    people: tuple[Somebody, ...]
    policy: Mapping[str, Any]
    admins: set[str]
    proof: NumberProof

    def __call__(self, session: Session) -> Org:
        org = Org(self._id("organisation"), self.slug)
        session.add(
            Organisation(id=org.id, slug=self.slug, name=self.slug.title(), created_at=self.now)
        )
        session.flush()
        self._teams(session, org)
        for somebody in self.people:
            org.people[somebody.ref] = self._person(session, org, somebody)
        session.flush()
        for somebody in self.people:
            self._watchers(session, org, somebody)
        return org

    def _id(self, what: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"{self.slug}/{what}")

    def _teams(self, session: Session, org: Org) -> None:
        for slug in dict.fromkeys(somebody.team for somebody in self.people):
            org.teams[slug] = self._id(f"team/{slug}")
            team = Team(
                id=org.teams[slug],
                org_id=org.id,
                slug=slug,
                name=slug.replace("-", " ").title(),
                policy_json=read_policy(self.policy).to_json(),
                created_at=self.now,
            )
            session.add(team)
        session.flush()

    def _person(self, session: Session, org: Org, somebody: Somebody) -> Settled:
        found = Settled(
            id=self._id(somebody.ref),
            ref=somebody.ref,
            name=somebody.name,
            mobile=somebody.mobile,
            token=f"token-of-{somebody.ref}-at-{self.slug}",
            pin=somebody.pin or "",
            duress_pin=somebody.duress_pin or "",
        )
        session.add(self._row(org, somebody, found.id))
        session.flush()
        session.add(Membership(person_id=found.id, team_id=org.teams[somebody.team], home=True))
        session.add(self._phone(found))
        return found

    def _row(self, org: Org, somebody: Somebody, person_id: UUID) -> Person:
        pins = {
            "pin_hash": somebody.pin and KEYS.pin_hash(person_id, somebody.pin),
            "duress_hash": somebody.duress_pin and KEYS.pin_hash(person_id, somebody.duress_pin),
        }
        return Person(
            id=person_id,
            org_id=org.id,
            ref=somebody.ref,
            name=somebody.name,
            mobile=somebody.mobile,
            number_proof=self.proof.value,
            number_proven_at=self.now if self.proof is NumberProof.PROVEN else None,
            email=somebody.email,
            roles=[role.value for role in somebody.roles],
            is_admin=somebody.ref in self.admins,
            no_calls=somebody.no_calls,
            created_at=self.now,
            **pins,
        )

    def _phone(self, person: Settled) -> Device:
        return Device(
            id=self._id(f"phone/{person.ref}"),
            person_id=person.id,
            name=f"{person.name}'s phone",
            token_hash=hash_token(person.token),
            created_at=self.now,
            used_at=self.now,
            expires_at=self.now + TOKEN_LIFE,
        )

    def _watchers(self, session: Session, org: Org, somebody: Somebody) -> None:
        for rank, ref in enumerate(somebody.buddies):
            pairing = Pairing(worker_id=org[somebody.ref].id, rank=rank, watcher_id=org[ref].id)
            session.add(pairing)
