"""One organisation never sees another: on no page, in no copy, in no error, count or ETag."""

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Uuid, or_, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from server.access import ANYBODY, declared
from server.gateways.base import Gateway
from server.pages.route import SignedIn
from server.store.db import db
from tests.pages.canary.planting import CANARY, Lakeside, ids, unplanted
from tests.support.clock import ManualClock
from tests.support.database import make_schema
from tests.support.day import Day
from tests.support.papers import read_pdf, read_xlsx
from tests.support.people import EVERYBODY, Org, open_app, reading, settle
from tests.support.postbox import Postbox
from tests.support.town import Town
from tests.support.visitor import Visitor
from tests.support.web import PAT

NUMBERS = re.compile(r"7009\s?007\d\d")
FRESH = re.compile(
    r'name="(?:once|seed)" value="[^"]*"|qr-box.*?</div>|reference">[^<]*<'
    r"|(?:Set-Cookie|Date): .*?\n",
    re.DOTALL,
)
"""What is another on every answer, and says nothing of anybody."""
REFUSED = {"GET": (403, 404), "POST": (400, 403, 404)}
"""Some forms are looked through before anything is looked for."""
SLUGS = ("no-such-slug", f"{CANARY}-team")
COPY = "/log/<uuid:visit_id>/copy"
NEVER_SHOWN = [
    "/log/copies/<uuid:copy_id>", "/people/<uuid:person_id>/code",
    "/people/<uuid:person_id>/invite", "/policy/team/<slug>", "/sign-in", "/sign-in/again",
    "/sign-in/again/go-on/<uuid:copy_id>", "/sign-in/employer", "/sign-in/employer/back",
    "/sign-in/second", "/sign-in/set-up",
]  # fmt: skip
"""What leads whoever is signed in elsewhere, or needs what was only just made."""
LENGTH = re.compile(r"Content-Length: \d+")
LOOKS_ON = ("/access", "/account", "/metrics", "/readyz")
"""What goes on while one looks: one's own looks and sign-ins, and the whole house's health."""
SECRET = {"/wall/<token>", "/wall/<token>/now", "/welcome/<token>", "/a/<token>", "/d/<token>"}
"""Whoever has the address may look; nobody else is told it."""
TABLE = {
    "person_id": "people", "visit_id": "visits", "alarm_id": "alarms", "team_id": "teams",
    "wall_id": "walls", "drill_id": "drills", "aftercare_id": "aftercare", "copy_id": "copies",
    "device_id": "devices", "session_id": "web_sessions", "passkey_id": "web_passkeys",
}  # fmt: skip
ASKED = (
    "/log?alarm=any", "/log?late=yes", "/access?whose=team", "/people?show=left",
    "/policy/document?version=draft", "/policy/document?version=1", "/sign-in/again",
)  # fmt: skip
NAMED = (
    "/log?person={ref}", "/log?team={slug}", "/log?older={visit}", "/reports?team={slug}",
    "/reports/summary?team={slug}", "/policy?team={slug}", "/policy?visit={visit}",
    "/policy/document?team={slug}", "/access?whose=team&after={visit}", "/access?whose={ref}",
    "/people/new?team={slug}", "/out/start?person={person}", "/drills?team={team}",
)  # fmt: skip
"""Addresses that name something in their query."""


class Valley:
    """Two organisations in one database, both with an alarm open and people out."""

    def __init__(self, url: str, folder: Path) -> None:
        self.clock = ManualClock()
        ways_out: list[Gateway] = [Postbox(self.clock.now)]
        self.app: Flask = open_app(
            url, folder, self.clock, ways_out=ways_out, demo=False, pretend=False
        )
        self.town = Town(self.app, self.clock)
        self.theirs = Lakeside(self.app, self.clock, self.town)
        self.their_ids = reading(self.app, ids)
        self.ours: Org = settle(self.app, self.clock, (*EVERYBODY, PAT), admins=["pat"])
        day = Day(self.app, self.ours, self.town, self.clock)
        day.start("dan", 10)
        day.forward(minutes=21)
        day.start("amy", 45)
        cat = Visitor(self.app).as_(self.ours, "cat")
        cat.presses(f"/alarms/{day.alarm_of('dan')}", "Open the sheet")
        self.our_ids = reading(self.app, ids) - self.their_ids

    def visitors(self) -> Iterator[tuple[str, Visitor]]:
        """Ours: the manager, the administrator and a worker."""
        for ref in ("cat", "pat", "amy"):
            yield ref, Visitor(self.app).as_(self.ours, ref)

    def addresses(self, method: str) -> list[Rule]:
        """Every route for people with this method."""
        return [
            rule
            for rule in self.app.url_map.iter_rules()
            if method in (rule.methods or ()) and rule.rule not in SECRET and self._is_page(rule)
        ]

    def _is_page(self, rule: Rule) -> bool:
        who = declared(self.app.view_functions[rule.endpoint])
        return isinstance(who, SignedIn) or (who is ANYBODY and not rule.arguments)

    def build(self, rule: Rule, of: set[UUID] | None) -> str:
        """Its address with ids out of these; None: with ids that nobody has."""
        built = rule.build({name: self._value(rule, name, of) for name in rule.arguments})
        assert built is not None
        return built[1]

    def _value(self, rule: Rule, name: str, of: set[UUID] | None) -> object:
        if name == "slug":
            slugs = {None: "no-such-slug", True: "ot-north", False: f"{CANARY}-team"}
            return slugs[None if of is None else of is self.our_ids]
        if name == "key":
            return "nothing"
        table = "alarms" if "/alarms/<uuid:ref>" in rule.rule else "visits"
        return uuid4() if of is None else self._one(TABLE.get(name, table), of)

    def _one(self, table: str, of: set[UUID]) -> UUID:
        query = select(db.metadata.tables[table].c.id)
        found = reading(self.app, lambda session: session.scalars(query).all())
        return next((one for one in found if one in of), uuid4())

    def their(self, table: str) -> UUID:
        """The id of something of the other organisation's."""
        return self._one(table, self.their_ids)


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Valley:
    folder = tmp_path_factory.mktemp("valley")
    url = f"sqlite:///{folder / 'wayhome.db'}"
    make_schema(url)
    return Valley(url, folder)


def words(answer: TestResponse) -> str:
    """Everything that an answer says, in its body or above it."""
    kind = answer.mimetype or ""
    if kind == "application/pdf":
        body = read_pdf(answer.data)
    elif "spreadsheet" in kind:
        body = str(read_xlsx(answer.data))
    else:
        body = answer.get_data(as_text=True)
    return f"{answer.headers} {body}"


def leaks(valley: Valley, said: str) -> list[str]:
    """What of the other organisation's is in it."""
    lower = said.lower()
    found = [CANARY] * (CANARY in lower) + NUMBERS.findall(said)
    return found + [str(one) for one in valley.their_ids if str(one) in lower or one.hex in lower]


def test_every_text_there_is_has_a_canary(valley: Valley) -> None:
    """What is not planted cannot be found: a new column needs a canary, or a place among those
    that hold no words."""
    assert reading(valley.app, unplanted) == []


def test_it_is_seen_where_it_belongs(valley: Valley) -> None:
    cat = valley.theirs.at_browser("cat")
    seen = [path for path in ("/", "/log", "/people", "/access") if CANARY in cat.get(path).text]
    assert seen == ["/", "/log", "/people", "/access"]


def test_no_page_shows_anything_of_another_organisation(valley: Valley) -> None:
    shown = set()
    for ref, visitor in valley.visitors():
        paths = {r.rule: valley.build(r, valley.our_ids) for r in valley.addresses("GET")}
        for rule, path in {**paths, **{one: one for one in ASKED}}.items():
            answer = visitor.get(path)
            assert leaks(valley, words(answer)) == [], f"{ref}: {path}"
            shown |= {rule} if answer.status_code == 200 else set()
    missed = sorted(set(paths) - shown)
    assert missed == NEVER_SHOWN


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_no_copy_holds_anything_of_another_organisation(valley: Valley, kind: str) -> None:
    for ref, visitor in valley.visitors():
        answer = visitor.post("/log/copy", format=kind)
        if ref != "pat":
            assert "12 High St" in words(answer)
        assert leaks(valley, words(answer)) == []
    (visit,) = [valley.build(r, valley.our_ids) for r in valley.addresses("POST") if COPY in r.rule]
    assert leaks(valley, words(visitor.post(visit))) == []


def test_anothers_ids_are_answered_as_ids_that_nobody_has(valley: Valley) -> None:
    before = reading(valley.app, lambda session: rows(session, valley.their_ids))
    for ref, visitor in list(valley.visitors())[:2]:
        for method in ("GET", "POST"):
            for rule in [one for one in valley.addresses(method) if one.arguments]:
                send = visitor.get if method == "GET" else visitor.post
                paths = [valley.build(rule, of) for of in (valley.their_ids, None)]
                theirs, nobodys = [send(path) for path in paths]
                where = f"{ref}: {method} {rule.rule}"
                assert theirs.status_code in REFUSED[method], where
                said = [same(theirs, *named(paths[0])), same(nobodys, *named(paths[1]))]
                assert unlike(*said) == [], where
                assert leaks(valley, said[0]) == [], where
    assert reading(valley.app, lambda session: rows(session, valley.their_ids)) == before


def test_anothers_names_in_a_query_are_answered_as_names_that_nobody_has(valley: Valley) -> None:
    person = valley.theirs.org[f"{CANARY}-amy"]
    theirs = {
        "ref": person.ref,
        "slug": f"{CANARY}-team",
        "person": str(person.id),
        "visit": str(valley.their("visits")),
        "team": str(valley.their("teams")),
    }
    nobodys = {
        "ref": "nobody-of-ours",
        "slug": "no-such-slug",
        "person": str(uuid4()),
        "visit": str(uuid4()),
        "team": str(uuid4()),
    }
    for ref, visitor in valley.visitors():
        for path in NAMED:
            answers = []
            for names in (theirs, nobodys):
                answer = visitor.get(path.format(**names))
                said = same(answer, *names.values())
                answers.append(said)
            assert unlike(*answers) == [], f"{ref}: {path}"
            assert leaks(valley, answers[0]) == [], f"{ref}: {path}"


def test_what_others_do_changes_nothing_here(valley: Valley) -> None:
    """Counts, ETags, orders: whatever happens elsewhere, every answer stays the same to a byte."""
    _, visitor = next(valley.visitors())
    paths = [valley.build(rule, valley.our_ids) for rule in valley.addresses("GET")]
    paths = [path for path in paths if not path.startswith(LOOKS_ON)]
    for path in paths:
        visitor.get(path)
    before = {path: same(visitor.get(path)) for path in paths}
    valley.theirs.visit("ben", 60)
    valley.theirs.day.sos(f"{CANARY}-dan")
    for path in paths:
        assert unlike(before[path], same(visitor.get(path))) == [], path
    tags = [said for said in before.values() if "etag" in said.lower()]
    assert len(tags) > 1


def same(answer: TestResponse, *asked: str) -> str:
    """What it says, without what is another on every answer and what was asked for."""
    found = FRESH.sub("", f"{answer.status} {words(answer)}")
    for one in sorted(asked, key=len, reverse=True):
        found = found.replace(one, "ASKED")
    return LENGTH.sub("", found)


def named(path: str) -> list[str]:
    """What an address names: the parts that are nobody's words but those asked for."""
    return [part for part in path.split("/") if len(part) > 30 or part in SLUGS]


def unlike(one: str, other: str) -> list[str]:
    """The lines in which two answers differ."""
    return [
        line
        for line in difflib.unified_diff(one.splitlines(), other.splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]


def rows(session: Session, known: set[UUID]) -> dict[str, list[str]]:
    """What the other organisation has, line for line."""
    found = {}
    for table in db.metadata.sorted_tables:
        keys = [column for column in table.primary_key if isinstance(column.type, Uuid)]
        if keys and table.name not in ("engine_beats", "web_sessions"):
            ours = [c for c in table.columns if isinstance(c.type, Uuid)]
            query = select(table).where(or_(*(column.in_(known) for column in ours)))
            lines = session.execute(query).all()
            found[table.name] = sorted(map(str, lines))
    return found
