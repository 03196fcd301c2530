"""What this phone knows, and since when: kept on the disk, so that it can be shown at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mobile.core.database import Database

_KEEP = """
    INSERT INTO kept (kind, name, value, known_at) VALUES (:kind, :name, :value, :known_at)
    ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value, known_at = excluded.known_at
    WHERE excluded.known_at >= kept.known_at OR kept.known_at > excluded.known_at + 60 OR :always
"""


@dataclass(frozen=True)
class Known:
    """Something as it was at `known_at`, seconds since the epoch."""

    value: Any
    known_at: float


class Memory:
    """Plain JSON values by kind and name."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def keep(self, kind: str, name: str, value: Any, known_at: float | None = None) -> None:
        """Remember this, unless what is remembered is newer. Without `known_at`: in any case. No
        answer is a minute late: what seems newer by that was dated by a clock that was wrong."""
        values = {"kind": kind, "name": name, "value": json.dumps(value)}
        times = {"known_at": known_at or 0.0, "always": known_at is None}
        with self.db.write() as sql:
            sql.execute(_KEEP, values | times)

    def keep_all(self, kind: str, values: Mapping[str, Any], known_at: float) -> None:
        """Remember each of these."""
        with self.db.write():
            for name, value in values.items():
                self.keep(kind, name, value, known_at)

    def get(self, kind: str, name: str = "") -> Known | None:
        """What is remembered under this name."""
        return self.all(kind).get(name)

    def all(self, kind: str) -> dict[str, Known]:
        """Everything of a kind, by name."""
        rows = self.db.rows("SELECT * FROM kept WHERE kind = :kind", {"kind": kind})
        return {row["name"]: Known(json.loads(row["value"]), row["known_at"]) for row in rows}

    def forget(self, kind: str, name: str | None = None) -> None:
        """Remember it no longer; without a name, nothing of that kind."""
        with self.db.write() as sql:
            sql.execute(
                "DELETE FROM kept WHERE kind = :kind AND (:name IS NULL OR name = :name)",
                {"kind": kind, "name": name},
            )
