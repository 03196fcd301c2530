"""`wayhome migrate`, `verify-log` and `backup`: what keeps the record in order."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from server.cli.preparing import (
    NOT_MIGRATED,
    settings_for,
    settings_of_a_house,
    sqlite_path,
    wait_option,
    wait_until_there,
)
from server.cli.saying import WANTING, refuse, say
from server.cli.sealing import Seal, read_seals

if TYPE_CHECKING:
    from server.store.chain import Seal as ChainSeal
    from server.store.proof import Whole

KEEP_THE_KEY = (
    "Keep the secret key ({}) beside this copy, and as safe: without it no phone can sign in, no "
    "PIN is known and the log cannot be verified."
)


@click.command()
@wait_option
def migrate(wait_s: int) -> None:
    """Bring the database to the newest schema.

    Safe at any time and in several places at once; nothing to do takes no lock.
    """
    settings = settings_for()
    from server.store import schema
    from server.store.bare import bare_app

    app = bare_app(settings.database_url)
    with app.app_context():
        wait_until_there(settings, wait_s)
    done = schema.migrate(app)
    click.echo(f"{'migrated to' if done else 'already at'} schema {schema.HEAD}")


@click.command("verify-log")
@click.option("--org", "slug", help="Only this organisation's log, by its slug.")
@click.option(
    "--seals",
    type=click.Path(path_type=Path),
    help="Check against the seals in this file too, which `wayhome seal` printed.",
)
def verify_log(slug: str | None, seals: Path | None) -> None:
    """Check that the log is as it was written.

    Finds what was altered, removed, moved or cut off.

    Exit 1 and the first broken entry of each organisation's log where something was.
    """
    settings = settings_of_a_house()
    kept = list(read_seals(seals)) if seals else []
    from server.store import db, proof, schema
    from server.store.bare import bare_app

    entries = waiting = 0
    broken = []
    with bare_app(settings.database_url).app_context():
        if not db.read(schema.is_newest):
            refuse(NOT_MIGRATED)
        found = db.read(lambda session: proof.organisations(session, slug))
        if slug is not None and not found:
            refuse(f"There is no organisation {slug}.")
        orphans = db.read(proof.of_nobody)
        for org_id, name in found:
            sealed = [one for one in kept if one.slug == name]
            try:
                whole = _prove(org_id, name, settings.keys.seal, sealed)
            except proof.Broken as fault:
                broken.append(str(fault))
            else:
                entries, waiting = entries + whole.entries, waiting + whole.waiting
    if slug is None:
        broken += _of_nobody(kept, {name for _, name in found})
        broken += [f"organisation {one}: its log is there, and it is not" for one in orphans]
    if broken:
        click.echo("\n".join(broken))
        raise SystemExit(WANTING)
    click.echo(f"{entries} entries, {waiting} not yet chained")


def _prove(org_id: UUID, slug: str, seal: "ChainSeal", sealed: list[Seal]) -> "Whole":
    """Raises Broken unless the log is whole and as it was when it was sealed."""
    from server.store import proof

    whole = proof.verify(org_id, slug, seal)
    for one in sealed:
        proof.check_seal(org_id, slug, one.seq, one.hash, one.at)
    return whole


def _of_nobody(sealed: list[Seal], known: set[str]) -> list[str]:
    strange = sorted({one.slug for one in sealed} - known)
    return [f"{slug}: there are seals of its log, and no such organisation" for slug in strange]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the embedded database to FILE.

    Consistently, while everything runs. A FILE that is already there is left alone.
    """
    settings = settings_of_a_house()
    path = sqlite_path(settings)
    if path is None:
        refuse("This copies the embedded database only; for PostgreSQL use pg_dump.")
    from server.store.backup import NotCopied, copy_database

    try:
        copy_database(path, file)
    except NotCopied as fault:
        refuse(str(fault))
    click.echo(file)
    say(KEEP_THE_KEY.format(settings.data_dir / "secret_key"))
