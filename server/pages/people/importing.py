"""Importing people: everything a file would do, or every fault in it, before anything changes.

Nothing is kept between the preview and the import: the page carries the file, and a mark of what
it would do to what. The import does exactly that, or says that something has changed meanwhile.
"""

import csv
import io
import re
from dataclasses import dataclass

from flask import Response, request, url_for

from server.acts import importing
from server.acts.importing import COLUMNS, BadImport, Done, Fault, Options
from server.acts.importing.standing import standing_of
from server.domain.spreadsheet import defused
from server.domain.words.policy import differences
from server.pages.forms import TOP, Form
from server.pages.people.editing import FIELD_WORDS
from server.pages.people.routes import page
from server.pages.people.rows import rows_by_team
from server.pages.render import render
from server.pages.route import OFFICE, Answer
from server.pages.visitor import me
from server.running import running
from server.store import db
from shared.states import Means

LARGEST = 200_000
TOO_LARGE = "This page takes files up to 200 KB, some 2,000 people. Split it, or use the command."
CHOOSE = "Choose a CSV or JSON file."
FIRST_LINE = 2
"""A spreadsheet's first row is the header, so the first person is in row 2."""
PLACE = re.compile(r"people\[(\d+)\]")
SHOWN = tuple(name for name in COLUMNS if name not in ("pin", "duress_pin", "left"))


@dataclass(frozen=True)
class FaultRow:
    """One fault as somebody with the file open finds it."""

    where: str
    who: str
    field: str
    sentence: str


@page.get("/people/import", who=OFFICE, proven=True)
def choose_file() -> Answer:
    """Choose a file."""
    return render("people/import.html", form=Form(), columns=SHOWN)


@page.post("/people/import", who=OFFICE, proven=True)
def preview() -> Answer:
    """What this file would do, or what is wrong with it. Changes nothing."""
    form = Form.read()
    content = _content(form)
    if content is None:
        return render("people/import.html", form=form, columns=SHOWN), 400
    return _preview(form, content)


def _content(form: Form) -> str | None:
    """The file as text: chosen just now, or as it was mended on the page."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        form.values["kind"] = "csv" if sent.filename.lower().endswith(".csv") else "json"
        data = sent.stream.read(LARGEST + 1)
        try:
            content = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            form.blame("file", "The file is not UTF-8. Save it as 'CSV UTF-8'.")
            return None
    else:
        content = form.values.get("content", "")
    content = content.replace("\r\n", "\n")
    if not content.strip():
        form.blame("file", CHOOSE)
    elif len(content.encode()) > LARGEST:
        form.blame("file", TOO_LARGE)
    return None if form.faults else content


def _options(form: Form) -> Options:
    org = me().person.org.slug
    return Options(trust_numbers=form.ticked("trust"), org_slug=org, only_org_slug=True)


def _preview(form: Form, content: str, status: int = 200) -> Answer:
    here, seen = running(), me()
    options = _options(form)
    try:
        wanted = importing.read_file(content.encode(), options, as_csv=_is_csv(form))
        done = importing.rehearse(
            here.desk,
            wanted,
            options,
            now=here.clock.now(),
            by=Means.PAGE,
            actor_id=seen.person.id,
        )
    except BadImport as refusal:
        return _show(form, content, faults=_rows_of(refusal, content, form)), 400
    return _show(form, content, done=done), status


def _is_csv(form: Form) -> bool:
    return form.values.get("kind", "csv") == "csv"


def _show(
    form: Form, content: str, done: Done | None = None, faults: list[FaultRow] | None = None
) -> str:
    form.values["content"] = content
    return render(
        "people/import_preview.html",
        form=form,
        done=done,
        ladders=_ladders(done) if done else [],
        faults=faults or [],
        has_pins=_has_pins(content),
        is_csv=_is_csv(form),
        field_words=FIELD_WORDS | {"pins": "PINs", "number_proof": "trusted"},
    )


def _ladders(done: Done) -> list[tuple[str, list[tuple[str, list[str], list[str]]]]]:
    """Each team with what would be another in its ladder; a new one has none to differ from."""
    changed = [
        (one.team, differences(one.was, one.now, {})) for one in done.ladders if one.was is not None
    ]
    return [(team, found) for team, found in changed if found]


def _has_pins(content: str) -> bool:
    """Whether the file holds PINs: then it is not shown, not even to who chose it."""
    return "pin" in content.casefold()


def _rows_of(refusal: BadImport, content: str, form: Form) -> list[FaultRow]:
    names = _names(content) if _is_csv(form) else {}
    return [_row_of(fault, names) for fault in refusal.found]


def _row_of(fault: Fault, names: dict[int, str]) -> FaultRow:
    if not fault.place:
        return FaultRow("The file", "", "", fault.sentence)
    section, *rest = fault.place
    index, *field = rest or [""]
    if isinstance(index, int):
        where = f"Row {index + FIRST_LINE}" if names else f"{section}[{index}]"
        said = _in_rows(fault.sentence) if names else fault.sentence
        return FaultRow(where, names.get(index, ""), _field(field), said)
    return FaultRow(str(section), "", _field(rest), fault.sentence)


def _in_rows(sentence: str) -> str:
    """A table has rows, which is where its reader looks for them."""
    return PLACE.sub(lambda found: f"row {int(found[1]) + FIRST_LINE}", sentence)


def _field(parts: list[str | int]) -> str:
    return " ".join(str(part + 1) if isinstance(part, int) else part for part in parts)


def _names(content: str) -> dict[int, str]:
    """Who is in each row, as far as it can be read: to find it by."""
    try:
        rows = list(csv.reader(io.StringIO(content)))
        header = [name.strip().lower() for name in rows[0]]
        at = header.index("name" if "name" in header else "ref")
        return {n: row[at] if at < len(row) else "" for n, row in enumerate(rows[1:])}
    except (csv.Error, ValueError, IndexError):
        return {}


@page.post("/people/import/do", who=OFFICE, proven=True)
def do_import() -> Answer:
    """Do exactly what the preview said."""
    form, seen = Form.read(), me()
    content = _content(form)
    if content is None:
        return render("people/import.html", form=form, columns=SHOWN), 400
    options = _options(form)
    expected = form.values.get("outlook", "")
    try:
        wanted = importing.read_file(content.encode(), options, as_csv=_is_csv(form))
        done = form.once(
            lambda turn: importing.carry_out(turn, wanted, options, seen=expected),
            then=url_for("people.people"),
            said="The file is imported.",
            lock=importing.locker(wanted, seen.person.id),
        )
    except BadImport as refusal:
        form.blame(TOP, "Something changed meanwhile, and the file does not fit any more.")
        return _show(form, content, faults=_rows_of(refusal, content, form)), 409
    return done or _preview(form, content, 409)


@page.get("/people/people.csv", who=OFFICE, proven=True)
def export() -> Response:
    """Everybody the visitor looks after as an import file: change it, and bring it back."""
    here, seen = running(), me()
    now = here.clock.now()
    roster, teams = db.read(lambda s: rows_by_team(s, seen.person, now, left=False))
    people = {row.person.id: row.person for team in teams for row in team.rows}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(SHOWN)
    for person in sorted(people.values(), key=lambda one: one.ref):
        standing = standing_of(roster, person)
        writer.writerow([_cell(name, standing[name]) for name in SHOWN])
    answer = Response(out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=people.csv"
    return answer


def _cell(name: str, value: object) -> str:
    """As an import reads it back; no word in it begins like a formula, but for the plus of a
    number, which is only digits."""
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return text if name == "mobile" else defused(text)
