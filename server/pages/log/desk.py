"""What the log's pages find out before they show anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from server.acts.history import History, Listed, Row, scope_of
from server.acts.looking import history_of, new_looks
from server.domain.refusals import NotYours
from server.pages.log.asked import Asked, Choices, read_asked
from server.pages.log.shown import ShownRow, row_in_words
from server.pages.visitor import Visitor
from server.store import db, named, people
from server.store.db import Session
from server.store.history import Scope, Span
from server.store.lists import Place
from server.store.looking import Seen
from server.store.named import Somebody, TeamName

PAGE = 30
LOT = 500


@dataclass(frozen=True)
class Found:
    """One page of the log, and what there is to choose from."""

    asked: Asked
    choices: Choices
    rows: list[ShownRow]
    older: Place | None
    newer: Place | None
    looks: set[Seen]


def choices_of(session: Session, seen: Visitor, scope: Scope) -> Choices:
    """The teams she manages and everybody in them, and herself."""
    everyone, me = named.people_of(session, scope), seen.person
    if all(person.ref != me.ref for person in everyone):
        everyone.append(Somebody(str(me.id), me.ref, me.name))
    return Choices(seen.zone, named.teams_named(session, scope.teams), everyone)


def find(session: Session, seen: Visitor, given: Mapping[str, str], now: datetime) -> Found:
    """The page of the log that an address asks for; nothing is listed where it has an error."""
    scope = scope_of(session, seen.person)
    choices = choices_of(session, seen, scope)
    asked = read_asked(given, choices, now)
    if asked.errors:
        return Found(asked, choices, [], None, None, set())
    span = Span(PAGE, asked.older_than, asked.newer_than)
    listed = History(session, seen.person, scope).page(asked.wanted, span)
    shown = _in_words(session, listed.rows, now)
    older, newer = _ends(listed)
    subjects = {history_of(row.worker.id) for row in listed.rows}
    looks = new_looks(session, seen.person, subjects, now)
    return Found(asked, choices, shown, older, newer, looks)


def _ends(listed: Listed) -> tuple[Place | None, Place | None]:
    if not listed.rows:
        return None, None
    older = listed.rows[-1].place if listed.older else None
    return older, listed.rows[0].place if listed.newer else None


def _in_words(session: Session, rows: tuple[Row, ...], now: datetime) -> list[ShownRow]:
    teams = teams_by_id(session, {row.team_id for row in rows})
    return [row_in_words(row, teams, now) for row in rows]


def teams_by_id(session: Session, ids: set[UUID]) -> dict[UUID, TeamName]:
    """These teams."""
    return {team.id: team for team in named.teams_named(session, ids)}


def everything(seen: Visitor, asked: Asked, now: datetime) -> Iterator[list[ShownRow]]:
    """All rows asked for, newest first, in lots; each lot is read in a transaction of its own."""
    last: Place | None = None
    while True:
        rows, last = db.read(partial(_lot, seen=seen, asked=asked, after=last, now=now))
        if rows:
            yield rows
        if last is None:
            return


def _lot(
    session: Session, seen: Visitor, asked: Asked, after: Place | None, now: datetime
) -> tuple[list[ShownRow], Place | None]:
    viewer = people.person(session, seen.person.id)
    scope = scope_of(session, viewer)
    if asked.wanted.team is not None and asked.wanted.team not in scope.teams:
        raise NotYours("team")
    listed = History(session, viewer, scope).page(asked.wanted, Span(LOT, older_than=after))
    rows = _in_words(session, listed.rows, now)
    return rows, listed.rows[-1].place if listed.rows and len(rows) == LOT else None
