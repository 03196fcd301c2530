"""Somebody with a browser and no scripts, in the test's own process.

cat = signed_in("cat")                       # the fixture of tests/pages
page = cat.page("/people")                   # a tree of elements; fails unless it is 200
cat.fills("/people/new", name="Eve")         # opens the page, fills its form in, sends it
cat.presses("/account", "Sign it out")       # presses the button of that name
cat.get("/people/..").status_code
"""

from datetime import datetime
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from server.acts import signing_in
from server.acts.base import Turn
from server.store import people
from server.store.sessions import Stage
from shared.states import Means
from tests.pages.rehearsal import Element, read_html
from tests.support.people import Org, running_in, writing

LOCAL = "localhost"


def sign_in(app: Flask, person_id: Any, now: datetime, stage: Stage = Stage.FULL) -> str:
    """A new sign-in of that person: what her browser would keep."""
    desk = running_in(app).desk

    def begin(session: Any) -> str:
        person = people.person(session, person_id)
        turn = Turn(session, desk, now, now, Means.PAGE, person)
        return signing_in.begin(turn, person, "test", "Firefox on Windows", stage).secret

    return writing(app, begin)


class Visitor:
    """One browser; a stranger's until `as_` says whose."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def as_(self, org: Org, ref: str) -> "Visitor":
        """Signed in as this person."""
        now = running_in(self.app).clock.now()
        self.client.set_cookie("wayhome", sign_in(self.app, org[ref].id, now), domain=LOCAL)
        return self

    def get(self, path: str, **more: Any) -> TestResponse:
        """Whatever is answered."""
        return self.client.get(path, **more)

    def page(self, path: str, status: int = 200) -> Element:
        """The page there, as a tree."""
        return tree(self.client.get(path), status)

    def fills(self, path: str, action: str = "", **fields: Any) -> TestResponse:
        """Fill in the form of that page and send it; `action`: which form, if there are several."""
        return self.send(path, the_form(self.page(path), action), fields)

    def presses(self, path: str, button: str, nth: int = 0, **fields: Any) -> TestResponse:
        """Press the button with this text."""
        forms = [form for form in self.page(path).all("form") if _has(form, button)]
        return self.send(path, forms[nth], fields, button)

    def send(
        self, path: str, form: Element, fields: dict[str, Any], button: str = ""
    ) -> TestResponse:
        """Send this form of that page with these fields changed; None takes a field away."""
        data = MultiDict(filled(form, button))
        for name, value in fields.items():
            data.poplist(name)
            if value is not None:
                data.setlist(name, value if isinstance(value, list) else [str(value)])
        return self.client.post(form.attributes.get("action") or path, data=data)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send fields as a form of ours would be sent, without opening a page with that form."""
        hidden = filled(the_form(self.page("/account"), "/sign-out"))
        return self.client.post(path, data={**dict(hidden), **fields})


def tree(response: TestResponse, status: int = 200) -> Element:
    """An answer as a tree of elements."""
    assert response.status_code == status, (response.status_code, response.text)
    return read_html(response.text)


def the_form(page: Element, action: str = "") -> Element:
    """The page's form with that action, or its only one within main."""
    if action:
        return page.one("form", action=action)
    (form,) = page.one("main").all("form")
    return form


def filled(form: Element, button: str = "") -> list[tuple[str, str]]:
    """What a browser would send of a form as it stands."""
    found = []
    for element in form.all():
        name = element.attributes.get("name")
        if element.tag == "button" and (not button or not element.text.startswith(button)):
            continue
        if name and element.tag in ("input", "textarea", "select", "button"):
            found += [(name, value) for value in _values(element)]
    return found


def _values(element: Element) -> list[str]:
    kind = element.attributes.get("type", "")
    if element.tag == "select":
        options = element.all("option")
        chosen = [one for one in options if "selected" in one.attributes] or options[:1]
        return [one.attributes.get("value", one.text) for one in chosen]
    if element.tag == "textarea":
        return [element.text]
    if kind in ("checkbox", "radio") and "checked" not in element.attributes:
        return []
    return [element.attributes.get("value", "")]


def _has(form: Element, button: str) -> bool:
    return any(one.text.startswith(button) for one in form.all("button"))


def faults(page: Element) -> list[str]:
    """What the summary at the top of a form says is wrong."""
    return [one.text for box in page.all(class_="nhsuk-error-summary") for one in box.all("li")]
