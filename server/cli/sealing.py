"""`wayhome seal`: the ends of the logs, to be kept where nobody who can rewrite a log can reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from server.cli.preparing import NOT_MIGRATED, settings_of_a_house
from server.cli.saying import WANTING, refuse

LINE = "TIME ORGANISATION NUMBER HASH"


@dataclass(frozen=True)
class Seal:
    """One line: at that time this organisation's log had so many entries, the last with this
    hash."""

    at: str
    slug: str
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.at} {self.slug} {self.seq} {self.hash}"


@click.command()
def seal() -> None:
    """Print where each organisation's log ends now, a line each.

    Append it to a file on another machine, daily: `wayhome verify-log --seals FILE` then finds
    what even a holder of the secret key rewrote, up to the last line.

    Exit 1 where the end of a log was altered.
    """
    settings = settings_of_a_house()
    from server.clock import SteadyClock
    from server.store import db, proof, schema
    from server.store.bare import bare_app

    now = SteadyClock().now().isoformat(timespec="seconds")
    broken = []
    with bare_app(settings.database_url).app_context():
        if not db.read(schema.is_newest):
            refuse(NOT_MIGRATED)
        for org_id, slug in db.read(lambda session: proof.organisations(session, None)):
            try:
                end = proof.end_of(org_id, slug, settings.keys.seal)
            except proof.Broken as fault:
                broken.append(str(fault))
            else:
                click.echo(Seal(now, slug, end.seq, end.hash))
    if broken:
        click.echo("\n".join(broken), err=True)
        raise SystemExit(WANTING)


def read_seals(file: Path) -> Iterator[Seal]:
    """The seals in a file that `wayhome seal` was appended to; refuses a line that is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        refuse(f"{file} cannot be read.")
    for number, line in enumerate(lines, 1):
        found = _read(line.split())
        if found is not None:
            yield found
        elif line.strip():
            refuse(f"{file}, line {number}: this is no seal; one looks like {LINE}.")


def _read(parts: list[str]) -> Seal | None:
    if len(parts) != 4 or not (parts[2].isascii() and parts[2].isdigit()):
        return None
    try:
        datetime.fromisoformat(parts[0])
    except ValueError:
        return None
    return Seal(parts[0], parts[1], int(parts[2]), parts[3])
