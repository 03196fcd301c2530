"""Sending one form of the own page: the acts of the phone's API, by the same rules.

A wrong PIN is counted once for each sending of a form; PINs are never shown again.
"""

from collections.abc import Callable
from uuid import UUID

from flask import url_for

from server.acts.base import Turn
from server.acts.own_page import own
from server.domain.refusals import PinRequired, PinWrong
from server.pages.forms import Form, Lock
from server.pages.people.pins import are_pins_asked
from server.pages.render import render
from server.pages.route import Answer
from server.pages.visitor import me
from server.running import running
from server.store import db, people, visits
from server.store.db import Session
from server.store.people import Person
from shared.holes import ADVICE

Did = Callable[[Turn, Person], object]


def nobody_else(_session: Session) -> set[UUID]:
    """Whoever acts is always locked, and nobody beside her has to be."""
    return set()


def send(
    form: Form, key: str, work: Did, *, said: str = "", anchor: str = "", lock: Lock = nobody_else
) -> Answer:
    """Do it and show the page again; where it was refused, with what is wrong beside its field.

    `key` says which of the page's forms this is.
    """

    def do(turn: Turn) -> None:
        work(turn, people.person(turn.session, me().person.id))

    where = url_for("own.own", _anchor=anchor or None)
    try:
        done = form.once(do, then=where, said=said, lock=lock)
    except (PinRequired, PinWrong) as refusal:
        form.blame("old" if key == "pins" else "pin", refusal.sentence)
        form.status = 403
        done = None
    return done or (page_with(form, key), form.status)


def page_with(form: Form | None = None, key: str = "") -> str:
    """Her page; `form` is the one of its forms that was refused."""
    here, seen = running(), me()
    now = here.clock.now()

    def read(session: Session) -> dict[str, object]:
        person = people.person(session, seen.person.id)
        return {
            "own": own(session, here.desk, person, now),
            "asked_at": are_pins_asked(session, person, person),
        }

    found, text_to = db.read(read), here.settings.text_to
    return render(
        "own/own.html", sent=form, key=key, now=now, text_to=text_to, advice=ADVICE, **found
    )


def pin_of(form: Form) -> str | None:
    """The PIN that was typed, if one was."""
    found = form.values.pop("pin", "").strip()
    return found or None


def locks_visit(ref: UUID) -> Lock:
    """Locks the worker of that visit."""
    seen = me().person
    return lambda session: visits.workers_of(session, seen.org_id, ref, seen.id)
