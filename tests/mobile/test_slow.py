"""Answers that take seconds: what says whether she is covered waits for nothing else (P8)."""

import threading

from tests.mobile.house import BEN, House
from tests.mobile.phone import Pocket
from tests.mobile.test_truth import begin


def test_where_answers_are_slow_her_cover_waits_for_no_list_of_others(
    pocket: Pocket, house: House
) -> None:
    begin(pocket)
    house.before = lambda _: pocket.hands.passes(1.5)
    pocket.passes(11)
    pocket.sync()
    met = threading.Barrier(2)

    def both_at_once(path: str) -> None:
        """Her own facts and the alarms of others are asked for side by side, or this fails."""
        if path in ("/me", "/alarms"):
            met.wait(timeout=10)

    house.before = both_at_once
    house.raise_alarm("44444444-1111-4111-8111-111111111111", "sos", None)["worker"] = BEN
    pocket.hands.passes(11)
    pocket.sync()
    assert pocket.visit().cover.word == "Covered"
    assert pocket.today().strip.alarm.startswith("Ben Hughes: SOS")


def test_where_answers_are_quick_one_line_is_enough(pocket: Pocket, house: House) -> None:
    begin(pocket)
    lines: set[int] = set()
    house.before = lambda _: lines.add(threading.get_ident())
    pocket.hands.passes(11)
    pocket.sync()
    assert len(lines) == 1
