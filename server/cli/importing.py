"""`wayhome import`: an organisation, its teams and its people, from a file."""

import json
from pathlib import Path

import click

from server.cli.opening import must_be_migrated, opened
from server.cli.preparing import settings_of_a_house
from server.cli.saying import REFUSED, refuse


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--trust-numbers", is_flag=True, help="Vouch for the numbers in the file: trusted, not proven."
)
@click.option("--enrol", is_flag=True, help="Give everybody in the file a one-time code, for 24 h.")
@click.option("--org", metavar="SLUG", help="Which organisation a CSV file is about.")
def import_command(file: Path, trust_numbers: bool, enrol: bool, org: str | None) -> int:
    """Create or change an organisation, its teams and its people.

    FILE is JSON; or CSV (.csv) with one line for each person, in which lists are separated by
    semicolons or spaces and an empty cell leaves things as they are. What is in the file
    overwrites, what is not in it is left. One fault rejects the whole file, and every fault is
    named. Prints a summary as JSON.
    """
    from server.acts.importing import BadImport, Options, import_file

    as_csv = file.suffix.lower() == ".csv"
    data = _read(file)
    with opened(settings_of_a_house()) as house:
        must_be_migrated()
        options = Options(trust_numbers=trust_numbers, enrol=enrol, org_slug=org)
        try:
            done = import_file(house.desk, data, options, as_csv=as_csv, now=house.clock.now())
        except BadImport as refusal:
            for fault in refusal.faults:
                click.echo(fault, err=True)
            return REFUSED
    click.echo(json.dumps(done.summary(), indent=2, ensure_ascii=False))
    return 0


def _read(file: Path) -> bytes:
    """The file's bytes, at most one more than may be; refuses what is no readable file."""
    from server.acts.importing import MOST_BYTES

    try:
        with file.open("rb") as opened_file:
            return opened_file.read(MOST_BYTES + 1)
    except IsADirectoryError:
        refuse(f"{file} is a folder; name a JSON or CSV file.")
    except OSError as fault:
        refuse(f"{file} cannot be read: {fault.strerror}.")
