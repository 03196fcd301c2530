"""Lines of the log for many people at once: the same as `record`, in two statements for all.

An import holds everybody else up while it writes; a line at a time took most of that time.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from server.acts.base import Turn
from server.store import log
from server.store.log import Entry, Payload
from server.store.people import Person


@dataclass(frozen=True)
class Line:
    """Something that was done to one person; `data` is the personal part."""

    what: str
    person: Person
    data: dict[str, Any]


def record_all(turn: Turn, lines: list[Line]) -> None:
    """Write these lines of the log in this very transaction, in their order (P9)."""
    salts = [secrets.token_hex(16) for _ in lines]
    entries = [_entry(turn, line, salt) for line, salt in zip(lines, salts, strict=True)]
    turn.session.add_all(entries)
    turn.session.flush()
    turn.session.add_all(
        Payload(entry_id=entry.id, salt=salt, data=line.data)
        for entry, line, salt in zip(entries, lines, salts, strict=True)
    )
    turn.session.flush()


def _entry(turn: Turn, line: Line, salt: str) -> Entry:
    return Entry(
        org_id=line.person.org_id,
        subject_id=line.person.id,
        actor_id=turn.actor.id if turn.actor else None,
        what=line.what,
        by=turn.by.value,
        at=turn.at,
        received_at=turn.now,
        commitment=log.commit_to(salt, line.data),
    )
