"""The routes of the sheet for the day somebody is missed. Everybody reads and writes her own; a
manager may write one for somebody of her team, and reads none."""

from dataclasses import asdict
from uuid import UUID

from flask import url_for

from server.acts import sheets
from server.acts.base import Turn
from server.acts.sheets import Sheet
from server.pages.forms import Form
from server.pages.render import render
from server.pages.route import MANAGER, SIGNED_IN, Answer, Pages
from server.pages.visitor import me
from server.running import running
from server.store import db, people
from server.store import sheets as store

page = Pages("sheet", __name__)

LONGEST = 300


@page.get("/sheet", who=SIGNED_IN)
def own() -> Answer:
    """My sheet."""
    here, seen = running(), me()
    kept = db.read(lambda session: sheets.read_own(session, here.desk, seen.person))
    return _page(Form(asdict(kept)), seen.person.id)


@page.post("/sheet", who=SIGNED_IN)
def save_own() -> Answer:
    """Keep it."""
    return _save(me().person.id, url_for("sheet.own"))


@page.get("/sheet/<uuid:person_id>", who=MANAGER)
def of(person_id: UUID) -> Answer:
    """Somebody's sheet, to be written: what is on it is not shown."""
    _must_manage(person_id)
    return _page(Form(), person_id)


@page.post("/sheet/<uuid:person_id>", who=MANAGER)
def save(person_id: UUID) -> Answer:
    """Keep what was written; what is left empty stays as it was."""
    _must_manage(person_id)
    return _save(person_id, url_for("sheet.of", person_id=person_id))


def _must_manage(person_id: UUID) -> None:
    seen = me()
    db.read(lambda session: sheets.person_of_mine(session, seen.person, person_id))


def _save(person_id: UUID, where: str) -> Answer:
    form = Form.read()
    sheet = Sheet(
        description=form.prose("description", longest=LONGEST),
        vehicle=form.text("vehicle", longest=LONGEST),
        kin=form.text("kin", longest=LONGEST),
        kin_number=form.text("kin_number", longest=LONGEST),
        other=form.prose("other", longest=LONGEST),
    )

    keep = sheets.write if person_id == me().person.id else sheets.add_to

    def work(turn: Turn) -> None:
        keep(turn, people.person(turn.session, person_id), sheet)

    if not form.faults:
        done = form.once(work, then=where, said="Saved and sealed.", lock=lambda _: {person_id})
        if done:
            return done
    return _page(form, person_id), form.status


def _page(form: Form, person_id: UUID) -> str:
    own = person_id == me().person.id

    def read(session: db.Session) -> tuple[str, object]:
        return people.person(session, person_id).name, store.last_change(session, person_id)

    name, changed = db.read(read)
    return render(
        "sheet/sheet.html", form=form, name=name, changed=changed, own=own, person_id=person_id
    )
