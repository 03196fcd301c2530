"""P6: the app is killed at every moment between tap and answer; nothing is lost or doubled."""

import os
from multiprocessing import get_context
from pathlib import Path

import pytest

from mobile.core import points
from mobile.core.database import Database
from mobile.core.statements import LEASE_S
from tests.mobile.hands import Hands
from tests.mobile.house import House, Served
from tests.mobile.phone import Line
from tests.support.digits import holds

MOMENTS = ["put", "stored", "claimed", "fixed", "sending", "asked", "answered", "settled"]
NURSERY = get_context("forkserver")
"""Apps are born of a process that has loaded everything and has no threads: at once, and clean."""
NURSERY.set_forkserver_preload(["tests.mobile.phone"])
KILLED, LIVED_ON = 9, 3


def app(path: Path, url: str, moment: str, kind: str, visit: str) -> None:
    """An app's whole life: it opens, does one thing, sends it, and dies at this moment."""
    line = Line(Database(path), Hands(), url)
    line.round(wanted=True)
    points.watch(lambda name: os._exit(KILLED) if name == moment else None)
    if kind == "sos":
        line.sos(visit)
        line.sync.send_sos()
    else:
        more = {"minutes": 5} if kind == "extend" else {}
        line.do(visit, kind, "4821" if kind == "close" else None, **more)
        line.round()
    os._exit(LIVED_ON)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_at_any_moment_loses_and_doubles_nothing(
    tmp_path: Path, hands: Hands, house: House, served: Served, moment: str
) -> None:
    visit = {"id": "33333333-1111-4111-8111-111111111111", "place": "x", "minutes": 30}
    house.visits[str(visit["id"])] = house.start(visit)
    path = tmp_path / "phone.sqlite3"
    kill_at(path, served, moment, "extend", str(visit["id"]))
    db = Database(path)
    later = Line(db, hands, served.url)
    hands.passes(LEASE_S + 1)
    later.round(wanted=True)
    extends = [body for done, body in house.done if done.endswith("/extend")]
    assert len(extends) == (0 if moment == "put" else 1)
    assert later.sync.outbox.waiting() == []
    if extends:
        assert extends[0]["at"] == "2026-03-10T12:00:00+00:00"
        known = later.sync.memory.get("visit", str(visit["id"]))
        assert known is not None
        assert known.value["ends_at"] == house.visits[str(visit["id"])]["ends_at"]
    later.close()
    db.close()


@pytest.mark.parametrize("kind", ["close", "sos"])
@pytest.mark.parametrize("moment", ["stored", "asked", "answered"])
def test_a_close_with_its_pin_and_an_sos_survive_too(
    tmp_path: Path, hands: Hands, house: House, served: Served, moment: str, kind: str
) -> None:
    house.asks_pin = True
    visit = {"id": "33333333-1111-4111-8111-111111111111", "place": "x", "minutes": 30}
    house.visits[str(visit["id"])] = house.start(visit)
    path = tmp_path / "phone.sqlite3"
    kill_at(path, served, moment, kind, str(visit["id"]))
    db = Database(path)
    later = Line(db, hands, served.url)
    hands.passes(LEASE_S + 1)
    later.sync.send_sos()
    later.round(wanted=True)
    assert len(house.done) == 1
    assert later.sync.outbox.waiting() == []
    assert len(house.alarms) == (1 if kind == "sos" else 0)
    later.close()
    db.close()
    assert not any(holds(each.read_bytes(), "4821") for each in tmp_path.iterdir())


def kill_at(path: Path, served: Served, moment: str, kind: str, visit: str) -> None:
    """Run an app of its own until it dies at this moment."""
    process = NURSERY.Process(target=app, args=(path, served.url, moment, kind, visit))
    process.start()
    process.join(60)
    assert process.exitcode == KILLED
    process.close()
