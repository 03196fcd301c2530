"""What `wayhome serve` cannot work with: one sentence on stderr, exit 2, no traceback."""

import resource
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import finish, mortal, wayhome_env

A_KEY = {"WAYHOME_SECRET_KEY": "a key that was given from outside, 1234567890"}
REHEARSAL = "wayhome: REHEARSAL: nobody will be told."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def house(data: Path) -> Path:
    """A data folder with a migrated database."""
    assert finish(["migrate"], wayhome_env(data)).returncode == 0
    return data


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """The one sentence a refusal says, besides that it would have been a rehearsal."""
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    said = [line for line in done.stderr.splitlines() if line != REHEARSAL]
    assert len(said) == 1, done.stderr
    assert said[0].startswith("wayhome: ")
    return said[0].removeprefix("wayhome: ")


def serve(data: Path, *arguments: str, env: Any = None, **extra: Any) -> str:
    """The sentence with which serving this data is refused."""
    given = ["serve", "--port", "0", "--pretend", *arguments]
    return refused(finish(given, {**wayhome_env(data), **(env or {})}, **extra))


def test_without_a_way_out(data: Path) -> None:
    said = refused(finish(["serve", "--port", "0"], wayhome_env(data)))
    assert said == (
        "No way out is set up: set WAYHOME_TWILIO_ACCOUNT_SID, WAYHOME_TWILIO_AUTH_TOKEN and "
        "WAYHOME_TWILIO_FROM, or rehearse with --pretend, which tells nobody."
    )


def test_with_half_a_way_out(data: Path) -> None:
    env = wayhome_env(data, WAYHOME_TWILIO_ACCOUNT_SID="AC1")
    assert "WAYHOME_TWILIO_AUTH_TOKEN: not set" in refused(finish(["serve", "--port", "0"], env))


def test_a_sender_that_nobody_can_answer(data: Path) -> None:
    env = wayhome_env(
        data,
        WAYHOME_TWILIO_ACCOUNT_SID="AC1",
        WAYHOME_TWILIO_AUTH_TOKEN="token",
        WAYHOME_TWILIO_FROM="banana",
    )
    said = refused(finish(["serve", "--port", "0"], env))
    assert said.startswith("WAYHOME_TWILIO_FROM: give a number like +447700900999, a short code")


def test_a_port_in_use(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert serve(data, "--port", str(port)) == (
            f"Port {port} on 127.0.0.1 is in use; stop what uses it, or give another --port."
        )


def test_an_address_of_somebody_else(data: Path) -> None:
    assert serve(data, "--host", "203.0.113.5") == (
        "--host 203.0.113.5: not an address of this machine."
    )


def test_a_port_that_needs_more_rights(data: Path) -> None:
    assert serve(data, "--port", "81", preexec_fn=mortal) == (
        "Port 81 needs more rights than this user has; give a --port over 1023."
    )


def test_a_folder_that_may_not_be_written_to(data: Path) -> None:
    data.mkdir(mode=0o555)
    assert serve(data, preexec_fn=mortal) == (
        f"WAYHOME_DATA_DIR: {data} cannot be used: Permission denied."
    )


def test_a_folder_that_is_not_there(data: Path) -> None:
    url = f"sqlite:///{data / 'nowhere' / 'wayhome.db'}"
    assert serve(data, env={"WAYHOME_DATABASE_URL": url}) == (
        f"{data / 'nowhere'} cannot be written to (No such file or directory); see "
        "WAYHOME_DATA_DIR."
    )


def test_a_file_where_the_folder_should_be(data: Path) -> None:
    data.write_text("")
    assert serve(data) == f"WAYHOME_DATA_DIR: {data} cannot be used: File exists."


def test_a_read_only_database(house: Path) -> None:
    path = house / "wayhome.db"
    path.chmod(0o400)
    assert serve(house, preexec_fn=mortal) == (
        f"The database {path} is read-only for this user; make it and its folder writable."
    )


@pytest.fixture
def locked(house: Path) -> Iterator[Path]:
    with closing(sqlite3.connect(house / "wayhome.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield house


@pytest.mark.slow
def test_a_database_that_is_locked_for_long(locked: Path) -> None:
    assert serve(locked) == (
        f"The database {locked / 'wayhome.db'} is locked by another program; "
        "stop that one, then try again."
    )


def test_not_a_database(data: Path) -> None:
    data.mkdir()
    path = data / "wayhome.db"
    path.write_bytes(b"Dear diary, " * 1000)
    assert serve(data, env=A_KEY) == (
        f"The database {path} is not a database; move that file away or set WAYHOME_DATABASE_URL."
    )
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_a_database_of_something_else(data: Path) -> None:
    data.mkdir()
    path = data / "wayhome.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photos (id INTEGER)")
    assert serve(data, env=A_KEY) == (
        f"{path} is a database of something else; set WAYHOME_DATABASE_URL to another file."
    )


def test_a_database_cut_short(house: Path) -> None:
    path = house / "wayhome.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert serve(house) == f"The database {path} is damaged; restore the newest backup."


def _no_room() -> None:
    """No file may grow beyond 20 kB: what a full disk looks like to who writes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_a_disk_without_room(data: Path) -> None:
    said = serve(data, preexec_fn=_no_room)
    assert said == (
        f"The database {data / 'wayhome.db'} cannot be read or written: its disk is full or "
        "failing."
    )


def test_a_newer_database(house: Path) -> None:
    with closing(sqlite3.connect(house / "wayhome.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    assert serve(house).endswith("update Wayhome.")


SETTINGS: list[tuple[dict[str, str], str]] = [
    ({"WAYHOME_DATABASE_URL": "sqlite:///:memory:"}, "WAYHOME_DATABASE_URL: what is in memory"),
    ({"WAYHOME_DATABASE_URL": "mysql://x"}, "WAYHOME_DATABASE_URL: give postgresql://"),
    ({"WAYHOME_SECRET_KEY": "short"}, "WAYHOME_SECRET_KEY: give at least 32"),
    ({"WAYHOME_METRICS_TOKEN": "short"}, "WAYHOME_METRICS_TOKEN: give at least 32"),
    ({"WAYHOME_RATE_LIMITS": "maybe"}, "WAYHOME_RATE_LIMITS: give on or off."),
    ({"WAYHOME_SENDERS": "many"}, "WAYHOME_SENDERS: give a whole number"),
    ({"WAYHOME_PUBLIC_URL": "here"}, "WAYHOME_PUBLIC_URL: give a whole address"),
    ({"WAYHOME_SECRET_KEY_FILE": "/nowhere"}, "WAYHOME_SECRET_KEY_FILE: /nowhere cannot be read"),
]


@pytest.mark.parametrize(
    ("env", "begins"), SETTINGS, ids=[begins.split(":")[0] for _, begins in SETTINGS]
)
def test_a_setting_that_cannot_be_used(data: Path, env: dict[str, str], begins: str) -> None:
    assert serve(data, env=env).startswith(begins)


def test_a_lost_secret_is_not_replaced_by_another(house: Path) -> None:
    key = house / "secret_key"
    key.unlink()
    assert serve(house) == (
        f"{key} is missing; restore it from beside the backup, or give WAYHOME_SECRET_KEY."
    )
    assert not key.exists()


def test_a_secret_that_others_can_read(house: Path) -> None:
    (house / "secret_key").chmod(0o644)
    assert serve(house).endswith(f"run: chmod 600 {house / 'secret_key'}")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["serve", "--port", "99999"], "See: wayhome serve --help"),
        (["serve", "--porch", "1"], "See: wayhome serve --help"),
        (["server"], "No such command 'server'"),
        (["backup"], "Missing argument 'FILE'. See: wayhome backup --help"),
    ],
)
def test_wrong_usage_is_one_sentence_too(data: Path, arguments: list[str], sentence: str) -> None:
    assert sentence in refused(finish(arguments, wayhome_env(data)))
    assert not data.exists()
