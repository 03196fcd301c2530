"""Who looked: hers for herself, her people's for a manager, and nobody else's."""

from uuid import uuid4

from flask import Flask

from server.store.house import Look
from tests.pages.conftest import SignIn
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, writing
from tests.support.visitor import Visitor

pytestmark = sqlite_only


def looks(app: Flask, org: Org, clock: ManualClock, viewer: str, subject: str, many: int) -> None:
    """That person looked at the other so often, once a minute."""

    def write(session) -> None:  # type: ignore[no-untyped-def]
        for _ in range(many):
            session.add(
                Look(
                    id=uuid4(), org_id=org.id, viewer_id=org[viewer].id, subject_id=org[subject].id,
                    what="visit", by="app", at=clock.forward(minutes=1),
                )
            )  # fmt: skip

    writing(app, write)


def shown(visitor: Visitor, path: str) -> str:
    return visitor.page(path).one("main").text


def test_she_sees_every_look_at_herself_and_no_others(
    app: Flask, org: Org, lakeside: Org, clock: ManualClock, signed_in: SignIn
) -> None:
    looks(app, org, clock, "ben", "amy", 1)
    looks(app, org, clock, "amy", "ben", 1)
    looks(app, lakeside, clock, "dan", "amy", 1)
    clock.forward(minutes=12 * 60)
    rows = signed_in("amy").page("/access").all("tr", class_="nhsuk-table__row")
    assert [row.text for row in rows] == [
        "When 10 Mar 2026, 14:01:00 Who Ben Hughes What a visit How in the app"
    ]
    assert "Nobody has" in shown(signed_in("dan"), "/access")
    # What only a manager may see is not shown to a worker who asks for it.
    assert "Amy Okafor" not in shown(signed_in("amy"), "/access?whose=team").replace("At me", "")


def test_a_manager_sees_the_looks_at_her_teams(
    app: Flask, org: Org, lakeside: Org, clock: ManualClock, signed_in: SignIn
) -> None:
    looks(app, org, clock, "ben", "amy", 1)
    looks(app, lakeside, clock, "dan", "ben", 1)
    said = shown(signed_in("cat"), "/access?whose=team")
    assert "Who Ben Hughes At whom Amy Okafor" in said
    assert "Dan Price" not in said


def test_pages_of_looks_follow_each_other_without_a_gap(
    app: Flask, org: Org, clock: ManualClock, signed_in: SignIn
) -> None:
    looks(app, org, clock, "ben", "amy", 120)
    cat, seen, path = signed_in("cat"), [], "/access?whose=team"
    while path:
        page = cat.page(path)
        seen += [row.text for row in page.all("tr", class_="nhsuk-table__row")]
        older = [a for a in page.one("main").all("a") if a.text == "Older"]
        path = older[0].attributes["href"] if older else ""
    assert len(seen) == len(set(seen)) == 120
    assert cat.get("/access?after=nonsense").status_code == 200
