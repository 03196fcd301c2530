"""A log of three organisations to write in, chain, tamper with and verify."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.acts.base import record
from server.engine.chain import chain_new
from server.engine.due import engine_turn
from server.store import db
from server.store.log import Entry, Head, Payload
from server.store.people import Organisation
from server.store.proof import Broken, Whole, verify
from tests.support.clock import ManualClock
from tests.support.people import KEYS, running_in

T = TypeVar("T")

RIVERSIDE, HILLSIDE, SEASIDE = UUID(int=1), UUID(int=2), UUID(int=3)
SLUGS = {RIVERSIDE: "riverside", HILLSIDE: "hillside", SEASIDE: "seaside"}


class Book:
    """A log of two organisations, written to, chained and verified."""

    def __init__(self, app: Flask, clock: ManualClock) -> None:
        self.app, self.clock = app, clock
        self.desk = running_in(app).desk
        self.write(
            lambda session: session.add_all(
                Organisation(id=org_id, slug=slug, name=slug, created_at=clock.now())
                for org_id, slug in SLUGS.items()
            )
        )

    def write(self, work: Callable[[Session], T]) -> T:
        with self.app.app_context():
            return db.write(work)

    def read(self, work: Callable[[Session], T]) -> T:
        with self.app.app_context():
            return db.read(work)

    def note(self, words: Sequence[str], org_id: UUID = RIVERSIDE) -> None:
        """Write one entry for each word, a second apart."""
        for word in words:
            self.write(partial(self._note, org_id=org_id, word=word, now=self.clock.forward(1)))

    def _note(self, session: Session, org_id: UUID, word: str, now: datetime) -> None:
        record(engine_turn(session, self.desk, now), "note", org_id=org_id, text=word)

    def chain(self) -> int:
        with self.app.app_context():
            return chain_new(self.desk, budget_s=30.0)

    def verify(self, org_id: UUID = RIVERSIDE) -> Whole:
        with self.app.app_context():
            return verify(org_id, "riverside", KEYS.seal)

    def verdict(self, org_id: UUID = RIVERSIDE) -> str:
        """What is found broken; 'whole' where nothing is."""
        try:
            self.verify(org_id)
        except Broken as fault:
            return str(fault)
        return "whole"

    def change(self, entry_id: int, **values: Any) -> None:
        change = update(Entry).where(Entry.id == entry_id).values(**values)
        self.write(lambda session: session.execute(change))

    def field(self, entry_id: int, name: str) -> Any:
        return self.read(lambda session: getattr(session.get_one(Entry, entry_id), name))

    def entry_id(self, seq: int) -> int:
        query = select(Entry.id).where(Entry.org_id == RIVERSIDE, Entry.seq == seq)
        return int(self.read(lambda session: session.scalars(query).one()))

    def remove(self, *seqs: int, personal_only: bool = False) -> None:
        ids = [self.entry_id(seq) for seq in seqs]
        self.write(lambda s: s.execute(delete(Payload).where(Payload.entry_id.in_(ids))))
        if not personal_only:
            self.write(lambda s: s.execute(delete(Entry).where(Entry.id.in_(ids))))

    def head(self, **values: Any) -> None:
        change = update(Head).where(Head.org_id == RIVERSIDE).values(**values)
        self.write(lambda session: session.execute(change))
