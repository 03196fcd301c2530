"""`wayhome web` and `wayhome engine`: several over one PostgreSQL, and none over SQLite."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from server.store.schema import HEAD
from tests.support.command import Serving, finish, until, wayhome_env
from tests.support.database import Maker, Postgres

pytestmark = pytest.mark.slow

SECRET = "a secret key that all the machines share, 1234567890"
WEB = ("web", "--port", "0", "--workers", "2", "--pretend")
ENGINE = ("engine", "--pretend")
SERVE = ("serve", "--port", "0", "--pretend")

Start = Callable[..., Serving]


@pytest.fixture
def serving() -> Iterator[Start]:
    begun: list[Serving] = []

    def begin(env: dict[str, str], *arguments: str) -> Serving:
        begun.append(Serving(arguments, env))
        return begun[-1]

    yield begin
    for server in begun:
        server.kill()


@pytest.fixture
def url(new_database: Maker) -> str:
    return new_database("postgresql")


@pytest.fixture
def env(url: str, tmp_path: Path) -> dict[str, str]:
    return shared_env(tmp_path, url)


def shared_env(folder: Path, url: str) -> dict[str, str]:
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    return wayhome_env(folder / "data", WAYHOME_DATABASE_URL=plain, WAYHOME_SECRET_KEY=SECRET)


def ask(url: str, question: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        return connection.execute(text(question)).scalar()


def change(url: str, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))


def last_round(url: str) -> object:
    return ask(url, "SELECT round_at FROM house")


def a_new_round(url: str) -> None:
    before = last_round(url)
    until(lambda: last_round(url) != before, "another round")


@pytest.mark.parametrize("name", ["web", "engine"])
@pytest.mark.parametrize("elsewhere", [True, False])
def test_on_the_embedded_database_they_refuse_and_say_why(
    tmp_path: Path, name: str, elsewhere: bool
) -> None:
    data = tmp_path / "data"
    settings = {"WAYHOME_DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"} if elsewhere else {}
    done = finish([name, "--pretend"], wayhome_env(data, **settings))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"wayhome: {name} needs PostgreSQL (WAYHOME_DATABASE_URL): the embedded database can be "
        "written to by one process only. For one machine run: wayhome serve\n"
    )
    assert elsewhere or not data.exists()


@pytest.mark.pg
def test_webs_and_engines_side_by_side(env: dict[str, str], url: str, serving: Start) -> None:
    webs = [serving(env, *WEB).until_ready() for _ in range(2)]
    engines = [serving(env, *ENGINE).until_ready() for _ in range(2)]
    assert {engine.address for engine in engines} == {"engine"}
    assert all(requests.get(f"{web.address}/healthz", timeout=20).ok for web in webs)
    assert [len(web.children()) for web in webs] == [2, 2]
    until(lambda: ask(url, "SELECT count(*) FROM engine_beats") == 2, "two beats")
    engines[0].process.kill()
    a_new_round(url)
    assert [server.stop() for server in (engines[1], *webs)] == [0, 0, 0]
    assert webs[0].out.seen == [f"ready {webs[0].address}"]


@pytest.mark.pg
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_engine_is_gone_within_ten_seconds_of_being_told(
    env: dict[str, str], serving: Start, number: int
) -> None:
    engine = serving(env, *ENGINE).until_ready()
    os.killpg(engine.pid, number)
    assert engine.process.wait(10) == 0


@pytest.mark.pg
def test_serve_may_use_postgresql_too(env: dict[str, str], url: str, serving: Start) -> None:
    server = serving(env, *SERVE).until_ready()
    assert requests.get(f"{server.address}/healthz", timeout=20).ok
    a_new_round(url)
    assert server.stop() == 0


@pytest.mark.pg
@pytest.mark.parametrize("arguments", [WEB, ENGINE])
def test_a_database_that_is_not_migrated_is_refused(
    postgres: Postgres, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    url = postgres.new(empty=True)
    env = shared_env(tmp_path, url)
    done = finish(arguments, env)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == (
        "wayhome: The database is not at the schema of this Wayhome; run: wayhome migrate"
    )
    assert finish(["migrate"], env).stdout == f"migrated to schema {HEAD}\n"
    postgres.drop(url)


@pytest.mark.pg
def test_a_running_engine_stops_working_after_a_newer_migration(
    env: dict[str, str], url: str, serving: Start
) -> None:
    engine = serving(env, *ENGINE).until_ready()
    a_new_round(url)
    change(url, "UPDATE alembic_version SET version_num = '9999'")
    engine.err.find("OldEngine", within_s=10)
    stopped_at = last_round(url)
    now = ask(url, "SELECT now()")
    assert isinstance(now, datetime)
    engine.err.find("OldEngine", within_s=20)
    assert last_round(url) == stopped_at
    change(url, f"UPDATE alembic_version SET version_num = '{HEAD}'")
    a_new_round(url)


class Relay:
    """A TCP port that leads to PostgreSQL's socket, from when it is opened on."""

    def __init__(self, postgres: Postgres) -> None:
        host = postgres.server.query.get("host") or postgres.server.host
        self._target = (str(host), postgres.server.port or 5432)
        self._ends: list[socket.socket] = []
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def open(self) -> None:
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            there = self._connect()
            self._ends += [here, there]
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()

    def _connect(self) -> socket.socket:
        host, port = self._target
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        there = socket.socket(socket.AF_UNIX)
        there.connect(f"{host}/.s.PGSQL.{port}")
        return there

    def close(self) -> None:
        for end in (self._listener, *self._ends):
            end.close()


def _carry(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture
def relay(postgres: Postgres) -> Iterator[Relay]:
    found = Relay(postgres)
    yield found
    found.close()


def through(relay: Relay, url: str) -> str:
    found = make_url(url)
    return found.set(host="127.0.0.1", port=relay.port, query={}).render_as_string(
        hide_password=False
    )


@pytest.mark.pg
@pytest.mark.parametrize(
    "arguments",
    [WEB, ENGINE, ("serve", "--port", "0", "--pretend")],
    ids=["web", "engine", "serve"],
)
def test_a_database_that_comes_later_is_waited_for(
    relay: Relay, url: str, tmp_path: Path, serving: Start, arguments: tuple[str, ...]
) -> None:
    server = serving(shared_env(tmp_path, through(relay, url)), *arguments)
    name = make_url(url).database
    assert server.err.find("cannot be reached", within_s=20).string == (
        f"wayhome: The database {name} at 127.0.0.1:{relay.port} cannot be reached; "
        "trying for 60 s."
    )
    relay.open()
    server.until_ready()
    assert server.stop() == 0
    assert [line for line in server.err.rest() if "cannot be reached" in line] == []


@pytest.mark.pg
@pytest.mark.parametrize("command", ["web", "engine", "migrate"])
def test_a_database_that_does_not_come_is_said_once_and_given_up(
    relay: Relay, url: str, tmp_path: Path, command: str
) -> None:
    pretend = [] if command == "migrate" else ["--pretend"]
    env = shared_env(tmp_path, through(relay, url))
    done = finish([command, "--wait", "2", *pretend], env)
    assert (done.returncode, done.stdout) == (2, "")
    said = [line for line in done.stderr.splitlines() if "REHEARSAL" not in line]
    assert len(said) == 2
    assert said[0].endswith("cannot be reached; trying for 2 s.")
    assert "cannot be reached: connection" in said[1]
    assert "refused" in said[1]


@pytest.mark.pg
def test_waiting_ends_at_once_when_told(
    relay: Relay, url: str, tmp_path: Path, serving: Start
) -> None:
    server = serving(shared_env(tmp_path, through(relay, url)), *WEB)
    server.err.find("trying for 60 s", within_s=20)
    assert server.stop() == 0


@pytest.mark.pg
def test_what_waiting_cannot_mend_is_refused_at_once(url: str, tmp_path: Path) -> None:
    missing = make_url(url).set(database="no_such_database")
    env = shared_env(tmp_path, missing.render_as_string(hide_password=False))
    done = finish(["engine", "--pretend"], env, within_s=20)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith('database "no_such_database" does not exist.')
    assert "trying" not in done.stderr
