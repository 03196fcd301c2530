"""The schema comes from its migrations only, is what the models say, and changes all at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from server import migrations
from server.migrations.__main__ import draft
from server.store import db, schema, upgrading
from server.store.bare import bare_app
from tests.support.command import finish, start, wayhome_env
from tests.support.database import Maker, Postgres


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without any table, once of each kind."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.new(empty=True)
    yield url
    server.drop(url)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def run(url: str, *statements: str) -> None:
    with connected(url) as connection:
        for statement in statements:
            connection.execute(text(statement))


def tables(url: str) -> set[str]:
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


def gate(app: Flask) -> bool:
    with app.app_context():
        return db.read(schema.schema_gate)


def catalogue(engine: Engine) -> dict[str, Any]:
    """Everything a database says about its tables, in an order of no meaning."""
    found = inspect(engine)
    return {
        name: {
            "columns": sorted(
                (c["name"], repr(c["type"]), c["nullable"], str(c["default"]))
                for c in found.get_columns(name)
            ),
            "key": found.get_pk_constraint(name),
            "references": sorted(map(str, found.get_foreign_keys(name))),
            "unique": sorted(map(str, found.get_unique_constraints(name))),
            "checks": sorted(map(str, found.get_check_constraints(name))),
            "indexes": sorted(map(_index, found.get_indexes(name))),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def _index(found: Any) -> str:
    """An index without the marks that only say which constraint it serves."""
    options = {name: str(rows) for name, rows in found.get("dialect_options", {}).items()}
    return str((found["name"], found["column_names"], found["unique"], sorted(options.items())))


def test_models_and_migrations_agree(empty_url: str, new_database: Maker) -> None:
    """Columns, keys, references, CHECKs and the rows of partial indexes, on both databases."""
    engine = create_engine(empty_url, poolclass=NullPool)
    upgrading.models().create_all(engine)
    from_models = catalogue(engine)
    migrated = create_engine(new_database(engine.dialect.name), poolclass=NullPool)
    from_migrations = catalogue(migrated)
    assert from_models.keys() == from_migrations.keys()
    for name, said in from_models.items():
        assert from_migrations[name] == said, name


def test_the_comparison_sees_partial_indexes_and_checks(database_url: str) -> None:
    found = catalogue(create_engine(database_url, poolclass=NullPool))
    assert any("next_at IS NOT NULL" in index for index in found["visits"]["indexes"])
    assert any("not_subject" in check for check in found["log"]["checks"])


def test_the_head_is_read_from_the_file_names() -> None:
    steps = ScriptDirectory(str(migrations.FOLDER))
    assert steps.get_heads() == [schema.HEAD]
    numbers = sorted(step.revision for step in steps.walk_revisions())
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]


def test_from_nothing_to_the_newest_and_then_nothing_to_do(empty_url: str) -> None:
    app = bare_app(empty_url)
    assert not gate(app)
    assert schema.migrate(app)
    assert gate(app)
    assert not schema.migrate(app)
    with connected(empty_url) as connection:
        assert connection.execute(text("SELECT id FROM house")).all() == [(1,)]


def test_nothing_to_do_takes_no_lock_on_sqlite(new_database: Maker) -> None:
    url = new_database("sqlite")
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", lambda c, _: setattr(c, "isolation_level", None))
    with engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        assert not schema.migrate(bare_app(url))


@pytest.mark.pg
def test_nothing_to_do_takes_no_lock_on_postgresql(new_database: Maker) -> None:
    url = new_database("postgresql")
    with connected(url) as other:
        other.execute(text(f"SELECT pg_advisory_xact_lock({upgrading.ONE_AT_A_TIME})"))
        other.execute(text("LOCK TABLE house, visits, log IN ACCESS EXCLUSIVE MODE"))
        assert not schema.migrate(bare_app(url))


def test_several_at_once_are_safe(empty_url: str, tmp_path: Path) -> None:
    env = wayhome_env(tmp_path / "data", WAYHOME_DATABASE_URL=empty_url)
    at_once = [start(["migrate"], env) for _ in range(4)]
    ended = [process.communicate(timeout=60) for process in at_once]
    assert [process.returncode for process in at_once] == [0] * 4, ended
    said = sorted(out.split()[0] for out, _ in ended)
    assert set(said) <= {"migrated", "already"}
    assert gate(bare_app(empty_url))
    with connected(empty_url) as connection:
        assert connection.execute(text("SELECT count(*) FROM house")).scalar() == 1


def test_a_step_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    run(
        empty_url,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "CREATE TABLE log_heads (why INTEGER)",
    )
    with pytest.raises(DBAPIError):
        schema.migrate(bare_app(empty_url))
    assert tables(empty_url) == {"alembic_version", "log_heads"}


def test_a_newer_database_is_left_alone_and_stops_the_engine(database_url: str) -> None:
    app = bare_app(database_url)
    assert gate(app)
    run(database_url, "UPDATE alembic_version SET version_num = '9999'")
    assert not gate(app)
    with pytest.raises(schema.NotOurs, match=r"9999.*update Wayhome"):
        schema.migrate(app)


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'photos.db'}"
    run(url, "CREATE TABLE photos (id INTEGER)")
    with pytest.raises(schema.NotOurs, match=r"photos\.db is a database of something else"):
        schema.migrate(bare_app(url))
    assert tables(url) == {"photos"}


def test_the_gate_does_not_take_an_absent_database_for_an_old_one(tmp_path: Path) -> None:
    with pytest.raises(DBAPIError):
        gate(bare_app(f"sqlite:///{tmp_path / 'missing' / 'wayhome.db'}"))


def test_the_draft_of_the_next_step_is_empty_while_models_and_steps_agree(
    tmp_path: Path,
) -> None:
    """`python -m server.migrations` is how a step is begun."""
    written = draft("nothing at all", tmp_path)
    assert written.name == f"{int(schema.HEAD) + 1:04}_nothing_at_all.py"
    assert "op." not in written.read_text().split("def upgrade")[1]


ORG = "00000000000000000000000000000001"
TIMES = {"sqlite": "0", "postgresql": "'2026-03-10T14:00:00+00:00'"}


@pytest.mark.parametrize(
    ("what", "broken"),
    [
        (
            "a status outside its list",
            "INSERT INTO log (org_id, audience, what, by, at, received_at, commitment) "
            "VALUES ('{org}', 'everybody', 'note', 'app', {at}, {at}, '')",
        ),
        (
            "an organisation that is not there",
            "INSERT INTO log (org_id, audience, what, by, at, received_at, commitment) "
            "VALUES ('{nobody}', 'all', 'note', 'app', {at}, {at}, '')",
        ),
        ("nothing kept for want of days", "UPDATE organisations SET keep_days = 0"),
        (
            "two organisations with one slug",
            "INSERT INTO organisations (id, slug, name, timezone, country, keep_days, "
            "keep_alarm_days, created_at) "
            "VALUES ('{nobody}', 'riverside', 'R', 'UTC', 'GB', 400, 2192, {at})",
        ),
    ],
)
def test_what_must_never_be_is_refused_by_the_database(
    database_url: str, what: str, broken: str
) -> None:
    app = bare_app(database_url)
    with app.app_context():
        kind = db.db.engine.dialect.name
        words = {"org": ORG, "nobody": ORG[:-1] + "9", "at": TIMES[kind]}
        made = (
            "INSERT INTO organisations (id, slug, name, timezone, country, keep_days, "
            "keep_alarm_days, created_at) "
            "VALUES ('{org}', 'riverside', 'Riverside', 'UTC', 'GB', 400, 2192, {at})"
        )
        db.write(lambda session: session.execute(text(made.format(**words))))
        with pytest.raises(IntegrityError):
            db.write(lambda session: session.execute(text(broken.format(**words))))


def test_migrate_says_what_it_did(tmp_path: Path) -> None:
    env = wayhome_env(tmp_path / "data")
    for said in ("migrated to", "already at"):
        done = finish(["migrate"], env)
        assert (done.returncode, done.stdout, done.stderr) == (
            0,
            f"{said} schema {schema.HEAD}\n",
            "",
        )
