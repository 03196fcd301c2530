"""Thirty visits fall due while engines are shot at random: none may be lost (P1, P3)."""

import random
import threading
from collections import Counter

import pytest

from tests.support.gateway import faults
from tests.support.house import House
from tests.support.houses import NewHouse
from tests.support.riverside import Json, riverside

VISITS = 30
KILLS = 8
SEED = 20260310
STEP_S, LEASE_S = 0.5, 45


def crowd() -> Json:
    """Thirty workers, each with one of three buddies, on a ladder of a single rung."""
    rungs = [{"after_s": 0, "to": ["buddy"], "by": ["text"]}]
    file = riverside(policy={"rungs": rungs, "nudges": 0, "warn_before_s": 0,
                             "broadcast_after_s": 600, "grace_s": 60})  # fmt: skip
    file["people"] += [
        {
            "ref": f"w{n:02d}",
            "name": f"Worker W{n:02d}",
            "mobile": f"+4477009003{n:02d}",
            "team": "ot-north",
            "roles": ["worker"],
            "buddies": [("ben", "cat", "dan")[n % 3]],
        }
        for n in range(VISITS)
    ]
    return file


def shoot(house: House, delay_s: float, meanwhile_s: float) -> None:
    """Kill an engine some real milliseconds from now while time goes on; start another."""
    shot = threading.Timer(delay_s, house.kill_now, ["engine"])
    shot.start()
    for _ in range(int(meanwhile_s / STEP_S)):
        house.forward(seconds=STEP_S)
    shot.join()
    house.start_processes()


def cut_short(house: House) -> set[str]:
    """Whose alarms were being handed over by an engine that did not live to write down how."""
    tries = house.peek.rows(
        "SELECT m.body FROM messages m JOIN attempts a ON a.message_id = m.id"
        " WHERE a.ended_at IS NULL"
    )
    return {str(body).split(" is overdue")[0] for (body,) in tries}


@pytest.mark.pg
@pytest.mark.parametrize(
    "can_ask", [True, False], ids=["gateway answers", "gateway cannot be asked"]
)
def test_of_thirty_missed_visits_none_is_lost(new_house: NewHouse, can_ask: bool) -> None:
    """P1, P3: lost = 0; twice only in the gap that nobody can close, and only if nobody answers."""
    house = new_house("postgresql", webs=1, engines=2, file=crowd()).open()
    house.waits_for_texts = False
    house.world.latency_s = 0.02
    if not can_ask:
        house.world.list_fault = faults.unavailable()
    for n in range(VISITS):
        answer = house.world.phone(f"+4477009003{n:02d}").replies(f"VISIT 5 {n + 1} Mill Lane")
        assert "14:05" in answer
        house.forward(seconds=1)
    house.forward(minutes=5, seconds=25)
    moments = random.Random(SEED)
    for _ in range(KILLS):
        shoot(house, moments.uniform(0.0, 0.3), meanwhile_s=5.0)
    house.start_up()
    house.forward(seconds=2 * LEASE_S + 10)
    told = Counter(
        message.body.split(" is overdue")[0]
        for message in house.world.messages
        if "is overdue" in message.body
    )
    lost = [n for n in range(VISITS) if not told[f"Worker W{n:02d}"]]
    twice = {name for name, times in told.items() if times > 1}
    assert not lost
    assert twice <= (set() if can_ask else cut_short(house))
    for phone in house.world.phones:
        phone.reads_all()
    house.waits_for_texts = True
