"""One installation, used by its commands the way an operator does."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import TextClause, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server.cli import main
from server.store.people import Organisation, Person
from server.store.roster import Roster, roster_of
from tests.support.database import Maker
from tests.support.people import KEYS

T = TypeVar("T")

RIVERSIDE: dict[str, Any] = {
    "organisation": {"slug": "riverside", "name": "Riverside Community Therapy"},
    "teams": [{"slug": "ot-north", "name": "OT North", "policy": {"grace_s": 600}}],
    "people": [
        {
            "ref": "amy",
            "name": "Amy Okafor",
            "mobile": "+447700900101",
            "email": "amy@example.org",
            "team": "ot-north",
            "roles": ["worker", "buddy"],
            "buddies": ["ben", "cat"],
            "pin": "4821",
            "duress_pin": "7390",
        },
        {
            "ref": "ben",
            "name": "Ben Hughes",
            "mobile": "07700 900102",
            "team": "ot-north",
            "roles": ["worker", "buddy"],
            "buddies": ["amy"],
            "pin": "1357",
            "duress_pin": "8642",
        },
        {
            "ref": "cat",
            "name": "Cat Lin",
            "mobile": "+447700900103",
            "teams": ["ot-north"],
            "roles": ["manager", "buddy"],
            "no_calls": True,
            "pin": "2468",
            "duress_pin": "9713",
        },
    ],
}


def riverside() -> dict[str, Any]:
    """The example of contract 4, everybody with PINs; a test may change its own copy."""
    return copy.deepcopy(RIVERSIDE)


def person_of(document: dict[str, Any], ref: str) -> dict[str, Any]:
    """Somebody's row in a file."""
    found: dict[str, Any] = next(row for row in document["people"] if row["ref"] == ref)
    return found


@dataclass
class Office:
    """A database, a data folder, and the commands over them."""

    url: str
    folder: Path
    env: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.env = {
            "WAYHOME_DATABASE_URL": self.url,
            "WAYHOME_DATA_DIR": str(self.folder),
            "WAYHOME_SECRET_KEY": KEYS.secret.decode(),
            "WAYHOME_TWILIO_ACCOUNT_SID": None,
            "WAYHOME_TWILIO_AUTH_TOKEN": None,
            "WAYHOME_TWILIO_FROM": None,
            **self.env,
        }

    def run(self, *words: str) -> Result:
        """What a command says and how it ends."""
        return CliRunner().invoke(main, list(words), env=self.env)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """The installed command in a process of its own."""
        env = {**os.environ, **self.env}
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("wayhome")), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={name: value for name, value in env.items() if value is not None},
        )

    def write_file(self, content: Any, name: str = "people.json") -> str:
        """A file in the office; what is neither bytes nor text is written as JSON."""
        path = self.folder / name
        data = content if isinstance(content, bytes | str) else json.dumps(content)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    def imports(self, content: Any, *words: str, name: str = "people.json") -> dict[str, Any]:
        """Import what must be accepted; returns the summary."""
        result = self.run("import", self.write_file(content, name), *words)
        assert result.exit_code == 0, result.stderr
        assert result.stderr == ""
        summary: dict[str, Any] = json.loads(result.stdout)
        return summary

    def refused(self, content: Any, *words: str, name: str = "people.json") -> list[str]:
        """Import what must be refused; returns the faults, and has made sure nothing changed."""
        before = self.dump()
        result = self.run("import", self.write_file(content, name), *words)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        assert self.dump() == before
        return result.stderr.splitlines()

    def read(self, work: Callable[[Session], T]) -> T:
        """What `work` finds in the database."""
        engine = create_engine(self.url, poolclass=NullPool)
        with Session(engine) as session:
            return work(session)

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row an import may touch."""
        tables = (
            "organisations",
            "teams",
            "people",
            "memberships",
            "pairings",
            "enrolments",
            "log",
        )

        def rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
            return {
                table: sorted(tuple(map(str, row)) for row in session.execute(_all_of(table)))
                for table in tables
            }

        return self.read(rows)

    def roster(self, slug: str = "riverside") -> Roster:
        """An organisation as it is stored."""

        def work(session: Session) -> Roster:
            org = session.query(Organisation).filter_by(slug=slug).one()
            return roster_of(session, org)

        return self.read(work)

    def person(self, ref: str, slug: str = "riverside") -> Person:
        """Somebody as she is stored."""
        return self.roster(slug).people[ref]

    def buddies(self, ref: str) -> list[str]:
        """Whoever watches over somebody, in order."""
        roster = self.roster()
        refs = {person.id: person.ref for person in roster.people.values()}
        return [refs[one] for one in roster.watchers.get(roster.people[ref].id, [])]

    def teams(self, ref: str) -> tuple[str, set[str]]:
        """Somebody's home team, and all of hers."""
        roster = self.roster()
        slugs = {team.id: team.slug for team in roster.teams.values()}
        places = roster.places[roster.people[ref].id]
        [home] = [slugs[team_id] for team_id, place in places.items() if place.home]
        return home, {slugs[team_id] for team_id in places}


def _all_of(table: str) -> TextClause:
    return text(f"SELECT * FROM {table}")


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Office:
    """A fresh installation on each kind of database."""
    return Office(database_url, tmp_path)


@pytest.fixture
def desk(new_database: Maker, tmp_path: Path) -> Office:
    """A fresh installation on SQLite only, for what does not depend on the database."""
    return Office(new_database("sqlite"), tmp_path)
