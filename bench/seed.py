"""Fills a fresh database with as many people and open visits as a bench wants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, insert
from sqlalchemy.pool import NullPool

from server.domain.secrets import hash_token
from server.store.people import Device, Membership, Organisation, Pairing, Person, Team
from server.store.visits import Visit
from shared.policy import read_policy

POLICY = {"warn_before_s": 0, "nudges": 0, "grace_s": 0, "pin": "never"}
LOT = 5_000
TEAM = 20
"""How many people are in one team."""


@dataclass(frozen=True)
class Seeded:
    """What a bench needs to know of the people it made."""

    tokens: list[str]
    names: list[str]


class Town:
    """One organisation in teams of 20; every worker has the one buddy next to her."""

    def __init__(self, database: Path | str, now: datetime) -> None:
        """`database`: the embedded one's file, or the URL of any."""
        url = database if isinstance(database, str) else f"sqlite:///{database}"
        self._engine = create_engine(url, poolclass=NullPool)
        self._now = now
        self._org = uuid4()
        self._teams: list[UUID] = []

    def fill(self, workers: int, open_visits: int, due: list[datetime]) -> Seeded:
        """Make `workers` people, `open_visits` far from due, and one due at each given instant.

        The due ones belong to every other worker from the first on, one each, whose names are
        returned in the same order; the people between them are their buddies and stay at home.
        """
        people = [uuid4() for _ in range(workers)]
        with self._engine.begin() as connection:
            self._organisation(connection, 1 + workers // TEAM)
            self._people(connection, people)
            self._visits(connection, people, open_visits, due)
        self._engine.dispose()
        names = [self._name(2 * n) for n in range(len(due))]
        return Seeded([self._token(n) for n in range(workers)], names)

    @staticmethod
    def _token(n: int) -> str:
        return f"bench-token-{n}"

    @staticmethod
    def _name(n: int) -> str:
        return f"Person {n}"

    @staticmethod
    def _number(n: int) -> str:
        return f"+4477009{n:05d}"

    def _team_of(self, n: int) -> UUID:
        return self._teams[n // TEAM]

    def _organisation(self, connection: Connection, teams: int) -> None:
        org: dict[str, Any] = {"id": self._org, "slug": "bench", "name": "Bench"}
        connection.execute(
            insert(Organisation),
            [org | {"timezone": "Europe/London", "country": "GB", "created_at": self._now}],
        )
        self._teams = [uuid4() for _ in range(teams)]
        policy = {"policy_json": read_policy(POLICY).to_json(), "policy_version": 1}
        connection.execute(
            insert(Team),
            [
                {"id": team, "org_id": self._org, "slug": f"t{n}", "name": f"Team {n}"}
                | policy
                | {"created_at": self._now}
                for n, team in enumerate(self._teams)
            ],
        )

    def _people(self, connection: Connection, people: list[UUID]) -> None:
        rows = [self._person(n, person) for n, person in enumerate(people)]
        _in_lots(connection, Person, rows)
        _in_lots(
            connection,
            Membership,
            [
                {"person_id": person, "team_id": self._team_of(n), "home": True}
                for n, person in enumerate(people)
            ],
        )
        buddies = [*people[1:], people[0]]
        _in_lots(
            connection,
            Pairing,
            [
                {"worker_id": worker, "rank": 0, "watcher_id": buddy}
                for worker, buddy in zip(people, buddies, strict=True)
            ],
        )
        _in_lots(connection, Device, [self._device(n, person) for n, person in enumerate(people)])

    def _person(self, n: int, person: UUID) -> dict[str, Any]:
        return {
            "id": person,
            "org_id": self._org,
            "ref": f"p{n}",
            "name": self._name(n),
            "mobile": self._number(n),
            "landline": False,
            "number_proof": "trusted",
            "roles": ["worker", "buddy"],
            "is_admin": False,
            "no_calls": False,
            "wrong_pins": 0,
            "pins_jammed": False,
            "created_at": self._now,
        }

    def _device(self, n: int, person: UUID) -> dict[str, Any]:
        return {
            "id": uuid4(),
            "person_id": person,
            "name": "bench",
            "token_hash": hash_token(self._token(n)),
            "created_at": self._now,
            "used_at": self._now,
            "expires_at": self._now + timedelta(days=365),
        }

    def _visits(
        self, connection: Connection, people: list[UUID], open_visits: int, due: list[datetime]
    ) -> None:
        late = self._now + timedelta(hours=11)
        far = [
            self._visit(2 * n % len(people), people, late + timedelta(milliseconds=n))
            for n in range(open_visits)
        ]
        soon = [self._visit(2 * n, people, at) for n, at in enumerate(due)]
        _in_lots(connection, Visit, far + soon)

    def _visit(self, n: int, people: list[UUID], due_at: datetime) -> dict[str, Any]:
        visit, worker = uuid4(), people[n]
        return {
            "id": visit,
            "client_ref": visit,
            "org_id": self._org,
            "team_id": self._team_of(n),
            "worker_id": worker,
            "started_by_id": worker,
            "kind": "visit",
            "status": "open",
            "risk": "standard",
            "place": "12 High St",
            "starts_at": self._now,
            "ends_at": due_at,
            "due_at": due_at,
            "raise_at": due_at,
            "next_at": due_at,
            "received_at": self._now,
            "heard_at": self._now,
        }


def _in_lots(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    for lot in _lots(rows):
        connection.execute(insert(table), lot)


def _lots(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), LOT):
        yield rows[start : start + LOT]
