"""What `wayhome doctor` finds in and about the database."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from server.acts.examining import examine
from server.cli.saying import explain
from server.domain.findings import Finding, fine, hole
from server.store import db, examination, schema

if TYPE_CHECKING:
    from server.running import Running

NO_TABLES = "The database has no tables of Wayhome's; run: wayhome migrate"
OLD = "The database has schema {found}, this Wayhome needs {wanted}; run: wayhome migrate"
NEW = "The database has schema {found}, this Wayhome knows {wanted}: update Wayhome."


def examine_database(house: "Running") -> list[Finding]:
    """Everything the database says of itself and of what is stored in it.

    Needs the application's context. Whatever the database raises becomes a finding.
    """
    found: list[Finding] = []
    steps: list[Callable[[], Iterable[Finding]]] = [
        _schema,
        _file,
        _writable,
        lambda: db.read(lambda session: examine(session, house.desk, house.clock.now())),
    ]
    for step in steps:
        try:
            found += step()
        except SQLAlchemyError as fault:
            sentence = explain(fault) or f"The database fails: {type(fault).__name__}."
            found.append(hole("database", sentence))
        if any(finding.about in ("database", "schema") for finding in found):
            return found
    return [*found, fine("database", "The database answers and takes changes.")]


def _schema() -> list[Finding]:
    found, wanted = db.read(schema.revision), schema.HEAD
    if found is None:
        return [hole("schema", NO_TABLES)]
    if found != wanted:
        words = OLD if found < wanted else NEW
        return [hole("schema", words.format(found=found, wanted=wanted))]
    return []


def _file() -> list[Finding]:
    if not db.is_sqlite():
        return []
    found = [
        hole("database-mode", f"The database's {fault}.") for fault in db.read(db.sqlite_faults)
    ]
    damage = db.read(examination.damage)
    if damage is not None:
        sentence = f"The database is damaged ({damage}); restore the newest backup."
        found.append(hole("database", sentence))
    return found


def _writable() -> list[Finding]:
    examination.try_to_write()
    return []
