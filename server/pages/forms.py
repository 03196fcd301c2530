"""Forms: what was typed is kept, every fault is said beside its field and at the top, and sending
one twice has one effect.

    form = Form.read()
    name = form.text("name", "Give her name.", longest=100)
    minutes = form.whole("minutes", 1, 720, "Give the minutes, from 1 to 720.")
    if not form.faults:
        done = form.once(lambda turn: change(turn, name, minutes), then=url_for("people.people"),
                         said="Saved.")
        if done:
            return done
    return render("people/edit.html", form=form), form.status

`once` runs the work in one transaction, under a lock on the visitor's own row. What the work
refuses (BadField, Conflict, ...) becomes a fault of the form, and nothing has been changed.
"""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, NoReturn
from uuid import UUID, uuid4

from flask import Response, abort, g, redirect, request
from werkzeug.datastructures import MultiDict

from server.acts.base import Turn, perform
from server.domain.refusals import BadField, Conflict, Forbidden, Refusal, TooManyTries
from server.domain.secrets import Keyring
from server.pages import cookies, flash
from server.pages.guard import check_form, form_token, is_from
from server.pages.visitor import entry, me
from server.running import running
from server.store import requests
from server.store.db import Session
from server.store.house import Request
from server.store.people import Person
from server.store.sessions import WebSession
from shared.states import Means

ONCE = "once"
VERSION = "version"
TOP = ""
"""The fault that belongs to the whole form and to no field."""
LONGEST = 2000
LARGEST_FORM = 256 * 1024

Work = Callable[[Turn], Any]
Lock = Callable[[Session], set[UUID]]
"""The ids of the workers whom an act is about, all locked before it begins (decision 2)."""


class Form:
    """One form: what is in its fields, and what is wrong with them."""

    def __init__(self, values: Mapping[str, Any] | None = None, version: int | None = None) -> None:
        given = {name: _words(value) for name, value in (values or {}).items()}
        self.values: MultiDict[str, str] = MultiDict(given)
        self.faults: dict[str, str] = {}
        self.labels: Mapping[str, str] = {}
        """What the fields are called, in their order on the page; needed where a fault's own
        sentence does not name its field."""
        self.id = uuid4()
        self.version = version
        self.status = 400

    @classmethod
    def read(cls) -> "Form":
        """The form that this request sends."""
        form = cls()
        form.values = MultiDict(request.form.items(multi=True))
        form.id = uuid_in(request.form.get(ONCE, "")) or uuid4()
        form.version = version_in(request.form.get(VERSION, ""))
        return form

    # What is read. Each says what is wrong, if anything is, and returns something of its kind.

    def text(self, name: str, needed: str | None = None, *, longest: int = 200) -> str:
        """One line. `needed`: what is said where it is empty."""
        return self._text(name, " ".join(self.values.get(name, "").split()), needed, longest)

    def prose(self, name: str, needed: str | None = None, *, longest: int = LONGEST) -> str:
        """Several lines."""
        lines = self.values.get(name, "").replace("\r\n", "\n").strip()
        return self._text(name, lines, needed, longest)

    def _text(self, name: str, found: str, needed: str | None, longest: int) -> str:
        if not found and needed:
            self.blame(name, needed)
        if len(found) > longest:
            self.blame(name, f"Use at most {longest} characters; this has {len(found)}.")
        if any(not letter.isprintable() for letter in found.replace("\n", "")):
            self.blame(name, "Use only letters, figures and signs.")
        return found

    def secret(self, name: str, needed: str, *, longest: int = 200) -> str:
        """A password or a code exactly as it was typed; never shown again."""
        found = self.values.pop(name, "")
        if not found or len(found) > longest:
            self.blame(name, needed)
        return found

    def whole(self, name: str, low: int, high: int, wanted: str) -> int:
        """A whole number between these two; `wanted` says what would be right."""
        found = self.values.get(name, "").strip()
        if not (found.isascii() and found.isdigit() and len(found) < 10):
            self.blame(name, wanted)
            return low
        if not low <= int(found) <= high:
            self.blame(name, wanted)
        return int(found)

    def choice(self, name: str, known: Collection[str], wanted: str) -> str:
        """One of these; '' where it is none of them, which no form of ours sends."""
        found = self.values.get(name, "")
        if found in known:
            return found
        self.blame(name, wanted)
        return ""

    def choices(self, name: str, known: Collection[str], wanted: str) -> list[str]:
        """Any of these, perhaps none; in the order in which they are known."""
        found = set(self.values.getlist(name))
        if not found <= set(known):
            self.blame(name, wanted)
        return [one for one in known if one in found]

    def ticked(self, name: str) -> bool:
        """Whether a single box is ticked."""
        return name in self.values

    def blame(self, name: str, sentence: str) -> None:
        """Say what is wrong with a field (TOP: with the whole); a field's first one stays."""
        self.faults.setdefault(name, sentence)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every fault with its field, in the order of the page, for the top of it."""
        order = list(self.labels)
        found = sorted(self.faults, key=lambda name: order.index(name) if name in order else -1)
        return [(name, self._named(name)) for name in found]

    def _named(self, name: str) -> str:
        label = self.labels.get(name)
        return f"{label}: {self.faults[name]}" if label else self.faults[name]

    # What is done.

    def once(
        self,
        work: Work,
        *,
        then: str | Callable[[Any], str],
        said: str | Callable[[], str] = "",
        lock: Lock | None = None,
    ) -> Response | None:
        """Do it, unless this very form has done it already, and go on to `then`.

        None where it was refused: the faults say why. `then` may be made from the work's result,
        and `said` after it.
        """
        try:
            where = _perform(self.id, work, then, lock)
        except TooManyTries:
            raise
        except Refusal as refusal:
            self._refused(refusal)
            return None
        if said:
            flash.say(said if isinstance(said, str) else said())
        return to(where)

    def _refused(self, refusal: Refusal) -> None:
        if isinstance(refusal, BadField):
            self.blame(refusal.field, refusal.sentence)
            return
        if not isinstance(refusal, (Conflict, Forbidden)):
            raise refusal
        self.blame(TOP, refusal.sentence)
        self.status = 409 if isinstance(refusal, Conflict) else 403

    def must_be(self, version: int, changed: str) -> None:
        """Refuse, inside `once`, what was typed over an older version. `changed`: who changed it
        and when, as a sentence."""
        if self.version != version:
            self.version = version
            raise Conflict(f"{changed} What you typed is kept below and is not yet saved.")


def to(path: str) -> Response:
    """Go there: the answer to a form that was done."""
    return redirect(path, 303)  # type: ignore[return-value]


def _perform(form_id: UUID, work: Work, then: str | Callable[[Any], str], lock: Lock | None) -> str:
    here, seen = running(), me()
    printed = _fingerprint(here.desk.keys)

    def before(session: Session, actor: Person | None) -> str | None:
        nonlocal form_id
        known = requests.answer_to(session, seen.person.id, form_id)
        if known is not None and known.fingerprint == printed:
            return known.body.decode()
        # Gone back to, changed and sent again, it is another form.
        form_id = uuid4() if known else form_id
        return None

    def do(turn: Turn) -> str:
        result = work(turn)
        where = then if isinstance(then, str) else then(result)
        answer = Request(
            person_id=seen.person.id,
            request_id=form_id,
            fingerprint=printed,
            status=303,
            body=where.encode(),
            at=turn.now,
        )
        requests.keep_answer(turn.session, answer)
        return where

    return perform(
        here.desk,
        do,
        now=here.clock.now(),
        by=Means.PAGE,
        actor_id=seen.person.id,
        lock=lock,
        request=printed,
        first=before,
    )


def _fingerprint(keys: Keyring) -> str:
    """What tells this sending from another of the same form. Keyed: it may hold a PIN."""
    fields = sorted(request.form.items(multi=True))
    return keys.seal("request", json.dumps(["page", request.path, fields]))


# What keeps strangers' pages from sending ours.


def token() -> str:
    """What every form of this page carries: bound to the sign-in, or to the stranger's browser."""
    if "wayhome_token" not in g:
        g.wayhome_token = form_token(running().desk.keys, _bound_to())
    found: str = g.wayhome_token
    return found


def is_ours(over: WebSession) -> bool:
    """Whether this form was sent from a page of ours that was opened under that sign-in."""
    request.max_form_memory_size = LARGEST_FORM
    return is_from(request, running().desk.keys, _bound(over))


def _bound_to() -> str:
    found = entry()
    return _bound(found) if found else f"door:{cookies.door()}"


def _bound(found: WebSession) -> str:
    return f"session:{found.id}"


def check_token() -> None:
    """403 unless this form was sent from a page of ours, opened by this very browser."""
    request.max_form_memory_size = LARGEST_FORM
    check_form(request, running().desk.keys, _bound_to())


def _words(value: Any) -> str:
    return "" if value is None else str(value)


def uuid_in(given: str) -> UUID | None:
    """The id that a field holds; None for what is none."""
    try:
        return UUID(given)
    except ValueError:
        return None


def version_in(given: str) -> int | None:
    """The version that a form was about; None for what is no number."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def not_found() -> NoReturn:
    """404, the same whether it is not there or not hers."""
    abort(404)
