"""A past alarm by another ladder: pure, so every number is known beforehand."""

from datetime import UTC, datetime, timedelta

from server.domain.replay import Past, ToldAt, replay
from shared.ladder import Circle, Ladder, Party
from shared.policy import Rung
from shared.states import Way

NINE = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)
BEN = Party("b", "ben", "Ben", (Way.TEXT,))
CAT = Party("c", "cat", "Cat", (Way.TEXT, Way.CALL))
CIRCLE = Circle("a", (BEN,), (CAT,), (), (BEN, CAT), {})


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def ladder(*rungs: Rung) -> Ladder:
    return Ladder(rungs, 120, 300)


def past(
    answered_by: str | None = "c",
    answered: float | None = 11,
    ended: float = 20,
    *,
    by_herself: bool = True,
) -> Past:
    """Ben was told at once and Cat at 8 min; Cat answered 3 min later."""
    told = (ToldAt("b", "Ben", ("text",), at(0)), ToldAt("c", "Cat", ("text",), at(8)))
    answered_at = at(answered) if answered is not None else None
    return Past(at(0), told, answered_by, answered_at, at(ended), by_herself)


def test_who_is_told_sooner_answers_sooner() -> None:
    other = ladder(Rung(0, ("buddy",), ("text",)), Rung(60, ("managers",), ("call",)))
    found = replay(past(), other, CIRCLE, at(0))
    assert found.answered_at == at(4)
    assert [(t.name, t.ways, t.at) for t in found.told] == [
        ("Ben", ("text",), at(0)),
        ("Cat", ("call",), at(1)),
        ("Ben", ("text",), at(3)),
        ("Cat", ("text", "call"), at(3)),
    ]


def test_nobody_is_told_once_she_would_have_answered() -> None:
    other = ladder(Rung(0, ("managers",), ("text",)), Rung(600, ("buddy",), ("text",)))
    found = replay(past(), other, CIRCLE, at(0))
    assert found.answered_at == at(3)
    assert [t.name for t in found.told] == ["Cat"]


def test_a_longer_grace_may_mean_no_alarm() -> None:
    other = ladder(Rung(0, ("buddy",), ("text",)))
    assert replay(past(ended=20), other, CIRCLE, at(25)).raised_at is None
    assert replay(past(ended=20), other, CIRCLE, at(5)).raised_at == at(5)


def test_an_end_that_the_alarm_brought_about_is_no_sign_that_all_was_well() -> None:
    """Without it nobody would have looked: a longer grace only makes it later."""
    other = ladder(Rung(0, ("managers",), ("text",)))
    found = replay(past(ended=20, by_herself=False), other, CIRCLE, at(25))
    assert (found.raised_at, found.answered_at) == (at(25), at(28))
    assert next((t.name, t.at) for t in found.told) == ("Cat", at(25))
    found = replay(past(None, None, ended=4, by_herself=False), other, CIRCLE, at(25))
    assert next((t.name, t.at) for t in found.told) == ("Cat", at(25))


def test_without_an_answer_then_none_is_made_up() -> None:
    other = ladder(Rung(0, ("buddy",), ("text",)))
    found = replay(past(None, None, ended=4), other, CIRCLE, at(0))
    assert found.answered_at is None
    assert [(t.name, t.at) for t in found.told] == [
        ("Ben", at(0)), ("Ben", at(2)), ("Cat", at(2))
    ]  # fmt: skip


def test_a_broadcast_goes_out_again_until_it_is_over() -> None:
    other = ladder(Rung(0, ("buddy",), ("text",)))
    found = replay(past(None, None, ended=13), other, CIRCLE, at(0))
    assert [t.at for t in found.told if t.name == "Cat"] == [at(2), at(7), at(12)]
