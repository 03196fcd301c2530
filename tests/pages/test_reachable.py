"""Whatever anybody's pages lead to opens, whoever she is, whatever is going on, and however little
is known of her."""

import re
from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import delete, update

from server.store.people import Device, Pairing, Person
from tests.pages.conftest import SignIn
from tests.pages.day import app, day
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org, writing
from tests.support.visitor import Visitor, tree

__all__ = ["app", "day"]
pytestmark = sqlite_only

NAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST_OF_A_KIND = 3


def walk(visitor: Visitor) -> set[str]:
    """Every page that can be come to from the board by links, a few of each kind; all open."""
    ahead, seen, kinds = ["/"], set[str](), Counter[str]()
    while ahead:
        path = ahead.pop()
        kind = NAMED.sub("one", path.partition("?")[0])
        if path in seen or kinds[kind] == MOST_OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = visitor.get(path)
        if answer.status_code == 303:
            continue
        page = tree(answer) if answer.mimetype == "text/html" else None
        links = [link.attributes["href"] for link in page.all("a")] if page else []
        ahead += [link for link in links if link.startswith("/") and not urlsplit(link).netloc]
    return set(kinds)


def a_full_day(day: Day, org: Org) -> None:
    """Somebody is out, somebody is late, one cried out and one closed under threat."""
    day.start("cat", 30)
    day.start("dan", 10, place="x" * 200, note="n" * 500)
    day.start("amy", 30)
    day.sos("ben")
    day.close("amy", org["amy"].duress_pin)
    day.forward(minutes=30)


def without(what: str, clock: ManualClock) -> list[Any]:
    """What takes so much away from everybody."""
    no_phones = update(Device).values(revoked_at=clock.now())
    taken: dict[str, list[Any]] = {
        "phones": [no_phones],
        "watchers": [delete(Pairing), no_phones],
        "number": [update(Person).values(mobile=None, email=None, pin_hash=None, duress_hash=None)],
        "roles": [update(Person).values(roles=[])],
        "short name": [update(Person).values(name="<b>&" + "N" * 90)],
    }
    return taken[what]


def _execute(statement: Any, session: Any) -> None:
    session.execute(statement)


@pytest.mark.parametrize("going_on", ["nothing", "a full day"])
@pytest.mark.parametrize("lacks", ["phones", "watchers", "number", "roles", "short name"])
def test_every_page_that_can_be_come_to_opens(
    app: Flask,
    org: Org,
    signed_in: SignIn,
    day: Day,
    clock: ManualClock,
    lacks: str,
    going_on: str,
) -> None:
    if going_on == "a full day":
        a_full_day(day, org)
    for statement in without(lacks, clock):
        writing(app, partial(_execute, statement))
    for ref in org.people:
        found = walk(signed_in(ref))
        assert {"/", "/me", "/access", "/log"} <= found
    assert lacks == "roles" or "/policy" in walk(signed_in("cat"))
