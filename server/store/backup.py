"""A consistent copy of the embedded database, made while everything runs."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path


class NotCopied(Exception):
    """The sentence says why there is no copy; nothing was left behind."""


def copy_database(source: Path, target: Path) -> None:
    """Copy the database to `target`, whole and on the disk when this returns, or not at all.

    SQLite's own backup reads one consistent picture and holds up no writer. A file that is already
    there is never touched. Raises NotCopied.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _refuse_to_overwrite(target)
        _copy(source, draft)
        _keep(draft)
        # A link, unlike a rename, fails where somebody made the file in the meantime.
        os.link(draft, target)
        _keep(target.parent)
    except FileExistsError:
        raise NotCopied(f"{target} is already there; name a new file.") from None
    except OSError as fault:
        raise NotCopied(f"{target} cannot be written: {fault.strerror}.") from None
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{draft}{end}").unlink()


def _refuse_to_overwrite(target: Path) -> None:
    if os.path.lexists(target):
        raise FileExistsError


def _copy(source: Path, draft: Path) -> None:
    """One file, which needs no companion: the copy does not keep the write-ahead log's mode."""
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=10)) as running,
        closing(sqlite3.connect(draft, timeout=10)) as copy,
    ):
        try:
            running.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.Error as fault:
            if "malformed" not in str(fault):
                raise NotCopied(f"The copy failed: {fault}; no copy was kept.") from None
            found = str(fault)
    if found != "ok":
        raise NotCopied(f"The database is damaged ({found}); restore an older backup.")


def _keep(path: Path) -> None:
    """See that it is on the disk and not only on its way there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
