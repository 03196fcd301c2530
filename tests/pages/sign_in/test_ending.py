"""What ends a sign-in besides its owner: being revoked, leaving, another role."""

from collections.abc import Callable

import pytest
from flask import Flask

from server.acts.base import Turn
from server.acts.importing import Options, import_file
from server.acts.leaving import leave, revoke
from server.store import people, sessions
from server.store.people import Person
from tests.pages.conftest import SignIn
from tests.pages.sign_in.test_password import give_password
from tests.pages.sign_in.test_second import in_a_turn, invite
from tests.support.database import sqlite_only
from tests.support.people import Org, reading, running_in

pytestmark = sqlite_only


@pytest.mark.parametrize("end", [revoke, leave])
def test_being_revoked_and_leaving_end_everything(
    app: Flask, org: Org, signed_in: SignIn, end: Callable[[Turn, Person], object]
) -> None:
    amy, ben = signed_in("amy"), signed_in("ben")
    give_password(app, org, "amy")
    invitation = invite(app, org)
    in_a_turn(app, lambda turn: end(turn, people.person(turn.session, org["amy"].id)))
    assert amy.get("/account").status_code == 303
    assert amy.get(invitation).status_code == 404
    assert reading(app, lambda session: sessions.login_of(session, org["amy"].id)) is None
    assert ben.get("/account").status_code == 200


def test_another_role_means_signing_in_again(app: Flask, org: Org, signed_in: SignIn) -> None:
    cat, ben = signed_in("cat"), signed_in("ben")
    file = b"""{"organisation": {"slug": "riverside"}, "people": [
        {"ref": "cat", "roles": ["worker", "buddy"]}, {"ref": "ben", "no_calls": true}]}"""
    with app.app_context():
        house = running_in(app)
        import_file(house.desk, file, Options(), as_csv=False, now=house.clock.now())
    assert cat.get("/account").status_code == 303
    assert ben.get("/account").status_code == 200


def test_another_role_given_on_the_page_means_signing_in_again(org: Org, signed_in: SignIn) -> None:
    cat, ben, pat = signed_in("cat"), signed_in("ben"), signed_in("pat")
    where = f"/people/{org['cat'].id}/edit"
    assert pat.fills(where, role_manager=None, sure="yes").status_code == 303
    assert cat.get("/account").status_code == 303
    where = f"/people/{org['ben'].id}/edit"
    assert pat.fills(where, name="Benjamin Hughes", prefers="text").status_code == 303
    assert ben.get("/account").status_code == 200


def test_the_same_roles_in_another_order_end_nothing(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    amy = signed_in("amy")
    file = b"""{"organisation": {"slug": "riverside"}, "people": [
        {"ref": "amy", "roles": ["buddy", "worker"]}]}"""
    with app.app_context():
        house = running_in(app)
        import_file(house.desk, file, Options(), as_csv=False, now=house.clock.now())
    assert amy.get("/account").status_code == 200


def test_leaving_and_returning_on_the_page(org: Org, signed_in: SignIn) -> None:
    amy, pat, where = signed_in("amy"), signed_in("pat"), f"/people/{org['amy'].id}"
    assert pat.post(f"{where}/leave").status_code == 303
    assert amy.get("/account").status_code == 303
    assert pat.post(f"{where}/return").status_code == 303
    assert amy.get("/account").status_code == 303
