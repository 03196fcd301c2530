"""Every command of contract 3 is there and says what it does; none loads what it does not need."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from server.cli import COMMANDS, main

DAILY = {"demo", "serve", "web", "engine", "migrate", "import", "revoke", "doctor"}
SELDOM = {"verify-log", "seal", "backup", "phone"}


def test_the_commands_of_the_contract_are_there() -> None:
    assert set(COMMANDS) >= DAILY | SELDOM


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert shown.stderr == ""
    sentence = shown.stdout.split("\n\n")[1].strip()
    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(main, ["--help"]).stdout
    assert all(f"\n  {name} " in shown for name in COMMANDS)


HEAVY = ("flask", "sqlalchemy", "alembic", "apscheduler", "structlog", "twilio", "psycopg")


@pytest.mark.parametrize(
    "modules", ["server.cli.serving, server.cli.workers, server.logs", "server.cli.keeping"]
)
def test_whoever_only_minds_others_loads_little(modules: str) -> None:
    """Gunicorn's master stays as small as this: what it does not load, it never has to fork."""
    look = f"import sys, {modules}; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_an_ordinary_start_loads_no_alembic() -> None:
    look = "import sys, server.app, server.engine; print('alembic' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
