"""What this program writes down about itself: JSON, a line each, and nothing it must not keep."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import click
import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server import logs

SECRETS = ("4821", "+447700900101", "wh1_tokentokentoken", "12 High St", "s3cret", "a1b2c3d4e5")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Logging is one for the whole process; leave it as it was found."""
    root = logging.getLogger()
    handlers, level, ours = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**ours)


def test_no_thread_logs_into_what_a_command_answers() -> None:
    """In this process: tests read a command's JSON while an engine of theirs may still run."""

    @click.command()
    def answer() -> None:
        structlog.get_logger().warning("message_lost")
        click.echo("{}")

    assert CliRunner().invoke(answer).output == "{}\n"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """What has been written to stderr, as objects."""
    stderr = StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    logs.configure()
    logs.configure_structlog()
    return lambda: [json.loads(line) for line in stderr.getvalue().splitlines()]


def test_everybody_writes_json_to_stderr(written: Any) -> None:
    logging.getLogger("somebody").warning("it is %s", "late")
    structlog.get_logger().warning("round_failed", why="no database")
    theirs, ours = written()
    assert (theirs["event"], theirs["level"], theirs["logger"]) == (
        "it is late",
        "warning",
        "somebody",
    )
    assert (ours["event"], ours["level"], ours["why"]) == ("round_failed", "warning", "no database")
    assert theirs["at"].endswith("+00:00")


def test_chatter_is_left_out(written: Any) -> None:
    logging.getLogger("gunicorn.error").info("Listening")
    logging.getLogger("apscheduler.scheduler").warning("maximum number of instances")
    structlog.get_logger().debug("nothing")
    assert written() == []


@pytest.mark.parametrize(
    "name", ["pin", "duress_pin", "body", "text", "token", "password", "authorization", "note"]
)
def test_a_value_of_such_a_name_is_left_out(written: Any, name: str) -> None:
    structlog.get_logger().warning("event", **{name: "s3cret"})
    [entry] = written()
    assert entry[name] == logs.LEFT_OUT


@pytest.mark.parametrize(
    "line",
    [
        "Error handling request GET /a/a1b2c3d4e5?x=1",
        "bad header Authorization: Bearer wh1_tokentokentoken",
        "could not connect to postgresql://wayhome:s3cret@db/wayhome",
    ],
)
def test_addresses_and_tokens_are_cut_out_of_texts(written: Any, line: str) -> None:
    logging.getLogger("gunicorn.error").error(line)
    structlog.get_logger().error("event", why=line)
    assert not any(secret in json.dumps(entry) for entry in written() for secret in SECRETS)


def provoke() -> DBAPIError:
    """A fault of the database whose message carries what was to be stored."""
    engine = create_engine("sqlite://")
    values = {"pin": "4821", "to": "+447700900101", "body": "12 High St]\n(Backgr"}
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("INSERT INTO nowhere VALUES (:pin, :to, :body)"), values)
    return caught.value


def test_a_traceback_shows_where_but_not_what(written: Any) -> None:
    fault = provoke()
    assert all(secret in str(fault) for secret in ("4821", "+447700900101", "12 High St"))
    try:
        raise fault
    except DBAPIError:
        structlog.get_logger().exception("set_aside")
        logging.getLogger("flask.app").exception("Exception on /api/v1/visits")
    for entry in written():
        assert "no such table: nowhere" in entry["exception"]
        assert "provoke" in entry["exception"]
        assert not any(secret in entry["exception"] for secret in SECRETS)


def test_what_postgresql_says_of_a_row_is_left_out() -> None:
    said = "duplicate key\nDETAIL:  Key (mobile)=(+447700900101) already exists.\nHINT: none"
    assert "+447700900101" not in logs.render({"exception": said})
    assert "HINT" in logs.render({"exception": said})


def test_what_cannot_be_written_as_json_is_written_somehow() -> None:
    assert json.loads(logs.render({"event": "x", "what": {1, 2}, "who": sys}))["event"] == "x"
