"""P4, over the API: after the duress PIN every answer is, byte for byte, that after the safe one.

Each story is played in two houses of the same people on the same clock. Only ids that the house
itself makes up differ; they are called by the order in which the phone first meets them.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.states import Role
from tests.api.phone import Phone, ok
from tests.support.clock import ManualClock
from tests.support.database import Maker
from tests.support.people import AMY, BEN, CAT, DAN, Somebody, open_app, settle
from tests.support.postbox import Postbox
from tests.support.town import Town

AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
IN_EVERY_ROLE = Somebody(
    "amy",
    "Amy Okafor",
    AMY.mobile,
    roles=(Role.WORKER, Role.BUDDY, Role.MANAGER),
    buddies=("ben", "dan"),
    pin=AMY.pin,
    duress_pin=AMY.duress_pin,
)
PEOPLE = (IN_EVERY_ROLE, BEN, CAT, DAN)


class House:
    """One house in which the story is played, and everything Amy's phone and number got."""

    def __init__(self, url: str, folder: Path) -> None:
        self.clock = ManualClock()
        self.postbox = Postbox(self.clock.now)
        self.app = open_app(url, folder, self.clock, ways_out=[self.postbox])
        self.org = settle(self.app, self.clock, PEOPLE)
        self.town = Town(self.app, self.clock)
        self.amy, self.ben, self.cat, self.dan = (
            Phone(self.app, self.org[ref]) for ref in ("amy", "ben", "cat", "dan")
        )
        self._said: list[str] = []
        self._known: dict[str, str] = {}

    def says(self, answer: TestResponse) -> TestResponse:
        """Write an answer down as it came."""
        headers = sorted(f"{name}: {value}" for name, value in answer.headers)
        self._write([str(answer.status), *headers, answer.text])
        return answer

    def _write(self, lines: list[str]) -> None:
        now = self.clock.now().isoformat()
        text = "\n".join(["", now, *lines])
        self._said.append(AN_ID.sub(lambda found: self._name(found.group()), text))

    def _name(self, one: str) -> str:
        return self._known.setdefault(one, f"#{len(self._known)}")

    def look(self) -> None:
        """Everything Amy's phone can look at."""
        own = ok(self.says(self.amy.get("/visits")))["items"]
        paths = ["/me", "/watching", "/alarms", "/alarms?status=resolved"]
        paths += [f"/visits?status={status}" for status in ("open", "closed", "planned,closed")]
        watched = ok(self.amy.get("/watching"))["items"]
        shown = own + [item["visit"] for item in watched if item["visit"]]
        paths += [f"/visits/{visit['id']}" for visit in shown]
        paths += [f"/alarms/{alarm['id']}" for visit in shown for alarm in visit["alarms"]]
        for path in paths:
            self.says(self.amy.get(path))

    def wait(self, minutes: int, every: int = 3) -> None:
        """Time passes; she looks at everything now and then."""
        for _ in range(0, minutes, every):
            self.town.forward(minutes=every)
            self.look()

    def heard(self) -> list[str]:
        """Every answer and every text, in their order."""
        texts = [f"{one.at} {one.body}" for one in self.postbox.posted if one.to == AMY.mobile]
        return self._said + texts


Story = Callable[[House, str], None]


def act(house: House, visit: dict[str, Any], what: str, **body: Any) -> TestResponse:
    return house.says(house.amy.post(f"/visits/{visit['id']}/{what}", **body))


def closed_in_time(house: House, pin: str) -> None:
    visit = house.amy.start()
    house.town.forward(minutes=20)
    body = {"id": house.amy.new_id(), "pin": pin, "note": "Went well."}
    for _ in range(2):
        house.says(house.amy.send(f"/visits/{visit['id']}/close", body))
    house.look()
    act(house, visit, "close", pin=pin)
    act(house, visit, "close")
    act(house, visit, "check-in")
    act(house, visit, "extend", minutes=5, pin=pin)
    act(house, visit, "cancel")
    here = {"lat": 51.5, "lon": -0.1}
    act(house, visit, "position", at=house.clock.now(), position=here)
    house.look()
    house.wait(15)


def closed_after_the_raise(house: House, pin: str) -> None:
    visit = house.amy.start()
    house.town.forward(minutes=41)
    act(house, visit, "close")
    house.look()
    act(house, visit, "close", pin=pin)
    house.look()
    house.wait(12)


def extended_after_the_raise(house: House, pin: str) -> None:
    visit = house.amy.start()
    house.town.forward(minutes=41)
    act(house, visit, "extend", minutes=30, pin=pin)
    house.look()
    house.wait(5)
    act(house, visit, "check-in")
    house.look()
    act(house, visit, "close", pin=pin)
    house.wait(5)


def stood_down(house: House, pin: str) -> None:
    house.amy.start()
    cry = ok(house.says(house.amy.post("/alarms", kind="sos")), 201)
    house.town.forward(minutes=2)
    house.says(house.amy.post(f"/alarms/{cry['id']}/stand-down", pin=pin))
    house.look()
    house.says(house.amy.post(f"/alarms/{cry['id']}/stand-down", pin=pin))
    house.wait(5)


def moved_on(house: House, pin: str) -> None:
    house.amy.start()
    house.town.forward(minutes=20)
    house.says(house.amy.post("/visits", place="3 Mill Lane", minutes=30, pin=pin))
    house.look()
    house.wait(5)


def moved_on_to_a_planned_one(house: House, pin: str) -> None:
    house.amy.start()
    begins = (house.clock.now() + timedelta(minutes=10)).isoformat()
    planned = house.amy.start(starts_at=begins, place="3 Mill Lane")
    house.town.forward(minutes=20)
    act(house, planned, "start", pin=pin)
    house.look()
    house.wait(5)


def pins_changed(house: House, pin: str) -> None:
    house.amy.start()
    house.says(house.amy.post("/me/pins", old=pin, pin="5937", duress_pin="8264"))
    house.look()
    house.wait(3)


def watching_over_ben(house: House, pin: str) -> None:
    """She is Ben's buddy, and his visit goes overdue while she is under duress."""
    his = house.ben.start(place="3 Mill Lane", minutes=35)
    visit = house.amy.start()
    house.look()
    house.town.forward(minutes=20)
    act(house, visit, "close", pin=pin)
    house.says(house.amy.post(f"/watching/{his['id']}/accept"))
    house.look()
    house.wait(40)


def taking_charge_for_ben(house: House, pin: str) -> None:
    """She owns Ben's alarm, and is made to close her own visit."""
    house.ben.start(place="3 Mill Lane", minutes=5)
    visit = house.amy.start(minutes=60)
    house.town.forward(minutes=15)
    (alarm,) = house.amy.alarms()
    house.says(house.amy.post(f"/alarms/{alarm['id']}/own"))
    act(house, visit, "close", pin=pin)
    house.look()
    house.town.forward(minutes=4)
    house.says(house.amy.post(f"/alarms/{alarm['id']}/note", text="Rang him."))
    house.look()
    house.says(house.amy.post(f"/alarms/{alarm['id']}/resolve", outcome="safe"))
    house.look()
    house.wait(5)


def resolved_for_ben(house: House, pin: str) -> None:
    """She resolves Ben's alarm with her PIN: with the duress PIN it goes on without them."""
    his = house.ben.start(place="3 Mill Lane", minutes=5)
    house.town.forward(minutes=15)
    (alarm,) = house.amy.alarms()
    done = house.amy.post(f"/alarms/{alarm['id']}/resolve", outcome="safe", pin=pin)
    house.says(done)
    house.look()
    house.says(house.amy.get(f"/visits/{his['id']}"))
    house.says(house.amy.get(f"/alarms/{alarm['id']}"))
    house.wait(10)
    house.says(house.amy.get(f"/visits/{his['id']}"))


def watched_on_for_ben(house: House, pin: str) -> None:
    """She resolves Ben's alarm so that his visit is watched on."""
    his = house.ben.start(place="3 Mill Lane", minutes=5)
    house.town.forward(minutes=15)
    (alarm,) = house.amy.alarms()
    until = (house.clock.now() + timedelta(minutes=30)).isoformat()
    path = f"/alarms/{alarm['id']}/resolve"
    house.says(house.amy.post(path, outcome="safe", until=until, pin=pin))
    house.look()
    house.says(house.amy.get(f"/visits/{his['id']}"))
    house.wait(10)
    house.says(house.amy.get(f"/visits/{his['id']}"))


STORIES = [
    closed_in_time,
    closed_after_the_raise,
    extended_after_the_raise,
    stood_down,
    moved_on,
    moved_on_to_a_planned_one,
    pins_changed,
    watching_over_ben,
    taking_charge_for_ben,
    resolved_for_ben,
    watched_on_for_ben,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_no_answer_tells_the_pins_apart(
    story: Story, database_kind: str, new_database: Maker, tmp_path: Path
) -> None:
    assert AMY.pin is not None
    assert AMY.duress_pin is not None
    safe, duress = (House(new_database(database_kind), tmp_path) for _ in range(2))
    story(safe, AMY.pin)
    story(duress, AMY.duress_pin)
    kinds = [alarm["kind"] for alarm in duress.cat.alarms() + duress.dan.alarms()]
    assert "duress" in kinds, "the others do know"
    for one, other in zip(safe.heard(), duress.heard(), strict=True):
        assert one == other
