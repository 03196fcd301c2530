"""What is kept for an hour for one person: copies of the log that took long to make, and a form
that was set aside while she shows that it is her.

It lies in the database, in pieces, because the next request may reach another process.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from os import SEEK_END
from typing import IO
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.store import db
from server.store.db import Base
from server.store.types import Instant

KEPT = timedelta(hours=1)
PIECE = 256 * 1024


class Copy(Base):
    """One file, made for one person."""

    __tablename__ = "copies"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    mimetype: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)


class CopyPiece(Base):
    """A part of it."""

    __tablename__ = "copy_pieces"

    copy_id: Mapped[UUID] = mapped_column(ForeignKey("copies.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)


def keep(into: IO[bytes], person_id: UUID, name: str, mimetype: str, now: datetime) -> UUID:
    """Keep this file, read from where it stands; each piece in a short transaction of its own."""
    copy = Copy(person_id=person_id, name=name, mimetype=mimetype, made_at=now)
    copy.size = into.seek(0, SEEK_END)
    into.seek(0)

    def begin(session: Session) -> UUID:
        drop_old(session, now)
        session.add(copy)
        session.flush()
        return copy.id

    copy_id, n = db.write(begin), 0
    while data := into.read(PIECE):
        db.write(partial(_add_piece, piece={"copy_id": copy_id, "n": n, "data": data}))
        n += 1
    return copy_id


def _add_piece(session: Session, piece: dict[str, object]) -> None:
    session.add(CopyPiece(**piece))


def find_copy(session: Session, person_id: UUID, copy_id: UUID, now: datetime) -> Copy | None:
    """This person's copy, while it is kept."""
    found = session.get(Copy, copy_id)
    hers = found is not None and found.person_id == person_id
    return found if found and hers and found.made_at > now - KEPT else None


def pieces(copy_id: UUID) -> Iterator[bytes]:
    """The file, piece by piece, each read in a transaction of its own."""
    n = 0
    while (piece := db.read(partial(_piece, copy_id=copy_id, n=n))) is not None:
        yield piece.data
        n += 1


def _piece(session: Session, copy_id: UUID, n: int) -> CopyPiece | None:
    return session.get(CopyPiece, (copy_id, n))


def drop_old(session: Session, now: datetime, most: int = 50) -> None:
    """Delete copies that are kept no longer."""
    old = session.scalars(select(Copy.id).where(Copy.made_at <= now - KEPT).limit(most)).all()
    if old:
        session.execute(delete(CopyPiece).where(CopyPiece.copy_id.in_(old)))
        session.execute(delete(Copy).where(Copy.id.in_(old)))
