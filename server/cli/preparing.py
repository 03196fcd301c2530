"""What has to be true before a command starts: settings, a database that answers, the schema."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click

from server.cli.saying import WANTING, Refused, about, leave, refuse, say, speak
from server.clock import monotonic_s
from server.config import Settings, read_settings, without_effect

WAIT_S = 60
PAUSE_S = 1.0
NOT_MIGRATED = "The database is not at the schema of this Wayhome; run: wayhome migrate"
NO_WAY_OUT = (
    "No way out is set up: set WAYHOME_TWILIO_ACCOUNT_SID, WAYHOME_TWILIO_AUTH_TOKEN and "
    "WAYHOME_TWILIO_FROM, or rehearse with --pretend, which tells nobody."
)

wait_option = click.option(
    "--wait",
    "wait_s",
    type=click.IntRange(0, 3600),
    default=WAIT_S,
    show_default=True,
    metavar="SECONDS",
    help="How long to go on trying while PostgreSQL does not answer.",
)

NO_DATA = "set WAYHOME_DATA_DIR to where the data is, or run: wayhome migrate."


def settings_for(*, host: str = "127.0.0.1", port: int = 8080, pretend: bool = False) -> Settings:
    """The settings of a command, which from now on names its database in what it refuses."""
    _must_not_lose_its_key()
    settings = read_settings(host=host, port=port, pretend=pretend)
    about(settings.database_url)
    if ":memory:" in settings.database_url:
        refuse("WAYHOME_DATABASE_URL: what is in memory only is lost at once; name a file.")
    return settings


def _must_not_lose_its_key() -> None:
    """Refuse to make a new key for a database that has one: no PIN would be known any more."""
    folder = _data_folder()
    key, database = folder / "secret_key", folder / "wayhome.db"
    if not _is_set("WAYHOME_SECRET_KEY") and database.exists() and not key.exists():
        refuse(f"{key} is missing; restore it from beside the backup, or give WAYHOME_SECRET_KEY.")


def _data_folder() -> Path:
    return Path(os.environ.get("WAYHOME_DATA_DIR", "").strip() or "instance")


def _is_set(name: str) -> bool:
    return any(os.environ.get(f"{name}{end}", "").strip() for end in ("", "_FILE"))


def must_name_postgresql(refusal: str) -> None:
    """Refuse before a data folder is made for a database that will not be used."""
    if not _is_set("WAYHOME_DATABASE_URL"):
        refuse(refusal)


def settings_of_a_house() -> Settings:
    """The same for a command that needs a database which is there: makes no folder and no key."""
    folder = _data_folder()
    if not _is_set("WAYHOME_DATABASE_URL") and not folder.is_dir():
        refuse(f"There is no folder {folder}; {NO_DATA}")
    settings = settings_for()
    path = sqlite_path(settings)
    if path is not None and not path.exists():
        refuse(f"There is no database {path}; {NO_DATA}")
    return settings


def sqlite_path(settings: Settings) -> Path | None:
    """The file of an embedded database."""
    if not settings.is_sqlite:
        return None
    return Path(settings.database_url.removeprefix("sqlite:///")).absolute()


def must_reach_people(settings: Settings) -> None:
    """Refuse to watch over anybody without a way to tell somebody, unless it is a rehearsal."""
    if settings.pretend:
        say("REHEARSAL: nobody will be told.")
    elif settings.twilio is None:
        refuse(NO_WAY_OUT)
    if not settings.rate_limits:
        say("WAYHOME_RATE_LIMITS is off: guessing is not slowed down. For load tests only.")
    for sentence in without_effect():
        say(sentence)


def apart(work: Callable[[], object]) -> None:
    """Do `work` in a process of its own and wait for it, so that what it loads burdens nobody.

    It says itself why it refused; then this command ends with the same code.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _do_and_leave(work)

    def stop(_number: int, _frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, stop)
    _, status = os.waitpid(child, 0)
    signal.signal(signal.SIGTERM, before)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise SystemExit(code if code > 0 else 1)


def _do_and_leave(work: Callable[[], object]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    code: object = WANTING
    try:
        code = speak(work)
    except Exception:  # noqa: BLE001 - whatever it is, it must be shown before this process is gone
        traceback.print_exc()
    finally:
        leave(code)


def prepare(settings: Settings, *, may_migrate: bool, wait_s: float) -> None:
    """See that the database answers, can be written to and has the newest schema; else refuse."""
    from server.store import db, schema
    from server.store.bare import bare_app
    from server.store.usable import prove_usable

    app = bare_app(settings.database_url)
    with app.app_context():
        wait_until_there(settings, wait_s)
        if may_migrate:
            schema.migrate(app)
        elif not db.read(schema.is_newest):
            raise Refused(NOT_MIGRATED)
        prove_usable()


def wait_until_there(settings: Settings, wait_s: float) -> None:
    """Return once PostgreSQL answers; say once that it does not, refuse when it is too late.

    Containers start in any order; a person at a terminal wants to know. What waiting cannot mend
    (a wrong password, no such database) is refused at once. Needs an application context.
    """
    if settings.is_sqlite:
        return
    from server.store.trouble import place_of
    from server.store.usable import why_away

    until_s, told = monotonic_s() + wait_s, False
    while (why := why_away()) is not None:
        left_s = until_s - monotonic_s()
        if why.final or left_s <= 0:
            raise Refused(f"{place_of(settings.database_url)} cannot be reached: {why.reason}")
        if not told:
            say(f"{place_of(settings.database_url)} cannot be reached; trying for {wait_s:.0f} s.")
            told = True
        time.sleep(min(PAUSE_S, left_s))
