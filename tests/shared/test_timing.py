"""When a worker is warned and nudged, and when her alarm goes: pure arithmetic (contract 1, 4)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.policy import Policy
from shared.states import Risk
from shared.timing import Reminder, next_due, raise_moment, reminders

DUE = datetime(2026, 11, 23, 14, 45, tzinfo=UTC)


def seconds(found: list[Reminder]) -> list[tuple[float, str]]:
    """(seconds after due, what) of each reminder."""
    return [((reminder.at - DUE).total_seconds(), reminder.kind) for reminder in found]


def of(policy: Policy, at_end: bool = True, risk: Risk = Risk.STANDARD) -> list[Reminder]:
    return reminders(DUE, raise_moment(DUE, policy, risk), policy, at_end)


def test_by_default_one_warning_and_two_nudges_the_first_when_she_is_due() -> None:
    assert seconds(of(Policy())) == [(-300, "warn"), (0, "nudge"), (300, "nudge")]


def test_a_check_in_has_no_warning() -> None:
    assert seconds(of(Policy(), at_end=False)) == [(0, "nudge"), (300, "nudge")]


def test_high_risk_has_its_own_grace() -> None:
    assert raise_moment(DUE, Policy(), Risk.HIGH) == DUE + timedelta(seconds=300)
    assert seconds(of(Policy(), risk=Risk.HIGH))[1:] == [(0, "nudge"), (150, "nudge")]


def test_no_warning_no_nudges_no_grace() -> None:
    assert of(Policy(warn_before_s=0, nudges=0)) == []
    assert raise_moment(DUE, Policy(grace_s=0), Risk.STANDARD) == DUE


def test_the_next_sign_is_owed_an_interval_later_and_at_the_latest_at_the_end() -> None:
    heard = DUE - timedelta(minutes=40)
    assert next_due(DUE, heard, None) == DUE
    assert next_due(DUE, heard, 1800) == DUE - timedelta(minutes=10)
    assert next_due(DUE, DUE - timedelta(minutes=10), 1800) == DUE


POLICIES = st.builds(
    Policy,
    warn_before_s=st.integers(0, 3600),
    grace_s=st.integers(0, 3600),
    grace_high_risk_s=st.integers(0, 900),
    nudges=st.integers(0, 5),
)


@given(POLICIES, st.sampled_from(Risk), st.booleans())
def test_reminders_come_in_order_and_none_after_the_raise(
    policy: Policy, risk: Risk, at_end: bool
) -> None:
    found = of(policy, at_end, risk)
    moments = [reminder.at for reminder in found]
    raise_at = raise_moment(DUE, policy, risk)
    assert moments == sorted(moments)
    assert all(at <= raise_at for at in moments)
    assert sum(reminder.kind == "nudge" for reminder in found) == policy.nudges
    assert all((r.at < DUE) == (r.kind == "warn") for r in found)


@given(POLICIES, st.sampled_from(Risk))
def test_nudges_are_spread_evenly_over_the_grace(policy: Policy, risk: Risk) -> None:
    nudges = [at for at, kind in seconds(of(policy, risk=risk)) if kind == "nudge"]
    if nudges:
        step = policy.grace_for(risk) / policy.nudges
        assert all(abs(at - n * step) < 1e-3 for n, at in enumerate(nudges))
