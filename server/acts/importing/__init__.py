"""Importing an organisation: the whole file in one transaction, or nothing of it (contract 4)."""

from datetime import datetime

from server.acts.base import Desk
from server.acts.importing.doing import (
    ChangedMeanwhile,
    First,
    apply,
    carry_out,
    locker,
    rehearse,
)
from server.acts.importing.faults import BadImport, Fault
from server.acts.importing.reading import MOST_BYTES
from server.acts.importing.rows import COLUMNS
from server.acts.importing.storing import Changed, Done, Options
from server.acts.importing.wanted import Wanted, read_file, read_person
from shared.states import Means

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "BadImport",
    "Changed",
    "ChangedMeanwhile",
    "Done",
    "Fault",
    "First",
    "Options",
    "Wanted",
    "apply",
    "carry_out",
    "import_file",
    "locker",
    "read_file",
    "read_person",
    "rehearse",
]


def import_file(desk: Desk, data: bytes, options: Options, *, as_csv: bool, now: datetime) -> Done:
    """Read, check and store a file; raises BadImport with every fault, and changes nothing then.

    Only what depends on the database is done in the transaction: it holds up everybody else.
    """
    wanted = read_file(data, options, as_csv=as_csv)
    return apply(desk, wanted, options, now=now, by=Means.COMMAND)
