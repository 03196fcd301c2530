"""Phones: a code that makes one hers, as letters and as a picture, and ending a phone's sign-in."""

import io
from uuid import UUID

import segno
from flask import url_for
from markupsafe import Markup

from server.access import ANYBODY
from server.acts import looking_after
from server.acts.base import Turn, perform
from server.acts.enrolling import CODE_LIFE
from server.domain.refusals import Conflict, NotYours
from server.pages.forms import Form
from server.pages.people.caring import managing, person_in, refused
from server.pages.people.editing import open_office
from server.pages.people.routes import page
from server.pages.render import render
from server.pages.route import OFFICE, Answer
from server.pages.visitor import me
from server.running import running
from server.store import devices
from server.store.people import Person
from shared.states import Means


@page.post("/people/<uuid:person_id>/code", who=OFFICE, proven=True)
def make_code(person_id: UUID) -> Answer:
    """A fresh code, shown on this very answer and never again."""
    form, office, here = Form.read(), open_office(person_id), running()
    person = person_in(office)
    try:
        code = perform(
            here.desk,
            lambda turn: looking_after.make_code(turn, _same(turn, person)),
            now=here.clock.now(),
            by=Means.PAGE,
            actor_id=me().person.id,
            lock=lambda _: {person.id},
        )
    except Conflict as refusal:
        form.blame("", refusal.sentence)
        return refused(form)
    link = enrolment_link(here.settings.public_url, code)
    ends_at = here.clock.now() + here.desk.in_life(CODE_LIFE)
    return render(
        "people/code.html", person=person, code=code, picture=qr(link), link=link, ends_at=ends_at
    )


def _same(turn: Turn, person: Person) -> Person:
    return turn.session.get_one(Person, person.id)


def enrolment_link(public_url: str, code: str) -> str:
    """What the picture says: the server and the code, for the app to read."""
    return f"{public_url}/enrol#{code}"


def qr(text: str) -> Markup:
    """A QR code as SVG without style or script; its label says what it is."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        title="Code for the phone",
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made here of black squares only


@page.post("/people/<uuid:person_id>/phones/<uuid:device_id>/end", who=OFFICE, proven=True)
def end_phone(person_id: UUID, device_id: UUID) -> Answer:
    """Sign one phone of hers out for her."""

    def work(turn: Turn, person: Person) -> None:
        mine = devices.live_devices(turn.session, person.id)
        wanted = [one for one in mine if one.id == device_id]
        if not wanted:
            raise NotYours("phone")
        looking_after.end_phone(turn, person, wanted[0])

    then = url_for("people.person", person_id=person_id, _anchor="phones")
    return managing(person_id, work, "That phone of {}'s opens nothing any more.", then=then)


@page.get("/enrol", who=ANYBODY)
def enrol() -> Answer:
    """Where a camera outside the app leads; the code itself never reaches the server this way."""
    return render("people/enrol.html")
