"""P4: a whole day in a browser, once with the safe PIN and once with the duress PIN, is the same
to the byte: every page, every answer, in her own session."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.alarms import Alarm
from tests.support.clock import ManualClock
from tests.support.database import Maker
from tests.support.people import EVERYBODY, Org, open_app, reading, settle
from tests.support.town import Town
from tests.support.visitor import Visitor

PAGES = ("/me", "/access", "/account", "/policy/document")
MANAGERS = ("/people", "/people/pairings", "/policy", "/access?whose=team", "/policy/document")
OWN_IDS = re.compile(r'(name="(?:once|token)" value=)"[^"]+"')


class Day:
    """One run: what the worker's browser got, in order, with what is random taken out."""

    def __init__(self, url: str, folder: Path, who: str) -> None:
        self.clock = ManualClock()
        self.app: Flask = open_app(url, folder, self.clock, demo=True, pretend=True)
        self.org: Org = settle(self.app, self.clock, EVERYBODY)
        self.town = Town(self.app, self.clock)
        self.who = who
        self.browser = Visitor(self.app).as_(self.org, who)
        self.got: list[str] = []
        self.ids: dict[str, str] = {}

    def pin(self, kind: str) -> str:
        return self.org[self.who].pin if kind == "safe" else self.org[self.who].duress_pin

    def keep(self, answer: str) -> None:
        """Form ids are random; those of visits and sign-ins are numbered as they appear."""
        plain = OWN_IDS.sub(r"\1", answer)
        for one in re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", plain):
            self.ids.setdefault(one, f"id-{len(self.ids)}")
        for one, name in self.ids.items():
            plain = plain.replace(one, name)
        self.got.append(plain)

    def look(self, pages: tuple[str, ...] = PAGES) -> None:
        for path in pages:
            answer = self.browser.get(path)
            assert answer.status_code == 200, path
            self.keep(f"{path} {answer.status_code} {sorted(answer.headers.keys())}{answer.text}")

    def sends(self, action: str, **fields: str) -> None:
        page = self.browser.page("/me")
        (form,) = [
            one
            for one in page.all("form")
            if re.fullmatch(action, one.attributes.get("action", ""))
        ]
        answer = self.browser.send("/me", form, dict(fields))
        self.keep(f"{answer.status_code} {answer.headers.get('Location')} {answer.text}")
        self.look(("/me",))

    def cries(self) -> None:
        """She sends an SOS from her phone."""
        body = {"id": str(uuid4()), "kind": "sos"}
        headers = self.org[self.who].headers
        answer = self.app.test_client().post("/api/v1/alarms", json=body, headers=headers)
        assert answer.status_code == 201

    def others_act(self) -> None:
        """Everybody else does what they would in earnest: they look, again and again."""
        ben, cat = Visitor(self.app).as_(self.org, "ben"), Visitor(self.app).as_(self.org, "cat")
        for visitor, ref in ((ben, "ben"), (cat, "cat")):
            visitor.get("/me")
            for item in self.alarms():
                headers = self.org[ref].headers
                self.app.test_client().get(f"/api/v1/alarms/{item.id}", headers=headers)

    def alarms(self) -> list[Alarm]:
        return list(reading(self.app, lambda s: s.scalars(select(Alarm)).unique().all()))


def close(day: Day, kind: str) -> None:
    day.sends("/me/visits", place="12 High St", minutes="30")
    day.town.forward(minutes=5)
    day.sends("/me/visits/[^/]+/close", pin=day.pin(kind))


def close_late(day: Day, kind: str) -> None:
    day.sends("/me/visits", place="12 High St", minutes="30")
    day.town.forward(minutes=43)
    day.look()
    day.sends("/me/visits/[^/]+/close", pin=day.pin(kind))


def more_time(day: Day, kind: str) -> None:
    day.sends("/me/visits", place="12 High St", minutes="30")
    day.town.forward(minutes=43)
    day.sends("/me/visits/[^/]+/extend", minutes="20", pin=day.pin(kind))
    day.town.forward(minutes=3)
    day.sends("/me/visits/[^/]+/close", pin=day.pin(kind))


def new_pins(day: Day, kind: str) -> None:
    day.sends("/me/pins", old=day.pin(kind), pin="1590", duress_pin="7391")
    day.sends("/me/visits", place="12 High St", minutes="30")
    day.sends("/me/visits/[^/]+/close", pin="1590")


def stand_down(day: Day, kind: str) -> None:
    day.cries()
    day.look()
    day.sends("/me/alarms/[^/]+/stand-down", pin=day.pin(kind))


@pytest.mark.parametrize("deed", [close, close_late, more_time, new_pins, stand_down])
def test_either_pin_gives_the_same_pages(
    new_database: Maker, tmp_path: Path, deed: Callable[[Day, str], None]
) -> None:
    days = {}
    for kind in ("safe", "duress"):
        folder = tmp_path / kind
        folder.mkdir()
        day = days[kind] = Day(new_database("sqlite"), folder, "amy")
        deed(day, kind)
        day.others_act()
        day.town.forward(minutes=12)
        day.others_act()
        day.look()
        day.sends("/me/visits", place="Next", minutes="30")
    safe, duress = days["safe"], days["duress"]
    assert not [one for one in safe.alarms() if one.kind == "duress"]
    assert [one for one in duress.alarms() if one.kind == "duress" and one.is_open]
    for n, (one, other) in enumerate(zip(safe.got, duress.got, strict=True)):
        assert one == other, f"answer {n}"


def test_when_it_is_over_she_sees_who_looked(new_database: Maker, tmp_path: Path) -> None:
    day = Day(new_database("sqlite"), tmp_path, "amy")
    close(day, "duress")
    day.others_act()
    assert "Ben Hughes" not in day.browser.page("/access").one("main").text
    (alarm,) = day.alarms()
    path = f"/api/v1/alarms/{alarm.id}/resolve"
    body = {
        "id": "7b0b5b1e-0f4f-4a53-8a53-5b8e5f5a5b5c",
        "outcome": "safe",
        "pin": day.org["ben"].pin,
    }
    answer = day.app.test_client().post(path, json=body, headers=day.org["ben"].headers)
    assert answer.status_code == 200, answer.text
    assert "Ben Hughes" not in day.browser.page("/access").one("main").text
    day.town.forward(minutes=12 * 60 + 1)
    day.browser = Visitor(day.app).as_(day.org, "amy")
    assert "Ben Hughes" in day.browser.page("/access").one("main").text


def test_looks_stay_hidden_for_as_long_as_it_lasts(new_database: Maker, tmp_path: Path) -> None:
    day = Day(new_database("sqlite"), tmp_path, "amy")
    close(day, "duress")
    day.others_act()
    day.clock.forward(13 * 3600)
    day.browser = Visitor(day.app).as_(day.org, "amy")
    assert "Ben Hughes" not in day.browser.page("/access").one("main").text


def test_a_manager_under_duress_sees_the_same_of_her_people(
    new_database: Maker, tmp_path: Path
) -> None:
    """Cat runs the team and gives her own PIN on her own page."""
    days = {}
    for kind in ("safe", "duress"):
        folder = tmp_path / kind
        folder.mkdir()
        day = days[kind] = Day(new_database("sqlite"), folder, "cat")
        day.sends("/me/pins", old=day.pin(kind), pin="1590", duress_pin="7391")
        day.others_act()
        day.look(MANAGERS)
    assert [one.kind for one in days["duress"].alarms()] == ["duress"]
    assert days["safe"].alarms() == []
    for one, other in zip(days["safe"].got, days["duress"].got, strict=True):
        assert one == other
