"""Taking a copy away: written into the log and the access record, then made and handed over.

A long one says how far it is while it is made, on a page that grows, and lies ready for an hour.
"""

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from types import ModuleType
from typing import IO
from uuid import UUID

from flask import Response, stream_with_context, url_for

from server.acts import seeing
from server.acts.base import Turn, perform, record
from server.acts.history import scope_of
from server.acts.story import Story, story_of
from server.domain.refusals import NotYours
from server.pages.log.asked import Asked
from server.pages.log.copying.cells import cells
from server.pages.log.copying.tables import CsvTable, Table, XlsxTable
from server.pages.log.desk import Found, everything
from server.pages.render import render
from server.pages.visitor import Visitor
from server.running import running
from server.store import copies, db, history, looking, people
from server.store.copies import Copy
from server.store.log import Audience
from server.store.looking import Seen
from server.store.visits import Visit
from shared.states import Means

AT_ONCE = 1_000
MOST = 200_000
MOST_ON_PAPER = 1_000
SAY_EVERY = 2_000
IN_MEMORY = 4 * 1024 * 1024
MARK = "<!--progress-->"
CSV, XLSX, PDF = "csv", "xlsx", "pdf"
KINDS = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
}
TABLES: dict[str, Callable[[IO[bytes]], Table]] = {CSV: CsvTable, XLSX: XlsxTable}


def why_not(seen: Visitor, found: Found, kind: str) -> str:
    """Why such a copy cannot be made, in a sentence; empty where it can."""
    if kind not in KINDS:
        return "Choose CSV, spreadsheet or PDF."
    most = MOST_ON_PAPER if kind == PDF else MOST
    if _count(seen, found.asked, most + 1) <= most:
        return ""
    if kind == PDF:
        return f"A PDF holds at most {most:,} rows. Narrow it down, for example to one month."
    return f"A copy holds at most {most:,} rows. Narrow it down, for example to one year."


def _count(seen: Visitor, asked: Asked, most: int) -> int:
    return db.read(
        lambda session: history.count_rows(
            session, scope_of(session, seen.person), asked.wanted, most
        )
    )


def take_list(seen: Visitor, found: Found, kind: str, now: datetime) -> Response:
    """The rows asked for as a file of this kind."""
    rows = _count(seen, found.asked, MOST)
    _write_down_list(seen, found.asked, kind, rows, now)
    name = f"wayhome-log-{now.astimezone(seen.zone):%Y-%m-%d}.{kind}"
    if rows > AT_ONCE and kind != PDF:
        return _slowly(seen, found.asked, kind, name, rows, now)
    if kind == PDF:
        return _file(_printing().print_list(seen, found, now), name, kind)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as into:
        table = TABLES[kind](into)
        for _ in _fill(table, seen, found.asked, now):
            pass
        into.seek(0)
        return _file(into.read(), name, kind)


def _fill(table: Table, seen: Visitor, asked: Asked, now: datetime) -> Iterator[int]:
    """Write every row, and say now and then how many there are."""
    count = 0
    for rows in everything(seen, asked, now):
        for row in rows:
            table.add(cells(row, seen.zone))
        count += len(rows)
        yield count
    table.finish()


def _slowly(
    seen: Visitor, asked: Asked, kind: str, name: str, rows: int, now: datetime
) -> Response:
    """A page that grows while the copy is made, and ends with where it lies."""
    before, _, after = render("log/making.html", rows=rows, name=name, mark=MARK).partition(MARK)

    def making() -> Iterator[str]:
        yield before
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as into:
            said = 0
            for count in _fill(TABLES[kind](into), seen, asked, now):
                if count - said >= SAY_EVERY:
                    said = count
                    yield f"<li>{count:,} rows so far</li>\n"
            copy_id = copies.keep(into, seen.person.id, name, KINDS[kind], now)
        yield "</ol>\n"
        yield render("log/made.html", address=url_for("log.fetch_copy", copy_id=copy_id), name=name)
        yield after

    answer = Response(stream_with_context(making()), mimetype="text/html")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def hand_over(found: Copy | None) -> Response:
    """The file itself, piece by piece."""
    if found is None:
        raise NotYours("copy")
    answer = Response(stream_with_context(copies.pieces(found.id)), content_type=found.mimetype)
    answer.headers["Content-Length"] = str(found.size)
    return _attached(answer, found.name)


def _file(data: bytes, name: str, kind: str) -> Response:
    return _attached(Response(data, content_type=KINDS[kind]), name)


def _attached(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _write_down_list(seen: Visitor, asked: Asked, kind: str, rows: int, now: datetime) -> None:
    def work(turn: Turn) -> None:
        scope = scope_of(turn.session, seen.person)
        record(
            turn, "exported", org_id=seen.org_id, format=kind, rows=rows, asked=dict(asked.typed)
        )
        subjects = history.subjects(turn.session, scope, asked.wanted) - {seen.person.id}
        looks = [Seen(subject, None, "export") for subject in subjects]
        looking.note_looks(
            turn.session, seen.org_id, seen.person.id, looks, Means.PAGE.value, turn.now
        )

    perform(running().desk, work, now=now, by=Means.PAGE, actor_id=seen.person.id)


def take_visit(seen: Visitor, visit_id: UUID, now: datetime) -> Response:
    """One visit on paper."""

    def work(turn: Turn) -> Story:
        viewer = people.person(turn.session, seen.person.id)
        visit = seeing.visit_for(turn.session, viewer, visit_id)
        story = story_of(turn.session, viewer, visit, turn.now)
        _write_down_visit(turn, visit)
        return story

    story = perform(running().desk, work, now=now, by=Means.PAGE, actor_id=seen.person.id)
    day = story.visit.starts_at.astimezone(seen.zone)
    return _file(
        _printing().print_visit(seen, story, now), f"wayhome-visit-{day:%Y-%m-%d}.pdf", PDF
    )


def _printing() -> ModuleType:
    """Loaded when the first PDF is asked for: it takes 27 MB and a quarter of a second."""
    from server.pages.log.copying import printing

    return printing


def _write_down_visit(turn: Turn, visit: Visit) -> None:
    """Kept from the worker's own eyes while a duress of hers is open: that others take copies
    would show it."""
    audience = Audience.NOT_SUBJECT
    if turn.actor is None or turn.actor.id == visit.worker_id:
        audience = Audience.ALL
    record(turn, "exported", org_id=visit.org_id, visit=visit, audience=audience, format=PDF)
    if turn.actor is not None and turn.actor.id != visit.worker_id:
        seen = Seen(visit.worker_id, visit.id, "export")
        looking.note_looks(
            turn.session, visit.org_id, turn.actor.id, [seen], Means.PAGE.value, turn.now
        )
