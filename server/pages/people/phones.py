"""Coming in: a code that makes a phone hers, as letters and as a picture, a link to these pages,
and ending a phone's sign-in."""

import io
from uuid import UUID

import segno
from flask import url_for
from markupsafe import Markup

from server.access import ANYBODY
from server.acts import looking_after
from server.acts.base import Turn
from server.acts.enrolling import CODE_LIFE
from server.acts.inviting import GOOD_FOR
from server.domain.refusals import NotYours
from server.pages import flash, shown_once
from server.pages.forms import to
from server.pages.people.caring import managing, person_in
from server.pages.people.editing import open_office
from server.pages.people.routes import page
from server.pages.render import render
from server.pages.route import OFFICE, Answer
from server.running import running
from server.store import devices
from server.store.people import Person


@page.post("/people/<uuid:person_id>/code", who=OFFICE, proven=True)
def make_code(person_id: UUID) -> Answer:
    """A fresh code for her phone."""

    def work(turn: Turn, person: Person) -> None:
        code = looking_after.make_code(turn, person)
        shown_once.keep(f"code {person_id}", code, turn.now + turn.desk.in_life(CODE_LIFE))

    return managing(person_id, work, then=url_for("people.code", person_id=person_id))


@page.get("/people/<uuid:person_id>/code", who=OFFICE)
def code(person_id: UUID) -> Answer:
    """The code that was just made; never again later."""
    return _once("people/code.html", f"code {person_id}", person_id)


@page.post("/people/<uuid:person_id>/invite", who=OFFICE, proven=True)
def invite(person_id: UUID) -> Answer:
    """A fresh link with which she comes in to these pages."""

    def work(turn: Turn, person: Person) -> None:
        link = looking_after.invite(turn, person)
        shown_once.keep(f"link {person_id}", link, turn.now + turn.desk.in_life(GOOD_FOR))

    return managing(person_id, work, then=url_for("people.invitation", person_id=person_id))


@page.get("/people/<uuid:person_id>/invite", who=OFFICE)
def invitation(person_id: UUID) -> Answer:
    """The link that was just made; never again later."""
    return _once("people/invitation.html", f"link {person_id}", person_id)


def _once(template: str, what: str, person_id: UUID) -> Answer:
    person, found = person_in(open_office(person_id)), shown_once.kept(what)
    if found is None:
        flash.say("That is shown only once. If it is lost, make another.")
        return to(url_for("people.person", person_id=person_id))
    link = enrolment_link(running().settings.public_url, found.secret)
    return render(template, person=person, shown=found, picture=qr(link), link=link)


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
