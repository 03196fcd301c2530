"""The peer: a bare Flask route that inserts one row, on the same server and database settings.

python -m bench.bare PORT DATABASE
"""

import sys
import threading
from typing import Any
from uuid import uuid4

from flask import Flask, request
from gunicorn.app.base import BaseApplication
from sqlalchemy import String, event
from sqlalchemy.engine import Engine, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

THREADS = 16


class Base(DeclarativeBase):
    """The peer's only table."""


class Row(Base):
    """What it inserts."""

    __tablename__ = "rows"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    place: Mapped[str] = mapped_column(String(200), index=True)


def _open(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})

    def pragmas(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", pragmas)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def create(path: str) -> Flask:
    """One route, one insert, one commit."""
    app, lock, engine = Flask("bare"), threading.Lock(), _open(path)
    Base.metadata.create_all(engine)

    @app.post("/rows")
    def insert() -> tuple[dict[str, str], int]:
        row = Row(id=str(uuid4()), place=request.get_json()["place"])
        with lock, Session(engine, expire_on_commit=False) as session:
            session.add(row)
            session.commit()
        return {"id": row.id}, 201

    return app


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn as `wayhome serve` runs it."""

    def __init__(self, port: str, path: str) -> None:
        self._bind, self._path = f"127.0.0.1:{port}", path
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self._bind,
            "worker_class": "gthread",
            "threads": THREADS,
            "control_socket_disable": True,
            "when_ready": lambda _: (
                sys.stdout.write(f"ready http://{self._bind}\n") and sys.stdout.flush()
            ),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create(self._path)


if __name__ == "__main__":
    Server(sys.argv[1], sys.argv[2]).run()
