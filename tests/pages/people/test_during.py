"""Changing somebody who is out this minute: asked about, kept in her visit's log, and her own
page goes on."""

from typing import Any
from uuid import UUID

import pytest

from tests.pages.conftest import SignIn
from tests.pages.day import app, day
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.people import Org
from tests.support.visitor import faults, tree

__all__ = ["app", "day"]
pytestmark = sqlite_only

NOBODY = {f"watcher_{n}": "" for n in range(3)}


def edit(org: Org, ref: str) -> str:
    return f"/people/{org[ref].id}/edit"


def history(signed_in: SignIn, visit_id: UUID) -> str:
    return signed_in("cat").page(f"/log/{visit_id}").text


def test_who_is_out_loses_no_protection_unasked(day: Day, org: Org, signed_in: SignIn) -> None:
    visit_id, cat = day.start("amy", 30), signed_in("cat")
    page = tree(cat.fills(edit(org, "amy"), role_worker=None, **NOBODY), 400)
    (said,) = faults(page)
    assert "Amy Okafor is out until 14:30: NOBODY would be named to watch any more." in said
    assert "no longer counted among those who go out" in said
    assert "Watched by Ben Hughes" in cat.page(f"/people/{org['amy'].id}").text
    assert "changed who watches" not in history(signed_in, visit_id)
    form = page.one("main").one("form")
    assert cat.send(edit(org, "amy"), form, {"sure": "yes"}).status_code == 303
    words = "Cat Lin changed who watches over Amy Okafor: Ben Hughes, Cat Lin, now none"
    assert words in history(signed_in, visit_id)


def test_another_buddy_is_given_at_once_and_kept_in_the_log(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    visit_id = day.start("amy", 30)
    more = {"watcher_0": "dan", "watcher_1": "cat"}
    assert signed_in("cat").fills(edit(org, "amy"), **more).status_code == 303
    assert "Ben Hughes, Cat Lin, now Dan Price, Cat Lin" in history(signed_in, visit_id)


def test_who_is_not_out_is_changed_unasked(org: Org, signed_in: SignIn) -> None:
    assert signed_in("cat").fills(edit(org, "amy"), **NOBODY).status_code == 303


def test_a_change_after_a_duress_stays_off_her_own_page(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    visit_id = day.start("amy", 30)
    day.close("amy", org["amy"].duress_pin)
    own = signed_in("amy").page(f"/log/{visit_id}").text
    signed_in("cat").fills(edit(org, "amy"), sure="yes", **NOBODY)
    assert "changed who watches over Amy Okafor" in history(signed_in, visit_id)
    assert signed_in("amy").page(f"/log/{visit_id}").text == own


@pytest.mark.parametrize("role", ["worker", "buddy", "cover"])
def test_another_part_in_the_team_signs_nobody_out(
    day: Day, org: Org, signed_in: SignIn, role: str
) -> None:
    amy = signed_in("amy")
    day.start("amy", 30)
    change: dict[str, Any] = {f"role_{role}": "yes" if role == "cover" else None, "sure": "yes"}
    assert signed_in("cat").fills(edit(org, "amy"), **change).status_code == 303
    assert "12 High St" in amy.page("/me").text
