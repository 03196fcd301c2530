"""`wayhome doctor`: every hole is found, says what to do, and makes it exit 1 (contract 3)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.cli.doctor import disk_finding
from server.clock import SteadyClock
from server.domain.findings import Gravity
from server.engine import Engine
from server.engine.round import Rounds
from tests.cli.office import Office, riverside
from tests.support.gateway import Gateway, faults
from tests.support.people import open_app, running_in


@pytest.fixture
def world() -> Iterator[Gateway]:
    with Gateway() as world:
        yield world


@pytest.fixture
def healthy(office: Office, world: Gateway) -> Office:
    """Riverside, with a gateway that answers and an engine that has just been round."""
    account = world.account
    office.imports(riverside(), "--trust-numbers")
    office.env |= {
        "WAYHOME_TWILIO_ACCOUNT_SID": account.sid,
        "WAYHOME_TWILIO_AUTH_TOKEN": account.token,
        "WAYHOME_TWILIO_FROM": world.sender,
        "WAYHOME_TWILIO_API_URL": world.url,
        "WAYHOME_HEARTBEAT_URL": "https://watch.example.org/x",
    }
    go_round(office)
    return office


def go_round(office: Office) -> None:
    app = open_app(office.url, office.folder, SteadyClock())
    rounds = Rounds(app, running_in(app))
    rounds.go_round()
    rounds.dispatcher.stop(5)


def change(office: Office, statement: str) -> None:
    def work(session: Session) -> None:
        session.execute(text(statement))
        session.commit()

    office.read(work)


def examined(office: Office) -> dict[str, dict[str, Any]]:
    """Findings by what they are about, the last of each."""
    result = office.run("doctor", "--json")
    assert result.stderr == ""
    said = json.loads(result.stdout)
    holes = [found for found in said["findings"] if found["gravity"] == "hole"]
    assert said["holes"] == len(holes)
    assert result.exit_code == (1 if holes else 0)
    return {found["about"]: found for found in said["findings"]}


def holes(office: Office) -> set[str]:
    found = examined(office)
    return {about for about, finding in found.items() if finding["gravity"] == "hole"}


def only_hole(result: Result) -> str:
    """The one hole a run with no working database finds there, in words, without a traceback."""
    assert result.exit_code == 1
    assert result.stderr == ""
    lines = [line for line in result.stdout.splitlines() if "atabase" in line]
    assert lines[0].startswith("HOLE  ")
    assert "Traceback" not in result.output
    return lines[0].removeprefix("HOLE  ")


def test_a_healthy_house_has_no_hole(healthy: Office) -> None:
    found = examined(healthy)
    assert {about for about, f in found.items() if f["gravity"] == "hole"} == set()
    assert found["engine"]["gravity"] == "fine"
    assert found["database"]["gravity"] == "fine"
    assert found["drill"]["gravity"] == "note"
    assert found["trusted"]["who"] == ["amy", "ben", "cat"]


def test_lines_for_people_put_holes_first(healthy: Office) -> None:
    change(healthy, "UPDATE people SET pin_hash = NULL WHERE ref = 'ben'")
    result = healthy.run("doctor")
    assert (result.exit_code, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "HOLE  Without PINs, so they cannot end an alarm: ben. Set them in the app or by import."
    )
    labels = [line[:6].strip() for line in lines]
    assert labels == sorted(labels, key=["HOLE", "note", "ok"].index)


def test_the_json_is_stable(healthy: Office) -> None:
    change(healthy, "UPDATE people SET number_proof = 'none' WHERE ref = 'amy'")
    assert examined(healthy)["unproven"] == {
        "gravity": "hole",
        "about": "unproven",
        "organisation": "riverside",
        "sentence": "Nobody has proven the numbers of amy, so they are not counted as cover: have"
        " each text STATUS to Wayhome once, or import with --trust-numbers.",
        "who": ["amy"],
    }


PEOPLE = {
    "UPDATE people SET number_proof = 'none' WHERE ref = 'ben'": {
        "unproven",
        "exposed",
        "thin-ladder",
    },
    "UPDATE people SET duress_hash = NULL WHERE ref = 'amy'": {"without-pins"},
    "UPDATE people SET unreachable_since = created_at WHERE ref = 'cat'": {
        "blocked",
        "unreachable",
        "exposed",
        "thin-ladder",
    },
    "UPDATE people SET mobile = NULL WHERE ref = 'ben'": {"unreachable", "exposed", "thin-ladder"},
    "UPDATE people SET left_at = created_at WHERE ref = 'cat'": {
        "exposed",
        "no-manager",
        "thin-ladder",
    },
    "DELETE FROM pairings": {"thin-ladder"},
}


@pytest.mark.parametrize("statement", PEOPLE)
def test_every_hole_among_people_is_found(healthy: Office, statement: str) -> None:
    change(healthy, statement)
    assert holes(healthy) == PEOPLE[statement]


def test_nobody_imported_is_a_hole(office: Office) -> None:
    assert "people" in holes(office)


def test_an_engine_that_never_ran_is_a_hole(healthy: Office) -> None:
    change(healthy, "UPDATE house SET round_at = NULL")
    assert examined(healthy)["engine"]["sentence"] == (
        "No engine has run yet, so no alarm is raised: start wayhome serve."
    )
    assert "engine" in holes(healthy)


def test_no_way_out_is_a_hole(healthy: Office) -> None:
    for end in ("ACCOUNT_SID", "AUTH_TOKEN", "FROM"):
        healthy.env[f"WAYHOME_TWILIO_{end}"] = None
    found = examined(healthy)["way-out"]
    assert found["gravity"] == "hole"
    assert found["sentence"].startswith("No way out is set up: set WAYHOME_TWILIO_ACCOUNT_SID")


def test_a_gateway_that_does_not_let_us_in_is_a_hole(healthy: Office, world: Gateway) -> None:
    world.fault = faults.unauthorised()
    assert "twilio-account" in holes(healthy)


def test_other_organisations_are_named(healthy: Office) -> None:
    harbour = riverside() | {"organisation": {"slug": "harbour", "name": "Harbour"}}
    healthy.imports(harbour)
    found = examined(healthy)["unproven"]
    assert found["organisation"] == "harbour"
    assert found["sentence"].startswith("harbour: Nobody has proven the numbers of amy, ben, cat,")


def test_a_database_that_was_never_migrated_is_a_hole(office: Office) -> None:
    change(office, "DROP TABLE alembic_version")
    assert only_hole(office.run("doctor")).endswith("run: wayhome migrate")


@pytest.mark.parametrize(
    ("number", "words"), [("0000", "run: wayhome migrate"), ("9999", "update Wayhome.")]
)
def test_another_schema_is_a_hole(office: Office, number: str, words: str) -> None:
    change(office, f"UPDATE alembic_version SET version_num = '{number}'")
    assert only_hole(office.run("doctor")).endswith(words)


def test_a_file_that_is_no_database_is_a_hole(tmp_path: Path) -> None:
    path = tmp_path / "wayhome.db"
    path.write_bytes(b"dear diary, " * 1000)
    office = Office(f"sqlite:///{path}", tmp_path)
    assert "is not a database" in only_hole(office.run("doctor"))


def test_an_empty_file_is_a_hole(tmp_path: Path) -> None:
    path = tmp_path / "wayhome.db"
    path.touch()
    office = Office(f"sqlite:///{path}", tmp_path)
    assert "run: wayhome migrate" in only_hole(office.run("doctor"))


def test_a_missing_file_is_a_hole_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "wayhome.db"
    assert str(path) in only_hole(Office(f"sqlite:///{path}", tmp_path).run("doctor"))
    assert not path.exists()


def test_a_postgresql_that_is_away_is_a_hole(tmp_path: Path) -> None:
    office = Office("postgresql://nobody@127.0.0.1:1/wayhome", tmp_path)
    assert "cannot be reached" in only_hole(office.run("doctor"))


def test_a_damaged_file_is_a_hole(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "wayhome.db"
    whole = sqlite_template.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 40960 + whole[8192 + 40960 :])
    office = Office(f"sqlite:///{path}", tmp_path)
    assert only_hole(office.run("doctor"))


def test_a_read_only_database_is_a_hole(healthy: Office) -> None:
    if healthy.url.startswith("sqlite"):
        path = healthy.url.removeprefix("sqlite:///")
        healthy.env["WAYHOME_DATABASE_URL"] = f"sqlite:///file:{path}?mode=ro&uri=true"
    else:
        name = healthy.url.rpartition("/")[2].partition("?")[0]
        change(healthy, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    only_hole(healthy.run("doctor"))


def test_a_setting_that_cannot_be_used_is_refused(office: Office) -> None:
    office.env["WAYHOME_RATE_LIMITS"] = "perhaps"
    result = office.run("doctor")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "wayhome: WAYHOME_RATE_LIMITS: give on or off.\n"


def test_a_setting_that_nothing_reads_is_noted(healthy: Office) -> None:
    healthy.env["WAYHOME_HEARTBEAT"] = "https://hc.example.org/1"
    found = examined(healthy)["settings"]
    assert (found["gravity"], found["sentence"]) == (
        "note",
        "WAYHOME_HEARTBEAT does nothing: there is no such setting. See docs/running.md.",
    )


def test_a_key_others_can_read_is_refused(office: Office) -> None:
    office.env["WAYHOME_SECRET_KEY"] = None
    key = office.folder / "secret_key"
    key.write_text("x" * 64)
    key.chmod(0o644)
    result = office.run("doctor")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"can be read by others; run: chmod 600 {key}\n")
    key.chmod(0o600)
    assert "secret-key" in examined(office)


def test_a_database_others_can_read_is_noted(new_database: Any, tmp_path: Path) -> None:
    office = Office(new_database("sqlite"), tmp_path)
    path = Path(office.url.removeprefix("sqlite:///"))
    path.chmod(0o644)
    assert examined(office)["database-mode"]["gravity"] == "note"
    path.chmod(0o600)
    assert "database-mode" not in examined(office)


@pytest.mark.parametrize(
    ("free", "gravity"),
    [(0, Gravity.HOLE), (199_999_999, Gravity.HOLE), (200_000_000, Gravity.NOTE),
     (999_999_999, Gravity.NOTE), (10**9, Gravity.FINE)],
)  # fmt: skip
def test_a_full_disk_is_a_hole(free: int, gravity: Gravity) -> None:
    assert disk_finding(Path("data"), free).gravity is gravity


def test_it_runs_beside_the_house_as_an_installed_command(healthy: Office) -> None:
    engine = Engine(open_app(healthy.url, healthy.folder, SteadyClock()), every_s=1.0)
    engine.start()
    process = healthy.start("doctor", "--json")
    out, err = process.communicate(timeout=60)
    engine.stop()
    assert (process.returncode, err) == (0, "")
    assert json.loads(out)["holes"] == 0
