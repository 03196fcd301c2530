"""SIGKILL at every named moment between a commit and the call after it (P1, P3).

Every alarm still reaches its people; a text comes twice only where a process died between hand-over
and record, and only where the gateway could not be asked.
"""

import re
from pathlib import Path

import pytest

import server
from tests.support.gateway import faults
from tests.support.house import House
from tests.support.houses import NewHouse, kinds
from tests.support.phone_app import ok

MOMENTS = (
    "visits.before_commit",
    "visits.after_commit",
    "alarms.before_commit",
    "alarms.after_commit",
    "dispatch.claimed",
    "dispatch.before_call",
    "dispatch.after_call",
    "dispatch.recorded",
    "round.done",
)
LEASE_S = 45
KILLED = ("was sent SIGKILL", "exited with code", "past their time", "step that is past")


def test_every_named_moment_is_tried_here() -> None:
    """A moment that is added to the program belongs into MOMENTS."""
    named: set[str] = set()
    for path in Path(server.__path__[0]).rglob("*.py"):
        named |= set(re.findall(r'reach\(f?"([^"]+)"\)', path.read_text(encoding="utf-8")))
    spelt = {name.replace("{what}", what) for name in named for what in ("visits", "alarms")}
    assert spelt == set(MOMENTS)


def climb_with_a_kill(house: House, moment: str) -> None:
    """Amy is missed; whoever comes first to `moment` from then on dies there; the climb goes on."""
    house.expects_error(*KILLED)
    amy = house["amy"]
    ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=6, seconds=58)
    amy.phone.reads_all()
    house.kill(moment)
    house.waits_for_texts = False
    for _ in range(10):
        if not (house.folder / "kill").exists():
            break
        house.forward(seconds=14)
    house.wait_killed()
    house.forward(seconds=LEASE_S + 5)
    house.waits_for_texts = True
    since_raise_s = (house.now() - house.start).total_seconds() - 7 * 60
    house.forward(seconds=200 - since_raise_s)


def alarms_by_person(house: House) -> dict[str, int]:
    """How many alarm texts each of them has got, read."""
    told = {
        ref: [text for text in house[ref].phone.reads_all() if "Amy Okafor is overdue" in text]
        for ref in ("ben", "cat", "dan", "eve", "fay")
    }
    return {ref: len(texts) for ref, texts in told.items()}


@kinds
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_moment_everybody_is_told_once(
    new_house: NewHouse, kind: str, moment: str
) -> None:
    """P1, P3: each rung's person once, and the broadcast once for everybody."""
    house = new_house(kind, webs=1).open()
    climb_with_a_kill(house, moment)
    assert alarms_by_person(house) == {"ben": 2, "cat": 2, "dan": 2, "eve": 1, "fay": 1}


@kinds
def test_only_where_the_gateway_cannot_be_asked_a_text_comes_twice(
    new_house: NewHouse, kind: str
) -> None:
    """P3: at least once; twice in the gap between hand-over and record, and nowhere else."""
    house = new_house(kind, webs=1).open()
    house.world.list_fault = faults.unavailable()
    climb_with_a_kill(house, "dispatch.after_call")
    assert alarms_by_person(house) == {"ben": 3, "cat": 2, "dan": 2, "eve": 1, "fay": 1}


@kinds
def test_killed_between_two_texts_the_owner_is_not_lost(new_house: NewHouse, kind: str) -> None:
    """P3, P5: an alarm owned at the moment of the kill stays owned; its all-clear goes out."""
    house = new_house(kind, webs=1).open()
    house.expects_error(*KILLED)
    amy, ben = house.people("amy", "ben")
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=8, seconds=5)
    amy.phone.reads_all()
    house.only_told("ben dan", "overdue")
    ben.phone.replies("1")
    house.settle()
    house.told("amy", "in hand")
    house.only_told("dan", "has taken charge")
    house.kill_now()
    house.restart()
    assert ben.app.alarms()[0]["owner"]["name"] == "Ben Hughes"
    house.kill("dispatch.before_call")
    house.waits_for_texts = False
    ok(amy.app.close(visit, pin=amy.pin))
    house.wait_killed()
    house.forward(seconds=LEASE_S + 5)
    house.waits_for_texts = True
    house.settle()
    house.only_told("ben dan", "All clear")
