"""A policy in words: what is written can be read back, and what differs is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.words.policy import differences, read_span, rung, span
from shared.policy import Policy, Rung, read_policy


@given(st.integers(0, 20_000))
def test_a_span_is_read_back_as_it_was(seconds: int) -> None:
    assert read_span(span(seconds)) == seconds


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [("3 min", 180), ("90s", 90), ("1 h 30 min", 5400), ("5", 300), ("At once", 0),
     ("2 minutes", 120),
     ("1 hour", 3600), ("soon", None), ("", None), ("-3", None), ("3.5 min", None), ("٣", None)],
)  # fmt: skip
def test_spans_as_people_write_them(raw: str, seconds: int | None) -> None:
    assert read_span(raw) == seconds


def test_a_step_reads_as_a_sentence() -> None:
    assert rung(Rung(0, ("buddy", "eve"), ("text", "call")), {"eve": "Eve Shah"}) == (
        "At once: the buddy and Eve Shah, by text and call"
    )
    assert rung(Rung(90, ("managers",), ("preferred",)), {}) == (
        "1 min 30 s after the alarm: the team's managers, by the way each prefers"
    )


def test_only_what_differs_is_named() -> None:
    other = read_policy({"grace_s": 240, "check_in_every_s": {"standard": 1800}, "pin": "always"})
    found = {name: (was, now) for name, was, now in differences(Policy(), other, {})}
    assert found == {
        "Grace after the end": (["10 min"], ["4 min"]),
        "Check-ins during a visit": (
            ["other visits: only at the end", "high-risk visits: every 30 min"],
            ["other visits: every 30 min", "high-risk visits: every 30 min"],
        ),
        "The PIN is asked for": (
            ["for closing or adding time by text or call"],
            ["whenever a visit is closed or time added"],
        ),
    }
    assert differences(other, other, {}) == []
