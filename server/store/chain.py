"""The log's chain (P9): every entry's hash covers the one before it, the head is sealed.

hash(n) = SHA-256 of hash(n-1) and the canonical JSON of the entry's public part, which holds the
commitment to its personal part. The head says how many there are, under a key that the database
does not hold, so that cutting off the tail is found as well.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Row, Select, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.store.log import Entry, Head

NOTHING_BEFORE = "0" * 64
SEAL = "log-head"
MOST_LOOKED_AT = 2000

Line: TypeAlias = Row[*tuple[Any, ...]]
"""An entry's columns as a query found them."""

Seal = Callable[[str, str], str]
"""`Keyring.seal`: a keyed fingerprint of a text, for one purpose."""


class BrokenHead(Exception):
    """The chain must not be continued from here: that would hide what was done to it."""


def public_part() -> tuple[Any, ...]:
    """The columns the chain covers, and the entry's id."""
    return (
        Entry.id,
        Entry.org_id,
        Entry.visit_id,
        Entry.alarm_id,
        Entry.subject_id,
        Entry.actor_id,
        Entry.audience,
        Entry.what,
        Entry.by,
        Entry.at,
        Entry.received_at,
        Entry.commitment,
    )


def link(previous: str, seq: int, entry: Line) -> str:
    """The hash of an entry at this place in the chain, 64 hexadecimal digits."""
    said = [
        seq,
        str(entry.org_id),
        _id(entry.visit_id),
        _id(entry.alarm_id),
        _id(entry.subject_id),
        _id(entry.actor_id),
        entry.audience,
        entry.what,
        entry.by,
        _instant(entry.at),
        _instant(entry.received_at),
        entry.commitment,
    ]
    canonical = json.dumps(said, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()


def _id(found: UUID | None) -> str | None:
    return str(found) if found else None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def seal_of(seal: Seal, org_id: UUID, seq: int, last_hash: str) -> str:
    """What the head is sealed with."""
    return seal(SEAL, f"{org_id}:{seq}:{last_hash}")


def is_sealed(seal: Seal, head: Head) -> bool:
    """Whether the head is as the engine left it."""
    return hmac.compare_digest(head.seal, seal_of(seal, head.org_id, head.seq, head.hash))


def waiting_organisations(session: Session) -> list[UUID]:
    """Whose entries are to be chained: nearly free where none are, however long the log."""
    return list(dict.fromkeys(session.scalars(organisations_query())))


def organisations_query() -> Select[Any]:
    """In the order of the index over waiting entries: asked for distinct organisations, SQLite
    would read an index over the whole log."""
    query = select(Entry.org_id).where(Entry.seq.is_(None)).order_by(Entry.org_id, Entry.id)
    return query.limit(MOST_LOOKED_AT)


def extend(session: Session, org_id: UUID, seal: Seal, most: int) -> int:
    """Chain up to `most` entries of one organisation in the order of their ids; returns how many.

    One engine at a time: where another holds the head, it does the work and this returns 0.
    Entries that were committed late, with smaller ids, are chained after those before them.
    """
    head = locked_head(session, org_id)
    if head is None and not _has_chain(session, org_id):
        head = _first_head(session, org_id, seal)
    if head is None:
        return 0
    if not is_sealed(seal, head):
        raise BrokenHead(f"the end of the log of organisation {org_id} was altered")
    waiting = session.execute(waiting_query(org_id, most)).all()
    changes = []
    for entry in waiting:
        previous, head.seq = head.hash, head.seq + 1
        head.hash = link(previous, head.seq, entry)
        changes.append({"id": entry.id, "seq": head.seq, "previous": previous, "hash": head.hash})
    if changes:
        session.execute(update(Entry), changes)
        head.seal = seal_of(seal, org_id, head.seq, head.hash)
    return len(changes)


def waiting_query(org_id: UUID, most: int) -> Select[Any]:
    """One organisation's entries that wait, oldest first."""
    waiting = select(*public_part()).where(Entry.org_id == org_id, Entry.seq.is_(None))
    return waiting.order_by(Entry.id).limit(most)


def locked_head(session: Session, org_id: UUID) -> Head | None:
    """The head, locked; None where there is none or another process holds it."""
    query = select(Head).where(Head.org_id == org_id).with_for_update(skip_locked=True)
    return session.scalar(query.execution_options(populate_existing=True))


def _has_chain(session: Session, org_id: UUID) -> bool:
    """Whether there is a head (held by another process) or ever was one: its entries remain.

    Asked in one statement, which sees one moment: between two, another process may have made the
    first head and chained entries to it.
    """
    head = exists().where(Head.org_id == org_id)
    entries = exists().where(Entry.org_id == org_id, Entry.seq.is_not(None))
    has_head, has_entries = session.execute(select(head, entries)).one()
    if has_entries and not has_head:
        raise BrokenHead(f"the end of the log of organisation {org_id} is missing")
    return bool(has_head)


def _first_head(session: Session, org_id: UUID, seal: Seal) -> Head | None:
    """The head of an empty chain, locked; the same one where two processes make it at once."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    sealed = seal_of(seal, org_id, 0, NOTHING_BEFORE)
    new = insert(Head).values(org_id=org_id, seq=0, hash=NOTHING_BEFORE, seal=sealed)
    session.execute(new.on_conflict_do_nothing())
    return locked_head(session, org_id)
