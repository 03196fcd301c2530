"""One button each: somebody leaves or comes back, a number is vouched for, PINs are asked for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from server.acts import importing, looking_after, self_care
from server.acts.base import Turn
from server.acts.importing import Options
from server.acts.teams import person_to_manage, roster_for
from server.pages.forms import Form
from server.pages.moments import read_moment
from server.pages.people.editing import Office, open_office
from server.pages.people.one import show
from server.pages.people.routes import page
from server.pages.render import render
from server.pages.route import OFFICE, Answer
from server.pages.visitor import me
from server.store.people import Person


@page.post("/people/<uuid:person_id>/leave", who=OFFICE, proven=True)
def leave(person_id: UUID) -> Answer:
    """She has left: sign-in ends, an open visit of hers is watched to its end."""
    return _left(person_id, {"left": True}, "{} has left, and is signed out everywhere.")


@page.post("/people/<uuid:person_id>/return", who=OFFICE, proven=True)
def come_back(person_id: UUID) -> Answer:
    """She is back; her phone has to be enrolled anew."""
    return _left(person_id, {"left": False}, "{} is back. The phone needs a new code.")


def _left(person_id: UUID, given: Mapping[str, Any], said: str) -> Answer:
    form, office, seen = Form.read(), open_office(person_id), me()
    person = person_in(office)
    options = Options(org_slug=seen.person.org.slug, only_org_slug=True)
    wanted = importing.read_person({"ref": person.ref, **given}, options)
    done = form.once(
        lambda turn: importing.carry_out(turn, wanted, options),
        then=url_for("people.person", person_id=person_id),
        said=said.format(person.name),
        lock=importing.locker(wanted, seen.person.id),
    )
    return done or refused(form)


def person_in(office: Office) -> Person:
    """The person an address names."""
    assert office.person is not None  # noqa: S101 - `_open` raises NotYours where there is none
    return office.person


def refused(form: Form) -> Answer:
    """A button that could not do what it says."""
    return render("people/refused.html", form=form), form.status


def managing(
    person_id: UUID,
    work: looking_after.Work,
    said: str = "",
    *,
    then: str | None = None,
    show_again: bool = False,
) -> Answer:
    """One button's act about somebody the visitor looks after."""
    form, office = Form.read(), open_office(person_id)
    target = person_in(office)

    def do(turn: Turn) -> None:
        roster = roster_for(turn.session, me().person)
        work(turn, person_to_manage(roster, me().person, target.id))

    back = then or url_for("people.person", person_id=person_id)
    done = form.once(do, then=back, said=said.format(target.name), lock=lambda _: {target.id})
    return done or ((show(person_id, form), form.status) if show_again else refused(form))


@page.post("/people/<uuid:person_id>/vouch", who=OFFICE, proven=True)
def vouch(person_id: UUID) -> Answer:
    """Say that her number is hers: trusted, not proven."""
    return managing(person_id, looking_after.vouch_for_number, "{}'s number is trusted.")


@page.post("/people/<uuid:person_id>/ask-pins", who=OFFICE)
def ask_pins(person_id: UUID) -> Answer:
    """Ask her to choose new PINs; nobody but she learns them."""
    return managing(person_id, looking_after.ask_for_pins, "{} is asked to choose new PINs.")


@page.post("/people/<uuid:person_id>/back", who=OFFICE)
def back(person_id: UUID) -> Answer:
    """Her absence is over."""
    return managing(person_id, self_care.come_back, "{} is there again.")


@page.post("/people/<uuid:person_id>/away", who=OFFICE)
def away(person_id: UUID) -> Answer:
    """She is absent until then, and skipped by the ladder while another remains."""
    form = Form.read()
    until = read_moment(form, "until", "Give the day and time of coming back.")
    if until is None:
        return show(person_id, form), form.status
    return managing(
        person_id,
        lambda turn, person: self_care.go_away(turn, person, None, until),
        "{}'s absence is kept.",
        show_again=True,
    )
