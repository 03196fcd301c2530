"""A team's policy: the contract's defaults, its bounds from both sides, and what is laid over it
(contract 4)."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from shared.policy import Policy, Rung, read_policy
from shared.states import AskBuddy, PinRule, Risk

THE_CONTRACTS = {
    "warn_before_s": 300,
    "grace_s": 600,
    "grace_high_risk_s": 300,
    "nudges": 2,
    "rungs": [
        {"after_s": 0, "to": ["buddy"], "by": ["text"]},
        {"after_s": 180, "to": ["buddy"], "by": ["call"]},
        {"after_s": 180, "to": ["cover"], "by": ["text"]},
        {"after_s": 300, "to": ["cover"], "by": ["call"]},
        {"after_s": 480, "to": ["managers"], "by": ["text", "call", "email"]},
    ],
    "rungs_urgent": [
        {"after_s": 0, "to": ["buddy", "cover"], "by": ["text", "call"]},
        {"after_s": 60, "to": ["managers"], "by": ["text", "call"]},
    ],
    "broadcast_after_s": 120,
    "broadcast_every_s": 300,
    "owner_quiet_s": 600,
    "check_in_every_s": {"standard": None, "high": 1800},
    "watch_not_started": False,
    "not_started_after_s": 900,
    "ask_buddy": "app",
    "text_shows_place": True,
    "pin": "text_only",
}


def test_the_defaults_are_the_contracts() -> None:
    assert read_policy({}) == Policy() == read_policy(THE_CONTRACTS)


BOUNDS = {
    "warn_before_s": (0, 3600),
    "grace_s": (0, 3600),
    "grace_high_risk_s": (0, 900),
    "nudges": (0, 5),
    "broadcast_after_s": (0, 600),
    "broadcast_every_s": (1, 1800),
    "owner_quiet_s": (1, 1800),
    "not_started_after_s": (0, 3600),
}


@pytest.mark.parametrize(("name", "low", "high"), [(n, *b) for n, b in BOUNDS.items()])
def test_every_bound_from_both_sides(name: str, low: int, high: int) -> None:
    assert getattr(read_policy({name: low}), name) == low
    assert getattr(read_policy({name: high}), name) == high
    for beyond in (low - 1, high + 1):
        assert_refused({name: beyond}, name)


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("value", [1.5, "10", None, True, [], {}, 10**30, float("nan")])
def test_only_whole_numbers_are_times(name: str, value: object) -> None:
    assert_refused({name: value}, name)


@pytest.mark.parametrize("name", ["standard", "high"])
def test_intervals_are_null_or_a_minute_to_four_hours(name: str) -> None:
    for good in (None, 60, 14_400):
        assert read_policy({"check_in_every_s": {name: good}}).interval_for(Risk(name)) == good
    for bad in (0, 59, 14_401, "60", 60.5):
        assert_refused({"check_in_every_s": {name: bad}}, "check_in_every_s")


def rungs(*after_s: int) -> list[dict[str, Any]]:
    return [{"after_s": after, "to": ["buddy"], "by": ["text"]} for after in after_s]


@pytest.mark.parametrize("name", ["rungs", "rungs_urgent"])
@pytest.mark.parametrize(
    "good", [rungs(0), rungs(600), rungs(0, 0, 3600), rungs(*range(0, 200, 10))]
)
def test_ladders_within_their_bounds(name: str, good: list[dict[str, Any]]) -> None:
    assert len(getattr(read_policy({name: good}), name)) == len(good)


BAD_RUNGS: list[Any] = [
    [],
    rungs(*range(21)),
    rungs(601),
    rungs(10, 9),
    rungs(0, 3601),
    rungs(-1),
    None,
    "buddy",
    [{"after_s": 0, "to": [], "by": ["text"]}],
    [{"after_s": 0, "to": ["buddy"], "by": []}],
    [{"after_s": 0, "to": ["buddy"], "by": ["pigeon"]}],
    [{"after_s": 0, "to": [""], "by": ["text"]}],
    [{"to": ["buddy"], "by": ["text"]}],
    [{"after_s": 0, "to": ["buddy"], "by": ["text"], "colour": "red"}],
    [{"after_s": 1.5, "to": ["buddy"], "by": ["text"]}],
]


@pytest.mark.parametrize("name", ["rungs", "rungs_urgent"])
@pytest.mark.parametrize("bad", BAD_RUNGS, ids=str)
def test_ladders_outside_their_bounds_are_refused(name: str, bad: Any) -> None:
    assert_refused({name: bad}, name)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("pin", "sometimes"),
        ("ask_buddy", "loudly"),
        ("watch_not_started", "yes"),
        ("text_shows_place", 1),
        ("no_such_thing", 1),
    ],
)
def test_other_fields_take_only_what_they_know(name: str, bad: object) -> None:
    assert_refused({name: bad}, name)


def assert_refused(given: Mapping[str, Any], field: str) -> None:
    """Refused, naming the field and saying something about it."""
    with pytest.raises(ValidationError) as refused:
        read_policy(given)
    messages = refused.value.messages
    assert isinstance(messages, dict)
    assert list(messages) == [field]
    assert messages[field]


def test_a_field_that_is_present_overwrites_and_one_that_is_absent_is_left() -> None:
    base = read_policy({"grace_s": 60, "pin": "always", "check_in_every_s": {"high": 900}})
    over = read_policy({"nudges": 5, "check_in_every_s": {"standard": 3600}}, base)
    assert (over.grace_s, over.pin, over.nudges) == (60, PinRule.ALWAYS, 5)
    assert over.check_in_every_s == {"standard": 3600, "high": 900}


def test_one_bad_field_changes_nothing() -> None:
    base = Policy()
    with pytest.raises(ValidationError):
        read_policy({"nudges": 5, "grace_s": -1}, base)
    assert base == Policy()


POLICIES = st.builds(
    Policy,
    warn_before_s=st.integers(0, 3600),
    grace_s=st.integers(0, 3600),
    nudges=st.integers(0, 5),
    rungs=st.lists(
        st.builds(
            Rung,
            after_s=st.integers(0, 600),
            to=st.sampled_from([("buddy",), ("cover", "managers"), ("zoe",)]),
            by=st.sampled_from([("text",), ("preferred", "call")]),
        ),
        min_size=1,
        max_size=20,
    ).map(lambda found: tuple(sorted(found, key=lambda rung: rung.after_s))),
    check_in_every_s=st.fixed_dictionaries(
        {
            "standard": st.none() | st.integers(60, 14_400),
            "high": st.none() | st.integers(60, 14_400),
        }
    ),
    ask_buddy=st.sampled_from(AskBuddy),
    pin=st.sampled_from(PinRule),
    text_shows_place=st.booleans(),
)


@given(POLICIES)
def test_what_is_written_is_read_back_unchanged(policy: Policy) -> None:
    assert read_policy(policy.to_json()) == policy
