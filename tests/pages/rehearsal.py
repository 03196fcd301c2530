"""A rehearsal in one process, and its page as a browser without scripts would use it.

rehearsal.says("amy", "VISIT 30 12 High St")
rehearsal.forward(minutes=45)
rehearsal.page().card("ben").texts[-1]
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tests.support.clock import ManualClock
from tests.support.people import open_app, settle
from tests.support.town import Town

VOID = frozenset({"br", "img", "input", "link", "meta", "hr"})


@dataclass
class Element:
    """One element of a page, as far as tests ask."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that is written in it, in one line."""
        said = " ".join(part.text if isinstance(part, Element) else part for part in self.inside)
        return re.sub(r"\s+", " ", said).strip()

    def all(self, tag: str = "", **wanted: str) -> list["Element"]:
        """Elements within it; `class_` asks for one of its classes."""
        found: list[Element] = []
        for part in self.inside:
            if isinstance(part, Element):
                found += [part] if part._is(tag, wanted) else []
                found += part.all(tag, **wanted)
        return found

    def one(self, tag: str = "", **wanted: str) -> "Element":
        """The only such element."""
        (found,) = self.all(tag, **wanted)
        return found

    def _is(self, tag: str, wanted: dict[str, str]) -> bool:
        if tag and self.tag != tag:
            return False
        for name, value in wanted.items():
            if name == "class_":
                if value not in self.attributes.get("class", "").split():
                    return False
            elif self.attributes.get(name.replace("_", "-")) != value:
                return False
        return True


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        closed = self._open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def read_html(text: str) -> Element:
    """The page as a tree; fails where its tags are not closed in order."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert len(reader._open) == 1, f"<{reader._open[-1].tag}> is not closed"
    return reader.root


@dataclass
class Card:
    """One phone on the page."""

    element: Element

    @property
    def texts(self) -> list[str]:
        """The texts on it, oldest first."""
        return [body.text for body in self.element.all("span", class_="body")]

    @property
    def sides(self) -> list[str]:
        """Where each came from."""
        return [one.attributes["class"].split()[1] for one in self.element.all("li")]

    @property
    def standing(self) -> str:
        return self.element.one("p", class_="standing").text

    @property
    def part(self) -> str:
        return self.element.one("p", class_="part").text

    @property
    def replies(self) -> list[str]:
        return [button.text for button in self.element.all("button", name="reply")]


@dataclass
class Page:
    """The whole page at one moment."""

    root: Element
    numbers: dict[str, str]

    @property
    def sentences(self) -> list[str]:
        return [one.text for one in self.root.all("p", class_="sentence")]

    @property
    def mood(self) -> str:
        return self.root.one("p", class_="tag").text

    @property
    def chain(self) -> list[tuple[str, str, str]]:
        """Each line of the open alarms' chains: how it stands, who, when."""
        return [
            (
                link.one("span", class_="state").text,
                link.one("span", class_="who").text,
                link.all("span")[2].text,
            )
            for link in self.root.all("li", class_="link")
        ]

    @property
    def titles(self) -> list[str]:
        """What the chains are called."""
        return [chain.one("h2").text for chain in self.root.all("section", class_="chain")]

    @property
    def token(self) -> str:
        return self.root.all("input", name="token")[0].attributes["value"]

    def card(self, ref: str) -> Card:
        """The phone of one of them."""
        return Card(self.root.one("article", id=f"p{self.numbers[ref].lstrip('+')}"))


class Rehearsal:
    """One house in rehearsal."""

    def __init__(self, url: str, folder: Path, **settings: Any) -> None:
        self.clock = ManualClock()
        self.app = open_app(url, folder, self.clock, **{"demo": False, **settings})
        self.org = settle(self.app, self.clock)
        self.numbers = {ref: person.mobile for ref, person in self.org.people.items()}
        self.town = Town(self.app, self.clock)
        self.client = self.app.test_client()
        self.forward()

    def forward(self, *, minutes: float = 0.0) -> None:
        self.town.forward(minutes=minutes)

    def page(self, path: str = "/phones") -> Page:
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return Page(read_html(response.text), self.numbers)

    def post(
        self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None
    ) -> TestResponse:
        """Send a form as the page's own would be sent."""
        return self.client.post(path, data={"token": self.page().token, **fields}, headers=headers)

    def says(self, ref: str, body: str) -> TestResponse:
        response = self.post("/phones/text", {"number": self.numbers[ref], "body": body})
        assert response.status_code == 303, response.text
        self.clock.forward(seconds=1)
        return response
