"""Who looked at whose visits and alarms: hers for herself, her people's for a manager (P7)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.looking import shown_until
from server.acts.teams import managed_teams, roster_for
from server.store import looking
from server.store.looking import LookPlace, LookRow
from server.store.people import Person

PAGE = 50


@dataclass(frozen=True)
class Looks:
    """One page; `next` where the next begins, None at the end."""

    rows: list[LookRow]
    next: LookPlace | None


def looks_at_her(session: Session, viewer: Person, after: LookPlace | None, now: datetime) -> Looks:
    """Every look at her own visits and alarms by somebody else."""
    return _page(session, viewer, {viewer.id}, after, now)


def looks_in_teams(
    session: Session, viewer: Person, after: LookPlace | None, now: datetime
) -> Looks:
    """Every look at somebody of the teams she looks after, also at her own."""
    roster = roster_for(session, viewer)
    hers = managed_teams(roster, viewer)
    subjects = {one for one, places in roster.places.items() if hers & set(places)}
    return _page(session, viewer, subjects, after, now)


def _page(
    session: Session, viewer: Person, subjects: set[UUID], after: LookPlace | None, now: datetime
) -> Looks:
    before = shown_until(session, viewer, now)
    rows = looking.looks(session, viewer, subjects, before, after, PAGE + 1)
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Looks(rows, LookPlace(rows[-1].at, rows[-1].id) if more else None)
