"""Whatever anybody's menu leads to opens, whoever she is and however little is known of her."""

from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from server.store.people import Device, Pairing, Person
from tests.pages.conftest import SignIn
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, writing
from tests.support.visitor import Visitor

pytestmark = sqlite_only


def opens_all(visitor: Visitor) -> set[str]:
    """Where her menu leads; each has to open."""
    menu = visitor.page("/account").one("nav", aria_label="Menu")
    links = {link.attributes["href"] for link in menu.all("a")}
    for link in links:
        visitor.page(link)
    return links


def _execute(statement: Any, session: Any) -> None:
    session.execute(statement)


@pytest.mark.parametrize("without", ["nothing", "phones", "watchers", "number", "roles"])
def test_every_page_of_everybodys_menu_opens(
    app: Flask, org: Org, signed_in: SignIn, clock: ManualClock, without: str
) -> None:
    takes_away: dict[str, list[Any]] = {
        "phones": [update(Device).values(revoked_at=clock.now())],
        "watchers": [delete(Pairing), update(Device).values(revoked_at=clock.now())],
        "number": [update(Person).values(mobile=None, email=None)],
        "roles": [update(Person).values(roles=[])],
    }
    for statement in takes_away.get(without, []):
        writing(app, partial(_execute, statement))
    for ref in org.people:
        links = opens_all(signed_in(ref))
        assert {"/", "/me", "/access"} <= links
