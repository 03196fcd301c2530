"""The team and its script, as data."""

from datetime import UTC, datetime, timedelta

import pytest

from server.demo.day import DAY, Text, beginning_today, next_beginning
from server.demo.team import BY_REF, HINTS, POLICY, TEAM_OF_FIVE
from server.domain.secrets import pins_differ_enough
from shared.grammar import Unclear, parse
from shared.policy import read_policy


def test_scenes_are_in_order() -> None:
    assert [scene.after for scene in DAY] == sorted(scene.after for scene in DAY)


def test_one_goes_silent_whatever_else_happens() -> None:
    acts = {scene.who.ref: scene for scene in DAY}
    assert acts["dee"].begins
    assert {ref for ref, scene in acts.items() if not scene.begins} == {"amy", "ben"}


def test_every_scripted_text_is_understood() -> None:
    for scene in DAY:
        if isinstance(scene.does, Text):
            assert not isinstance(parse(scene.does.body), Unclear), scene.does.body


@pytest.mark.parametrize("hint", HINTS, ids=lambda hint: hint.text)
def test_everything_worth_trying_is_understood(hint: object) -> None:
    text = hint.text  # type: ignore[attr-defined]
    assert not isinstance(parse(text, told=True), Unclear)


def test_numbers_are_for_drama_and_pins_cannot_be_mistaken() -> None:
    for member in TEAM_OF_FIVE:
        assert member.mobile.startswith("+4477009001")
        assert pins_differ_enough(member.pins.safe, member.pins.duress)
    assert len({m.mobile for m in TEAM_OF_FIVE}) == len(BY_REF) == 5


def test_the_ladder_tells_buddy_cover_and_manager_in_turn() -> None:
    policy = read_policy(POLICY)
    assert [rung.to for rung in policy.rungs] == [("buddy",), ("cover",), ("managers",)]


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-03-10T13:59:59", "2026-03-10T14:00:00"),
        ("2026-03-10T14:00:00", "2026-03-11T14:00:00"),
        ("2026-03-10T15:30:00", "2026-03-11T14:00:00"),
        ("2026-03-28T15:30:00", "2026-03-29T13:00:00"),
        ("2026-10-24T15:30:00", "2026-10-25T14:00:00"),
    ],
)
def test_the_day_begins_at_two_by_the_teams_clocks(now: str, begins: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    wanted = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert next_beginning(at) == wanted


def test_the_first_day_is_today() -> None:
    at = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)
    assert beginning_today(at) == at - timedelta(hours=6)
