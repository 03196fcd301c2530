"""Token buckets against guessing, shared by every process. SOS never comes near them."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.store.house import Bucket


def open_bucket(session: Session, key: str, holds: int, per: timedelta, now: datetime) -> Bucket:
    """The bucket with this key, locked, and filled up for the time since it was last touched.

    A new one is full. It fills evenly: `holds` tokens in `per`.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = insert(Bucket).values(key=key, tokens=float(holds), at=now)
    session.execute(new.on_conflict_do_nothing())
    query = select(Bucket).where(Bucket.key == key).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one()
    found.tokens = min(float(holds), found.tokens + holds * max(now - found.at, timedelta()) / per)
    found.at = max(now, found.at)
    return found


def wait_for(bucket: Bucket, holds: int, per: timedelta) -> timedelta | None:
    """How long until there is a token in it again; None where there is one."""
    missing = 1.0 - bucket.tokens
    return missing / holds * per if missing > 0 else None
