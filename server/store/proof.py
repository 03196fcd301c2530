"""Verifies the log against its chain, page by page: a million entries need no more memory than a
thousand, and no reader holds up a writer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.store import db, retention
from server.store.chain import NOTHING_BEFORE, Line, Seal, is_sealed, link, public_part
from server.store.log import Entry, Head, Payload, commit_to
from server.store.people import Organisation
from server.store.visits import Visit

PAGE = 2000


class Broken(Exception):
    """The first thing in an organisation's log that is not as it was written, as a sentence."""

    def __init__(self, slug: str, what: str) -> None:
        super().__init__(f"{slug}: {what}")


@dataclass(frozen=True)
class Whole:
    """A log that is as it was written: how many entries are proven, how many wait for the chain."""

    entries: int
    waiting: int


def organisations(session: Session, slug: str | None) -> Sequence[tuple[UUID, str]]:
    """The organisations to look at, one if `slug` is given, by slug."""
    query = select(Organisation.id, Organisation.slug).order_by(Organisation.slug)
    if slug is not None:
        query = query.where(Organisation.slug == slug)
    return [(row.id, row.slug) for row in session.execute(query)]


def of_nobody(session: Session) -> list[UUID]:
    """Organisations whose log is there though they themselves are not: never deleted by us."""
    known = select(Organisation.id)
    entries = select(Entry.org_id).where(Entry.org_id.not_in(known)).distinct()
    heads = select(Head.org_id).where(Head.org_id.not_in(known))
    return sorted({*session.scalars(entries), *session.scalars(heads)})


def verify(org_id: UUID, slug: str, seal: Seal) -> Whole:
    """Prove one organisation's log from its first entry to its head; raises Broken.

    Found are: any field altered, a personal part altered or missing without a retention entry
    that covers it, an entry removed, moved or cut off at the end, an altered head. Not found, for
    want of anything to compare: entries removed in the seconds before they are chained, and what
    a holder of the secret key rewrote. Needs an application context.
    """
    head = db.read(partial(_head, org_id=org_id))
    if head is None:
        return _verify_unbegun(org_id, slug, seal)
    if not is_sealed(seal, head):
        raise Broken(slug, f"the end of the chain, entry {head.seq}, was altered")
    previous, seq = NOTHING_BEFORE, 0
    personal = _Personal(org_id, slug)
    for entry, kept_long in _entries(org_id, head.seq):
        seq += 1
        _check_place(slug, seq, previous, entry)
        personal.check(entry, kept_long)
        previous = entry.hash
    if seq != head.seq:
        raise Broken(slug, f"entry {seq + 1} is missing: the log was cut off there")
    if previous != head.hash:
        raise Broken(slug, f"entry {seq} is not the one the chain ended with")
    if db.read(partial(_reaches_beyond, org_id=org_id)):
        raise Broken(slug, f"entry {head.seq + 1} was added behind the end of the chain")
    return Whole(seq, db.read(partial(_count, org_id=org_id, chained=False)))


@dataclass(frozen=True)
class End:
    """Where a log's chain ends: how many entries, and the hash of the last."""

    seq: int
    hash: str


def end_of(org_id: UUID, slug: str, seal: Seal) -> End:
    """Where an organisation's chain ends now; raises Broken where its head was altered."""
    head = db.read(partial(_head, org_id=org_id))
    if head is None:
        return End(0, NOTHING_BEFORE)
    if not is_sealed(seal, head):
        raise Broken(slug, f"the end of the chain, entry {head.seq}, was altered")
    return End(head.seq, head.hash)


def check_seal(org_id: UUID, slug: str, seq: int, last_hash: str, at: str) -> None:
    """Raise Broken unless a verified log still has, at that place, what a seal of it says: what was
    rewritten with the key, or put back from an older copy, has not."""
    found = db.read(partial(_hash_at, org_id=org_id, seq=seq)) if seq else NOTHING_BEFORE
    if found is None:
        raise Broken(slug, f"entry {seq}, sealed at {at}, is missing")
    if found != last_hash:
        raise Broken(slug, f"entries up to {seq}, sealed at {at}, were rewritten since")


def _hash_at(session: Session, org_id: UUID, seq: int) -> str | None:
    return session.scalar(select(Entry.hash).where(Entry.org_id == org_id, Entry.seq == seq))


def _verify_unbegun(org_id: UUID, slug: str, seal: Seal) -> Whole:
    """No chain: right only where nothing was ever chained, and nothing that must be logged done."""
    chained = db.read(partial(_count, org_id=org_id, chained=True))
    waiting = db.read(partial(_count, org_id=org_id, chained=False))
    if db.read(partial(_head, org_id=org_id)) is not None:
        # It was begun in this very moment, between two looks.
        return verify(org_id, slug, seal)
    if chained:
        raise Broken(slug, f"the end of the chain is missing; {chained} entries hang loose")
    if not waiting and db.read(partial(_has_visits, org_id=org_id)):
        raise Broken(slug, "entry 1 is missing: there are visits, and the log is empty")
    return Whole(0, waiting)


def _check_place(slug: str, seq: int, previous: str, entry: Line) -> None:
    if entry.seq != seq:
        raise Broken(slug, f"entry {seq} is missing")
    if entry.previous != previous or entry.hash != link(previous, seq, entry):
        raise Broken(slug, f"entry {seq} was altered, moved or replaced")


class _Personal:
    """Checks the personal parts; asks once more what retention covers before it finds one missing,
    because it may have run in the meantime."""

    def __init__(self, org_id: UUID, slug: str) -> None:
        self._org_id, self._slug = org_id, slug
        self._covered = self._ask()

    def _ask(self) -> retention.Covered:
        return db.read(partial(retention.covered, org_id=self._org_id))

    def check(self, entry: Line, kept_long: bool) -> None:
        """Raise Broken unless it is there and as it was, or was deleted when its time had come."""
        if entry.salt is not None:
            if commit_to(entry.salt, entry.data) != entry.commitment:
                raise Broken(self._slug, f"the personal part of entry {entry.seq} was altered")
            return
        if not self._covered.covers(entry.received_at, kept_long):
            self._covered = self._ask()
        if not self._covered.covers(entry.received_at, kept_long):
            raise Broken(
                self._slug,
                f"the personal part of entry {entry.seq} is missing, and no retention covers it",
            )


def _entries(org_id: UUID, until_seq: int) -> Iterator[tuple[Line, bool]]:
    """The chained entries in order, and which are kept as long as an alarm; page by page."""
    after = 0
    while True:
        page, long = db.read(partial(_page, org_id=org_id, after=after, until_seq=until_seq))
        for entry in page:
            yield entry, entry.alarm_id is not None or entry.visit_id in long
        if len(page) < PAGE:
            return
        after = page[-1].seq


def _page(
    session: Session, org_id: UUID, after: int, until_seq: int
) -> tuple[Sequence[Line], set[UUID]]:
    query = (
        select(*public_part(), Entry.seq, Entry.previous, Entry.hash, Payload.salt, Payload.data)
        .join(Payload, Payload.entry_id == Entry.id, isouter=True)
        .where(Entry.org_id == org_id, Entry.seq > after, Entry.seq <= until_seq)
    )
    page = session.execute(query.order_by(Entry.seq).limit(PAGE)).all()
    visits = {entry.visit_id for entry in page if entry.salt is None and entry.visit_id}
    return page, retention.visits_with_alarm(session, visits)


def _head(session: Session, org_id: UUID) -> Head | None:
    return session.get(Head, org_id)


def _reaches_beyond(session: Session, org_id: UUID) -> bool:
    """Whether an entry lies behind the head; one statement, as both move on together."""
    head = select(Head.seq).where(Head.org_id == org_id).scalar_subquery()
    query = select(Entry.id).where(Entry.org_id == org_id, Entry.seq > head)
    return session.scalar(query.limit(1)) is not None


def _count(session: Session, org_id: UUID, *, chained: bool) -> int:
    which = Entry.seq.is_not(None) if chained else Entry.seq.is_(None)
    query = select(func.count()).select_from(Entry).where(Entry.org_id == org_id, which)
    return session.scalar(query) or 0


def _has_visits(session: Session, org_id: UUID) -> bool:
    return session.scalar(select(Visit.id).where(Visit.org_id == org_id).limit(1)) is not None
